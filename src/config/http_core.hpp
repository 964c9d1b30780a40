#pragma once

#include "config/directive.hpp"
#include "config/hash.hpp"
#include "config/slots.hpp"

#include <cstdint>
#include <optional>

/// What ngx_http_core_module keeps of its directives for checks at the end of `http`;
/// ngx_stream_core_module has some of them for `stream`.
namespace upstream_lint {

/// Kept by `http` and `stream`.
struct HttpCoreMain {
    HashSizes server_names;
    HashSizes variables;
};

/// Kept by `http` and by servers.
struct HttpCoreServer {
    struct Size {
        std::int64_t bytes = 0;
        Place place;
    };

    std::optional<Size> connection_pool_size;
    std::optional<Size> large_client_header_buffers; ///< of one of them
};

/// Takes a size of a hash.
template <typename Conf, HashSizes Conf::*Sizes, std::optional<std::int64_t> HashSizes::*Size>
void hash_size(Directive& directive) {
    if (const auto value = slot::number(directive)) {
        directive.scope().conf<Conf>().*Sizes.*Size = value;
    }
}

} // namespace upstream_lint
