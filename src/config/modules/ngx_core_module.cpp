#include "config/messages.hpp"
#include "config/modules/modules.hpp"
#include "config/value.hpp"

#include <array>
#include <fmt/format.h>

/// src/core/nginx.c
namespace upstream_lint {

namespace {

constexpr std::size_t cpu_set_size = 1024;

struct Core {
    std::int32_t priority = 0;
    Place priority_place;
    std::int64_t worker_processes = 1;
    bool is_worker_count_known = true;
    std::size_t affinity_masks = 0; ///< 0 where they are given out automatically
    Place affinity_place;
};

/// ngx_set_user. That it has no effect without the rights of a superuser is not said.
void user(Directive& directive) {
    (void)directive.is_duplicate();
}

/// ngx_set_priority: a number with an optional sign, where 0 counts as not set.
void worker_priority(Directive& directive) {
    auto& core = directive.scope().conf<Core>();
    if (core.priority != 0) {
        directive.error("is duplicate", Cause::duplicate).label(core.priority_place, "first here");
        return;
    }
    std::string_view digits = directive[1];
    if (digits.starts_with('-') || digits.starts_with('+')) {
        digits.remove_prefix(1);
    }
    // nginx keeps an int, and takes -1 for a failure
    const auto value = static_cast<std::int32_t>(parse_number(digits).value_or(-1));
    if (value == -1) {
        directive.error(1, "invalid number");
        return;
    }
    core.priority = value;
    core.priority_place = directive.place();
}

/// ngx_set_worker_processes
void worker_processes(Directive& directive) {
    if (directive.is_duplicate()) {
        return;
    }
    auto& core = directive.scope().conf<Core>();
    if (c_string(directive[1]) == "auto") {
        core.is_worker_count_known = false;
        return;
    }
    const auto value = parse_number(directive[1]);
    if (!value) {
        directive.error(1, "invalid value");
        return;
    }
    core.worker_processes = *value;
}

bool check_mask(Directive& directive, std::size_t word) {
    const std::string_view mask = directive[word];
    if (mask.size() > cpu_set_size) {
        directive.emerg(
            word, fmt::format("\"worker_cpu_affinity\" supports up to {} CPUs only", cpu_set_size));
        return false;
    }
    const std::size_t wrong = mask.find_last_not_of(" 01");
    if (wrong != std::string_view::npos) {
        directive.emerg(
            word, fmt::format("invalid character \"{}\" in \"worker_cpu_affinity\"", mask[wrong]));
        return false;
    }
    return true;
}

/// ngx_set_cpu_affinity
void worker_cpu_affinity(Directive& directive) {
    if (directive.is_duplicate()) {
        return;
    }
    const bool is_automatic = c_string(directive[1]) == "auto";
    if (is_automatic && directive.size() > 2) {
        directive.cycle()
            .report(Level::emerg,
                    "invalid number of arguments in \"worker_cpu_affinity\" directive",
                    directive.place(), Cause::arguments)
            .notes.emplace_back("behind `auto` there may be one mask only");
        return;
    }
    for (std::size_t i = is_automatic ? 2 : 1; i <= directive.size(); ++i) {
        if (!check_mask(directive, i)) {
            return;
        }
    }
    auto& core = directive.scope().conf<Core>();
    core.affinity_masks = is_automatic ? 0 : directive.size();
    core.affinity_place = directive.place();
}

/// ngx_core_module_init_conf
void init_conf(Cycle& cycle, Scope& main) {
    const Core* const core = main.find<Core>();
    if (core == nullptr || cycle.is_partial() || !core->is_worker_count_known ||
        core->affinity_masks <= 1 ||
        static_cast<std::int64_t>(core->affinity_masks) == core->worker_processes) {
        return;
    }
    cycle.report_without_place(
        Level::warn,
        "the number of \"worker_processes\" is not equal to the number of \"worker_cpu_affinity\" "
        "masks, using last mask for remaining worker processes",
        core->affinity_place);
}

constexpr std::array<DirectiveSetter, 4> setters = {{
    {"user", user},
    {"worker_cpu_affinity", worker_cpu_affinity},
    {"worker_priority", worker_priority},
    {"worker_processes", worker_processes},
}};

} // namespace

const ModuleSetters ngx_core_module = {"ngx_core", setters, {.init_conf = init_conf}};

} // namespace upstream_lint
