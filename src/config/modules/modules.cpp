#include "config/modules/modules.hpp"

#include <array>

namespace upstream_lint {

std::span<const ModuleSetters* const> checked_modules() noexcept {
    // as auto/modules puts them together: what they do at the end of a block is in that order
    static constexpr std::array<const ModuleSetters*, 1> modules = {&ngx_core_module};
    return modules;
}

std::span<const DirectiveSetter> shared_setters() noexcept {
    return {};
}

} // namespace upstream_lint
