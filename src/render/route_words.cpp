#include "render/route_words.hpp"

#include "render/secret.hpp"

#include <fmt/format.h>

namespace upstream_lint {

std::optional<DirectivePlace> directive_place(const Model& model, DirectiveRef directive,
                                              const TextStyle& style) {
    if (directive.is_none()) {
        return std::nullopt;
    }
    const Config& config = model.config();
    const SourceManager& sources = config.sources();
    const FileId file = config.inclusion(directive.inclusion).file;
    const Span words = config.words_span(file, directive.node);
    return DirectivePlace{shown_path(sources.path(file), style),
                          sources.line_column(file, words.begin).line};
}

std::string location_pattern(const Location& location) {
    std::string_view before;
    switch (location.kind) {
    case Location::Kind::exact:
        before = "= ";
        break;
    case Location::Kind::prefix:
        before = location.stops_regexes ? "^~ " : "";
        break;
    case Location::Kind::regex:
        before = location.ignores_case ? "~* " : "~ ";
        break;
    case Location::Kind::named:
        break;
    case Location::Kind::if_block:
        return "if";
    case Location::Kind::limit_except:
        return "limit_except";
    case Location::Kind::server:
        return "server";
    case Location::Kind::http:
        return "http";
    case Location::Kind::stream:
        return "stream";
    case Location::Kind::mail:
        return "mail";
    }
    return std::string(before) + std::string(location.name);
}

std::string listener_address(const Listener& listener) {
    return listener.host.empty() ? socket_text(listener.address)
                                 : fmt::format("{}:{}", listener.host, listener.address.port);
}

std::string step_detail(const Step& step) {
    if (step.kind != Step::Kind::set || !step.detail.starts_with('$')) {
        return step.detail;
    }
    const std::size_t name_end = step.detail.find(' ');
    return name_end != std::string::npos && is_secret(step.detail.substr(0, name_end))
               ? step.detail.substr(0, name_end) + " = " + std::string(hidden_value)
               : step.detail;
}

std::string_view step_word(Step::Kind kind) {
    switch (kind) {
    case Step::Kind::listener:
        return "listener";
    case Step::Kind::server:
        return "server";
    case Step::Kind::rewrite:
        return "rewrite";
    case Step::Kind::set:
        return "set";
    case Step::Kind::if_condition:
        return "if";
    case Step::Kind::location:
        return "location";
    case Step::Kind::redirect:
        return "redirect";
    case Step::Kind::internal_redirect:
        return "internal_redirect";
    case Step::Kind::named:
        return "named";
    case Step::Kind::try_files:
        return "try_files";
    case Step::Kind::index:
        return "index";
    case Step::Kind::error_page:
        return "error_page";
    case Step::Kind::limit_except:
        return "limit_except";
    case Step::Kind::access:
        return "access";
    case Step::Kind::auth_request:
        return "auth_request";
    case Step::Kind::mirror:
        return "mirror";
    case Step::Kind::pass:
        return "pass";
    case Step::Kind::return_code:
        return "return";
    case Step::Kind::static_file:
        break;
    }
    return "static";
}

std::string_view outcome_word(Outcome::Kind kind) {
    switch (kind) {
    case Outcome::Kind::proxy:
        return "proxy";
    case Outcome::Kind::fastcgi:
        return "fastcgi";
    case Outcome::Kind::uwsgi:
        return "uwsgi";
    case Outcome::Kind::scgi:
        return "scgi";
    case Outcome::Kind::grpc:
        return "grpc";
    case Outcome::Kind::memcached:
        return "memcached";
    case Outcome::Kind::tunnel:
        return "tunnel";
    case Outcome::Kind::stream:
        return "stream";
    case Outcome::Kind::return_code:
        return "return";
    case Outcome::Kind::redirect:
        return "redirect";
    case Outcome::Kind::static_file:
        return "static";
    case Outcome::Kind::close:
        return "close";
    case Outcome::Kind::error:
        return "error";
    case Outcome::Kind::runtime:
        return "runtime";
    case Outcome::Kind::no_listener:
        break;
    }
    return "no_listener";
}

std::string_view target_word(Target::Kind kind) {
    switch (kind) {
    case Target::Kind::tcp:
        return "tcp";
    case Target::Kind::unix_socket:
        return "unix";
    case Target::Kind::upstream:
        return "upstream";
    case Target::Kind::dynamic:
        break;
    }
    return "dynamic";
}

std::string_view side_word(SideRequest::Kind kind) {
    switch (kind) {
    case SideRequest::Kind::auth_request:
        return "auth_request";
    case SideRequest::Kind::mirror:
        return "mirror";
    case SideRequest::Kind::post_action:
        break;
    }
    return "post_action";
}

std::string_view certainty_word(Certainty certainty) {
    switch (certainty) {
    case Certainty::exact:
        return "exact";
    case Certainty::conditional:
        return "conditional";
    case Certainty::unknown:
        break;
    }
    return "unknown";
}

} // namespace upstream_lint
