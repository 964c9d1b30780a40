#pragma once

#include "config/directive.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace upstream_lint {

/// A shared memory zone (nginx: ngx_shm_zone_t).
struct SharedZone {
    std::string_view name;
    std::int64_t size = 0;  ///< 0 as long as nobody has given one
    std::string_view owner; ///< the module that it belongs to (nginx: tag)
    Place place;            ///< of the first mention
    /// What its module keeps for it; empty as long as it is named only (nginx: data).
    std::string_view data;
    Place bound_at;       ///< of what gave it that
    bool is_told = false; ///< that nobody makes it has been reported
};

/// The zone of that name, made when there is none; `size` 0 asks for one that is made elsewhere.
/// Reports what does not go together and gives null then (src/core/ngx_cycle.c,
/// ngx_shared_memory_add).
[[nodiscard]] SharedZone* add_shared_zone(Directive& directive, std::size_t word,
                                          std::string_view name, std::int64_t size,
                                          std::string_view owner);

struct ZoneParameter {
    std::string_view name;
    std::int64_t size = 0;
};

/// `zone=NAME:SIZE` as the limiting modules take it: of eight pages at least. Reports what is
/// wrong.
[[nodiscard]] std::optional<ZoneParameter> zone_parameter(Directive& directive, std::size_t word);

/// Adds which zones of the same module may be meant by one that nobody makes.
void suggest_zones(Cycle& cycle, const SharedZone& zone, Diagnostic& diagnostic);

/// Reports the zones that have got no size, when the whole configuration has been read
/// (ngx_init_cycle).
void check_shared_zones(Cycle& cycle);

/// What nginx takes a page of memory for where sizes have to be some pages (ngx_pagesize).
inline constexpr std::int64_t page_size = 4096;

/// Binds the zone to the key that the directive's first value is, of which it may have one alone
/// (ngx_http_limit_conn_zone, ngx_http_limit_req_zone).
void bind_shared_zone(Directive& directive, std::size_t word, const ZoneParameter& zone);

} // namespace upstream_lint
