#include "config/modules/modules.hpp"
#include "config/script.hpp"
#include "config/slots.hpp"

#include <array>

/// src/http/modules/ngx_http_secure_link_module.c
namespace upstream_lint {

namespace {

struct SecureLink {
    Place secret;
    Place link; ///< `secure_link` or `secure_link_md5`
    bool has_secret = false;
    bool has_link = false;
};

/// ngx_http_set_complex_value_slot
void link(Directive& directive) {
    if (directive.is_duplicate() || !script::compile(directive, 1).valid) {
        return;
    }
    auto& conf = directive.scope().conf<SecureLink>();
    conf.has_link = true;
    conf.link = directive.place();
}

void secret(Directive& directive) {
    if (slot::string(directive)) {
        auto& conf = directive.scope().conf<SecureLink>();
        conf.has_secret = true;
        conf.secret = directive.place();
    }
}

/// ngx_http_secure_link_merge_conf: of one block only, what is around it does not count.
void merge_location(Cycle& cycle, Scope& /*parent*/, Scope& child, const Place& brace) {
    const auto* const conf = child.find<SecureLink>();
    if (conf == nullptr || !conf->has_secret || !conf->has_link) {
        return;
    }
    Diagnostic& diagnostic = cycle.report(Level::emerg,
                                          "\"secure_link_secret\" cannot be mixed with "
                                          "\"secure_link\" and \"secure_link_md5\"",
                                          brace, Cause::conflict);
    diagnostic.span = conf->secret.span;
    diagnostic.label(conf->link, "with this");
}

constexpr std::array<DirectiveSetter, 3> setters = {{
    {"secure_link", link},
    {"secure_link_md5", link},
    {"secure_link_secret", secret},
}};

} // namespace

const ModuleSetters ngx_http_secure_link_module = {
    "ngx_http_secure_link", setters, {.merge_location = merge_location, .merges_unused = false}};

} // namespace upstream_lint
