#pragma once

#include "e2e/containers/engine.hpp"
#include "support/check_report.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace upstream_lint::test {

using Words = std::vector<std::string>;

/// Where a state is brought about: with containers of this name, and a port of the host.
struct Place {
    const Engine& engine;
    std::string name;
    std::uint16_t port;
};

/// A state of what stands behind a location. `make` brings it about and gives what `proxy_pass` is
/// to say.
struct State {
    std::string name;
    std::string rule{};    ///< the only one that finds it; empty: none does
    std::string verdict{}; ///< of the target
    int status = 0;        ///< of a request
    Words log{};           ///< what nginx logs of it: one of these parts of a line
    std::function<std::string(const Place&)> make;
    Words podman_log{};        ///< where it differs
    std::string podman_rule{}; ///< likewise
    bool docker_only = false;
    bool restarts = false; ///< its container is started again and again
    std::string hint{};    ///< a rule that only hints at something
};

/// An nginx with a location for each state.
class Scene {
public:
    /// Makes the states: containers whose names begin with `name`, and ports from `port` on. The
    /// folder of that name is at `path` for nginx.
    Scene(const Engine& engine, std::vector<State> states, const std::string& name,
          std::string path, std::uint16_t port);
    virtual ~Scene() = default;

    Scene(const Scene&) = delete;
    Scene& operator=(const Scene&) = delete;

    [[nodiscard]] const Engine& engine() const { return engine_; }

    [[nodiscard]] const std::vector<State>& states() const { return states_; }

    [[nodiscard]] const std::string& folder() const { return folder_; }

    [[nodiscard]] int line_of(const State& state) const;

    /// How the command is told which nginx is meant.
    [[nodiscard]] virtual std::vector<std::string> choice() const = 0;

    [[nodiscard]] CheckReport check(const std::vector<std::string>& more = {},
                                    const std::vector<std::string>& before = {}) const;

    /// Each state is found by its rule alone, in its line, with its verdict.
    void expect_findings() const;

    /// The requests of all states at once have the answers and lines of the log that they promise.
    void expect_answers() const;

    /// The same findings from a snapshot.
    void expect_snapshot() const;

    /// The result of a function, while which no container was started again.
    template <typename Act> auto while_nobody_restarts(Act act) const {
        for (int i = 0; i < tries; ++i) {
            const std::string before = restarts();
            auto result = act();
            if (before == restarts() && before.find("running") == std::string::npos) {
                return result;
            }
        }
        throw std::runtime_error("a container starts again too often: " + restarts());
    }

protected:
    static constexpr std::uint16_t nginx_port_of_host = 18'000;

    /// Writes the configuration, with these lines before the server.
    void write_configuration(const std::string& listen) const;

    [[nodiscard]] virtual std::uint16_t port() const = 0;

private:
    static constexpr int tries = 20;

    [[nodiscard]] std::string log() const;
    [[nodiscard]] std::string restarts() const;

    const Engine& engine_;
    std::vector<State> states_;
    std::string restarting_; ///< the container that is started again and again, if there is one
    std::string folder_;
    std::string path_;
    std::string locations_;
};

/// Keeps a scene until the tests are over.
Scene& keep_scene(std::unique_ptr<Scene> scene);

} // namespace upstream_lint::test
