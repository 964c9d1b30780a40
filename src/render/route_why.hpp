#pragma once

#include "upstream_lint/resolution.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace upstream_lint {

/// A server or location that nginx looks at when it chooses.
struct Candidate {
    DirectiveRef directive; ///< `server_name` or, where there is none, `server`; `location`
    std::string name;       ///< as the directive says it
    std::string reason;     ///< why it was chosen, or was not
    bool chosen = false;
};

/// One choice among several.
struct Choice {
    std::string question;              ///< what is asked, and of how many
    std::vector<Candidate> candidates; ///< those that come near, in the order of the configuration
};

/// Why `chosen` answers a name at a listener. Nothing where the choice cannot be told again:
/// another server would answer it. Cost: a look at every name of the listener's servers.
[[nodiscard]] std::optional<Choice> explain_server(const Model& model, ListenerId id,
                                                   std::string_view host, ServerId chosen);

/// Why a URI, normalized and without arguments, comes to `chosen` in a server: a choice for each
/// level that is searched, those further out first. Nothing where another location would be found.
/// Cost: a look at every location of each level.
[[nodiscard]] std::vector<Choice> explain_location(const Model& model, ServerId server,
                                                   std::string_view uri, LocationId chosen);

} // namespace upstream_lint
