#include "resolve/stream_variables.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace upstream_lint {

namespace {

using Found = std::optional<Value>;

const StreamConnection& stream_of(const HttpRequest& session) {
    return *session.connection->stream;
}

Found protocol(Evaluator& /*evaluator*/, HttpRequest& session, std::string_view /*name*/) {
    return Value{stream_of(session).is_datagram ? "UDP" : "TCP"};
}

/// Bytes, as they are sent.
Found binary_remote_addr(Evaluator& /*evaluator*/, HttpRequest& session, std::string_view name) {
    const auto& client = session.connection->client;
    if (!client) {
        return unknown_variable(name);
    }
    if (client->family == AddressFamily::unix_socket) {
        return Value{"unix:"};
    }
    const std::size_t size = client->family == AddressFamily::inet ? 4 : client->bytes.size();
    return Value{std::string(client->bytes.begin(), client->bytes.begin() + size)};
}

/// Before the handshake has been read there is no name, and whoever asks keeps that answer.
Found preread_server_name(Evaluator& /*evaluator*/, HttpRequest& session,
                          std::string_view /*name*/) {
    const StreamConnection& stream = stream_of(session);
    return stream.is_preread ? Found(Value{stream.sni.value_or("")}) : std::nullopt;
}

Found of_preread(Evaluator& /*evaluator*/, HttpRequest& session, std::string_view name) {
    return stream_of(session).is_preread ? Found(unknown_variable(name)) : std::nullopt;
}

Found ssl_server_name(Evaluator& /*evaluator*/, HttpRequest& session, std::string_view /*name*/) {
    const StreamConnection& stream = stream_of(session);
    return stream.is_handshaked && stream.sni ? Found(Value{*stream.sni}) : std::nullopt;
}

Found of_handshake(Evaluator& /*evaluator*/, HttpRequest& session, std::string_view name) {
    return stream_of(session).is_handshaked ? Found(unknown_variable(name)) : std::nullopt;
}

Found of_proxy_protocol(Evaluator& /*evaluator*/, HttpRequest& session, std::string_view name) {
    return stream_of(session).has_proxy_protocol ? Found(unknown_variable(name)) : std::nullopt;
}

const std::unordered_map<std::string_view, BuiltinVariable>& own_variables() {
    static const std::unordered_map<std::string_view, BuiltinVariable> all = {
        {"protocol", {protocol}},
        {"binary_remote_addr", {binary_remote_addr}},
        {"ssl_preread_server_name", {preread_server_name}},
        {"ssl_preread_protocol", {of_preread}},
        {"ssl_preread_alpn_protocols", {of_preread}},
        {"ssl_server_name", {ssl_server_name}},
        {"ssl_protocol", {of_handshake}},
        {"ssl_cipher", {of_handshake}},
        {"ssl_alpn_protocol", {of_handshake}},
        {"ssl_session_reused", {of_handshake}},
        {"ssl_client_verify", {of_handshake}},
        {"ssl_client_s_dn", {of_handshake}},
        {"proxy_protocol_addr", {of_proxy_protocol}},
        {"proxy_protocol_port", {of_proxy_protocol}},
        {"proxy_protocol_server_addr", {of_proxy_protocol}},
        {"proxy_protocol_server_port", {of_proxy_protocol}},
    };
    return all;
}

} // namespace

const BuiltinVariable* find_stream_variable(std::string_view name) {
    constexpr std::array<std::string_view, 7> as_in_http = {
        "remote_addr", "remote_port",   "server_addr", "server_port",
        "server_name", "nginx_version", "hostname"};
    if (std::ranges::find(as_in_http, name) != as_in_http.end()) {
        return find_builtin_variable(name);
    }
    const auto found = own_variables().find(name);
    return found != own_variables().end() ? &found->second : nullptr;
}

} // namespace upstream_lint
