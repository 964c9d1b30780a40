#pragma once

#include "resolve/location_search.hpp"
#include "upstream_lint/model.hpp"

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace upstream_lint {

/// A directive that sends requests on within nginx.
struct InternalWay {
    DirectiveRef directive;
    std::string_view name; ///< of the directive; static storage
    LocationId level;      ///< it stands directly there
};

/// Where the directives of a server send requests within nginx: `try_files`, `error_page`,
/// `auth_request` and their like. Views a Model, which has to outlive it.
///
/// Cost: a look at each setting of the server and of what is around it, and a search for a location
/// for each of these directives.
class InternalWays {
public:
    InternalWays(const Model& model, LocationRegexes& regexes, ServerId server);

    /// What sends requests there; where variables decide, nothing.
    [[nodiscard]] std::span<const InternalWay> to(LocationId location) const;

    /// Whether variables decide where some of them send requests.
    [[nodiscard]] bool has_unknown() const noexcept { return has_unknown_; }

    /// The levels whose requests may be sent on: something stands in them or around them.
    [[nodiscard]] const std::vector<LocationId>& senders() const noexcept { return senders_; }

private:
    [[nodiscard]] bool add_level(LocationId level);
    [[nodiscard]] bool add(LocationId level, const Setting& setting);
    void add_destination(const std::string& to, const InternalWay& way);

    const Model& model_;
    LocationRegexes& regexes_;
    ServerId server_;
    std::map<LocationId, std::vector<InternalWay>> ways_; // by where they lead
    std::vector<LocationId> senders_;
    bool has_unknown_ = false;
};

/// Whether requests get to a location within nginx alone: `internal`, there or around it. Cost: a
/// look at the settings of the levels around it.
[[nodiscard]] bool is_internal(const Model& model, LocationId location);

} // namespace upstream_lint
