#include "resolve/internal_ways.hpp"

#include "resolve/inherited_setting.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace upstream_lint {

namespace {

/// Of all folders that an index may be looked for in, the first.
std::string folder_of(const Location& location) {
    const bool has_folder = location.kind == Location::Kind::prefix && location.name.ends_with('/');
    return has_folder ? std::string(location.name) : "/";
}

std::vector<std::string> index_uris(const Model& model, LocationId level, DirectiveRef directive) {
    std::vector<std::string> uris = model.words(directive);
    uris.erase(uris.begin());
    for (std::string& uri : uris) {
        uri.insert(0, uri.starts_with('/') ? "" : folder_of(model.location(level)));
    }
    return uris;
}

/// URIs or names that a directive sends requests to within nginx.
std::vector<std::string> destinations_of(const Model& model, LocationId level,
                                         const Setting& setting) {
    constexpr std::array<std::string_view, 7> senders = {
        "try_files", "error_page", "auth_request", "mirror", "post_action", "rewrite", "index"};
    if (std::ranges::find(senders, setting.name) == senders.end()) {
        return {};
    }
    if (setting.name == "index") {
        return index_uris(model, level, setting.directive);
    }
    std::vector<std::string> words = model.words(setting.directive);
    std::string& to = setting.name == "rewrite" ? words[2] : words.back();
    const bool is_inside = to.starts_with('/') || to.starts_with('@') || to.starts_with('$');
    return is_inside ? std::vector{std::move(to)} : std::vector<std::string>();
}

} // namespace

InternalWays::InternalWays(const Model& model, LocationRegexes& regexes, ServerId server) :
    model_(model), regexes_(regexes), server_(server) {
    const LocationId first = model.server(server).level;
    std::vector<bool> sends; // by level of the server
    const bool sends_around = add_level(model.location(first).parent);
    for (LocationId level = first;
         level.value < model.locations().size() && model.location(level).server == server;
         ++level.value) {
        const LocationId parent = model.location(level).parent;
        const bool is_below = level == first ? sends_around : sends[parent.value - first.value];
        sends.push_back(add_level(level) || is_below);
        if (sends.back()) {
            senders_.push_back(level);
        }
    }
}

/// Whether requests of the level may be sent on.
bool InternalWays::add_level(LocationId level) {
    bool sends = false;
    for (const Setting& setting : model_.settings(level)) {
        sends = add(level, setting) || setting.name == "if" || sends;
    }
    return sends;
}

bool InternalWays::add(LocationId level, const Setting& setting) {
    const std::vector<std::string> destinations = destinations_of(model_, level, setting);
    for (const std::string& to : destinations) {
        add_destination(to, {setting.directive, setting.name, level});
    }
    return !destinations.empty();
}

void InternalWays::add_destination(const std::string& to, const InternalWay& way) {
    const std::string uri = to.substr(0, to.find('?'));
    const bool is_named = to.starts_with('@');
    if (uri.find('$') != std::string::npos) {
        has_unknown_ = true;
        return;
    }
    LocationId location;
    if (is_named) {
        location = model_.find_named(server_, to).value_or(LocationId());
    } else if (const auto match = find_location(model_, regexes_, server_, uri);
               match.kind == LocationMatch::Kind::found) {
        location = match.location;
    }
    if (!location.is_none()) {
        ways_[location].push_back(way);
    }
}

std::span<const InternalWay> InternalWays::to(LocationId location) const {
    const auto found = ways_.find(location);
    return found == ways_.end() ? std::span<const InternalWay>() : found->second;
}

bool is_internal(const Model& model, LocationId location) {
    return find_inherited_setting(model, location, "internal") != nullptr;
}

} // namespace upstream_lint
