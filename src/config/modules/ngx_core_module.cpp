#include "config/messages.hpp"
#include "config/modules/modules.hpp"
#include "config/slots.hpp"

#include <array>
#include <fmt/format.h>

/// src/core/nginx.c
namespace upstream_lint {

namespace {

/// ngx_set_priority: a number with an optional sign.
void worker_priority(Directive& directive) {
    if (directive.is_duplicate()) {
        return;
    }
    std::string_view digits = directive[1];
    if (digits.starts_with('-') || digits.starts_with('+')) {
        digits.remove_prefix(1);
    }
    if (digits.empty() || digits.find_first_not_of("0123456789") != std::string_view::npos) {
        directive.error(1, "invalid number");
    }
}

/// ngx_set_worker_processes
void worker_processes(Directive& directive) {
    if (directive.is_duplicate() || directive[1] == "auto") {
        return;
    }
    if (directive[1].empty() ||
        directive[1].find_first_not_of("0123456789") != std::string_view::npos) {
        directive.error(1, "invalid value");
    }
}

constexpr std::array<DirectiveSetter, 2> setters = {{
    {"worker_priority", worker_priority},
    {"worker_processes", worker_processes},
}};

} // namespace

const ModuleSetters ngx_core_module = {"ngx_core", setters};

} // namespace upstream_lint
