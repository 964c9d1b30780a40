#include "resolve/location_language.hpp"

#include "model/letter_case.hpp"
#include "model/static_locations.hpp"
#include "resolve/automaton.hpp"
#include "resolve/regex_language.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace upstream_lint {

namespace {

using Names = std::vector<std::string_view>;

constexpr std::string_view too_many_states = "too many states";

/// Transitions that may be looked at in all.
constexpr std::size_t max_work = Automaton::max_transitions * 32;

LanguageBounds bounds_of(const std::optional<Language>& language) {
    return language ? exactly(*language) : unknown_language(std::string(too_many_states));
}

/// Operations on languages, until they have cost too much.
class Operations {
public:
    LanguageBounds unite(const LanguageBounds& left, const LanguageBounds& right) {
        return afford(left, right) ? upstream_lint::unite(left, right)
                                   : unknown_language(std::string(too_many_states));
    }

    LanguageBounds intersect(const LanguageBounds& left, const LanguageBounds& right) {
        return afford(left, right) ? upstream_lint::intersect(left, right) : maybe(left);
    }

    LanguageBounds subtract(const LanguageBounds& left, const LanguageBounds& right) {
        return afford(left, right) ? upstream_lint::subtract(left, right) : maybe(left);
    }

    LanguageBounds pattern_of(const Location& location) {
        if (work_ > max_work) {
            return unknown_language(std::string(too_many_states));
        }
        LanguageBounds pattern = language_of_regex(location.name, case_of(location));
        const bool took_all = pattern.why_inexact.ends_with(too_many_states);
        work_ += took_all ? Automaton::max_transitions : pattern.upper.automaton().next.size();
        return pattern;
    }

private:
    static LanguageBounds maybe(const LanguageBounds& of) {
        return {Language(), of.upper, std::string(too_many_states)};
    }

    bool afford(const LanguageBounds& left, const LanguageBounds& right) {
        const Automaton& one = left.upper.automaton();
        const Automaton& other = right.upper.automaton();
        work_ +=
            std::min(Automaton::max_transitions,
                     one.size() * other.size() * std::max(one.classes.count, other.classes.count));
        return work_ <= max_work;
    }

    std::size_t work_ = 0;
};

/// The exact and prefix locations of one level.
struct StaticLevel {
    std::vector<LocationId> exact;
    std::vector<LocationId> prefixes;
};

/// What no regular expression has taken yet, and where it ends if none does.
struct Left {
    LocationId location;
    LanguageBounds uris;
    bool skips_regexes = false; ///< of the level that is looked at
};

/// What the names of one level take of the texts.
class NameSplit {
public:
    /// Where a text leads that is taken whole.
    struct Single {
        LocationId location;
        bool is_redirected = false;
    };

    NameSplit(const Model& model, const StaticLevel& level) :
        model_(model), level_(level), owners_(prefix_entries(model, level)) {
        for (const LocationId id : level.exact) {
            singles_.try_emplace(model.location(id).name, Single{id});
        }
        for (const LocationId id : level.exact) {
            add_redirect(id);
        }
        for (const LocationId id : level.prefixes) {
            add_redirect(id);
        }
        assign_singles();
        assign_longer();
    }

    [[nodiscard]] const std::map<std::string_view, Single>& singles() const noexcept {
        return singles_;
    }

    /// What begins with the name and with no longer one, without the single texts.
    [[nodiscard]] LanguageBounds taken_by(std::size_t prefix, Operations& operations) const {
        const std::string_view name = model_.location(level_.prefixes[prefix]).name;
        return without(bounds_of(Language::of_prefixes(Names{name})), longer_[prefix],
                       texts_[prefix], operations);
    }

