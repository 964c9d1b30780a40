#pragma once

#include "upstream_lint/facts.hpp"
#include "upstream_lint/result.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Answers of a container engine (Docker Engine API; Podman gives the same ones). A document of
/// another shape is an error; a member of another shape is left out. Environment variables and
/// command lines are never read: they hold secrets. Cost: one pass.
namespace upstream_lint {

/// `GET /containers/json?all=1`
[[nodiscard]] Result<std::vector<Container>> parse_containers(std::string_view json,
                                                              std::string_view engine);

/// `GET /containers/ID/json`: all that the list tells, and what only this does. The network
/// namespace is not among it: that is found by the process.
[[nodiscard]] Result<Container> parse_container(std::string_view json, std::string_view engine);

/// `GET /networks`
[[nodiscard]] Result<std::vector<EngineNetwork>> parse_networks(std::string_view json,
                                                                std::string_view engine);

/// `GET /info`: whether the engine runs without root; none: the answer does not say.
[[nodiscard]] std::optional<bool> parse_rootless(std::string_view json);

/// `GET /version`: the version of the API; empty when the answer has none.
[[nodiscard]] std::string parse_api_version(std::string_view json);

} // namespace upstream_lint
