#pragma once

#include "config/directive.hpp"

#include <cstddef>
#include <string_view>
#include <vector>

namespace upstream_lint {

/// The pools of threads that are named. Kept by the main level.
struct ThreadPools {
    struct Pool {
        std::string_view name;
        Place place; ///< where it is named first
        Place definition{};
        bool is_defined = false;
    };

    std::vector<Pool> pools;
};

/// Names a pool (src/core/ngx_thread_pool.c, ngx_thread_pool_add). The reference is good until the
/// next one is named.
ThreadPools::Pool& add_thread_pool(Directive& directive, std::size_t word, std::string_view name);

} // namespace upstream_lint
