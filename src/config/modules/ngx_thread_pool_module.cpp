#include "config/messages.hpp"
#include "config/modules/modules.hpp"
#include "config/thread_pool.hpp"
#include "config/value.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

/// src/core/ngx_thread_pool.c
namespace upstream_lint {

ThreadPools::Pool& add_thread_pool(Directive& directive, std::size_t word, std::string_view name) {
    auto& pools = directive.cycle().main().conf<ThreadPools>().pools;
    const auto known = std::ranges::find(pools, name, &ThreadPools::Pool::name);
    if (known != pools.end()) {
        return *known;
    }
    return pools.emplace_back(ThreadPools::Pool{.name = name, .place = directive.place(word)});
}

namespace {

/// ngx_thread_pool. Parameters that it does not know it passes over.
void thread_pool(Directive& directive) {
    ThreadPools::Pool& pool = add_thread_pool(directive, 1, directive[1]);
    if (pool.is_defined) {
        directive
            .emerg(1, fmt::format("duplicate thread pool \"{}\"", directive[1]), Cause::duplicate)
            .label(pool.definition, "first here");
        return;
    }
    for (std::size_t i = 2; i <= directive.size(); ++i) {
        const std::string_view word = directive[i];
        const auto queue = behind(word, "max_queue=");
        if (const auto threads = behind(word, "threads=")) {
            if (parse_number(*threads).value_or(0) == 0) {
                directive.emerg(i, fmt::format("invalid threads value \"{}\"", word));
                return;
            }
            pool.is_defined = true;
            pool.definition = directive.place();
        } else if (queue && !parse_number(*queue)) {
            directive.emerg(i, fmt::format("invalid max_queue value \"{}\"", word));
            return;
        }
    }
    if (!pool.is_defined) {
        directive.emerg(0, "\"thread_pool\" must have \"threads\" parameter", Cause::missing);
    }
}

/// ngx_thread_pool_init_conf
void init_conf(Cycle& cycle, Scope& main) {
    const ThreadPools* const named = main.find<ThreadPools>();
    if (named == nullptr || cycle.is_partial()) {
        return;
    }
    for (const ThreadPools::Pool& pool : named->pools) {
        if (!pool.is_defined && pool.name != "default") {
            cycle.report(Level::emerg, fmt::format("unknown thread pool \"{}\"", pool.name),
                         pool.place, Cause::reference);
        }
    }
}

constexpr std::array<DirectiveSetter, 1> setters = {{
    {"thread_pool", thread_pool},
}};

} // namespace

const ModuleSetters ngx_thread_pool_module = {"ngx_thread_pool", setters, {.init_conf = init_conf}};

} // namespace upstream_lint
