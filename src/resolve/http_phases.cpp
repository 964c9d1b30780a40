#include "resolve/http_phases.hpp"

#include "model/letter_case.hpp"
#include "resolve/access_rules.hpp"
#include "resolve/answer_place.hpp"
#include "resolve/builtin_variables.hpp"
#include "resolve/http_status.hpp"
#include "resolve/location_search.hpp"
#include "resolve/uri_escape.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <iterator>
#include <utility>

namespace upstream_lint {

namespace {

std::string shown(const Value& uri, const Value& args) {
    return args.text.empty() ? uri.text : uri.text + "?" + args.text;
}

} // namespace

HttpPhases::Result HttpPhases::run() && {
    request_.is_location_valid = true;
    walk(Phase::server_rewrite);
    return take_result();
}

HttpPhases::Result HttpPhases::refuse(int status, std::string reason) && {
    result_.outcome.kind = Outcome::Kind::error;
    add_step(Step::Kind::return_code, {}, std::move(reason));
    walk(finalize(status));
    return take_result();
}

void HttpPhases::walk(Phase first) {
    for (Phase phase = first; phase != Phase::done;) {
        phase = enter(phase);
    }
}

/// What nginx makes of memory that is not its own nobody can tell.
void HttpPhases::leave_undefined(std::string reason) {
    add_step(Step::Kind::return_code, {}, std::move(reason));
    request_.location_header.reset();
    result_.outcome = {};
    result_.outcome.kind = Outcome::Kind::runtime;
    result_.upstream = {};
}

HttpPhases::Result HttpPhases::take_result() {
    if (request_.reads_beyond_uri) {
        leave_undefined("nginx reads beyond the end of a URI that is shorter than its location");
    } else if (request_.has_no_buffer_space &&
               !guards_memory(confs_.model.config().build().version)) {
        leave_undefined("nginx writes beyond the end of a value that has become longer");
    }
    make_location_absolute();
    if (request_.location_header) {
        result_.outcome.redirect = request_.location_header->text;
        if (!request_.location_header->known) {
            result_.outcome.redirect.reset();
        }
    }
    if (request_.main == &request_) {
        const bool waits = result_.outcome.target.has_value();
        if (waits && request_.has_failed_condition) {
            close_early("the condition has ended the connection before this is answered");
        } else if (waits && walk_mirrors()) {
            close_early("a mirror closes the connection before this is answered");
        }
        act_afterwards();
        (void)walk_mirrors();
    }
    return std::move(result_);
}

HttpPhases::Phase HttpPhases::enter(Phase phase) {
    switch (phase) {
    case Phase::server_rewrite:
        return rewrite(Phase::find_config);
    case Phase::find_config:
        return find_config();
    case Phase::rewrite:
        return request_.location == server_level() ? Phase::post_rewrite
                                                   : rewrite(Phase::post_rewrite);
    case Phase::post_rewrite:
        return post_rewrite();
    case Phase::access:
        return check_access();
    case Phase::precontent:
        return try_files();
    case Phase::content:
        return answer();
    case Phase::done:
        break;
    }
    return Phase::done;
}

void HttpPhases::add_step(Step::Kind kind, DirectiveRef directive, std::string detail) {
    result_.steps.push_back(
        {kind, directive, shown(request_.uri, request_.args), std::move(detail)});
}

HttpPhases::Phase HttpPhases::find_config() {
    request_.content_handler = ContentHandler::none;
    request_.is_uri_changed = false;
    if (!request_.uri.known) {
        return give_up(request_.uri);
    }
    const auto try_location = [&](LocationId id) {
        const Location& location = confs_.model.location(id);
        HttpRegex& regex = confs_.regexes.find(location.name, case_of(location));
        return evaluator_.match(request_, regex, request_.uri);
    };
    const LocationMatch match =
        find_location(confs_.model, try_location, request_.location, request_.uri.text);
    if (match.kind == LocationMatch::Kind::failed) {
        return finalize(http_status::internal_server_error);
    }
    request_.location = match.location;
    const Location& location = confs_.model.location(match.location);
    if (location.kind != Location::Kind::server) {
        add_step(Step::Kind::location, location.block, std::string(location.name));
    }
    if (!request_.is_internal && conf().internal.value_or(false)) {
        add_step(Step::Kind::access, location.block, "internal: not for requests of clients");
        return finalize(http_status::not_found);
    }
    const auto max_size = conf().client_max_body_size.value_or(1024 * 1024);
    update_location_config();
    if (max_size != 0 && request_.content_length > max_size) {
        discard_body();
        return finalize(http_status::request_entity_too_large);
    }
    if (match.kind == LocationMatch::Kind::redirect) {
        return redirect_to_location(location);
    }
    return Phase::rewrite;
}

/// Of redirects that add a slash; before 1.21.0 nothing was escaped.
std::string HttpPhases::escaped_for_redirect(const std::string& uri) const {
    const bool escapes = confs_.model.config().build().version >= Version{1, 21, 0};
    return escapes ? evaluator_.escaped(uri, Escape::uri) : uri;
}

HttpPhases::Phase HttpPhases::redirect_to_location(const Location& location) {
    Value target{escaped_for_redirect(std::string(location.name))};
    if (!request_.args.empty()) {
        target.text += '?';
        target += request_.args;
    }
    request_.location_header = target;
    add_step(Step::Kind::redirect, location.block, target.text);
    return finalize(http_status::moved_permanently, Outcome::Kind::redirect);
}

/// ngx_http_discard_request_body: its size is not looked at any more.
void HttpPhases::discard_body() {
    if (request_.is_body_read || request_.main != &request_) {
        return;
    }
    request_.content_length = std::min<std::int64_t>(request_.content_length, 0);
}

void HttpPhases::update_location_config() {
    const LocationConf& outer = conf();
    if (!outer.limit_except.is_none() &&
        std::ranges::find(outer.limit_except_methods, request_.method) ==
            outer.limit_except_methods.end()) {
        add_step(Step::Kind::limit_except, outer.limit_except_directive, request_.method);
        request_.location = outer.limit_except;
    }
    const LocationConf& inner = conf();
    if (inner.handler != ContentHandler::none) {
        request_.content_handler = inner.handler;
        request_.content_directive = inner.handler_directive;
    }
}

HttpPhases::Phase HttpPhases::post_rewrite() {
    if (!request_.is_uri_changed) {
        return Phase::access;
    }
    if (--request_.uri_changes_left == 0) {
        add_step(Step::Kind::location, {}, "rewrite or internal redirection cycle");
        return finalize(http_status::internal_server_error);
    }
    request_.location = server_level();
    return Phase::find_config;
}

HttpPhases::Phase HttpPhases::check_access() {
    if (request_.main != &request_) {
        return Phase::precontent;
    }
    if (!conf().access_script.is_none()) {
        return decided_at_run_time(conf().access_script, "a script decides about access");
    }
    using Check = std::optional<int> (HttpPhases::*)();
    for (const Check check :
         {&HttpPhases::check_address, &HttpPhases::check_password, &HttpPhases::ask_auth_request}) {
        const std::optional<int> status = (this->*check)();
        if (!status) {
            continue;
        }
        if (!conf().satisfies_any.value_or(false)) {
            if (*status != http_status::ok) {
                return finalize(*status);
            }
            continue;
        }
        if (*status == http_status::ok) {
            request_.access_code = 0;
            return Phase::precontent;
        }
        if (*status != http_status::forbidden && *status != http_status::unauthorized) {
            return finalize(*status);
        }
        if (request_.access_code != http_status::unauthorized) {
            request_.access_code = *status;
        }
    }
    const int code = std::exchange(request_.access_code, 0);
    return code != 0 ? finalize(code) : Phase::precontent;
}

/// ngx_http_access_handler
std::optional<int> HttpPhases::check_address() {
    if (conf().access == nullptr) {
        return std::nullopt;
    }
    for (const AccessRule& rule : *conf().access) {
        if (is_client_in(rule, request_.connection->client, evaluator_.assumptions())) {
            add_step(Step::Kind::access, rule.directive, rule.deny ? "denied" : "allowed");
            return rule.deny ? http_status::forbidden : http_status::ok;
        }
    }
    return std::nullopt;
}

/// Without a name the client is asked for one.
std::optional<int> HttpPhases::check_password() {
    if (!conf().auth_basic.value_or(false)) {
        return std::nullopt;
    }
    const HttpConnection& connection = *request_.connection;
    if (connection.headers_known && find_header(connection, "authorization") == nullptr) {
        return http_status::unauthorized;
    }
    return evaluator_.assumptions().holds("the client's password is right",
                                          "the client's password is wrong")
               ? http_status::ok
               : http_status::unauthorized;
}

/// ngx_http_auth_request_handler
std::optional<int> HttpPhases::ask_auth_request() {
    const auto auth = conf().auth_request;
    if (auth == nullptr || auth->value.constant().empty()) {
        return std::nullopt;
    }
    const std::string uri = evaluator_.evaluate(request_, auth->value).text;
    add_step(Step::Kind::auth_request, auth->directive, uri);
    if (request_.has_failed_condition || walk_mirrors()) {
        return http_status::close;
    }
    HttpRequest part = subrequest(uri, {}, "GET");
    SideRequest side = walk_side(SideRequest::Kind::auth_request, part);
    const bool closes = side.answer->outcome.kind == Outcome::Kind::close;
    const std::optional<int> known = side.answer->outcome.status;
    result_.side.push_back(std::move(side));
    if (closes) {
        return http_status::close; // ngx_http_terminate_request ends the client's request, too
    }
    set_auth_variables(part);
    const auto is_success = [](int status) {
        return status >= http_status::ok && status < http_status::special_response;
    };
    if (known) {
        return is_success(*known) ? http_status::ok
               : *known == http_status::unauthorized || *known == http_status::forbidden
                   ? *known
                   : http_status::internal_server_error;
    }
    const std::array answers = {fmt::format("`{}` is answered with 2xx", uri),
                                fmt::format("`{}` is answered with 401", uri),
                                fmt::format("`{}` is answered with 403", uri),
                                fmt::format("`{}` is answered with something else", uri)};
    constexpr std::array statuses = {http_status::ok, http_status::unauthorized,
                                     http_status::forbidden, http_status::internal_server_error};
    return statuses[evaluator_.assumptions().choose("auth_request " + uri, answers)];
}

/// ngx_http_auth_request_set_variables
void HttpPhases::set_auth_variables(HttpRequest& part) {
    const auto set = conf().auth_variables;
    if (set == nullptr) {
        return;
    }
    for (const AuthVariable& each : *set) {
        Value value = evaluator_.evaluate(part, each.value);
        if (!value.known) {
            value = unknown_variable(confs_.names.name(each.variable));
        }
        auto& variables = *request_.variables;
        variables.resize(std::max(variables.size(), confs_.names.size()));
        variables[each.variable] = {std::move(value), VariableValue::State::valid, false};
    }
}

/// ngx_http_subrequest
HttpRequest HttpPhases::subrequest(const std::string& uri, const Value& args,
                                   const std::string& method) {
    HttpRequest part;
    part.connection = request_.connection;
    part.variables = request_.variables;
    part.main = request_.main;
    part.subrequests_left = request_.subrequests_left - 1;
    part.server = request_.server;
    part.location = server_level();
    part.host = request_.host;
    part.method = method;
    part.uri = {uri};
    part.args = args;
    part.unparsed_uri = request_.unparsed_uri;
    part.content_length = request_.content_length;
    part.is_internal = true;
    return part;
}

SideRequest HttpPhases::walk_side(SideRequest::Kind kind, HttpRequest& part) {
    std::string uri = part.uri.text;
    auto answer = std::make_shared<Answer>();
    if (part.subrequests_left > 0) {
        Result result = HttpPhases(evaluator_, part).run();
        answer->server = part.server;
        place_answer(confs_.model, part.location, *answer);
        answer->steps = std::move(result.steps);
        answer->outcome = std::move(result.outcome);
        answer->request = std::move(result.upstream);
        answer->side = std::move(result.side);
    } else {
        answer->outcome.kind = Outcome::Kind::error;
        answer->outcome.status = http_status::internal_server_error;
    }
    return {kind, std::move(uri), std::move(answer)};
}

/// ngx_http_mirror_handler
void HttpPhases::mirror() {
    const auto mirrors = conf().mirrors;
    if (mirrors == nullptr || mirrors->empty() || request_.main != &request_) {
        return;
    }
    request_.is_body_read = request_.is_body_read || conf().mirrors_body.value_or(true);
    for (const Named& each : *mirrors) {
        const std::string uri(each.value.constant());
        add_step(Step::Kind::mirror, each.directive, uri);
        mirrors_.push_back(subrequest(uri, request_.args, request_.method));
    }
}

/// nginx goes on with the request until it waits or is answered, and with its mirrors then: they
/// change its variables no sooner. Whether one closes the connection.
bool HttpPhases::walk_mirrors() {
    bool closes = before_ != nullptr && before_->walk_mirrors();
    for (HttpRequest& part : std::exchange(mirrors_, {})) {
        result_.side.push_back(walk_side(SideRequest::Kind::mirror, part));
        const Outcome& outcome = result_.side.back().answer->outcome;
        closes = closes || outcome.kind == Outcome::Kind::close;
    }
    return closes;
}

void HttpPhases::close_early(std::string reason) {
    add_step(Step::Kind::return_code, {}, std::move(reason));
    result_.outcome = {};
    result_.outcome.kind = Outcome::Kind::close;
    is_terminated_ = true;
}

/// ngx_http_post_action: again and again where the location that it leads to has one, too.
void HttpPhases::act_afterwards() {
    if (is_terminated_ || conf().post_action == nullptr) {
        return;
    }
    HttpRequest after = request_;
    after.main = &after;
    after.is_answered = true;
    if (after.uri_changes_left == 0) {
        after.uri_changes_left = 16; // nginx counts down in four bits
    }
    HttpPhases phases(evaluator_, after);
    phases.before_ = this;
    while (const auto action = phases.conf().post_action) {
        phases.walk_afterwards(*action);
        if (phases.result_.outcome.target) {
            (void)phases.walk_mirrors();
        }
        auto answer = std::make_shared<Answer>();
        answer->server = after.server;
        place_answer(confs_.model, after.location, *answer);
        Result result = std::exchange(phases.result_, {});
        answer->steps = std::move(result.steps);
        answer->outcome = std::move(result.outcome);
        answer->request = std::move(result.upstream);
        answer->side = std::move(result.side);
        result_.side.push_back({SideRequest::Kind::post_action,
                                std::string(action->value.constant()), std::move(answer)});
        if (after.uri_changes_left == 0 || phases.is_terminated_) {
            break;
        }
    }
    (void)phases.walk_mirrors();
    std::ranges::move(phases.result_.side, std::back_inserter(result_.side));
}

void HttpPhases::walk_afterwards(const Named& action) {
    const std::string uri(action.value.constant());
    walk(uri.starts_with('/') ? internal_redirect({uri}, {}) : named_location(uri));
}

HttpPhases::Phase HttpPhases::internal_redirect(Value uri, Value args) {
    if (--request_.uri_changes_left == 0) {
        return finalize(http_status::internal_server_error);
    }
    request_.uri = std::move(uri);
    request_.args = std::move(args);
    request_.location = server_level();
    request_.is_internal = true;
    request_.is_unparsed_valid = false;
    request_.adds_uri_to_alias = false;
    request_.is_location_valid = true;
    add_step(Step::Kind::internal_redirect, {}, shown(request_.uri, request_.args));
    return Phase::server_rewrite;
}

HttpPhases::Phase HttpPhases::named_location(const std::string& name) {
    if (--request_.uri_changes_left == 0 || request_.uri.empty()) {
        return finalize(http_status::internal_server_error);
    }
    const auto found = confs_.model.find_named(request_.server, name);
    if (!found) {
        add_step(Step::Kind::named, {}, fmt::format("there is no location {}", name));
        return finalize(http_status::internal_server_error);
    }
    request_.is_internal = true;
    request_.content_handler = ContentHandler::none;
    request_.is_uri_changed = false;
    request_.location = *found;
    add_step(Step::Kind::named, confs_.model.location(*found).block, name);
    update_location_config();
    return Phase::rewrite;
}

HttpPhases::Phase HttpPhases::finalize(int status, Outcome::Kind kind) {
    if (status == http_status::close || status == http_status::request_time_out ||
        status == http_status::client_closed_request) {
        result_.outcome.kind = Outcome::Kind::close;
        result_.outcome.status.reset();
        request_.location_header.reset();
        is_terminated_ = status == http_status::close;
        return Phase::done;
    }
    if (status >= http_status::special_response || status == http_status::created ||
        status == http_status::no_content) {
        return special_response(status, kind);
    }
    result_.outcome.kind = Outcome::Kind::close; // nothing has been sent, and nothing is
    return Phase::done;
}

/// ngx_http_special_response_handler
HttpPhases::Phase HttpPhases::special_response(int status, Outcome::Kind kind) {
    request_.error_status = status;
    const auto pages = conf().error_pages;
    if (!request_.is_in_error_page && pages != nullptr && request_.uri_changes_left != 0) {
        request_.is_in_error_page = !conf().recursive_error_pages.value_or(false);
        const auto page = std::ranges::find(*pages, status, &ErrorPage::status);
        if (page != pages->end()) {
            result_.outcome.kind = kind;
            return send_error_page(*page);
        }
    }
    if (status >= http_status::first_of_nginx && status <= http_status::last_of_nginx) {
        request_.error_status = http_status::bad_request;
    }
    discard_body();
    return send(status, kind);
}

HttpPhases::Phase HttpPhases::send_error_page(const ErrorPage& page) {
    if (page.overwrite) {
        request_.error_status = *page.overwrite != 0 ? page.overwrite : std::nullopt;
    }
    const Value uri = evaluator_.evaluate(request_, page.value);
    add_step(Step::Kind::error_page, page.directive, uri.text);
    if (uri.text.starts_with('/')) {
        auto [path, args] = split_args(uri);
        if (request_.method != "HEAD") {
            request_.method = "GET";
        }
        return internal_redirect(std::move(path), std::move(args));
    }
    if (uri.text.starts_with('@')) {
        return named_location(uri.text);
    }
    if (!page.overwrite || !http_status::is_redirect(*page.overwrite)) {
        request_.error_status = http_status::moved_temporarily;
    }
    request_.location_header = uri;
    return send(*request_.error_status, Outcome::Kind::redirect);
}

HttpPhases::Phase HttpPhases::send(std::optional<int> status, Outcome::Kind kind) {
    result_.outcome.status = request_.error_status ? request_.error_status : status;
    result_.outcome.kind = kind;
    const bool redirects =
        result_.outcome.status && http_status::is_redirect(*result_.outcome.status);
    const bool answers_itself = kind == Outcome::Kind::error || kind == Outcome::Kind::return_code;
    if (redirects && request_.location_header && answers_itself) {
        result_.outcome.kind = Outcome::Kind::redirect;
    }
    return Phase::done;
}

HttpPhases::Phase HttpPhases::send_conditionally(Outcome::Kind kind, const Validators& answer) {
    discard_body();
    const bool is_ok = request_.error_status.value_or(http_status::ok) == http_status::ok;
    if (!is_ok || request_.main != &request_ || request_.is_answered) {
        return send(http_status::ok, kind);
    }
    const HttpConnection& connection = *request_.connection;
    Assumptions& assumptions = evaluator_.assumptions();
    int status = conditional_status(connection, conf(), answer, assumptions);
    if (status == http_status::ok) {
        status = ranged_status(connection, conf(), answer, assumptions);
    }
    if (status == http_status::precondition_failed) {
        mirrors_.clear(); // ngx_http_filter_finalize_request ends with an error of the connection
        request_.has_failed_condition = true;
    }
    if (status >= http_status::bad_request) {
        return finalize(status);
    }
    request_.error_status.reset();
    return send(status, kind);
}

HttpPhases::Phase HttpPhases::decided_at_run_time(DirectiveRef directive, std::string detail) {
    add_step(Step::Kind::pass, directive, std::move(detail));
    return send(std::nullopt, Outcome::Kind::runtime);
}

HttpPhases::Phase HttpPhases::give_up(const Value& unknown) {
    evaluator_.assumptions().give_up(unknown.text);
    return send(std::nullopt, Outcome::Kind::runtime);
}

HttpPhases::Phase HttpPhases::out_of_buffer_space() {
    add_step(Step::Kind::return_code, {}, "no buffer space in script copy");
    return finalize(http_status::internal_server_error);
}

/// ngx_http_header_filter
void HttpPhases::make_location_absolute() {
    auto& header = request_.location_header;
    if (!header || !header->text.starts_with('/') || !conf().absolute_redirect.value_or(true) ||
        request_.main != &request_) {
        return;
    }
    const HttpConnection& connection = *request_.connection;
    Value host{request_.host};
    if (conf().server_name_in_redirect.value_or(false)) {
        host = {confs_.server(request_.server).name};
    } else if (request_.host.empty()) {
        host = connection.local ? Value{address_text(*connection.local)}
                                : Value{"$server_addr", false};
    }
    const bool is_default_port = connection.local_port == (connection.is_ssl ? 443 : 80);
    std::string port;
    if (conf().port_in_redirect.value_or(true) && !is_default_port && connection.local_port != 0) {
        port = fmt::format(":{}", connection.local_port);
    }
    Value whole{connection.is_ssl ? "https://" : "http://"};
    whole += host;
    whole.text += port;
    whole += *header;
    header = whole;
}

} // namespace upstream_lint
