#include "render/route_why.hpp"

#include "model/server_names.hpp"
#include "render/route_words.hpp"
#include "resolve/location_search.hpp"
#include "resolve/server_choice.hpp"

#include <algorithm>
#include <compare>
#include <fmt/format.h>

namespace upstream_lint {

namespace {

std::string counted(std::size_t count, std::string_view one, std::string_view many) {
    return fmt::format("{} {}", count, count == 1 ? one : many);
}

/// How near a name of a server comes: nginx takes the smallest (ngx_http_find_virtual_server).
struct Rank {
    enum class Kind : std::uint8_t { exact, behind, before, regex, none };

    Kind kind = Kind::none;
    std::size_t missing = 0; ///< of wildcards: bytes of the host that the name leaves open

    friend auto operator<=>(const Rank&, const Rank&) = default;
};

Rank rank_of(const ServerName& name, std::string_view host) {
    if (name.kind == ServerName::Kind::hostname) {
        return {};
    }
    if (name.kind == ServerName::Kind::regex) {
        const Case letters = name.ignores_case ? Case::insensitive : Case::sensitive;
        const bool matches =
            !host.empty() && Matcher(name.text, letters).match(host) == Matcher::Outcome::matched;
        return {matches ? Rank::Kind::regex : Rank::Kind::none};
    }
    ServerNameTable table;
    table.reserve(2);
    (void)table.add(name.text, 0);
    if (table.find(host) == ServerNameTable::none) {
        return {};
    }
    const bool has_dot = name.text.starts_with('.');
    if (name.text == host || (has_dot && name.text.substr(1) == host)) {
        return {Rank::Kind::exact};
    }
    const std::size_t told = name.text.size() - (has_dot ? 0 : 1); // without the `*`
    return {has_dot || name.text.starts_with('*') ? Rank::Kind::behind : Rank::Kind::before,
            host.size() - std::min(host.size(), told)};
}

std::string shown_name(const ServerName& name) {
    switch (name.kind) {
    case ServerName::Kind::regex:
        return "~" + std::string(name.text);
    case ServerName::Kind::hostname:
        return "$hostname";
    case ServerName::Kind::name:
        break;
    }
    return fmt::format("{}", name.text.empty() ? "\"\"" : name.text);
}

std::string_view rank_words(Rank::Kind kind) {
    switch (kind) {
    case Rank::Kind::exact:
        return "the exact name";
    case Rank::Kind::behind:
        return "the longest name with a wildcard in front";
    case Rank::Kind::before:
        return "the longest name with a wildcard at the end";
    case Rank::Kind::regex:
        return "the first pattern that matches";
    case Rank::Kind::none:
        break;
    }
    return "";
}

/// Why a name that matches is not taken.
std::string beaten_by(const Rank& own, const Rank& best) {
    if (own.kind != best.kind) {
        return fmt::format("matches, but {} comes first", rank_words(best.kind));
    }
    if (own.kind == Rank::Kind::regex) {
        return "not tried: an earlier pattern matches";
    }
    return own == best ? "matches, but an earlier name is the same"
                       : "matches, but a longer one comes first";
}

class ServerNames {
public:
    ServerNames(const Model& model, const Listener& listener, std::string_view host) {
        for (const ServerId server : listener.servers) {
            const auto names = model.server_names(server);
            for (const ServerName& name : names) {
                add({server, &name, name.directive, rank_of(name, host)});
            }
            if (names.empty()) {
                add({server,
                     nullptr,
                     model.server(server).block,
                     {host.empty() ? Rank::Kind::exact : Rank::Kind::none}});
            }
        }
    }

    [[nodiscard]] bool has_match() const { return best_.kind != Rank::Kind::none; }

    /// The first server with the name that comes nearest; none where no name matches.
    [[nodiscard]] ServerId winner() const { return winner_; }

    [[nodiscard]] std::size_t count() const { return entries_.size(); }

