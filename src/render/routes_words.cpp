#include "render/routes_words.hpp"

#include "config/ascii.hpp"
#include "render/route_words.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace upstream_lint {

namespace {

std::string shell_word(std::string_view word) {
    const bool is_plain = !word.empty() && std::ranges::all_of(word, [](char c) {
        return is_word_character(c) ||
               std::string_view("-./:=,%@+~").find(c) != std::string_view::npos;
    });
    if (is_plain) {
        return std::string(word);
    }
    std::string quoted = "'";
    for (const char c : word) {
        quoted += c == '\'' ? std::string("'\\''") : std::string{c};
    }
    return quoted + "'";
}

} // namespace

std::string_view reach_word(Reach reach) {
    switch (reach) {
    case Reach::reached:
        return "reached";
    case Reach::internal:
        return "internal";
    case Reach::never:
        return "never";
    case Reach::unknown:
        break;
    }
    return "unknown";
}

std::string_view entry_word(ServerEntry::Kind kind) {
    switch (kind) {
    case ServerEntry::Kind::name:
        return "name";
    case ServerEntry::Kind::regex:
        return "regex";
    case ServerEntry::Kind::hostname:
        return "hostname";
    case ServerEntry::Kind::by_default:
        break;
    }
    return "default";
}

std::string_view pass_word(GraphEdge::Kind kind) {
    using Kind = GraphEdge::Kind;
    switch (kind) {
    case Kind::proxy:
        return "proxy";
    case Kind::fastcgi:
        return "fastcgi";
    case Kind::uwsgi:
        return "uwsgi";
    case Kind::scgi:
        return "scgi";
    case Kind::grpc:
        return "grpc";
    case Kind::memcached:
        return "memcached";
    case Kind::tunnel:
        return "tunnel";
    case Kind::stream:
        return "stream";
    case Kind::stream_pass:
        return "pass";
    case Kind::auth_http:
        return "auth_http";
    default:
        return "other";
    }
}

std::string listener_text(const Listener& listener) {
    std::string text = listener_address(listener);
    text += listener.is_datagram ? " udp" : "";
    text += listener.ssl ? " ssl" : "";
    return text;
}

std::string entry_text(const ServerEntry& entry) {
    switch (entry.kind) {
    case ServerEntry::Kind::by_default:
        return "any other name";
    case ServerEntry::Kind::hostname:
        return "$hostname";
    case ServerEntry::Kind::regex:
        return "~" + std::string(entry.name->text);
    case ServerEntry::Kind::name:
        break;
    }
    return entry.name == nullptr || entry.name->text.empty() ? "\"\""
                                                             : std::string(entry.name->text);
}

std::string route_level_text(const Route& route, const Model& model) {
    if (route.location.is_none()) {
        return "server";
    }
    std::string text = location_pattern(model.location(route.location));
    return route.block.is_none() ? text
                                 : text + " " + location_pattern(model.location(route.block));
}

std::string route_target_text(const Target& target) {
    return target.kind == Target::Kind::upstream ? "upstream " + target.text : target.text;
}

std::string written_target(const Route& route, const Model& model) {
    const auto words = model.words(route.pass);
    return words.size() > 1 ? words[1] : words[0];
}

std::string places_text(const std::vector<DirectiveRef>& directives, const Model& model,
                        const TextStyle& style) {
    std::string text;
    for (const DirectiveRef each : directives) {
        if (const auto place = directive_place(model, each, style)) {
            text += fmt::format("{}{}:{}", text.empty() ? "" : ", ", place->file, place->line);
        }
    }
    return text;
}

std::string request_words(const Request& request) {
    std::string words = shell_word(request.url);
    const auto add = [&](std::string_view option, const std::string& value) {
        words += fmt::format(" {} {}", option, shell_word(value));
    };
    if (request.method != "GET") {
        add("--method", request.method);
    }
    if (request.http != "1.1") {
        add("--http", request.http);
    }
    if (request.connect) {
        add("--connect", *request.connect);
    }
    const bool names_itself = request.url.find("?sni=") != std::string::npos;
    if (request.sni || (!request.has_sni && request.connect && !names_itself)) {
        add("--sni", request.sni.value_or("none"));
    }
    for (const HeaderField& header : request.headers.value_or(std::vector<HeaderField>())) {
        add("--header", header.name + ":" + header.value);
    }
    return words;
}

} // namespace upstream_lint
