#pragma once

#include "resolve/assumptions.hpp"
#include "resolve/http_request.hpp"
#include "resolve/location_conf.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// What the headers of a request make of an answer that would be 200.
namespace upstream_lint {

/// What an answer can be compared by.
struct Validators {
    std::string what;                    ///< for people
    bool has_time = false;               ///< `Last-Modified`
    bool has_etag = false;               ///< `ETag`
    bool takes_ranges = false;           ///< it is a file
    std::optional<std::uint64_t> size{}; ///< of the file; none: not known
};

/// 200, 304 or 412 (src/http/modules/ngx_http_not_modified_filter_module.c,
/// ngx_http_not_modified_header_filter). When a file was changed is supposed: it is another time on
/// every machine.
[[nodiscard]] int conditional_status(const HttpConnection& connection, const LocationConf& conf,
                                     const Validators& answer, Assumptions& assumptions);

/// 200, 206 or 416 (src/http/modules/ngx_http_range_filter_module.c,
/// ngx_http_range_header_filter).
[[nodiscard]] int ranged_status(const HttpConnection& connection, const LocationConf& conf,
                                const Validators& answer, Assumptions& assumptions);

/// What of a file of `size` bytes a list of ranges stands for, as a status; `ranges` is what
/// follows `bytes=` (ngx_http_range_parse).
[[nodiscard]] int status_of_ranges(std::string_view ranges, std::int64_t size,
                                   std::int64_t most_ranges);

} // namespace upstream_lint
