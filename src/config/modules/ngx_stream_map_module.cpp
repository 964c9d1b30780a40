#include "config/modules/modules.hpp"

#include <array>

/// src/stream/ngx_stream_map_module.c
namespace upstream_lint {

namespace {

constexpr std::array<DirectiveSetter, 3> setters = {{
    {"map", shared::map_block},
    {"map_hash_bucket_size", shared::map_hash_bucket_size},
    {"map_hash_max_size", shared::map_hash_max_size},
}};

} // namespace

const ModuleSetters ngx_stream_map_module = {"ngx_stream_map", setters};

} // namespace upstream_lint
