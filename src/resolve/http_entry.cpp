#include "resolve/http_entry.hpp"

#include "config/ascii.hpp"
#include "config/value.hpp"
#include "model/letter_case.hpp"
#include "resolve/answer_place.hpp"
#include "resolve/builtin_variables.hpp"
#include "resolve/http_status.hpp"
#include "resolve/listener_search.hpp"
#include "resolve/request_target.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace upstream_lint {

namespace {

HostRules host_rules(const Version& version) {
    return {.refuses_control_bytes = version >= Version{1, 21, 1},
            .follows_rfc3986 = version >= Version{1, 29, 4}};
}

RequestTargetRules target_rules(const Version& version, bool merges_slashes) {
    return {.merge_slashes = merges_slashes,
            .refuses_control_bytes = version >= Version{1, 21, 1},
            .takes_empty_path = version >= Version{1, 21, 1},
            .refuses_large_ports = version >= Version{1, 29, 4}};
}

constexpr std::uint16_t http_port = 80;
constexpr std::uint16_t https_port = 443;

bool is_old(const std::string& version) {
    return version == "0.9" || version == "1.0";
}

/// What nginx takes as the name of a header (ngx_http_parse_header_line).
bool is_valid_name(std::string_view name, bool takes_underscores) {
    return !name.empty() && std::ranges::all_of(name, [&](char c) {
        return c == '-' || (c == '_' ? takes_underscores : is_word_character(c));
    });
}

/// How a socket of IPv6 sees an address of IPv4.
void map_to_ipv6(std::optional<SocketAddress>& address) {
    if (!address || address->family != AddressFamily::inet) {
        return;
    }
    SocketAddress mapped{.family = AddressFamily::inet6, .port = address->port};
    mapped.bytes[10] = mapped.bytes[11] = 0xff;
    std::copy_n(address->bytes.begin(), 4, mapped.bytes.begin() + 12);
    address = mapped;
}

/// A host with or without a port. What is wrong with it is for nginx to say.
void split_authority(std::string_view authority, RequestUrl& url) {
    const bool has_brackets = authority.starts_with('[');
    const std::size_t host_end = has_brackets ? authority.find(']') : authority.find(':');
    if (has_brackets && host_end == std::string_view::npos) {
        url.has_wrong_port = true;
        return;
    }
    url.host = has_brackets ? authority.substr(1, host_end - 1) : authority.substr(0, host_end);
    const std::size_t colon = authority.find(':', has_brackets ? host_end : 0);
    if (colon == std::string_view::npos) {
        return;
    }
    const auto port = parse_number(authority.substr(colon + 1));
    constexpr std::int64_t last_port = 65535;
    url.has_wrong_port = !port || *port == 0 || *port > last_port;
    if (!url.has_wrong_port) {
        url.port = static_cast<std::uint16_t>(*port);
    }
}

} // namespace

std::optional<RequestUrl> parse_request_url(std::string_view text) {
    const std::size_t scheme_end = text.find("://");
    if (scheme_end == std::string_view::npos) {
        return std::nullopt;
    }
    RequestUrl url;
    url.scheme = lower(text.substr(0, scheme_end));
    constexpr std::array<std::string_view, 4> schemes = {"http", "https", "tcp", "udp"};
    if (std::ranges::find(schemes, url.scheme) == schemes.end()) {
        return std::nullopt;
    }
    url.port = url.scheme == "https" ? https_port : url.scheme == "http" ? http_port : 0;
    const std::string_view rest = text.substr(scheme_end + 3);
    const std::size_t path = std::min(rest.find_first_of("/?#"), rest.size());
    std::string_view authority = rest.substr(0, path);
    authority = authority.substr(authority.rfind('@') + 1); // a user is no part of what is sent
    url.authority = authority;
    split_authority(authority, url);
    const std::string_view target = rest.substr(path, rest.find('#') - path);
    url.target = target.starts_with('/') ? std::string(target) : "/" + std::string(target);
    return url;
}

