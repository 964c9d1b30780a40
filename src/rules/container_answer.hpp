#pragma once

#include "rules/fact_index.hpp"
#include "rules/probe_answer.hpp"

#include <string_view>

namespace upstream_lint {

/// What the state of a container means for a target in it: `satisfied` where it does not keep it
/// from answering.
[[nodiscard]] ProbeAnswer answer_of_state(const Container& container, std::string_view subject);

/// Whether packets of one container come to an address of another.
enum class Reach {
    yes,
    no_shared_network,
    no_icc, ///< the network that both are in keeps its containers from each other
    unknown,
};

/// Docker keeps its bridges apart; Podman does not, and of other kinds of networks nothing is said.
[[nodiscard]] Reach reach(const Container& from, const Container& to, const SocketAddress& address,
                          const FactIndex& facts);

/// The container whose network namespace this one was given and has no more, because that was
/// started anew.
struct LostNetwork {
    bool is_lost = false;
    const Container* owner = nullptr; ///< null: it is gone
};

[[nodiscard]] LostNetwork lost_network(const Container& container, const FactIndex& facts);

/// Programs that take connections for containers, whether or not somebody listens there.
[[nodiscard]] bool is_port_proxy(const SocketOwner& owner);

/// Whether such a program makes its connections from inside of the container, where the loopback
/// interface is within reach.
[[nodiscard]] bool is_inner_proxy(const SocketOwner& owner);

[[nodiscard]] bool is_of_podman(const Container& container);

/// Its network is a process of a user (slirp4netns, pasta), and other containers are not in it.
[[nodiscard]] bool has_user_mode_network(const Container& container);

} // namespace upstream_lint
