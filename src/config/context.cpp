#include "upstream_lint/nginx_build.hpp"

namespace upstream_lint {
namespace {

constexpr std::array<std::string_view, context_count> names{
    "none",          "main",          "events",           "http",           "server",
    "location",      "upstream",      "if in server",     "if in location", "limit_except",
    "stream",        "stream_server", "stream_upstream",  "mail",           "mail_server",
    "rtmp",          "rtmp_server",   "rtmp_application", "rtmp_recorder",  "mgmt",
    "oidc_provider", "otel_exporter", "acme_issuer",      "types",          "map",
    "geo",           "split_clients", "charset_map",      "geoip2",         "num_map",
    "match",         "raw",
};

static_assert(names.back() == "raw", "one name for each enumerator, in their order");

} // namespace

std::string_view context_name(Context context) noexcept {
    return names[static_cast<std::size_t>(context)];
}

std::optional<Context> parse_context(std::string_view name) noexcept {
    for (std::size_t i = 0; i < names.size(); ++i)
        if (names[i] == name)
            return static_cast<Context>(i);
    return std::nullopt;
}

} // namespace upstream_lint
