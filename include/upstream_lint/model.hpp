#pragma once

#include "upstream_lint/address.hpp"
#include "upstream_lint/config.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace upstream_lint {

/// Names one thing of a Model: its index there.
template <typename Of> struct ModelId {
    static constexpr std::uint32_t none_value = 0xffffffffU;
    std::uint32_t value = none_value;

    [[nodiscard]] bool is_none() const noexcept { return value == none_value; }

    friend auto operator<=>(const ModelId&, const ModelId&) = default;
};

struct Location;
struct Server;
struct Listener;
struct Upstream;
using LocationId = ModelId<Location>;
using ServerId = ModelId<Server>;
using ListenerId = ModelId<Listener>;
using UpstreamId = ModelId<Upstream>;

/// A directive of a level. Of the blocks there are only those that are no `server` or `location`.
struct Setting {
    std::string_view name; ///< static storage
    DirectiveRef directive;
    LocationId block; ///< of `if` and `limit_except`: what stands in it
};

/// A simple directive that stands in no level: that of the main one, of `upstream` and of blocks
/// that other modules have.
struct OuterSetting {
    std::string_view name; ///< static storage
    DirectiveRef directive;
    Context context = Context::main;
};

/// What a server speaks, by the block around it.
enum class Protocol : std::uint8_t { http, stream, mail };

/// One level of settings: the block `http`, `stream` or `mail` itself, a server, a location, and
/// what nginx treats as a location without a name (src/http/ngx_http_core_module.h,
/// ngx_http_core_loc_conf_t).
struct Location {
    enum class Kind : std::uint8_t {
        http,
        stream,
        mail,
        server,
        exact,  ///< `location = NAME`
        prefix, ///< `location NAME`, `location ^~ NAME`
        regex,  ///< `location ~ PATTERN`, `location ~* PATTERN`
        named,  ///< `location @NAME`
        if_block,
        limit_except,
    };

    Kind kind = Kind::http;
    bool stops_regexes = false; ///< `^~`
    bool ignores_case = false;  ///< `~*`
    bool has_pass = false;      ///< a `*_pass` of a module that sends requests on stands in it
    std::string_view name;      ///< of a location: without what stands before it
    LocationId parent;
    ServerId server; ///< none of `http`, `stream` and `mail`
    DirectiveRef block;
};

/// A `server` of `http`, `stream` or `mail`.
struct Server {
    LocationId level; ///< what stands directly in it
    DirectiveRef block;
    Protocol protocol = Protocol::http;
};

/// A name that `server_name` gives a server of `http` or `stream`
/// (src/http/ngx_http_core_module.c, ngx_http_core_server_name).
struct ServerName {
    enum class Kind : std::uint8_t {
        name,     ///< `a.example`, `*.example`, `.example`, `www.*`, in lower case
        regex,    ///< a pattern, without the `~` in front of it
        hostname, ///< `$hostname`: the name of the machine
    };

    Kind kind = Kind::name;
    bool ignores_case = false; ///< a pattern in which an upper-case letter stands
    std::string_view text;
    DirectiveRef directive;
};

/// An address on which servers listen (src/http/ngx_http.c, ngx_http_conf_addr_t).
struct Listener {
    Protocol protocol = Protocol::http;
    SocketAddress address{}; ///< of `host` the port alone
    /// A name that nginx looks up when it loads; empty where the address is known. What it stands
    /// for may be the address of another listener, whose servers these join then.
    std::string_view host{};
    bool is_datagram = false; ///< UDP: QUIC in `http`
    bool ssl = false;
    bool http2 = false; ///< `listen ... http2`
    bool proxy_protocol = false;
    bool is_dual_stack = false; ///< `ipv6only=off`: takes connections over IPv4, too
    /// Whether the name that a client asks for is looked at: not so with one server, unless the
    /// last of its patterns captures something (ngx_http_optimize_servers).
    bool tests_names = false;
    DirectiveRef directive{}; ///< the first `listen`; none of the address that nginx gives a server
    ServerId default_server{};
    std::vector<ServerId> servers{}; ///< in the order of the configuration
};

/// A block of `http` or `stream` whose lines are data: `map`, `geo`, `split_clients` and their
/// like.
struct DataBlock {
    Protocol protocol = Protocol::http;
    std::string_view name; ///< of the directive
    DirectiveRef block;
    std::vector<DirectiveRef> lines; ///< in nginx's order, includes expanded
};

/// A `server` of an upstream (src/http/ngx_http_upstream.c, ngx_http_upstream_server).
struct UpstreamServer {
    std::string_view address; ///< as it is written
    std::uint32_t weight = 1;
    std::uint32_t max_conns = 0; ///< 0: any number
    std::uint32_t max_fails = 1;
    std::uint32_t fail_timeout = 10; ///< seconds
    bool backup = false;
    bool down = false;
    bool drain = false;
    bool resolve = false;       ///< looked up again and again, not when nginx loads
    std::string_view service{}; ///< of `service=`
    DirectiveRef directive{};
};

