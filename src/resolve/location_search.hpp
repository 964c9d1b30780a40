#pragma once

#include "regex/matcher.hpp"
#include "upstream_lint/model.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <unordered_map>

namespace upstream_lint {

/// The regular expressions of a model's locations, each made ready when it is first tried. For one
/// thread at a time.
class LocationRegexes {
public:
    explicit LocationRegexes(const Model& model) : model_(model) {}

    [[nodiscard]] Matcher& of(LocationId id);

private:
    const Model& model_;
    std::shared_ptr<MatchSpace> space_ = std::make_shared<MatchSpace>();
    std::unordered_map<std::uint32_t, Matcher> matchers_;
};

/// What a URI leads to.
struct LocationMatch {
    enum class Kind : std::uint8_t {
        found,    ///< the location, or the server where none matches
        redirect, ///< nginx answers 301 to the name of the location
        failed,   ///< a regular expression goes back too often: 500
    };

    Kind kind = Kind::found;
    LocationId location;
    LocationId regex; ///< the last that matched, whose groups are `$1` and so on; none: none did
};

/// Finds the location that answers a normalized URI (src/http/ngx_http_core_module.c,
/// ngx_http_core_find_location). Cost: a binary search for each level of nesting, and the regular
/// expressions that nginx tries.
[[nodiscard]] LocationMatch find_location(const Model& model, LocationRegexes& regexes,
                                          ServerId server, std::string_view uri);

/// Tries the regular expression of a location.
using TryLocation = std::function<Matcher::Outcome(LocationId)>;

/// The same, below a level and where the caller tries the regular expressions.
[[nodiscard]] LocationMatch find_location(const Model& model, const TryLocation& try_location,
                                          LocationId level, std::string_view uri);

} // namespace upstream_lint
