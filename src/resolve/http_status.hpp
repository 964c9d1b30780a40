#pragma once

#include <algorithm>
#include <array>

/// Those with which nginx does something of its own (src/http/ngx_http_request.h).
namespace upstream_lint::http_status {

inline constexpr int ok = 200;
inline constexpr int created = 201;
inline constexpr int no_content = 204;
inline constexpr int partial_content = 206;
inline constexpr int special_response = 300; ///< the first that an `error_page` may replace
inline constexpr int moved_permanently = 301;
inline constexpr int moved_temporarily = 302;
inline constexpr int not_modified = 304;
inline constexpr int bad_request = 400;
inline constexpr int unauthorized = 401;
inline constexpr int forbidden = 403;
inline constexpr int not_found = 404;
inline constexpr int not_allowed = 405;
inline constexpr int request_time_out = 408;
inline constexpr int precondition_failed = 412;
inline constexpr int request_entity_too_large = 413;
inline constexpr int range_not_satisfiable = 416;
inline constexpr int misdirected_request = 421;
inline constexpr int close = 444;
inline constexpr int first_of_nginx = 494; ///< nginx's own, which clients are told as 400
inline constexpr int last_of_nginx = 497;
inline constexpr int client_closed_request = 499;
inline constexpr int internal_server_error = 500;
inline constexpr int not_implemented = 501;
inline constexpr int bad_gateway = 502;
inline constexpr int version_not_supported = 505;

/// Those whose text in `return` and `error_page` is a URL.
[[nodiscard]] inline bool is_redirect(int status) {
    constexpr std::array redirects = {301, 302, 303, 307, 308};
    return std::ranges::find(redirects, status) != redirects.end();
}

} // namespace upstream_lint::http_status
