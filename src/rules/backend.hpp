#pragma once

#include "rules/fact_index.hpp"
#include "rules/probe_answer.hpp"
#include "upstream_lint/finding.hpp"

#include <string>
#include <string_view>

namespace upstream_lint {

/// Who is meant to answer at a target: something that a person can restart.
struct Backend {
    std::string unit;                     ///< `php8.2-fpm.service`
    const Container* container = nullptr; ///< null: none
    std::string known_by;                 ///< why: `listen` of its pool, its socket unit
    bool is_known = false;
};

/// By the owner of the socket, the socket units of systemd, the pools of PHP-FPM, the services that
/// make its folder or have its name, the published ports of containers. Cost: a search for each of
/// them.
[[nodiscard]] Backend find_backend(const ProbeAnswer& answer, const FactIndex& facts);

/// What people call a container: its first name, else its id.
[[nodiscard]] std::string_view name_of(const Container& container);

/// The engine's command: `docker`, `podman`.
[[nodiscard]] std::string_view engine_of(const Container& container);

/// A command of its engine about a container: `words` in front of its name, `rest` behind it.
[[nodiscard]] std::string engine_command(const Container& container, std::string_view words,
                                         std::string_view rest = {});

/// As people know it: its unit, its container's name.
[[nodiscard]] std::string name_of(const Backend& backend);

/// The command that starts or restarts it, whichever its state asks for; empty: nobody knows what
/// would.
[[nodiscard]] std::string start_command(const Backend& backend, const FactIndex& facts);

/// Tells of a target at which nobody is who is meant to be there, in which state they are, and what
/// starts them. `task` is what they are meant to do: `listen there`.
void add_absent_backend(Finding& finding, const ProbeAnswer& answer, const FactIndex& facts,
                        std::string_view task);

/// The command that shows what it last said.
[[nodiscard]] std::string log_command(const Backend& backend, const FactIndex& facts);

/// The command that tries a connection to where the answer's question is about.
[[nodiscard]] std::string connect_command(const ProbeAnswer& answer);

/// The command that shows who listens where the answer's question is about.
[[nodiscard]] std::string listener_command(const ProbeAnswer& answer);

} // namespace upstream_lint
