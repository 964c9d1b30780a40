#pragma once

#include "cli/input.hpp"
#include "cli/options.hpp"
#include "upstream_lint/collect.hpp"
#include "upstream_lint/facts.hpp"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace upstream_lint::cli {

/// A configuration to be checked.
struct CheckedInput {
    Input input;
    std::optional<NginxInstance> instance; ///< none: no nginx runs with it, or it is not looked for
};

/// What is to be checked, and why something that was meant is not among it.
struct CheckedInputs {
    std::vector<CheckedInput> inputs;
    std::vector<Stop> stops; ///< not empty where `inputs` is
};

/// The configurations that are meant: CONF, or that of every nginx that runs here, or that of the
/// one installed. `running` is what runs here; of another machine's configuration nothing does.
[[nodiscard]] CheckedInputs find_checked_inputs(const Options& options,
                                                const FoundInstances& running);

/// The configuration that a snapshot brings along, for the nginx that ran with it. The snapshot has
/// one.
[[nodiscard]] std::variant<CheckedInput, Stop> embedded_input(const Options& options,
                                                              const Snapshot& snapshot);

/// Whether facts of this host are to be read; `is_running`: an nginx runs here with what is
/// checked.
[[nodiscard]] bool wants_live_facts(const Options& options, bool is_running);

/// How facts are read for the options.
[[nodiscard]] CollectOptions collect_options(const Options& options);

} // namespace upstream_lint::cli
