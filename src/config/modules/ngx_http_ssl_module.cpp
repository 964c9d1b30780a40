#include "config/modules/ngx_http_ssl_module.hpp"

#include "config/ascii.hpp"
#include "config/http_server.hpp"
#include "config/inherit.hpp"
#include "config/messages.hpp"
#include "config/modules/modules.hpp"
#include "config/script.hpp"
#include "config/shared_memory.hpp"
#include "config/slots.hpp"
#include "config/ssl.hpp"
#include "config/url.hpp"
#include "config/value.hpp"

#include <array>
#include <fmt/format.h>
#include <optional>
#include <string>
#include <vector>

/// src/http/modules/ngx_http_ssl_module.c; src/stream/ngx_stream_ssl_module.c is alike.
/// Certificates and keys are not read.
namespace upstream_lint {

namespace {

constexpr std::uint64_t tls13 = 1U << 5U; // among the words of ssl_protocols

template <typename T> struct Setting {
    T value{};
    Place place;
};

/// Kept by `http`, `stream` and `server`; what is not set is inherited.
struct Ssl {
    std::optional<Setting<bool>> enable;
    std::optional<std::vector<NamedFile>> certificates;
    std::optional<std::vector<NamedFile>> keys;
    std::optional<bool> reject_handshake;
    std::optional<std::uint64_t> protocols; ///< bits by the words of the table
    std::optional<Setting<std::string_view>> verify;
    std::optional<std::string_view> client_certificate;
    std::optional<std::string_view> trusted_certificate;
    std::optional<Setting<std::string_view>> ocsp;
    std::optional<Setting<std::string_view>> ocsp_responder;
    std::optional<Setting<bool>> stapling;
    std::optional<bool> certificate_compression;
};

Ssl& conf_of(Directive& directive) {
    return directive.scope().conf<Ssl>();
}

/// ngx_http_ssl_enable
void ssl(Directive& directive) {
    if (const auto on = slot::flag(directive)) {
        conf_of(directive).enable = {*on, directive.place()};
    }
}

void ssl_certificate(Directive& directive) {
    add_file(directive, conf_of(directive).certificates);
}

void ssl_certificate_key(Directive& directive) {
    add_file(directive, conf_of(directive).keys);
}

void ssl_reject_handshake(Directive& directive) {
    if (const auto on = slot::flag(directive)) {
        conf_of(directive).reject_handshake = on;
    }
}

void ssl_protocols(Directive& directive) {
    if (const auto mask = slot::bitmask(directive)) {
        conf_of(directive).protocols = mask;
    }
}

void ssl_verify_client(Directive& directive) {
    if (const auto word = slot::enumeration(directive)) {
        conf_of(directive).verify = {*word, directive.place()};
    }
}

void ssl_client_certificate(Directive& directive) {
    if (const auto file = slot::string(directive)) {
        conf_of(directive).client_certificate = file;
    }
}

void ssl_trusted_certificate(Directive& directive) {
    if (const auto file = slot::string(directive)) {
        conf_of(directive).trusted_certificate = file;
    }
}

void ssl_ocsp(Directive& directive) {
    if (const auto word = slot::enumeration(directive)) {
        conf_of(directive).ocsp = {*word, directive.place()};
    }
}

void ssl_ocsp_responder(Directive& directive) {
    if (const auto url = slot::string(directive)) {
        conf_of(directive).ocsp_responder = {*url, directive.place(1)};
    }
}

void ssl_stapling(Directive& directive) {
    if (const auto on = slot::flag(directive)) {
        conf_of(directive).stapling = {*on, directive.place()};
    }
}

void ssl_certificate_compression(Directive& directive) {
    if (const auto on = slot::flag(directive)) {
        conf_of(directive).certificate_compression = on;
    }
}

/// ngx_http_ssl_password_file. The file is not read.
void ssl_password_file(Directive& directive) {
    (void)directive.is_duplicate();
}

void ssl_session_cache(Directive& directive) {
    take_ssl_session_cache(directive, module_name(directive.row().module));
}

/// ngx_http_ssl_ocsp_cache
void ssl_ocsp_cache(Directive& directive) {
    if (directive.is_duplicate() || c_string(directive[1]) == "off") {
        return;
    }
    const SharedCache cache = read_shared_cache(directive[1]);
    const auto size = parse_size(cache.size);
    if (cache.name.empty() || !size) {
        directive.emerg(1, fmt::format("invalid OCSP cache \"{}\"", directive[1]));
    } else if (*size < 8 * page_size) {
        directive.emerg(1, fmt::format("OCSP cache \"{}\" is too small", directive[1]));
    } else {
        const std::string_view owner =
            directive.cycle().keep(fmt::format("{} OCSP", module_name(directive.row().module)));
        (void)add_shared_zone(directive, 1, cache.name, *size, owner);
    }
}

/// One parameter of `ssl_certificate_cache`; false when it is none.
bool take_cache_parameter(std::string_view word, bool& has_maximum) {
    const auto is_time = [](std::string_view text) {
        return parse_time(text, TimeUnit::seconds).has_value();
    };
    if (const auto maximum = behind(word, "max=")) {
        has_maximum = true;
        return parse_number(*maximum).value_or(0) > 0;
    }
    const auto inactive = behind(word, "inactive=");
    const auto time = inactive ? inactive : behind(word, "valid=");
    return time && is_time(*time);
}

/// ngx_http_ssl_certificate_cache
void ssl_certificate_cache(Directive& directive) {
    if (directive.is_duplicate()) {
        return;
    }
    bool has_maximum = false;
    bool is_off = false;
    for (std::size_t i = 1; i <= directive.size(); ++i) {
        if (c_string(directive[i]) == "off") {
            is_off = true;
        } else if (!take_cache_parameter(directive[i], has_maximum)) {
            directive.emerg(i, fmt::format("invalid parameter \"{}\"", directive[i]));
            return;
        }
    }
    if (!is_off && !has_maximum) {
        directive.emerg(0, "\"ssl_certificate_cache\" must have the \"max\" parameter",
                        Cause::missing);
    }
}

/// ngx_stream_ssl_alpn
void ssl_alpn(Directive& directive) {
    constexpr std::size_t most = 255;
    if (directive.is_duplicate()) {
        return;
    }
    for (std::size_t i = 1; i <= directive.size(); ++i) {
        if (directive[i].size() > most) {
            directive.error(i, "protocol too long")
                .notes.push_back(fmt::format("it may have {} bytes", most));
            return;
        }
    }
}

void inherit_all(Ssl& own, const Ssl& outer) {
    inherit(own.enable, outer.enable);
    inherit(own.certificates, outer.certificates);
    inherit(own.keys, outer.keys);
    inherit(own.reject_handshake, outer.reject_handshake);
    inherit(own.protocols, outer.protocols);
    inherit(own.verify, outer.verify);
    inherit(own.client_certificate, outer.client_certificate);
    inherit(own.trusted_certificate, outer.trusted_certificate);
    inherit(own.ocsp, outer.ocsp);
    inherit(own.ocsp_responder, outer.ocsp_responder);
    inherit(own.stapling, outer.stapling);
    inherit(own.certificate_compression, outer.certificate_compression);
}

/// What asks for TLS for a server, and has its place said then.
struct Mode {
    std::string_view name;
    Place place; ///< none: nothing asks
};

/// Before 1.25.5, `listen` asks in `stream`.
bool is_asked_by_listen(const Cycle& cycle, const Scope& server) {
    return server.context() == Context::stream_server && cycle.before(1, 25, 5);
}

Mode mode_of(const Cycle& cycle, const Scope& server, const Ssl& ssl) {
    if (is_asked_by_listen(cycle, server)) {
        const auto* const listen = server.find<SslListen>();
        return {"listen ... ssl", listen != nullptr ? listen->place : Place()};
    }
    return {"ssl", ssl.enable && ssl.enable->value ? ssl.enable->place : Place()};
}

/// What misses a certificate or key of a server that asks for TLS; its place stands behind.
std::string missing_file(const Ssl& ssl, std::string_view mode) {
    if (!ssl.certificates) {
        return ssl.reject_handshake.value_or(false)
                   ? std::string()
                   : fmt::format("no \"ssl_certificate\" is defined for the \"{}\" directive",
                                 mode);
    }
    if (!ssl.keys) {
        return fmt::format("no \"ssl_certificate_key\" is defined for the \"{}\" directive", mode);
    }
    if (ssl.keys->size() < ssl.certificates->size()) {
        return fmt::format("no \"ssl_certificate_key\" is defined for certificate \"{}\" and the "
                           "\"{}\" directive",
                           ssl.certificates->back().name, mode);
    }
    return {};
}

bool check_certificates(Cycle& cycle, const Ssl& ssl, const Mode& mode) {
    if (!mode.place.is_none()) {
        const std::string missing = missing_file(ssl, mode.name);
        if (!missing.empty()) {
            cycle.report(Level::emerg, missing, mode.place, Cause::missing);
        }
        return missing.empty();
    }
    if (ssl.certificates && (!ssl.keys || ssl.keys->size() < ssl.certificates->size())) {
        const NamedFile& last = ssl.certificates->back();
        cycle.report_without_place(
            Level::emerg,
            fmt::format("no \"ssl_certificate_key\" is defined for certificate \"{}\"", last.name),
            last.place, Cause::missing);
        return false;
    }
    return true;
}

bool check_client_verification(Cycle& cycle, const Ssl& ssl) {
    const bool may_be_trusted =
        !cycle.before(1, 27, 2) && !ssl.trusted_certificate.value_or("").empty();
    if (!ssl.verify || ssl.verify->value == "off" || ssl.verify->value == "optional_no_ca" ||
        !ssl.client_certificate.value_or("").empty() || may_be_trusted) {
        return true;
    }
    cycle.report_without_place(Level::emerg, std::string(no_client_certificate(cycle)),
                               ssl.verify->place, Cause::missing);
    return false;
}

/// src/event/ngx_event_openssl_stapling.c, ngx_ssl_ocsp
bool check_ocsp_responder(Cycle& cycle, const Setting<std::string_view>& responder) {
    constexpr std::string_view scheme = "http://";
    std::string_view url = responder.value;
    if (url.empty()) {
        return true;
    }
    if (url.size() <= scheme.size() || !starts_ignoring_case(url, scheme)) {
        cycle.report_without_place(Level::emerg,
                                   fmt::format("invalid URL prefix in OCSP responder \"{}\" in "
                                               "\"ssl_ocsp_responder\"",
                                               url),
                                   responder.place);
        return false;
    }
    url.remove_prefix(scheme.size());
    const Url parsed = parse_url(url, {.uri_part = true, .default_port = 80});
    if (!parsed.error.empty()) {
        cycle.report_without_place(
            Level::emerg,
            fmt::format("{} in OCSP responder \"{}\" in \"ssl_ocsp_responder\"", parsed.error, url),
            responder.place);
        return false;
    }
    return true;
}

bool check_ocsp(Cycle& cycle, const Ssl& ssl) {
    if (!ssl.ocsp || ssl.ocsp->value == "off") {
        return true;
    }
    if (ssl.verify && ssl.verify->value == "optional_no_ca") {
        cycle
            .report_without_place(Level::emerg,
                                  "\"ssl_ocsp\" is incompatible with \"ssl_verify_client "
                                  "optional_no_ca\"",
                                  ssl.ocsp->place, Cause::conflict)
            .label(ssl.verify->place, "set here");
        return false;
    }
    return !ssl.ocsp_responder || check_ocsp_responder(cycle, *ssl.ocsp_responder);
}

/// Names with variables, of which one is enough for all to be compiled
/// (ngx_http_ssl_compile_certificates).
bool compile_names(Cycle& cycle, Scope& server, const Ssl& ssl, const Place& brace) {
    if (!ssl.certificates) {
        return true;
    }
    for (std::size_t i = 0; i < ssl.certificates->size(); ++i) {
        for (const NamedFile* const file : {&(*ssl.certificates)[i], &(*ssl.keys)[i]}) {
            if (!script::compile(cycle, server, file->name, file->place, brace).valid) {
                return false;
            }
        }
    }
    return true;
}

const Ssl& ssl_of(const Scope& server) {
    static const Ssl nothing;
    const Ssl* const ssl = server.find<Ssl>();
    return ssl != nullptr ? *ssl : nothing;
}

void report_missing_certificate(Cycle& cycle, const Listens::Member& member,
                                std::string_view parameter) {
    cycle
        .report(Level::emerg,
                fmt::format("no \"ssl_certificate\" is defined for the \"listen ... {}\" "
                            "directive",
                            parameter),
                cycle.place(*member.server), Cause::missing)
        .label(place_of(cycle, member), "this asks for TLS");
}

/// The handshake begins with the default server of an address: it needs a certificate, or has to
/// refuse, and then all others need one.
bool check_address(Cycle& cycle, const Listens::Address& address) {
    const std::string_view parameter = address.options.is_datagram ? "quic" : "ssl";
    const Listens::Member standard{address.default_server, address.options.directive};
    const Ssl& ssl = ssl_of(*standard.server);
    if (ssl.certificates) {
        const bool has_tls13 = (ssl.protocols.value_or(tls13) & tls13) != 0;
        if (address.options.is_datagram && !has_tls13) {
            cycle.report(Level::emerg,
                         "\"ssl_protocols\" must enable TLSv1.3 for the \"listen ... quic\" "
                         "directive",
                         cycle.place(*standard.server), Cause::conflict);
            return false;
        }
        return true;
    }
    if (!ssl.reject_handshake.value_or(false)) {
        report_missing_certificate(cycle, standard, parameter);
        return false;
    }
    for (const Listens::Member& member : address.servers) {
        const Ssl& other = ssl_of(*member.server);
        if (!other.certificates && !other.reject_handshake.value_or(false)) {
            report_missing_certificate(cycle, member, parameter);
            return false;
        }
    }
    return true;
}

} // namespace

namespace server_ssl {

void merge_server(Cycle& cycle, Scope& parent, Scope& child, const Place& brace) {
    if (const Ssl* const outer = parent.find<Ssl>()) {
        inherit_all(child.conf<Ssl>(), *outer);
    }
    const Ssl& ssl = ssl_of(child);
    const Mode mode = mode_of(cycle, child, ssl);
    const bool is_asked = !is_asked_by_listen(cycle, child) || !mode.place.is_none();
    if (!is_asked || cycle.is_partial() || !check_certificates(cycle, ssl, mode)) {
        return;
    }
    const bool is_used = ssl.certificates || ssl.reject_handshake.value_or(false);
    if (!is_used || !compile_names(cycle, child, ssl, brace) ||
        !check_client_verification(cycle, ssl) || !check_ocsp(cycle, ssl)) {
        return;
    }
    if (ssl.stapling && ssl.stapling->value && ssl.certificate_compression.value_or(false)) {
        cycle.report_without_place(Level::emerg,
                                   "\"ssl_stapling\" is incompatible with "
                                   "\"ssl_certificate_compression\"",
                                   ssl.stapling->place, Cause::conflict);
    }
}

void check_servers(Cycle& cycle, Scope& main, const Place& /*brace*/) {
    const Listens* const listens = main.find<Listens>();
    const bool is_stream = main.context() == Context::stream;
    if (listens == nullptr || cycle.is_partial() || (is_stream && cycle.before(1, 25, 5))) {
        return;
    }
    for (const Listens::Port& port : listens->ports) {
        for (const Listens::Address& address : port.addresses) {
            const bool is_quic = address.options.is_datagram && !is_stream;
            if ((address.options.ssl || is_quic) && !check_address(cycle, address)) {
                return;
            }
        }
    }
}

constexpr std::array<DirectiveSetter, 17> setters = {{
    {"ssl", ssl},
    {"ssl_alpn", ssl_alpn},
    {"ssl_certificate", ssl_certificate},
    {"ssl_certificate_cache", ssl_certificate_cache},
    {"ssl_certificate_compression", ssl_certificate_compression},
    {"ssl_certificate_key", ssl_certificate_key},
    {"ssl_client_certificate", ssl_client_certificate},
    {"ssl_ocsp", ssl_ocsp},
    {"ssl_ocsp_cache", ssl_ocsp_cache},
    {"ssl_ocsp_responder", ssl_ocsp_responder},
    {"ssl_password_file", ssl_password_file},
    {"ssl_protocols", ssl_protocols},
    {"ssl_reject_handshake", ssl_reject_handshake},
    {"ssl_session_cache", ssl_session_cache},
    {"ssl_stapling", ssl_stapling},
    {"ssl_trusted_certificate", ssl_trusted_certificate},
    {"ssl_verify_client", ssl_verify_client},
}};

} // namespace server_ssl

bool has_ssl_context(const Scope& server) {
    const Ssl& ssl = ssl_of(server);
    return ssl.certificates || ssl.reject_handshake.value_or(false);
}

const ModuleSetters ngx_http_ssl_module = {
    "ngx_http_ssl",
    server_ssl::setters,
    {.merge_server = server_ssl::merge_server, .postconfiguration = server_ssl::check_servers}};

} // namespace upstream_lint