    /// What begins with none of the names.
    [[nodiscard]] LanguageBounds taken_by_none(const LanguageBounds& uris,
                                               Operations& operations) const {
        return without(uris, longer_.back(), texts_.back(), operations);
    }

private:
    static std::vector<StaticLocations::Entry> prefix_entries(const Model& model,
                                                              const StaticLevel& level) {
        std::vector<StaticLocations::Entry> entries;
        for (std::size_t i = 0; i < level.prefixes.size(); ++i) {
            entries.push_back({.name = model.location(level.prefixes[i]).name,
                               .prefix = static_cast<StaticLocations::Index>(i)});
        }
        return entries;
    }

    static LanguageBounds without(const LanguageBounds& uris, const Names& prefixes,
                                  const Names& texts, Operations& operations) {
        LanguageBounds left = uris;
        if (!prefixes.empty()) {
            left = operations.subtract(left, bounds_of(Language::of_prefixes(prefixes)));
        }
        if (!texts.empty()) {
            left = operations.subtract(left, bounds_of(Language::of_texts(texts)));
        }
        return left;
    }

    /// As long as no location has the name without its slash. An exact location goes before a
    /// prefix of the same name.
    void add_redirect(LocationId id) {
        const Location& location = model_.location(id);
        if (!location.has_pass || !location.name.ends_with('/')) {
            return;
        }
        const std::string_view text = location.name.substr(0, location.name.size() - 1);
        const StaticLocations::Found found = owners_.find(text);
        if (found.kind == StaticLocations::Kind::prefix && prefix_name(found.location) == text) {
            return;
        }
        const auto exact = singles_.find(location.name);
        const bool has_exact = exact != singles_.end() && !exact->second.is_redirected;
        singles_.try_emplace(text, Single{has_exact ? exact->second.location : id, true});
    }

    [[nodiscard]] std::string_view prefix_name(std::size_t prefix) const {
        return model_.location(level_.prefixes[prefix]).name;
    }

    /// The place of the longest prefix in the lists; the last one for none.
    [[nodiscard]] std::size_t owner_of(std::string_view text) const {
        const StaticLocations::Found found = owners_.find(text);
        return found.kind == StaticLocations::Kind::prefix ? found.location
                                                           : level_.prefixes.size();
    }

    void assign_singles() {
        texts_.resize(level_.prefixes.size() + 1);
        for (const auto& [text, single] : singles_) {
            texts_[owner_of(text)].push_back(text);
        }
    }

    /// Each name to the longest that it begins with.
    void assign_longer() {
        longer_.resize(level_.prefixes.size() + 1);
        std::vector<std::size_t> open{level_.prefixes.size()};
        for (const StaticLocations::Entry& entry : owners_.entries()) {
            while (open.size() > 1 && !entry.name.starts_with(prefix_name(open.back()))) {
                open.pop_back();
            }
            longer_[open.back()].push_back(entry.name);
            open.push_back(entry.prefix);
        }
    }

    const Model& model_;
    const StaticLevel& level_;
    StaticLocations owners_;
    std::map<std::string_view, Single> singles_;
    std::vector<Names> texts_;  // of each prefix the single texts below it; last: of none
    std::vector<Names> longer_; // of each prefix the next longer names; last: of none
};

class Distribution {
public:
    Distribution(const Model& model, ServerId server) : model_(model) {
        for (std::size_t i = 0; i < model.locations().size(); ++i) {
            const LocationId id{static_cast<std::uint32_t>(i)};
            const Location& location = model.location(id);
            if (location.server != server) {
                continue;
            }
            if (location.kind == Location::Kind::exact) {
                levels_[location.parent].exact.push_back(id);
            } else if (location.kind == Location::Kind::prefix) {
                levels_[location.parent].prefixes.push_back(id);
            }
        }
    }

    std::map<LocationId, LocationLanguage> run(LocationId level, const LanguageBounds& uris) {
        searches_.push_back({level, uris, false});
        while (!searches_.empty()) {
            const Search next = std::move(searches_.back());
            searches_.pop_back();
            search(next);
        }
        return std::move(found_);
    }

private:
    /// URIs for which nginx looks through a level and those below it, after which nothing further
    /// out is tried.
    struct Search {
        LocationId level;
        LanguageBounds uris;
        bool is_below_regex = false;
    };