Answer HttpEntry::walk() && {
    Answer answer;
    request_.connection = &connection_;
    request_.variables = &variables_;
    request_.main = &request_;
    if (connect() && is_closed_at_once()) {
        answer.listener = connection_.listener;
        answer.server = request_.server;
        place_answer(confs_.model, request_.location, answer);
        answer.outcome.kind = Outcome::Kind::close;
    } else if (!connection_.listener.is_none()) {
        HttpPhases::Result result = receive();
        answer.listener = connection_.listener;
        answer.server = request_.server;
        place_answer(confs_.model, request_.location, answer);
        answer.outcome = std::move(result.outcome);
        answer.request = std::move(result.upstream);
        answer.side = std::move(result.side);
        std::ranges::move(result.steps, std::back_inserter(steps_));
    }
    answer.steps = std::move(steps_);
    return answer;
}

bool HttpEntry::connect() {
    connection_.listener = find_arrival();
    if (connection_.listener.is_none()) {
        return false;
    }
    const Listener& listener = confs_.model.listener(connection_.listener);
    connection_.is_ssl = listener.ssl || listener.is_datagram;
    connection_.http_version = input_.http;
    steps_.push_back(
        {Step::Kind::listener,
         listener.directive,
         {},
         listener.host.empty() ? socket_text(listener.address) : std::string(listener.host)});
    take_client();
    if (listener.address.family == AddressFamily::inet6) {
        map_to_ipv6(connection_.local);
        map_to_ipv6(connection_.client);
    }
    take_headers();
    greet();
    return true;
}

ListenerId HttpEntry::find_arrival() {
    Arrival arrival{.protocol = Protocol::http, .is_datagram = input_.http == "3"};
    if (input_.connect) {
        const auto address = parse_socket_address(*input_.connect);
        if (!address) {
            return {};
        }
        connection_.local = address;
        connection_.local_port = address->port;
        arrival.address = *address;
        return find_listener(confs_.model, servers_, arrival, evaluator_.assumptions());
    }
    if (url_.has_wrong_port) {
        return {};
    }
    connection_.local_port = url_.port;
    arrival.address.port = url_.port;
    const ListenerId found =
        find_listener_on_port(confs_.model, servers_, arrival, evaluator_.assumptions());
    if (!found.is_none()) {
        const Listener& listener = confs_.model.listener(found);
        if (listener.host.empty() && !listener.address.is_wildcard()) {
            connection_.local = listener.address;
        }
    }
    return found;
}

void HttpEntry::take_client() {
    if (!input_.client) {
        return;
    }
    connection_.client = parse_socket_address(*input_.client);
    connection_.has_client_port = connection_.client && connection_.client->port != 0;
}

void HttpEntry::take_headers() {
    connection_.headers_known = input_.headers.has_value();
    sent_headers_ = input_.headers.value_or(std::vector<HeaderField>());
    const bool has_host = std::ranges::any_of(sent_headers_, [](const HeaderField& header) {
        return equal_ignoring_case(header.name, "host");
    });
    if (!has_host && !url_.authority.empty()) {
        sent_headers_.insert(sent_headers_.begin(), {"Host", url_.authority});
    }
}

/// The server that counts until the name is known (ngx_http_ssl_servername).
void HttpEntry::greet() {
    const Listener& listener = confs_.model.listener(connection_.listener);
    request_.server = listener.default_server;
    request_.location = confs_.model.server(request_.server).level;
    if (!connection_.is_ssl || !input_.has_sni) {
        return;
    }
    const std::string name = input_.sni.value_or(url_.host);
    const auto host = valid_host(name, host_rules(version()));
    const bool is_address = !input_.sni && parse_address(name); // which clients do not send
    if (!host || is_address) {
        return;
    }
    const ServerMatch match = servers_.find_server(connection_.listener, *host);
    if (match.kind == ServerMatch::Kind::name || match.kind == ServerMatch::Kind::regex) {
        sni_ = host;
        take_server(match.server, "SNI " + *host);
    }
}

/// At the end of ngx_http_ssl_servername, with a name or without one.
bool HttpEntry::is_handshake_rejected() {
    if (!connection_.is_ssl || !confs_.server(request_.server).rejects_handshake) {
        return false;
    }
    steps_.push_back({Step::Kind::server,
                      confs_.model.server(request_.server).block,
                      {},
                      "the TLS handshake is rejected"});
    return true;
}

/// Since 1.25.1 a directive of the server that counts so far says so, too.
bool HttpEntry::takes_http2() const {
    return confs_.model.listener(connection_.listener).http2 ||
           (version() >= Version{1, 25, 1} && confs_.server(request_.server).enables_http2);
}

