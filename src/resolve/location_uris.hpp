#pragma once

#include "resolve/language_budget.hpp"
#include "resolve/location_language.hpp"
#include "resolve/location_search.hpp"
#include "upstream_lint/model.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace upstream_lint {

/// URIs that end at the locations of a model, and proofs that there are none. Views a Model, which
/// has to outlive it. For one thread. When languages have cost too much in all, what is left
/// becomes unknown.
class LocationUris {
public:
    explicit LocationUris(const Model& model);

    /// Those that are easily thought of: the name, a longer one, an example of the pattern. All
    /// begin with `/`, are as requests bring them, and end at the location. Cost: a search for
    /// each; for a pattern that of its language, once for equal ones.
    [[nodiscard]] std::vector<std::string> easy(LocationId id);

    /// The first that a person would think of; it need not end there.
    [[nodiscard]] std::optional<std::string> easiest(LocationId id);

    /// One that ends at the location and also matches a pattern; nothing where none is found soon.
    [[nodiscard]] std::optional<std::string> matching(LocationId id, std::string_view pattern,
                                                      Case letters);

    /// Which URIs that a request brings end at the location. Cost: that of location_languages(),
    /// for each server once.
    [[nodiscard]] const LanguageBounds& of(LocationId id);

    /// The same of all URIs that a rewrite or an internal redirect could make.
    [[nodiscard]] const LanguageBounds& of_any(LocationId id);

    /// Where those that a request brings end, and the name or pattern of the location alone would
    /// take: in the order of the configuration, the first few that are found.
    [[nodiscard]] std::vector<LocationId> takers(LocationId id, std::size_t most);

    [[nodiscard]] LocationRegexes& regexes() noexcept { return regexes_; }

private:
    using Languages = std::map<LocationId, LocationLanguage>;

    [[nodiscard]] bool ends_at(std::string_view uri, LocationId id);
    [[nodiscard]] bool brings(std::string_view uri, LocationId id);
    [[nodiscard]] std::vector<std::string> easy_of_regex(LocationId id);
    [[nodiscard]] const Languages& languages(ServerId server);
    [[nodiscard]] Languages find_languages(ServerId server, const Language& uris);
    [[nodiscard]] const LanguageBounds& found(const Languages& all, LocationId id) const;
    [[nodiscard]] LanguageBounds claimed(LocationId id);
    [[nodiscard]] const std::vector<std::string>& examples(std::string_view pattern, Case letters,
                                                           std::string_view prefix);

    const Model& model_;
    LanguageBudget budget_;
    LocationRegexes regexes_;
    Language uris_;
    std::map<std::tuple<std::string, Case, std::string>, std::vector<std::string>> examples_;
    // of the server that was asked for last
    ServerId server_;
    std::optional<Languages> languages_;
    std::optional<Languages> any_languages_;
};

} // namespace upstream_lint
