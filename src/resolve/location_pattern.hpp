#pragma once

#include "upstream_lint/model.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace upstream_lint {

/// What URIs end at a location, as text for people and for programs. Views a Model, which has to
/// outlive it. For one thread.
class LocationPatterns {
public:
    /// No pattern is longer than this.
    static constexpr std::size_t max_length = std::size_t{64} << 10U;

    explicit LocationPatterns(const Model& model);

    /// A regular expression for PCRE2 without options that is found in a URI if and only if nginx's
    /// search ends at the location (find_location). None of a named one, where it would be too
    /// long, and where a pattern of the configuration cannot be part of another one, as one with
    /// references to its groups. That PCRE2 gives up on a URI is not counted.
    ///
    /// Cost: that of its text, and a look-up for each name in it.
    [[nodiscard]] std::optional<std::string> of(LocationId id);

private:
    /// The exact and prefix locations of a level, by name.
    struct Level {
        std::map<std::string_view, LocationId> exact;
        std::map<std::string_view, LocationId> prefixes;
        std::vector<std::string_view> texts; ///< sorted: taken whole, be it by a redirect
    };

    /// Alternatives, each to be found at the beginning of a URI.
    using Alternatives = std::vector<std::string>;

    void finish(Level& level) const;
    [[nodiscard]] const Level& level_of(LocationId id) const;
    [[nodiscard]] std::string exact(LocationId id);
    [[nodiscard]] std::string prefix(LocationId id);
    [[nodiscard]] std::string regex(LocationId id);
    void add_longer(LocationId level, std::string_view name, Alternatives& rests) const;
    [[nodiscard]] std::string owned(LocationId prefix) const;
    void add_entered(LocationId level, std::string_view begin, std::string& pattern,
                     std::size_t depth);
    void add_before_regex(LocationId regex, std::string& pattern, std::size_t depth);
    void add_ends(LocationId level, Alternatives& ends, std::size_t depth);
    void add_static_ends(LocationId level, Alternatives& ends, std::size_t depth);
    void add_regexes(LocationId level, LocationId until, Alternatives& regexes);
    [[nodiscard]] std::string text_of(LocationId regex);
    [[nodiscard]] std::string join(const Alternatives& alternatives);

    const Model& model_;
    std::map<LocationId, Level> levels_;
    bool is_impossible_ = false; // of the pattern that is made
};

} // namespace upstream_lint