/// ngx_http_ssl_alpn_select, ngx_http_v2_state_preface
std::optional<std::string> HttpEntry::refused_protocol() const {
    const bool is_http2 = input_.http == "2";
    if (is_http2 && connection_.is_ssl && !takes_http2() && version() >= Version{1, 21, 4}) {
        return "the TLS handshake is rejected: HTTP/1.1 is spoken here, and a client of HTTP/2 "
               "alone does not offer it";
    }
    const bool takes_both = connection_.is_ssl || version() >= Version{1, 25, 1};
    if (!is_http2 && input_.http != "3" && !takes_both && takes_http2()) {
        return "nothing but HTTP/2 is spoken here";
    }
    return std::nullopt;
}

bool HttpEntry::is_closed_at_once() {
    if (is_handshake_rejected()) {
        return true;
    }
    auto reason = refused_protocol();
    if (!reason) {
        return false;
    }
    steps_.push_back({Step::Kind::listener,
                      confs_.model.listener(connection_.listener).directive,
                      {},
                      *std::move(reason)});
    return true;
}

void HttpEntry::take_server(ServerId server, std::string detail) {
    request_.server = server;
    request_.location = confs_.model.server(server).level;
    steps_.push_back(
        {Step::Kind::server, confs_.model.server(server).block, {}, std::move(detail)});
}

HttpPhases::Result HttpEntry::refuse(int status, std::string reason) {
    return HttpPhases(evaluator_, request_).refuse(status, std::move(reason));
}

/// Since 1.29.4 a request to connect names a host and a port and nothing else.
bool HttpEntry::takes_connect(std::string_view target) const {
    if (version() < Version{1, 29, 4}) {
        return true;
    }
    const std::size_t colon = target.rfind(':');
    return colon != std::string_view::npos && colon > 0 &&
           target.find_first_of("/?# ") == std::string_view::npos &&
           std::ranges::all_of(target.substr(colon + 1),
                               [](char c) { return c >= '0' && c <= '9'; });
}

HttpPhases::Result HttpEntry::receive() {
    const std::string& raw = input_.target ? *input_.target : url_.target;
    request_.method = input_.method;
    connection_.request_line_target = raw;
    if (input_.http == "2" && !takes_http2()) {
        return refuse(http_status::bad_request,
                      "HTTP/2 is not spoken here: its preface is no request of HTTP/1");
    }
    const bool is_method = std::ranges::all_of(
        input_.method, [](char c) { return (c >= 'A' && c <= 'Z') || c == '_' || c == '-'; });
    if (!is_method || input_.method.empty()) {
        return refuse(http_status::bad_request, "the method is wrong");
    }
    constexpr std::array<std::string_view, 5> versions = {"0.9", "1.0", "1.1", "2", "3"};
    if (std::ranges::find(versions, input_.http) == versions.end()) {
        return refuse(http_status::version_not_supported, "the version of HTTP is not supported");
    }
    if (input_.method == "CONNECT" && !takes_connect(raw)) {
        return refuse(http_status::bad_request, "the target of CONNECT is no HOST:PORT");
    }
    const auto target = parse_request_target(
        raw, target_rules(version(), confs_.server(request_.server).merges_slashes));
    if (!target) {
        return refuse(http_status::bad_request, "the request target is wrong");
    }
    request_.uri = {target->uri};
    request_.args = {std::string(target->args)};
    request_.unparsed_uri = target->unparsed;
    request_.is_unparsed_valid = target->is_unparsed_whole && !target->has_space;
    request_.has_space_in_uri = target->has_space;
    const std::string_view path = target->unparsed.substr(0, target->unparsed.find('?'));
    request_.is_quoted_uri = path.find('%') != std::string_view::npos;
    request_.has_plus_in_uri = path.find('+') != std::string_view::npos;
    if (target->host) {
        const auto host = valid_host(*target->host, host_rules(version()));
        if (!host || host->empty()) {
            return refuse(http_status::bad_request, "the host in the request line is wrong");
        }
        if (auto refused = set_virtual_server(*host)) {
            return refuse(refused_status_, *std::move(refused));
        }
        request_.host = *host;
    }
    if (auto refused = process_headers()) {
        return refuse(refused_status_, *std::move(refused));
    }
    return HttpPhases(evaluator_, request_).run();
}

