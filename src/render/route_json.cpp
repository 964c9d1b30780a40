#include "render/model_json.hpp"
#include "render/route_words.hpp"
#include "render/secret.hpp"
#include "source/utf8.hpp"
#include "upstream_lint/render_route.hpp"

#include <algorithm>

namespace upstream_lint {

namespace {

using Json = ModelJson::Json;

Json text_or_null(const std::optional<std::string>& text) {
    return text ? Json(to_utf8(*text)) : Json(nullptr);
}

Json fields_json(const std::vector<HeaderField>& fields) {
    Json list = Json::array();
    for (const HeaderField& field : fields) {
        list.push_back({to_utf8(field.name), to_utf8(without_secret(field.name, field.value))});
    }
    return list;
}

/// Whether all branches, where there are any, have the same of something.
template <typename Get> bool agree(const std::vector<Branch>& branches, Get get) {
    return std::ranges::all_of(
        branches, [&](const Branch& each) { return get(each) == get(branches.front()); });
}

class RouteJson {
public:
    RouteJson(const Model& model, const TextStyle& style) : parts_(model, style) {}

    void add(Json& object, const Answer& answer) const {
        object["listener"] = parts_.listener(answer.listener);
        object["server"] = parts_.server(answer.server);
        object["location"] = parts_.location(answer.location);
        object["block"] = parts_.block(answer.block);
        object["steps"] = Json::array();
        for (const Step& each : answer.steps) {
            object["steps"].push_back(step(each));
        }
        object["outcome"] = common_outcome(answer);
        object["request"] = {{"method", text_or_null(answer.request.method)},
                             {"host", text_or_null(answer.request.host)},
                             {"headers", fields_json(answer.request.headers)},
                             {"params", fields_json(answer.request.params)}};
        object["side"] = Json::array();
        for (const SideRequest& each : answer.side) {
            Json beside{{"kind", side_word(each.kind)}, {"uri", to_utf8(each.uri)}};
            add(beside["answer"] = Json::object(), *each.answer);
            object["side"].push_back(std::move(beside));
        }
        object["certainty"] = certainty_word(answer.certainty);
        object["assumptions"] = ModelJson::texts(answer.assumptions);
        object["branches"] = Json::array();
        for (const Branch& each : answer.branches) {
            object["branches"].push_back({{"assumptions", ModelJson::texts(each.assumptions)},
                                          {"server", parts_.server(each.server)},
                                          {"location", parts_.location(each.location)},
                                          {"outcome", outcome(each.outcome)}});
        }
    }

private:
    [[nodiscard]] Json step(const Step& each) const {
        Json object{{"kind", step_word(each.kind)}};
        parts_.add_place(object, each.directive);
        object["uri"] = each.uri.empty() ? Json(nullptr) : Json(to_utf8(each.uri));
        const std::string detail = step_detail(each);
        object["detail"] = detail.empty() ? Json(nullptr) : Json(to_utf8(detail));
        return object;
    }

    [[nodiscard]] Json outcome(const Outcome& each) const {
        Json object{{"kind", outcome_word(each.kind)}};
        object["status"] = each.status ? Json(*each.status) : Json(nullptr);
        object["redirect"] = text_or_null(each.redirect);
        object["upstream_uri"] = text_or_null(each.upstream_uri);
        object["target"] = nullptr;
        if (each.target) {
            object["target"] = ModelJson::target(*each.target);
        }
        object["peers"] = parts_.peers(each.peers);
        return object;
    }

    /// What the branches agree on; null where they differ.
    [[nodiscard]] Json common_outcome(const Answer& answer) const {
        Json object = outcome(answer.outcome);
        if (!agree(answer.branches, [](const Branch& each) { return each.outcome.kind; })) {
            object["kind"] = nullptr;
        }
        if (!agree(answer.branches, [](const Branch& each) { return each.outcome.peers; })) {
            object["peers"] = nullptr;
        }
        return object;
    }

    ModelJson parts_;
};

} // namespace

std::string render_route_json(const Answer& answer, const RouteRequest& request, const Model& model,
                              const TextStyle& style, unsigned indent) {
    Json id = Json::parse(request.id, nullptr, false);
    if (id.is_discarded()) {
        id = to_utf8(request.id);
    }
    Json document{{"schema", "nginx-upstream-lint/route/1"}, {"id", std::move(id)}};
    RouteJson(model, style).add(document, answer);
    return document.dump(indent == 0 ? -1 : static_cast<int>(indent)) + "\n";
}

} // namespace upstream_lint
