#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace upstream_lint {

/// What nginx makes of the target in a request line (src/http/ngx_http_parse.c,
/// ngx_http_parse_request_line and ngx_http_parse_complex_uri; src/http/ngx_http_request.c,
/// ngx_http_process_request_uri). The views are of the target.
struct RequestTarget {
    std::string uri;           ///< normalized and decoded once: `$uri`
    std::string_view args;     ///< behind the `?`, without a fragment: `$args`
    std::string_view unparsed; ///< path and arguments as they were sent: `$request_uri`
    /// Of an absolute target, without its port; it may be empty. None: the target is a path.
    std::optional<std::string_view> host;
    /// Whether `unparsed` can be sent on as it is: not so where the path is missing.
    bool is_unparsed_whole = true;
    bool has_space = false; ///< before 1.21.1; since then a space is refused
};

struct RequestTargetRules {
    bool merge_slashes = true;
    bool refuses_control_bytes = true; ///< since 1.21.1; before, a NUL alone
    bool takes_empty_path = true;      ///< `http://a?b`; not before 1.21.1
    bool refuses_large_ports = false;  ///< since 1.29.4
};

struct HostRules {
    bool refuses_control_bytes = true; ///< and spaces, since 1.21.1; before, a NUL alone
    bool follows_rfc3986 = false;      ///< since 1.29.4, but for what stands between brackets
};

/// Nothing where nginx answers 400.
[[nodiscard]] std::optional<RequestTarget> parse_request_target(std::string_view target,
                                                                const RequestTargetRules& rules);

/// The path of a target, decoded, without `.`, `..` and doubled slashes. Reading ends at `?` and
/// `#`. Nothing where it leads above the root or an escape is wrong.
[[nodiscard]] std::optional<std::string> normalize_path(std::string_view path, bool merge_slashes);

/// The name in a Host header or an absolute target, in lower case, without port and the dot at the
/// end (ngx_http_validate_host). Nothing where nginx answers 400.
[[nodiscard]] std::optional<std::string> valid_host(std::string_view text,
                                                    const HostRules& rules = {});

} // namespace upstream_lint