    /// A level that is looked through.
    struct Visit {
        LocationId level;
        LanguageBounds uris;
        NameSplit names;
        std::vector<Left> left;
        std::size_t next_prefix = 0;
    };

    void search(const Search& search) {
        std::vector<Visit> open;
        enter(open, search.level, search.uris, search.is_below_regex);
        for (;;) {
            Visit& visit = open.back();
            const std::vector<LocationId>& prefixes = levels_[visit.level].prefixes;
            if (visit.next_prefix < prefixes.size()) {
                const std::size_t prefix = visit.next_prefix++;
                const LanguageBounds taken =
                    operations_.intersect(visit.uris, visit.names.taken_by(prefix, operations_));
                enter(open, prefixes[prefix], taken, search.is_below_regex);
                continue;
            }
            try_regexes(visit);
            Visit done = std::move(open.back());
            open.pop_back();
            if (open.empty()) {
                for (const Left& left : done.left) {
                    add(found_[left.location].found, left.uris);
                }
                return;
            }
            leave(done, open.back());
        }
    }

    void enter(std::vector<Visit>& open, LocationId level, const LanguageBounds& uris,
               bool is_below_regex) {
        found_.try_emplace(level);
        Visit visit{level, uris, NameSplit(model_, levels_[level]), {}};
        for (const auto& [text, single] : visit.names.singles()) {
            LocationLanguage& found = found_[single.location];
            // nginx forgets a redirect where a regular expression stands around
            add(single.is_redirected && !is_below_regex ? found.redirected : found.found,
                operations_.intersect(uris, bounds_of(Language::of_texts(Names{text}))));
        }
        visit.left.push_back({level, visit.names.taken_by_none(uris, operations_)});
        open.push_back(std::move(visit));
    }

    void leave(Visit& done, Visit& around) {
        for (Left& left : done.left) {
            if (!left.uris.upper.is_empty()) {
                left.skips_regexes = model_.location(done.level).stops_regexes;
                around.left.push_back(std::move(left));
            }
        }
    }

    void add(LanguageBounds& to, const LanguageBounds& uris) { to = operations_.unite(to, uris); }

    void try_regexes(Visit& visit) {
        const auto regexes = model_.regex_locations(visit.level);
        if (regexes.empty()) {
            return;
        }
        LanguageBounds open;
        for (const Left& left : visit.left) {
            open = left.skips_regexes ? open : operations_.unite(open, left.uris);
        }
        LanguageBounds matched;
        for (const LocationId id : regexes) {
            const LanguageBounds pattern = operations_.pattern_of(model_.location(id));
            searches_.push_back({id, operations_.intersect(open, pattern), true});
            open = operations_.subtract(open, pattern);
            matched = operations_.unite(matched, pattern);
        }
        for (Left& left : visit.left) {
            if (!left.skips_regexes) {
                left.uris = operations_.subtract(left.uris, matched);
            }
        }
    }

    const Model& model_;
    std::map<LocationId, StaticLevel> levels_;
    std::map<LocationId, LocationLanguage> found_;
    std::vector<Search> searches_;
    Operations operations_;
};

} // namespace

Language normalized_uris(bool merge_slashes) {
    const LanguageBounds all = language_of_regex("\\A/(?s:.)*\\z", Case::sensitive);
    const LanguageBounds dots = language_of_regex("/\\.\\.?(?:/|\\z)", Case::sensitive);
    const LanguageBounds doubled =
        merge_slashes ? language_of_regex("//", Case::sensitive) : exactly(Language());
    return subtract(subtract(all, dots), doubled).upper;
}

std::map<LocationId, LocationLanguage> location_languages(const Model& model, ServerId server,
                                                          const LanguageBounds& uris) {
    return Distribution(model, server).run(model.server(server).level, uris);
}

} // namespace upstream_lint
