#include "config/modules/modules.hpp"
#include "config/modules/ngx_http_upstream_module.hpp"
#include "config/shared_memory.hpp"
#include "config/value.hpp"

#include <array>
#include <fmt/format.h>
#include <optional>

/// gnosek/nginx-upstream-fair, ngx_http_upstream_fair_module.c
namespace upstream_lint {

namespace {

constexpr std::int64_t least_size = 8 * page_size;

/// Of `http`.
struct FairSize {
    std::optional<std::int64_t> bytes;
};

bool take_parameters(Directive& directive) {
    bool has_mode = false;
    for (std::size_t i = 1; i <= directive.size(); ++i) {
        const std::string_view word = directive[i];
        const bool is_mode = word == "weight_mode=peak" || word == "weight_mode=idle";
        if (is_mode && has_mode) {
            directive.emerg(i, "weight_mode= options are mutually exclusive", Cause::conflict);
            return false;
        }
        if (!is_mode && word != "no_rr") {
            directive.emerg(i, fmt::format("Invalid `fair' parameter `{}'", word))
                .notes.emplace_back("it takes `no_rr`, `weight_mode=peak` and `weight_mode=idle`");
            return false;
        }
        has_mode = has_mode || is_mode;
    }
    return true;
}

/// ngx_http_upstream_fair: it does not look whether a method has been set before.
void fair(Directive& directive) {
    if (take_parameters(directive)) {
        auto& block = directive.scope().conf<UpstreamBlock>();
        block.balancer = directive.place();
        block.has_own_peers = true;
        block.parameters = ServerParameters::without_backup_and_max_conns;
    }
}

/// ngx_http_upstream_fair_set_shm_size
void upstream_fair_shm_size(Directive& directive) {
    const auto parsed = parse_size(directive[1]);
    if (!parsed) {
        directive.emerg(1, fmt::format("Invalid memory area size `{}'", directive[1]));
        return;
    }
    std::int64_t size = (*parsed + page_size - 1) / page_size * page_size;
    if (size < least_size) {
        directive.warn(1, fmt::format("The upstream_fair_shm_size value must be at least {}KiB",
                                      least_size / 1024));
        size = least_size;
    }
    auto& known = directive.scope().conf<FairSize>().bytes;
    if (known && *known != size) {
        directive.warn(1, "Cannot change memory area size without restart, ignoring change");
    } else {
        known = size;
    }
}

constexpr std::array<DirectiveSetter, 2> setters = {{
    {"fair", fair},
    {"upstream_fair_shm_size", upstream_fair_shm_size},
}};

} // namespace

const ModuleSetters ngx_http_upstream_fair_module = {"ngx_http_upstream_fair", setters};

} // namespace upstream_lint
