#pragma once

#include "upstream_lint/exchange.hpp"

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

/// A question behind a connection: whether who listens speaks as nginx does. Where several pass
/// directives would say the same to the same listener it is one.
struct ExchangeProbe {
    ProbeId probe; ///< who is asked: each of its addresses
    Exchange exchange;
    /// Of HTTP: what is asked for with HEAD, without its query, and the Host that nginx would send.
    /// Of the example that has the shortest path.
    std::string uri;
    std::string host;
    /// Why no request is sent; empty: one is, or the protocol has none.
    std::string left_out;
    std::vector<std::uint32_t> targets; ///< of the graph, in their order
    std::vector<std::uint32_t> edges;   ///< of the graph: the directives that would say it

    friend bool operator==(const ExchangeProbe&, const ExchangeProbe&) = default;
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
    /// What `--probe full` asks; empty unless plan_exchanges() was asked for it. At most 16 for one
    /// question.
    std::vector<ExchangeProbe> exchanges;

    /// That nginx writes temporary files to, absolute, each once.
    std::vector<std::string> folders;

    [[nodiscard]] const Probe& probe(ProbeId id) const { return probes[id.value]; }
};

} // namespace upstream_lint
