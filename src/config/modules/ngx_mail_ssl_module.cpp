#include "config/modules/ngx_mail_ssl_module.hpp"

#include "config/inherit.hpp"
#include "config/modules/modules.hpp"
#include "config/slots.hpp"
#include "config/ssl.hpp"

#include <array>
#include <fmt/format.h>
#include <optional>
#include <string>
#include <vector>

/// src/mail/ngx_mail_ssl_module.c. Certificates and keys are not read.
namespace upstream_lint {

namespace {

/// Kept by `mail` and `server`; what is not set is inherited.
struct MailSsl {
    bool listens = false;
    Place place; ///< what asked for TLS last
    std::optional<bool> enable;
    std::optional<std::string_view> starttls;
    std::optional<std::vector<NamedFile>> certificates;
    std::optional<std::vector<NamedFile>> keys;
    std::optional<std::string_view> verify;
    Place verify_place;
    std::optional<std::string_view> client_certificate;
    std::optional<std::string_view> trusted_certificate;

    [[nodiscard]] bool has_starttls() const { return starttls && *starttls != "off"; }
};

MailSsl& conf_of(Directive& directive) {
    return directive.scope().conf<MailSsl>();
}

void remember_place(Directive& directive, MailSsl& ssl) {
    if (!ssl.listens) {
        ssl.place = directive.place();
    }
}

/// ngx_mail_ssl_enable
void ssl(Directive& directive) {
    const auto on = slot::flag(directive);
    if (!on) {
        return;
    }
    auto& ssl = conf_of(directive);
    ssl.enable = on;
    if (*on && ssl.has_starttls()) {
        directive.emerg(1, "\"starttls\" directive conflicts with \"ssl on\"", Cause::conflict);
        return;
    }
    remember_place(directive, ssl);
}

/// ngx_mail_ssl_starttls
void starttls(Directive& directive) {
    const auto word = slot::enumeration(directive);
    if (!word) {
        return;
    }
    auto& ssl = conf_of(directive);
    ssl.starttls = word;
    if (ssl.enable.value_or(false) && ssl.has_starttls()) {
        directive.emerg(1, "\"ssl\" directive conflicts with \"starttls\"", Cause::conflict);
        return;
    }
    remember_place(directive, ssl);
}

void ssl_certificate(Directive& directive) {
    add_file(directive, conf_of(directive).certificates);
}

void ssl_certificate_key(Directive& directive) {
    add_file(directive, conf_of(directive).keys);
}

void ssl_verify_client(Directive& directive) {
    if (const auto word = slot::enumeration(directive)) {
        conf_of(directive).verify = word;
        conf_of(directive).verify_place = directive.place();
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

/// ngx_mail_ssl_password_file. The file is not read.
void ssl_password_file(Directive& directive) {
    (void)directive.is_duplicate();
}

void ssl_session_cache(Directive& directive) {
    take_ssl_session_cache(directive, "ngx_mail_ssl");
}

void inherit_all(MailSsl& own, const MailSsl& outer) {
    inherit(own.enable, outer.enable);
    inherit(own.starttls, outer.starttls);
    inherit(own.certificates, outer.certificates);
    inherit(own.keys, outer.keys);
    inherit(own.client_certificate, outer.client_certificate);
    inherit(own.trusted_certificate, outer.trusted_certificate);
    if (!own.verify) {
        own.verify = outer.verify;
        own.verify_place = outer.verify_place;
    }
    if (own.place.is_none()) {
        own.place = outer.place;
    }
}

/// What asks for TLS; empty when nothing does.
std::string_view mode_of(const MailSsl& ssl) {
    if (ssl.listens) {
        return "listen ... ssl";
    }
    if (ssl.enable.value_or(false)) {
        return "ssl";
    }
    return ssl.has_starttls() ? "starttls" : std::string_view();
}

std::string missing_file(const MailSsl& ssl, std::string_view mode) {
    if (!ssl.certificates) {
        return fmt::format("no \"ssl_certificate\" is defined for the \"{}\" directive", mode);
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

void check_client_verification(Cycle& cycle, const MailSsl& ssl) {
    const bool may_be_trusted =
        !cycle.before(1, 27, 2) && !ssl.trusted_certificate.value_or("").empty();
    const std::string_view verify = ssl.verify.value_or("off");
    if (verify != "off" && verify != "optional_no_ca" && !may_be_trusted &&
        ssl.client_certificate.value_or("").empty()) {
        cycle.report_without_place(Level::emerg, std::string(no_client_certificate(cycle)),
                                   ssl.verify_place, Cause::missing);
    }
}

/// ngx_mail_ssl_merge_conf
void merge_server(Cycle& cycle, Scope& parent, Scope& child, const Place& /*brace*/) {
    auto& ssl = child.conf<MailSsl>();
    if (const MailSsl* const outer = parent.find<MailSsl>()) {
        inherit_all(ssl, *outer);
    }
    const std::string_view mode = mode_of(ssl);
    if (mode.empty() || cycle.is_partial()) {
        return;
    }
    const std::string missing = missing_file(ssl, mode);
    if (!missing.empty()) {
        cycle.report(Level::emerg, missing, ssl.place, Cause::missing);
        return;
    }
    check_client_verification(cycle, ssl);
}

constexpr std::array<DirectiveSetter, 9> setters = {{
    {"ssl", ssl},
    {"ssl_certificate", ssl_certificate},
    {"ssl_certificate_key", ssl_certificate_key},
    {"ssl_client_certificate", ssl_client_certificate},
    {"ssl_password_file", ssl_password_file},
    {"ssl_session_cache", ssl_session_cache},
    {"ssl_trusted_certificate", ssl_trusted_certificate},
    {"ssl_verify_client", ssl_verify_client},
    {"starttls", starttls},
}};

} // namespace

void note_mail_ssl_listen(Directive& listen) {
    auto& ssl = listen.scope().conf<MailSsl>();
    ssl.listens = true;
    ssl.place = listen.place();
}

const ModuleSetters ngx_mail_ssl_module = {"ngx_mail_ssl", setters, {.merge_server = merge_server}};

} // namespace upstream_lint
