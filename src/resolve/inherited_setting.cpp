#include "resolve/inherited_setting.hpp"

#include <algorithm>
#include <utility>
#include <vector>

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

std::optional<std::string> inherited_value(const Model& model, LocationId level,
                                           std::string_view name) {
    const Setting* const found = find_inherited_setting(model, level, name);
    if (found == nullptr) {
        return std::nullopt;
    }
    std::vector<std::string> words = model.words(found->directive);
    return words.size() > 1 ? std::optional(std::move(words[1])) : std::nullopt;
}

} // namespace upstream_lint
