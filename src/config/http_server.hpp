#pragma once

#include "config/directive.hpp"
#include "config/url.hpp"

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

/// The addresses and names of the servers of `http` (src/http/ngx_http.c) and of `stream`
/// (src/stream/ngx_stream.c).
namespace upstream_lint {

/// What `server_name` gives a server. Kept by the server.
struct ServerNames {
    struct Name {
        std::string_view text; ///< in lower case
        Place place;
    };

    std::vector<Name> names; ///< without regular expressions
    bool any = false;
    bool has_captures = false; ///< the last regular expression has some
};

/// One address with its options (nginx: ngx_http_listen_opt_t, ngx_stream_listen_opt_t).
struct ListenOptions {
    SocketAddress address{};
    std::string_view text{}; ///< of a unix socket, as it is written
    Place place{};
    DirectiveRef directive{}; ///< none: nginx listens there by itself
    bool is_datagram = false;
    bool is_set = false; ///< options of the socket were given
    bool bind = false;
    bool default_server = false;
    bool ssl = false;
    bool http2 = false;
    bool proxy_protocol = false;
    bool is_dual_stack = false; ///< `ipv6only=off`
};

/// Where a server asks for TLS last. Kept by the server.
struct SslListen {
    Place place;
};

/// All addresses on which something listens. Kept by `http` and `stream`.
struct Listens {
    struct Member {
        Scope* server;
        DirectiveRef directive; ///< none: nginx listens there by itself
    };

    struct Address {
        ListenOptions options;
        std::vector<Member> servers;
        Scope* default_server = nullptr;
        Place default_place{};
        unsigned protocols = 0;
        bool protocols_set = false;
        bool protocols_changed = false;
    };

    struct Port {
        AddressFamily family;
        std::uint16_t number;
        bool is_datagram;
        std::vector<Address> addresses;
    };

    std::vector<Port> ports;
    std::unordered_map<std::uint32_t, std::size_t> positions; ///< in `ports`
    std::size_t count = 0;                                    ///< of all members
};

/// The `listen` by which a server has the address; the server where nginx gives it that.
[[nodiscard]] Place place_of(const Cycle& cycle, const Listens::Member& member);

/// What all of `http`, `stream` and `mail` listen on (nginx: ngx_cycle_t.listening). Kept by the
/// main level.
struct Listening {
    std::size_t sockets = 0;
};

/// Takes `listen` (src/http/ngx_http_core_module.c, ngx_http_core_listen;
/// src/stream/ngx_stream_core_module.c, ngx_stream_core_listen).
void set_listen(Directive& directive);

/// Takes `server_name` (ngx_http_core_server_name).
void set_server_name(Directive& directive);

/// Gives a server that listens nowhere the address nginx gives it, as root
/// (ngx_http_core_server).
void add_default_listen(Cycle& cycle, Scope& server, const Place& brace);

/// Reports a server that listens nowhere (ngx_stream_core_server).
void require_listen(Cycle& cycle, Scope& server, const Place& brace);

/// Adds an address to a server (ngx_http_add_listen, ngx_stream_add_listen). Reports what does not
/// go with the servers before; false then.
bool add_listen(Cycle& cycle, Scope& server, const ListenOptions& options);

/// Puts the names of the servers of each address together (ngx_http_optimize_servers,
/// ngx_stream_optimize_servers).
void optimize_servers(Cycle& cycle, Scope& main, const Place& brace);

} // namespace upstream_lint
