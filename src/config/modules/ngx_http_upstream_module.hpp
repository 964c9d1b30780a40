#pragma once

#include "config/directive.hpp"
#include "config/shared_memory.hpp"
#include "config/url.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace upstream_lint {

/// What a `server` of an upstream may have; balancing methods take some of it away
/// (NGX_HTTP_UPSTREAM_WEIGHT and its like).
enum class ServerParameters : std::uint8_t { all, without_backup, without_backup_and_max_conns };

/// What stands in an `upstream` block; kept by that block.
struct UpstreamBlock {
    std::string_view name = "..."; ///< as it is here, of a fragment or of one that was refused
    ServerParameters parameters = ServerParameters::all;
    std::size_t servers = 0;
    std::size_t primary_servers = 0; ///< those that are not `backup`
    Place balancer;                  ///< what has set how to balance; none: nothing has
    bool has_own_peers = false;      ///< a method of another module, which takes any servers
    Place resolved_server;           ///< the first to be resolved at run time
    SharedZone* zone = nullptr;
};

/// An upstream that a block defines or a pass directive implies (nginx:
/// ngx_http_upstream_srv_conf_t).
struct NamedUpstream {
    std::string_view host;
    std::uint32_t order = 0; ///< in the configuration, from 1
    std::uint16_t port = 0;
    bool has_port = false;
    bool has_address = false; ///< implied, and its one address is known
    bool is_defined = false;  ///< by a block
    WordId word;              ///< the first mention
    WordId block_word;        ///< the block's name
    Scope* block = nullptr;   ///< once it has begun
};

namespace upstream {

/// Those of `http` or `stream`, in nginx's order.
[[nodiscard]] std::vector<const NamedUpstream*> all(const Scope& main);

/// The upstream that a pass directive names, where `text` is the word without its scheme
/// (ngx_http_upstream_add). Reports what is wrong and gives null then.
[[nodiscard]] NamedUpstream* add(Directive& directive, std::size_t word, std::string_view text,
                                 const UrlOptions& options, Url& url);

/// The name of the upstream in whose block a directive stands.
[[nodiscard]] std::string_view name_of_block(Directive& directive);

/// Checks the upstreams of `http` or `stream` (ngx_http_upstream_init_main_conf).
void init_main(Cycle& cycle, Scope& main, const Place& brace);

/// Notes that a directive chooses how to balance, and warns when one has done so before.
void set_balancer(Directive& directive);

/// `invalid parameter "X"`, with what may have been meant.
void report_parameter(Directive& directive, std::size_t word,
                      std::span<const std::string_view> known = {});

/// `proxy_bind` and its like (ngx_http_upstream_bind_set_slot).
void bind_slot(Directive& directive);
/// Their last argument alone is checked at once (ngx_http_upstream_param_set_slot); true when it is
/// right.
bool param_slot(Directive& directive);

} // namespace upstream

} // namespace upstream_lint
