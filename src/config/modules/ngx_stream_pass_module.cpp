#include "config/modules/modules.hpp"
#include "config/modules/ngx_stream_core_module.hpp"
#include "config/script.hpp"
#include "config/url.hpp"

#include <array>
#include <fmt/format.h>

/// src/stream/ngx_stream_pass_module.c
namespace upstream_lint {

namespace {

/// The address, which is not looked up.
void check_address(Directive& directive) {
    const Url url = parse_url(directive[1], {});
    if (!url.error.empty()) {
        directive.emerg(
            1, fmt::format("{} in \"{}\" of the \"pass\" directive", url.error, directive[1]));
        return;
    }
    if (!url.address) {
        directive.error(1, "has no addresses").notes.emplace_back("names are not looked up here");
        return;
    }
    if (!url.has_port && url.address->family != AddressFamily::unix_socket) {
        directive.error(1, "has no port", Cause::missing);
    }
}

/// ngx_stream_pass
void pass(Directive& directive) {
    set_stream_handler(directive);
    if (directive.is_duplicate()) {
        return;
    }
    const script::Value target = script::compile(directive, 1);
    if (target.valid && target.constant) {
        check_address(directive);
    }
}

constexpr std::array<DirectiveSetter, 1> setters = {{
    {"pass", pass},
}};

} // namespace

const ModuleSetters ngx_stream_pass_module = {"ngx_stream_pass", setters};

} // namespace upstream_lint
