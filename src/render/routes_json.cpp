#include "render/model_json.hpp"
#include "render/routes_words.hpp"
#include "source/utf8.hpp"
#include "upstream_lint/render_routes.hpp"

#include <map>

namespace upstream_lint {

namespace {

using Json = ModelJson::Json;

Json text_or_null(const std::string& text) {
    return text.empty() ? Json(nullptr) : Json(to_utf8(text));
}

/// As a line of `route --requests` is written.
Json request_json(const Request& request) {
    Json object{
        {"url", to_utf8(request.url)}, {"method", to_utf8(request.method)}, {"http", request.http}};
    if (request.connect) {
        object["connect"] = to_utf8(*request.connect);
    }
    if (request.sni) {
        object["sni"] = to_utf8(*request.sni);
    } else if (!request.has_sni) {
        object["sni"] = nullptr;
    }
    if (request.headers) {
        object["headers"] = Json::array();
        for (const HeaderField& header : *request.headers) {
            object["headers"].push_back({to_utf8(header.name), to_utf8(header.value)});
        }
    }
    return object;
}

class RoutesJson {
public:
    RoutesJson(const Model& model, const TextStyle& style) : model_(model), parts_(model, style) {}

    [[nodiscard]] std::string render(const RouteList& list, const std::string& to) const {
        std::string text = "{\n\"schema\": \"nginx-upstream-lint/routes/1\",\n\"to\": ";
        text += text_or_null(to).dump() + ",\n\"entries\": [";
        std::string_view separator = "\n";
        for (const ServerEntry& each : list.entries) {
            text += std::string(separator) + entry(each).dump();
            separator = ",\n";
        }
        text += "\n],\n\"routes\": [";
        separator = "\n";
        for (const Route& each : list.routes) {
            text += std::string(separator) + route(each, to).dump();
            separator = ",\n";
        }
        return text + "\n],\n\"summary\": " + summary(list).dump() + "\n}\n";
    }

private:
    [[nodiscard]] Json entry(const ServerEntry& entry) const {
        Json object{{"server", parts_.server(entry.server)},
                    {"listener", parts_.listener(entry.listener)},
                    {"kind", entry_word(entry.kind)},
                    {"name", nullptr}};
        object["listener"]["ssl"] = model_.listener(entry.listener).ssl;
        object["listener"]["udp"] = model_.listener(entry.listener).is_datagram;
        if (entry.name != nullptr) {
            object["name"] = to_utf8(entry_text(entry));
        }
        object["reach"] = reach_word(entry.reach);
        object["host"] = entry.host ? Json(to_utf8(*entry.host)) : Json(nullptr);
        object["shadowed_by"] = Json::array();
        for (const ServerId by : entry.shadowed_by) {
            object["shadowed_by"].push_back(parts_.server(by));
        }
        object["why"] = text_or_null(entry.why);
        return object;
    }

    [[nodiscard]] Json route(const Route& route, const std::string& to) const {
        Json object{{"server", parts_.server(route.server)},
                    {"location", parts_.location(route.location)},
                    {"block", parts_.block(route.block)}};
        Json pass{{"kind", pass_word(route.kind)},
                  {"directive", to_utf8(model_.words(route.pass).front())},
                  {"text", to_utf8(written_target(route, model_))}};
        parts_.add_place(pass, route.pass);
        object["pass"] = std::move(pass);
        object["targets"] = Json::array();
        for (const RouteTarget& each : route.targets) {
            object["targets"].push_back(
                {{"target", ModelJson::target(each.target)}, {"peers", parts_.peers(each.peers)}});
        }
        object["other_targets"] = text_or_null(route.other_targets);
        object["leads_there"] =
            to.empty() ? Json(nullptr) : Json(leads_to(route, to) == Verdict::satisfied);
        object["failures"] = ModelJson::texts(route.failures);
        object["reach"] = reach_word(route.reach);
        object["example"] = nullptr;
        if (route.example) {
            object["example"] = {{"request", request_json(route.example->request)},
                                 {"assumptions", ModelJson::texts(route.example->assumptions)}};
        }
        object["because"] = Json::array();
        for (const DirectiveRef each : route.because) {
            object["because"].push_back(parts_.place(each));
        }
        object["why"] = text_or_null(route.why);
        object["uris"] = route.pattern ? Json(to_utf8(*route.pattern)) : Json(nullptr);
        return object;
    }

    [[nodiscard]] static Json summary(const RouteList& list) {
        std::map<Reach, std::size_t> counts;
        for (const Route& route : list.routes) {
            ++counts[route.reach];
        }
        Json object{{"routes", list.routes.size()}};
        for (const Reach reach : {Reach::reached, Reach::internal, Reach::never, Reach::unknown}) {
            object[std::string(reach_word(reach))] = counts[reach];
        }
        return object;
    }

    const Model& model_;
    ModelJson parts_;
};

} // namespace

std::string render_routes_json(const RouteList& list, const Model& model, const TextStyle& style,
                               const std::string& to) {
    return RoutesJson(model, style).render(list, to);
}

} // namespace upstream_lint