/// A group of servers that an `upstream` block defines, or what a pass directive with a literal
/// target implies (ngx_http_upstream_add).
struct Upstream {
    Protocol protocol = Protocol::http;
    std::string_view name; ///< of an implied one the host; the path of a unix socket
    bool is_implied = false;
    bool is_unix = false;   ///< implied, and a socket's path
    std::uint16_t port = 0; ///< of an implied one, 0 of a unix socket
    std::vector<UpstreamServer> servers{};
    std::string_view
        balancer{};          ///< the directive that says how; static storage; empty: round robin
    std::string_view zone{}; ///< the name of its shared memory
    std::optional<std::uint32_t> keepalive{}; ///< connections, where `keepalive` stands
    DirectiveRef resolver{};                  ///< its own; none: that of the block around it
    DirectiveRef directive{};                 ///< the block, or the first pass directive
};

/// What a URI finds among the exact and prefix locations of one level.
struct StaticMatch {
    enum class Kind : std::uint8_t {
        none,
        exact,
        prefix,
        redirect, ///< the URI lacks the `/` at the end of the location's name: 301
    };

    Kind kind = Kind::none;
    LocationId location;
};

/// What a configuration means: its servers, locations and where they listen, each with the
/// directive it came from. Immutable; safe to share between threads. Views into the Config, which
/// it keeps.
class Model {
public:
    [[nodiscard]] const Config& config() const noexcept { return *config_; }

    [[nodiscard]] std::span<const Server> servers() const noexcept { return servers_; }

    [[nodiscard]] const Server& server(ServerId id) const { return servers_[id.value]; }

    /// In nginx's order; empty where none is given, which nginx takes as the empty name.
    [[nodiscard]] std::span<const ServerName> server_names(ServerId id) const;

    /// Those of `http` first, then `stream`, then `mail`; port by port, in the order of the
    /// configuration. Those of `mail` and on names are at most 300 000 together.
    [[nodiscard]] std::span<const Listener> listeners() const noexcept { return listeners_; }

    [[nodiscard]] const Listener& listener(ListenerId id) const { return listeners_[id.value]; }

    /// In nginx's order, those of `http` first, then of `stream`.
    [[nodiscard]] std::span<const Upstream> upstreams() const noexcept { return upstreams_; }

    [[nodiscard]] const Upstream& upstream(UpstreamId id) const { return upstreams_[id.value]; }

    /// The upstreams of `http` or `stream` with that name or host, whatever its case, in nginx's
    /// order: the one that a block defines, or implied ones with different ports.
    [[nodiscard]] std::span<const UpstreamId> find_upstreams(Protocol protocol,
                                                             std::string_view name) const;

    /// In the order of the configuration, outer ones first.
    [[nodiscard]] std::span<const Location> locations() const noexcept { return locations_; }

    [[nodiscard]] const Location& location(LocationId id) const { return locations_[id.value]; }

    /// The directives that stand directly in a level, in nginx's order, includes expanded.
    [[nodiscard]] std::span<const Setting> settings(LocationId id) const;

    /// In nginx's order, without the `server` lines of upstreams.
    [[nodiscard]] std::span<const OuterSetting> outer_settings() const noexcept {
        return outer_settings_;
    }

    /// In the order of the configuration.
    [[nodiscard]] std::span<const DataBlock> data_blocks() const noexcept { return data_blocks_; }

    /// The first of these with that port, or none. Cost: a binary search.
    [[nodiscard]] UpstreamId find_upstream(Protocol protocol, std::string_view name,
                                           std::uint16_t port) const;

    /// The words of a directive, its name first, escapes resolved. Cost: a copy of each.
    [[nodiscard]] std::vector<std::string> words(DirectiveRef directive) const;

    /// The locations with regular expressions that stand directly in a level, in their order.
    [[nodiscard]] std::span<const LocationId> regex_locations(LocationId id) const;

    /// Those of them that a URI may match: no other does. Cost: a search for each length of what
    /// the patterns begin with, and a step for each that is left.
    [[nodiscard]] std::vector<LocationId> find_regexes(LocationId id, std::string_view uri) const;

    /// Which exact or prefix location directly in the level answers a URI
    /// (ngx_http_core_find_static_location). Cost: a binary search.
    [[nodiscard]] StaticMatch find_static(LocationId id, std::string_view uri) const;

    /// The first location of that name, which begins with `@`, in a server.
    [[nodiscard]] std::optional<LocationId> find_named(ServerId id, std::string_view name) const;

private:
    friend class ModelBuilder;
    struct Tables;

    std::shared_ptr<const Config> config_;
    std::vector<Server> servers_;
    std::vector<ServerName> server_names_; // by server
    std::vector<std::uint32_t> first_server_name_;
    std::vector<Listener> listeners_;
    std::vector<Upstream> upstreams_;
    std::vector<Location> locations_;
    std::vector<Setting> settings_; // by level
    std::vector<std::uint32_t> first_setting_;
    std::vector<OuterSetting> outer_settings_;
    std::vector<DataBlock> data_blocks_;
    std::shared_ptr<const Tables> tables_;
};

/// Reads what a configuration means. It has to be loaded with LoadOptions::keep_blocks, as a whole
/// configuration, and not be refused: what nginx would not load means nothing.
[[nodiscard]] std::optional<Model> build_model(Config config);

} // namespace upstream_lint