/// ngx_http_process_request_headers, ngx_http_process_request_header; why it refuses.
std::optional<std::string> HttpEntry::process_headers() {
    bool has_host = false;
    if (auto refused = take_header_lines(has_host)) {
        return refused;
    }
    if (request_.host.empty()) {
        if (auto refused = set_virtual_server({})) {
            return refused;
        }
    }
    if (!has_host && !is_old(input_.http)) {
        return "there is no Host header";
    }
    if (auto refused = take_length()) {
        return refused;
    }
    const bool is_connect_refused = version() >= Version{1, 21, 1} && version() < Version{1, 31, 0};
    if (request_.method == "TRACE" || (request_.method == "CONNECT" && is_connect_refused)) {
        refused_status_ = http_status::not_allowed;
        return "nginx answers no " + request_.method;
    }
    return std::nullopt;
}

/// What of the headers nginx takes; HTTP/0.9 has none.
std::optional<std::string> HttpEntry::take_header_lines(bool& has_host) {
    if (input_.http == "0.9") {
        return std::nullopt;
    }
    for (const HeaderField& header : sent_headers_) {
        const ServerConf& server = confs_.server(request_.server); // the name may change it
        if (server.ignores_invalid_headers &&
            !is_valid_name(header.name, server.takes_underscores)) {
            continue;
        }
        connection_.headers.push_back(header);
        if (!equal_ignoring_case(header.name, "host")) {
            continue;
        }
        if (has_host) {
            return "there are two Host headers";
        }
        has_host = true;
        if (auto refused = process_host(header.value)) {
            return refused;
        }
    }
    return std::nullopt;
}

/// How long the body is.
std::optional<std::string> HttpEntry::take_length() {
    if (const std::string* const length = find_header(connection_, "content-length")) {
        const auto number = parse_number(*length);
        if (!number) {
            return "Content-Length is wrong";
        }
        request_.content_length = *number;
    }
    const std::string* const encoding = find_header(connection_, "transfer-encoding");
    if (encoding == nullptr) {
        return std::nullopt;
    }
    const bool is_strict = version() >= Version{1, 21, 1};
    if (is_strict && is_old(input_.http)) {
        return "HTTP/1.0 knows no Transfer-Encoding";
    }
    if (!equal_ignoring_case(*encoding, "chunked")) {
        refused_status_ = http_status::not_implemented;
        return "the Transfer-Encoding is not known";
    }
    if (is_strict && request_.content_length >= 0) {
        return "there are Content-Length and Transfer-Encoding";
    }
    request_.content_length = -1;
    return std::nullopt;
}

/// ngx_http_process_host
std::optional<std::string> HttpEntry::process_host(const std::string& value) {
    const auto host = valid_host(value, host_rules(version()));
    if (!host || host->empty()) {
        return "the Host header is wrong";
    }
    if (!request_.host.empty()) {
        return std::nullopt;
    }
    if (auto refused = set_virtual_server(*host)) {
        return refused;
    }
    request_.host = *host;
    return std::nullopt;
}

/// ngx_http_set_virtual_server; why it refuses.
std::optional<std::string> HttpEntry::set_virtual_server(const std::string& host) {
    ServerMatch match = servers_.find_server(connection_.listener, host);
    if (!match.if_hostname.is_none() &&
        evaluator_.assumptions().holds(fmt::format("the machine's name is {}", host),
                                       fmt::format("the machine's name is not {}", host))) {
        match = {.kind = ServerMatch::Kind::name, .server = match.if_hostname};
    }
    if (match.name != nullptr) {
        HttpRegex& regex = confs_.regexes.find(match.name->text, case_of(*match.name));
        (void)evaluator_.match(request_, regex, {host});
    }
    if (sni_ == host) {
        return std::nullopt;
    }
    if (sni_ && confs_.server(match.server).verifies_client) {
        refused_status_ = http_status::misdirected_request;
        return "the name is another one than that of the TLS handshake";
    }
    if (sni_ || match.kind != ServerMatch::Kind::by_default) {
        take_server(match.server, host);
    } else {
        steps_.push_back(
            {Step::Kind::server, confs_.model.server(request_.server).block, {}, "default server"});
    }
    return std::nullopt;
}

} // namespace upstream_lint
