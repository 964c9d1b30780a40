#pragma once

#include "cli/checked_input.hpp"
#include "cli/options.hpp"
#include "upstream_lint/config.hpp"
#include "upstream_lint/lint.hpp"
#include "upstream_lint/model.hpp"

#include <deque>
#include <optional>
#include <vector>

namespace upstream_lint::cli {

/// A configuration with what it means and what would have to be true of it.
struct Prepared {
    CheckedInput input;
    std::optional<Config> config;
    std::optional<Model> model; ///< none: nginx would refuse it, or it could not be read
    CheckPlan plan;
};

/// What is to be checked, read; the models view the inputs beside them.
struct PreparedInputs {
    std::deque<Prepared> all;
    std::vector<Stop> stops; ///< why something that was meant is not there; not empty where all is
};

/// What the options mean.
[[nodiscard]] PreparedInputs prepare_all(const Options& options);

/// The configuration that a snapshot brings along.
[[nodiscard]] PreparedInputs prepare_embedded(const Options& options, const Snapshot& snapshot);

/// The facts of this host that it asks for. Takes its time.
[[nodiscard]] Snapshot collect(const Prepared& prepared, const Options& options);

} // namespace upstream_lint::cli