    [[nodiscard]] std::vector<Candidate> candidates() const {
        std::vector<Candidate> all;
        bool is_taken = false;
        for (const Entry& each : entries_) {
            Candidate candidate{.directive = each.directive,
                                .name = each.name != nullptr ? shown_name(*each.name) : "no name",
                                .reason = {}};
            const bool matches = each.rank.kind != Rank::Kind::none;
            const bool is_pattern =
                each.name != nullptr && each.name->kind == ServerName::Kind::regex;
            if (matches && each.rank == best_ && !is_taken) {
                is_taken = candidate.chosen = true;
                candidate.reason = rank_words(best_.kind);
            } else if (is_pattern && has_match() && best_.kind != Rank::Kind::regex) {
                candidate.reason = fmt::format("not tried: {} comes first", rank_words(best_.kind));
            } else if (is_pattern && is_taken) {
                candidate.reason = "not tried: an earlier pattern matches";
            } else if (matches) {
                candidate.reason = beaten_by(each.rank, best_);
            } else if (is_pattern) {
                candidate.reason = "does not match";
            } else if (each.name != nullptr && each.name->kind == ServerName::Kind::hostname) {
                candidate.reason = "the machine's name, which is not known here";
            } else {
                continue;
            }
            all.push_back(std::move(candidate));
        }
        return all;
    }

private:
    struct Entry {
        ServerId server;
        const ServerName* name; ///< null: the server has none
        DirectiveRef directive;
        Rank rank;
    };

    void add(const Entry& entry) {
        entries_.push_back(entry);
        if (entry.rank < best_) {
            best_ = entry.rank;
            winner_ = entry.server;
        }
    }

    std::vector<Entry> entries_;
    Rank best_{};
    ServerId winner_;
};

/// The search for a location once more, with what it comes across (LocationSearch keeps nothing of
/// it: there it costs time).
class LocationChoices {
public:
    LocationChoices(const Model& model, std::string_view uri, LocationId chosen) :
        model_(model), uri_(uri), chosen_(chosen), regexes_(model) {}

    [[nodiscard]] std::vector<Choice> run(LocationId level) {
        std::vector<Choice> choices;
        while (!level.is_none()) {
            const std::size_t first = levels_.size();
            const bool is_decided = descend(level);
            const LocationId regex = is_decided ? LocationId() : try_regexes(first);
            for (std::size_t i = first; i < levels_.size(); ++i) {
                if (auto found = choice(levels_[i], is_decided, regex)) {
                    choices.push_back(*std::move(found));
                }
            }
            level = regex;
        }
        return choices;
    }

private:
    struct Level {
        LocationId id;
        StaticMatch hit;
        std::vector<LocationId> tried; ///< patterns; the last of them may have matched
    };

    /// True when an exact location or a redirect has decided.
    bool descend(LocationId level) {
        for (;;) {
            const StaticMatch hit = model_.find_static(level, uri_);
            levels_.push_back({level, hit, {}});
            if (hit.kind != StaticMatch::Kind::prefix) {
                return hit.kind != StaticMatch::Kind::none;
            }
            level = hit.location;
        }
    }

    [[nodiscard]] bool stops_regexes(const Level& level) const {
        return level.hit.kind == StaticMatch::Kind::prefix &&
               model_.location(level.hit.location).stops_regexes;
    }

    /// Of the levels from `first` on, the innermost first.
    LocationId try_regexes(std::size_t first) {
        for (std::size_t i = levels_.size(); i-- > first;) {
            Level& level = levels_[i];
            if (stops_regexes(level)) {
                continue;
            }
            for (const LocationId id : model_.regex_locations(level.id)) {
                level.tried.push_back(id);
                if (regexes_.of(id).match(uri_) == Matcher::Outcome::matched) {
                    return id;
                }
            }
        }
        return {};
    }

