#include "config/ascii.hpp"
#include "resolve/http_phases.hpp"
#include "resolve/http_status.hpp"
#include "resolve/target.hpp"
#include "resolve/uri_escape.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <utility>

/// What nginx sends on, and where to.
namespace upstream_lint {

namespace {

struct HandlerFacts {
    PassKind pass;
    Outcome::Kind outcome;
};

HandlerFacts facts_of(ContentHandler handler) {
    switch (handler) {
    case ContentHandler::fastcgi:
        return {PassKind::fastcgi, Outcome::Kind::fastcgi};
    case ContentHandler::uwsgi:
        return {PassKind::uwsgi, Outcome::Kind::uwsgi};
    case ContentHandler::scgi:
        return {PassKind::scgi, Outcome::Kind::scgi};
    case ContentHandler::grpc:
        return {PassKind::grpc, Outcome::Kind::grpc};
    case ContentHandler::memcached:
        return {PassKind::memcached, Outcome::Kind::memcached};
    case ContentHandler::tunnel:
        return {PassKind::tunnel, Outcome::Kind::tunnel};
    default:
        return {PassKind::proxy, Outcome::Kind::proxy};
    }
}

Value with_args(Value uri, const Value& args) {
    if (!args.empty()) {
        uri.text += '?';
        uri += args;
    }
    return uri;
}

/// ngx_http_grpc_create_request
Value grpc_path(const Evaluator& evaluator, const HttpRequest& request) {
    if (request.is_unparsed_valid) {
        return {request.unparsed_uri};
    }
    return with_args({evaluator.escaped(request.uri.text, Escape::uri), request.uri.known},
                     request.args);
}

/// Whether all peers of a group are said to be down: nobody is asked then.
bool has_no_live_peers(const PassTarget& target) {
    return !target.peers.empty() &&
           std::ranges::all_of(target.peers, [](const Peer& peer) { return peer.down; });
}

} // namespace

HttpPhases::Phase HttpPhases::pass_on(ContentHandler handler) {
    const auto pass = conf().passes[static_cast<std::size_t>(handler)];
    if (pass == nullptr) {
        return finalize(http_status::internal_server_error);
    }
    const HandlerFacts facts = facts_of(handler);
    const bool is_read = request_.method == "GET" || request_.method == "HEAD";
    if (handler == ContentHandler::memcached && !is_read) {
        return finalize(http_status::not_allowed);
    }
    const Value text = evaluator_.evaluate(request_, pass->target);
    add_step(Step::Kind::pass, pass->directive, text.text);
    if (!text.known) {
        result_.outcome.target = Target{Target::Kind::dynamic, text.text};
        evaluator_.assumptions().give_up(text.text);
        return send(std::nullopt, facts.outcome);
    }
    PassTarget target = find_target(
        confs_.model, {facts.pass, text.text, !pass->target.has_variables, pass->directive});
    if (target.failure) {
        return fail(*pass, *target.failure);
    }
    if (target.needs_resolver && !conf().has_resolver) {
        return fail(*pass, no_resolver(target, facts.pass));
    }
    if (handler == ContentHandler::memcached) {
        discard_body();
    } else {
        request_.is_body_read = true;
    }
    if (has_no_live_peers(target)) {
        return fail(*pass, {"no live upstreams", http_status::bad_gateway});
    }
    request_.proxy_host = target.host_header;
    request_.proxy_port = target.port;
    if (is_uri_shorter_than_location(*pass, target)) {
        request_.reads_beyond_uri = true;
        return decided_at_run_time(pass->directive, "the URI is too short");
    }
    if (!create_request(*pass, target)) {
        return finalize(http_status::internal_server_error);
    }
    if (request_.has_no_buffer_space) {
        return out_of_buffer_space();
    }
    result_.outcome.target = std::move(target.target);
    result_.outcome.peers = std::move(target.peers);
    return send(std::nullopt, facts.outcome);
}

HttpPhases::Phase HttpPhases::fail(const PassDirective& pass, PassFailure failure) {
    add_step(Step::Kind::pass, pass.directive, std::move(failure.message));
    return finalize(failure.status);
}

/// False where nginx answers 500 instead.
bool HttpPhases::create_request(const PassDirective& pass, const PassTarget& target) {
    UpstreamRequest& upstream = result_.upstream;
    upstream.method = request_.method;
    switch (pass.handler) {
    case ContentHandler::proxy:
        return create_proxy_request(pass, target);
    case ContentHandler::grpc:
        result_.outcome.upstream_uri = grpc_path(evaluator_, request_).text;
        add_headers(conf().grpc_headers, target);
        return true;
    case ContentHandler::memcached:
        return create_memcached_request();
    case ContentHandler::fastcgi:
        add_params(conf().fastcgi_params);
        return true;
    case ContentHandler::uwsgi:
        add_params(conf().uwsgi_params);
        return true;
    case ContentHandler::scgi:
        add_params(conf().scgi_params);
        return true;
    default:
        return true;
    }
}

/// ngx_http_proxy_create_request
bool HttpPhases::create_proxy_request(const PassDirective& pass, const PassTarget& target) {
    if (const auto method = conf().proxy_method) {
        result_.upstream.method = evaluator_.evaluate(request_, method->value).text;
    }
    const Value uri = proxied_uri(pass, target.uri);
    if (uri.empty()) {
        return false; // `zero length URI to proxy`
    }
    if (uri.known) {
        result_.outcome.upstream_uri = uri.text;
    }
    add_headers(conf().proxy_headers, target);
    return true;
}

/// What nginx replaces would reach beyond the end of the URI, as `try_files` can make it.
bool HttpPhases::is_uri_shorter_than_location(const PassDirective& pass,
                                              const PassTarget& target) const {
    return pass.handler == ContentHandler::proxy && !pass.target.has_variables &&
           !target.uri.empty() && request_.is_location_valid && request_.uri.known &&
           request_.uri.text.size() < pass.location.size();
}

Value HttpPhases::proxied_uri(const PassDirective& pass, const std::string& uri) {
    if (pass.target.has_variables && !uri.empty()) {
        return Value{uri};
    }
    if (uri.empty() && request_.is_unparsed_valid) {
        return Value{request_.unparsed_uri};
    }
    const bool replaces = request_.is_location_valid && !uri.empty();
    const std::size_t replaced = replaces ? pass.location.size() : 0;
    if (!request_.uri.known) {
        return request_.uri;
    }
    const std::string rest = request_.uri.text.substr(replaced);
    Value result{request_.is_location_valid ? uri : std::string()};
    const bool escapes =
        request_.is_quoted_uri || request_.has_space_in_uri || request_.is_internal;
    result.text += escapes ? evaluator_.escaped(rest, Escape::uri) : rest;
    return with_args(std::move(result), request_.args);
}

/// nginx goes through all values before it writes the first: what computing one of them changes
/// shows in all.
std::size_t HttpPhases::count_bytes(const Fields& fields) {
    std::size_t bytes = 0;
    for (const Field& field : fields) {
        bytes += evaluator_.evaluate(request_, field.value).text.size();
    }
    return bytes;
}

void HttpPhases::take_bytes(std::size_t& left, const Value& value) {
    request_.has_no_buffer_space = request_.has_no_buffer_space || value.text.size() > left;
    left -= std::min(left, value.text.size());
}

/// The headers that the configuration sets; what is empty is not sent.
void HttpPhases::add_headers(const std::shared_ptr<const Fields>& fields,
                             const PassTarget& target) {
    result_.upstream.host = target.host_header;
    if (fields == nullptr) {
        return;
    }
    std::size_t left = count_bytes(*fields);
    for (const Field& field : *fields) {
        const Value value = evaluator_.evaluate(request_, field.value, Evaluator::Flush::no);
        take_bytes(left, value);
        const bool is_host = equal_ignoring_case(field.name, "host");
        if (is_host) {
            result_.upstream.host.reset();
        }
        if (value.empty()) {
            continue;
        }
        if (is_host) {
            result_.upstream.host = value.text;
        } else {
            result_.upstream.headers.push_back({field.name, value.text});
        }
    }
}

void HttpPhases::add_params(const std::shared_ptr<const Fields>& fields) {
    if (fields == nullptr) {
        return;
    }
    std::size_t left = count_bytes(*fields);
    for (const Field& field : *fields) {
        const Value value = evaluator_.evaluate(request_, field.value, Evaluator::Flush::no);
        take_bytes(left, value);
        if (!field.if_not_empty || !value.empty()) {
            result_.upstream.params.push_back({field.name, value.text});
        }
    }
}

bool HttpPhases::create_memcached_request() {
    const Value key =
        evaluator_.variable(request_, confs_.names.index("memcached_key"), Evaluator::Flush::no);
    if (key.empty()) {
        return false;
    }
    result_.outcome.upstream_uri = evaluator_.escaped(key.text, Escape::memcached);
    return true;
}

} // namespace upstream_lint
