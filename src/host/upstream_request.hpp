#pragma once

#include <string>

namespace upstream_lint {

/// One request that does no harm: what people call it, and its bytes. Nothing of what the
/// configuration adds to requests is in it but the Host: no header that may hold a secret.
struct RequestBytes {
    std::string text; ///< `HEAD / HTTP/1.0`
    std::string bytes;
};

/// As nginx sends it (ngx_http_proxy_create_request), of what may be sent unknown: `uri` and `host`
/// have no blanks and no control characters. `http_version`: `1.0`, `1.1`.
[[nodiscard]] RequestBytes http_request(const std::string& uri, const std::string& host,
                                        const std::string& http_version);

/// What a client of HTTP/2 says first (RFC 9113, 3.4); a request is none.
[[nodiscard]] RequestBytes http2_preface();

/// HEAD of a path that an application answers by itself: `ping.path`, `pm.status_path` of PHP-FPM.
/// Empty: of a script that does not exist, so that none runs.
[[nodiscard]] RequestBytes fastcgi_request(const std::string& path);

} // namespace upstream_lint