    /// Nothing where a location has none in it that come near.
    [[nodiscard]] std::optional<Choice> choice(const Level& level, bool is_decided,
                                               LocationId regex) const {
        Choice choice;
        std::size_t count = 0;
        const auto& all = model_.locations();
        for (std::uint32_t i = 0; i < all.size(); ++i) {
            const Location& location = all[i];
            if (location.parent != level.id || location.kind == Location::Kind::named) {
                continue;
            }
            std::string reason;
            if (location.kind == Location::Kind::regex) {
                reason = regex_reason(level, {i}, is_decided, regex);
            } else if (location.kind == Location::Kind::exact ||
                       location.kind == Location::Kind::prefix) {
                reason = static_reason(level, {i}, regex);
            } else {
                continue;
            }
            ++count;
            if (!reason.empty()) {
                choice.candidates.push_back({location.block, location_pattern(location),
                                             std::move(reason), LocationId{i} == chosen_});
            }
        }
        const Location& around = model_.location(level.id);
        if (choice.candidates.empty() && around.kind != Location::Kind::server) {
            return std::nullopt;
        }
        choice.question = fmt::format(
            "{} among {} of {}", uri_, counted(count, "location", "locations"),
            around.kind == Location::Kind::server ? "the server"
                                                  : "`" + location_pattern(around) + "`");
        return choice;
    }

    /// Empty for what is no part of the URI.
    [[nodiscard]] std::string_view static_reason(const Level& level, LocationId id,
                                                 LocationId regex) const {
        const Location& location = model_.location(id);
        if (id != level.hit.location) {
            const bool is_part = location.kind == Location::Kind::prefix
                                     ? uri_.starts_with(location.name)
                                     : uri_ == location.name;
            if (!is_part) {
                return "";
            }
            return level.hit.kind == StaticMatch::Kind::exact
                       ? "a part of the URI, but the exact location comes first"
                       : "a shorter part of the URI";
        }
        switch (level.hit.kind) {
        case StaticMatch::Kind::exact:
            return "the URI itself: nothing else is tried";
        case StaticMatch::Kind::redirect:
            return "the URI and a `/`: nginx sends the client there";
        default:
            break;
        }
        if (location.stops_regexes) {
            return "the longest part of the URI; no pattern beside it is tried";
        }
        return regex.is_none() ? "the longest part of the URI"
                               : "the longest part of the URI, but a pattern matches";
    }

    [[nodiscard]] std::string regex_reason(const Level& level, LocationId id, bool is_decided,
                                           LocationId regex) const {
        if (id == regex) {
            return "the first pattern that matches";
        }
        if (std::ranges::find(level.tried, id) != level.tried.end()) {
            return "does not match";
        }
        if (is_decided) {
            return "not tried: nothing is after what was found";
        }
        if (stops_regexes(level)) {
            return fmt::format("not tried: `{}` forbids it",
                               location_pattern(model_.location(level.hit.location)));
        }
        return "not tried: another pattern matches before";
    }

    const Model& model_;
    std::string_view uri_;
    LocationId chosen_;
    LocationRegexes regexes_;
    std::vector<Level> levels_;
};

} // namespace

std::optional<Choice> explain_server(const Model& model, ListenerId id, std::string_view host,
                                     ServerId chosen) {
    const Listener& listener = model.listener(id);
    Choice choice{fmt::format("{} among {} of {}", host.empty() ? "no name" : host,
                              counted(listener.servers.size(), "server", "servers"),
                              listener_address(listener)),
                  {}};
    if (!listener.tests_names) {
        if (listener.default_server != chosen) {
            return std::nullopt;
        }
        choice.candidates.push_back({model.server(chosen).block, "server",
                                     "the only one there: nginx looks at no names", true});
        return choice;
    }
    const ServerNames names(model, listener, host);
    choice.question = fmt::format("{} among {} of {} of {}", host.empty() ? "no name" : host,
                                  counted(names.count(), "name", "names"),
                                  counted(listener.servers.size(), "server", "servers"),
                                  listener_address(listener));
    const ServerId winner = names.has_match() ? names.winner() : listener.default_server;
    if (winner != chosen) {
        return std::nullopt;
    }
    choice.candidates = names.candidates();
    if (!names.has_match()) {
        choice.candidates.push_back({model.server(chosen).block, "server",
                                     "the address's default server: no name matches", true});
    }
    return choice;
}

std::vector<Choice> explain_location(const Model& model, ServerId server, std::string_view uri,
                                     LocationId chosen) {
    LocationRegexes regexes(model);
    if (find_location(model, regexes, server, uri).location != chosen) {
        return {};
    }
    return LocationChoices(model, uri, chosen).run(model.server(server).level);
}

} // namespace upstream_lint
