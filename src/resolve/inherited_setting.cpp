#include "resolve/inherited_setting.hpp"

#include <algorithm>

namespace upstream_lint {

const Setting* find_setting(const Model& model, LocationId level, std::string_view name) {
    const auto settings = model.settings(level);
    const auto found = std::ranges::find(settings, name, &Setting::name);
    return found != settings.end() ? &*found : nullptr;
}

const Setting* find_inherited_setting(const Model& model, LocationId level, std::string_view name) {
    for (; !level.is_none(); level = model.location(level).parent) {
        if (const Setting* const found = find_setting(model, level, name)) {
            return found;
        }
    }
    return nullptr;
}

} // namespace upstream_lint
