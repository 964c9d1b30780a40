#pragma once

#include "config/directive.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace upstream_lint {

/// A certificate or key that a directive names.
struct NamedFile {
    std::string_view name;
    Place place;
};

/// Takes `ssl_session_cache` of http, stream or mail; `module` is whose zones they are
/// (src/http/modules/ngx_http_ssl_module.c, ngx_http_ssl_session_cache).
void take_ssl_session_cache(Directive& directive, std::string_view module);

/// Whether a server of `http` has certificates or refuses handshakes, inherited values included
/// once ngx_http_ssl_module has merged it (nginx: it has an SSL_CTX).
[[nodiscard]] bool has_ssl_context(const Scope& server);

struct SharedCache {
    std::string_view name;
    std::string_view size;
};

/// Of `shared:NAME:SIZE`; empty when the text is none.
[[nodiscard]] SharedCache read_shared_cache(std::string_view text);

/// Why `ssl_verify_client` has nothing to verify with.
[[nodiscard]] std::string_view no_client_certificate(const Cycle& cycle);

/// `ssl_certificate` and `ssl_certificate_key`: one more file, which is not read.
void add_file(Directive& directive, std::optional<std::vector<NamedFile>>& files);

} // namespace upstream_lint
