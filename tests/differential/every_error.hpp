#pragma once

#include "configuration_generator.hpp"
#include "nginx_message.hpp"

#include <optional>
#include <string>
#include <vector>

namespace upstream_lint::differential {

/// What nginx finds in a configuration, where each statement that it refuses is taken out before it
/// is asked again.
struct EveryError {
    struct Statement {
        std::string name;
        std::uint32_t line = 0;
    };

    std::vector<Refusal> refusals;
    std::vector<Statement> taken_out;
    bool is_complete = false; ///< it accepts what is left
};

/// Puts blanks for the one simple statement that ends at the place, so that lines stay what they
/// are, and gives its name. Nothing where there is none, or more than one.
[[nodiscard]] std::optional<std::string> take_out(GeneratedConfiguration& configuration,
                                                  const Place& place);

/// Whether the message may come from what has been taken out: something is missing.
[[nodiscard]] bool is_of_missing(const Refusal& refusal);

/// What differs between all that we find at once and what nginx finds; empty when nothing does.
/// Behind an error whose statement cannot be taken out nothing is compared, nor behind one of ours
/// that says that a statement stands twice of which nginx has refused the first: to nginx the other
/// one is the first then.
[[nodiscard]] std::string compare_every(const EveryError& nginx, const std::vector<Refusal>& ours);

} // namespace upstream_lint::differential
