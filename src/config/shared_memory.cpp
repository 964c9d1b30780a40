#include "config/shared_memory.hpp"

#include "config/messages.hpp"
#include "config/suggestion.hpp"
#include "config/value.hpp"

#include <algorithm>
#include <deque>
#include <fmt/format.h>
#include <unordered_map>
#include <vector>

namespace upstream_lint {

namespace {

constexpr std::int64_t least_pages = 8;
constexpr std::string_view zone_is = "zone=";

/// Of the main level.
struct SharedZones {
    std::deque<SharedZone> zones; ///< in the order of their first mention
    std::unordered_map<std::string_view, SharedZone*> by_name;
};

Diagnostic& report(Directive& directive, std::size_t word, std::string message,
                   const SharedZone& zone) {
    Diagnostic& diagnostic = directive.emerg(word, std::move(message), Cause::conflict);
    diagnostic.label(zone.place, "first here");
    return diagnostic;
}

} // namespace

SharedZone* add_shared_zone(Directive& directive, std::size_t word, std::string_view name,
                            std::int64_t size, std::string_view owner) {
    auto& zones = directive.cycle().main().conf<SharedZones>();
    const auto known = zones.by_name.find(name);
    if (known == zones.by_name.end()) {
        const std::string_view kept = directive.cycle().keep(name);
        SharedZone& zone =
            zones.zones.emplace_back(SharedZone{kept, size, owner, directive.place(word), {}, {}});
        zones.by_name.emplace(kept, &zone);
        return &zone;
    }
    SharedZone& zone = *known->second;
    if (zone.owner != owner) {
        report(directive, word,
               fmt::format("the shared memory zone \"{}\" is already declared for a different use",
                           zone.name),
               zone);
        return nullptr;
    }
    if (zone.size == 0) {
        zone.size = size;
    }
    if (size != 0 && size != zone.size) {
        report(directive, word,
               fmt::format("the size {} of shared memory zone \"{}\" conflicts with already "
                           "declared size {}",
                           size, zone.name, zone.size),
               zone);
        return nullptr;
    }
    return &zone;
}

std::optional<ZoneParameter> zone_parameter(Directive& directive, std::size_t word) {
    const std::string_view value = directive[word].substr(zone_is.size());
    const std::size_t colon = c_string(value).find(':');
    const auto size =
        colon == std::string_view::npos ? std::nullopt : parse_size(value.substr(colon + 1));
    if (!size) {
        directive.emerg(word, fmt::format("invalid zone size \"{}\"", directive[word]))
            .notes.emplace_back("it is written `zone=NAME:SIZE`");
        return std::nullopt;
    }
    if (*size < least_pages * page_size) {
        directive.emerg(word, fmt::format("zone \"{}\" is too small", directive[word]))
            .notes.push_back(fmt::format("the least is {}k", least_pages * page_size / 1024));
        return std::nullopt;
    }
    return ZoneParameter{value.substr(0, colon), *size};
}

void suggest_zones(Cycle& cycle, const SharedZone& zone, Diagnostic& diagnostic) {
    constexpr std::size_t max_zones = 300; // comparing more takes long
    const auto& zones = cycle.main().conf<SharedZones>().zones;
    std::vector<std::string_view> known;
    for (const SharedZone& other : zones) {
        if (zones.size() <= max_zones && other.size != 0 && other.owner == zone.owner) {
            known.push_back(other.name);
        }
    }
    if (const auto hint = did_you_mean(similar_words(zone.name, known))) {
        diagnostic.notes.push_back(*hint);
    }
}

void check_shared_zones(Cycle& cycle) {
    const auto* const zones = cycle.main().find<SharedZones>();
    if (zones == nullptr || cycle.is_partial()) {
        return;
    }
    for (const SharedZone& zone : zones->zones) {
        if (zone.size == 0 && !zone.is_told) {
            suggest_zones(cycle, zone,
                          cycle.report_without_place(
                              Level::emerg,
                              fmt::format("zero size shared memory zone \"{}\"", zone.name),
                              zone.place, Cause::reference));
        }
    }
}

void bind_shared_zone(Directive& directive, std::size_t word, const ZoneParameter& zone) {
    SharedZone* const memory =
        add_shared_zone(directive, word, zone.name, zone.size, module_name(directive.row().module));
    if (memory == nullptr) {
        return;
    }
    if (!memory->data.empty()) {
        directive
            .emerg(word,
                   fmt::format("{} \"{}\" is already bound to key \"{}\"", directive.name(),
                               zone.name, memory->data),
                   Cause::conflict)
            .label(memory->bound_at, "first here");
        return;
    }
    memory->data = directive.cycle().keep(directive[1]);
    memory->bound_at = directive.place();
}

} // namespace upstream_lint
