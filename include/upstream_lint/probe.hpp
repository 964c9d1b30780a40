#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

namespace upstream_lint {

/// A question to the world that nginx lives in.
struct Probe {
    enum class Kind : std::uint8_t {
        unix_socket, ///< who listens at a path, and who may go there
        listener,    ///< who listens at an address and a port
        /// Which addresses a name has when nginx loads (getaddrinfo), and who listens there.
        name,
        /// Which addresses name servers give for a name, and who listens there.
        resolver_name,
    };

    Kind kind = Kind::listener;
    bool is_datagram = false;
    /// Of names; 0: the address is needed, and nobody has to listen there. With a `service` the
    /// answer brings the port.
    std::uint16_t port = 0;
    std::string subject;   ///< `/run/app.sock`, `127.0.0.1:80`, `[::1]:80`, `app.example`
    std::string service{}; ///< of `resolver_name`: SRV records are asked for
    /// Of `resolver_name`: the name servers as `resolver` has them, with ports.
    std::vector<std::string> resolvers{};

    friend auto operator<=>(const Probe&, const Probe&) = default;
};

/// Names a question of a plan.
struct ProbeId {
    std::uint32_t value = 0;

    friend auto operator<=>(const ProbeId&, const ProbeId&) = default;
};

/// What has to be asked to say whether the targets of a configuration are there: each question
/// once.
struct ProbePlan {
    struct Need {
        std::uint32_t peer = 0; ///< of the target
        ProbeId probe;
    };

    std::vector<Probe> probes; ///< in the order in which targets need them
    /// By target of the graph, in the order of its peers. Empty: nothing is known to ask for, or
    /// nginx contacts nobody there.
    std::vector<std::vector<Need>> needs;

    [[nodiscard]] const Probe& probe(ProbeId id) const { return probes[id.value]; }
};

} // namespace upstream_lint
