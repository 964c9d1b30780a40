#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace upstream_lint {

/// Which bytes nginx writes as `%XX` (src/core/ngx_string.c, ngx_escape_uri).
enum class Escape : std::uint8_t {
    uri,       ///< NGX_ESCAPE_URI
    args,      ///< NGX_ESCAPE_ARGS
    memcached, ///< NGX_ESCAPE_MEMCACHED
};

/// Since 1.21.1 also what RFC 3986 does not know: `"<>\^`{|}`.
[[nodiscard]] std::string escape_uri(std::string_view text, Escape what,
                                     bool follows_rfc3986 = true);

/// Takes back those escapes of a redirect that need not be, up to a `?`
/// (ngx_unescape_uri with NGX_UNESCAPE_REDIRECT).
[[nodiscard]] std::string unescape_redirect(std::string_view text);

} // namespace upstream_lint
