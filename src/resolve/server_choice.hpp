#pragma once

#include "model/server_names.hpp"
#include "regex/matcher.hpp"
#include "regex/pattern_filter.hpp"
#include "upstream_lint/model.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace upstream_lint {

/// Where a connection arrives.
struct Arrival {
    Protocol protocol = Protocol::http;
    SocketAddress address{};
    bool is_datagram = false;
};

/// Which listener takes a connection.
struct ListenerChoice {
    ListenerId listener; ///< none: no address that is known takes it
    /// Listeners on names that nginx looks up: one that stands for the address takes the
    /// connection, together with `listener` where both are the same address.
    std::vector<ListenerId> possible;
};

/// Which server of a listener answers a name.
struct ServerMatch {
    enum class Kind : std::uint8_t {
        name,       ///< by a name, with or without a wildcard
        regex,      ///< by a pattern
        by_default, ///< none matches, or nginx looks at no names
        failed, ///< a pattern goes back too often: nginx closes the connection without an answer
    };

    Kind kind = Kind::by_default;
    ServerId server{};
    const ServerName* name = nullptr; ///< of a pattern that matched or failed; the model's
    Matcher* matcher = nullptr;       ///< the same, with its groups in the name that was asked for
    /// The server that answers in place of `server` if the name asked for is that of the machine,
    /// which is not known; none: it makes no difference.
    ServerId if_hostname{};
};

struct ServerChoiceOptions {
    /// What `$hostname` stands for; none: it is not known.
    std::optional<std::string> hostname;
};

/// Finds the listener of a connection and the server of a name, as nginx does. Views a Model, which
/// has to outlive it. For one thread at a time: tables and patterns are made when they are first
/// asked for.
class ServerChoice {
public:
    explicit ServerChoice(const Model& model, const ServerChoiceOptions& options = {});
    ServerChoice(const ServerChoice&) = delete;
    ServerChoice& operator=(const ServerChoice&) = delete;

    /// The listener with exactly that address, else the one on all addresses of the family
    /// (src/http/ngx_http_request.c, ngx_http_init_connection). Which of the sockets gets the
    /// connection comes to the same. Constant time but for listeners on names.
    [[nodiscard]] ListenerChoice find_listener(const Arrival& arrival) const;

    /// `host` is in lower case, without port and last dot. Empty: a request without a host, which
    /// nginx takes as a name like others. None: a handshake without one, for which nginx looks at
    /// no names (ngx_http_find_virtual_server; src/stream/ngx_stream_core_module.c,
    /// ngx_stream_find_virtual_server). Cost: that of ServerNameTable::find, then of the patterns
    /// in their order.
    [[nodiscard]] ServerMatch find_server(ListenerId listener,
                                          std::optional<std::string_view> host);

private:
    struct SameArrival {
        bool operator()(const Arrival& a, const Arrival& b) const noexcept;
    };

    struct ArrivalHash {
        std::size_t operator()(const Arrival& arrival) const noexcept;
    };

    /// The names of the servers of one listener.
    struct Names {
        struct Pattern {
            const ServerName* name;
            ServerId server;
        };

        ServerNameTable table;
        std::vector<Pattern> patterns;
        PatternFilter filter; // of the patterns
        /// The first server with `$hostname` while that is not known, and the names that cannot be
        /// taken by it, for they stand before.
        ServerId hostname_server;
        std::unordered_set<std::string_view> before_hostname;
    };

    [[nodiscard]] ListenerId find(const Arrival& arrival) const;
    [[nodiscard]] const Names& names_of(ListenerId listener);
    void add(Names& names, const ServerName& name, ServerId server) const;
    [[nodiscard]] ServerMatch match(const Names& names, std::string_view host);
    [[nodiscard]] Matcher& matcher_of(const ServerName& name);

    const Model& model_;
    std::optional<std::string> hostname_; // in lower case
    std::unordered_map<Arrival, ListenerId, ArrivalHash, SameArrival> by_address_;
    std::vector<ListenerId> by_host_;
    std::unordered_map<std::uint32_t, Names> names_; // by listener
    std::shared_ptr<MatchSpace> space_ = std::make_shared<MatchSpace>();
    std::unordered_map<const ServerName*, Matcher> matchers_; // of the patterns
};

} // namespace upstream_lint
