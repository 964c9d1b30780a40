#include "rules/exchange_cause.hpp"

#include "rules/causes.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string>

namespace upstream_lint {

namespace {

using Protocol = Exchange::Protocol;
using Kind = ReplyFacts::Kind;

/// OpenSSL's words for what it could not read, or was told by an alert (RFC 8446, section 6).
constexpr std::array<std::string_view, 2> no_tls = {"wrong version number",
                                                    "packet length too long"};
constexpr std::array<std::string_view, 2> other_version = {"SSL alert number 70",
                                                           "unsupported protocol"};
constexpr std::array<std::string_view, 3> weak_key = {"dh key too small", "ee key too small",
                                                      "ca md too weak"};
constexpr std::string_view default_ciphers = "DEFAULT"; // ngx_http_proxy_merge_loc_conf
constexpr std::string_view unknown_name = "SSL alert number 112";
constexpr std::string_view certificate_required = "SSL alert number 116";
constexpr std::string_view handshake_failure = "SSL alert number 40";
constexpr std::string_view closed = "peer closed connection in SSL handshake";

bool says(std::string_view error, std::string_view words) {
    return error.find(words) != std::string_view::npos;
}

bool says_any(std::string_view error, std::span<const std::string_view> all) {
    return std::ranges::any_of(all, [&](std::string_view words) { return says(error, words); });
}

/// An alert that says no more than that there is nothing in common: what nginx does of its own
/// accord is looked at first.
ExchangeCause of_refused_handshake(const UpstreamTls& tls, const HandshakeFacts& handshake) {
    if (handshake.asks_for_certificate.value_or(false)) {
        return {cause::mtls_required, Confidence::likely};
    }
    if (tls.ciphers != default_ciphers) {
        return {cause::cipher_mismatch, Confidence::likely};
    }
    return tls.server_name.empty() ? ExchangeCause{cause::sni_missing, Confidence::likely}
                                   : ExchangeCause{cause::cipher_mismatch, Confidence::hint};
}

ExchangeCause of_handshake(const UpstreamTls& tls, const HandshakeFacts& handshake) {
    const std::string_view error = handshake.error;
    if (says_any(error, no_tls)) {
        return {cause::https_to_plain};
    }
    if (says_any(error, other_version)) {
        return {cause::protocol_version};
    }
    if (says_any(error, weak_key)) {
        return {cause::cipher_mismatch};
    }
    if (says(error, unknown_name)) {
        return {tls.server_name.empty() ? cause::sni_missing : cause::sni_wrong};
    }
    if (error.starts_with(closed)) {
        return {cause::tls_chain_reset, Confidence::hint};
    }
    if (tls.has_client_certificate) {
        return {}; // nobody knows what comes of it: it was not shown
    }
    if (says(error, certificate_required)) {
        return {cause::mtls_required};
    }
    return says(error, handshake_failure) ? of_refused_handshake(tls, handshake) : ExchangeCause{};
}

/// `upstream SSL certificate does not match` follows where the chain is well.
ExchangeCause of_verification(std::string_view error) {
    return {says(error, "does not match") ? cause::name_mismatch : cause::verify_failed};
}

/// PHP-FPM closes the connection to who does not speak FastCGI, and says nothing.
bool is_pool(const ConnectFacts& connect, const FactIndex& facts) {
    constexpr std::string_view unix_prefix = "unix:";
    std::string_view place = connect.target;
    if (place.starts_with(unix_prefix)) {
        place.remove_prefix(unix_prefix.size());
    }
    return facts.meant_listener(place).pool != nullptr;
}

ExchangeCause of_http(const ConnectFacts& connect, const FactIndex& facts) {
    switch (connect.reply->kind) {
    case Kind::tls:
        return {cause::plain_to_https};
    case Kind::http2:
        return {cause::http1_to_h2c};
    case Kind::other:
        return {cause::non_http_service};
    case Kind::fastcgi:
        return {cause::http_to_fastcgi};
    case Kind::none:
        return is_pool(connect, facts) ? ExchangeCause{cause::http_to_fastcgi} : ExchangeCause{};
    case Kind::http:
        break;
    }
    return {};
}

ExchangeCause of_reply(const ConnectFacts& connect, const FactIndex& facts) {
    const ReplyFacts& reply = *connect.reply;
    const bool has_shown_certificate =
        connect.exchange->tls && connect.exchange->tls->has_client_certificate;
    if (says(reply.error, certificate_required)) {
        return has_shown_certificate ? ExchangeCause{} : ExchangeCause{cause::mtls_required};
    }
    switch (connect.exchange->protocol) {
    case Protocol::http:
        return of_http(connect, facts);
    case Protocol::fastcgi:
        return reply.kind == Kind::http ? ExchangeCause{cause::fastcgi_to_http} : ExchangeCause{};
    case Protocol::http2:
        return reply.kind == Kind::http ? ExchangeCause{cause::grpc_to_http1} : ExchangeCause{};
    case Protocol::none:
        break;
    }
    return {};
}

} // namespace

ExchangeCause cause_of_failure(const ConnectFacts& connect, const FactIndex& facts) {
    if (!connect.exchange) {
        return {};
    }
    if (connect.exchange->tls && connect.handshake && !connect.handshake->error.empty()) {
        return of_handshake(*connect.exchange->tls, *connect.handshake);
    }
    if (connect.handshake && !connect.handshake->verify_error.empty()) {
        return of_verification(connect.handshake->verify_error);
    }
    const bool has_failed = connect.reply && !connect.reply->error.empty();
    return has_failed ? of_reply(connect, facts) : ExchangeCause{};
}

} // namespace upstream_lint
