#include "config/http_types.hpp"
#include "config/modules/modules.hpp"
#include "config/slots.hpp"

#include <array>
#include <bit>

/// src/http/modules/ngx_http_gzip_filter_module.c
namespace upstream_lint {

namespace {

void gzip_comp_level(Directive& directive) {
    (void)slot::number(directive, 1, 9);
}

void power_of_two(Directive& directive, std::int64_t largest, std::string_view failure) {
    const auto size = slot::size(directive);
    if (size && (*size < 512 || *size > largest ||
                 !std::has_single_bit(static_cast<std::uint64_t>(*size)))) {
        directive.error(1, failure);
    }
}

/// ngx_http_gzip_window
void gzip_window(Directive& directive) {
    power_of_two(directive, 32 * 1024, "must be 512, 1k, 2k, 4k, 8k, 16k, or 32k");
}

/// ngx_http_gzip_hash
void gzip_hash(Directive& directive) {
    power_of_two(directive, 128 * 1024, "must be 512, 1k, 2k, 4k, 8k, 16k, 32k, 64k, or 128k");
}

void merge_location(Cycle& cycle, Scope& parent, Scope& child, const Place& /*brace*/) {
    merge_types(cycle, parent, child, "gzip_types");
}

constexpr std::array<DirectiveSetter, 3> setters = {{
    {"gzip_comp_level", gzip_comp_level},
    {"gzip_hash", gzip_hash},
    {"gzip_window", gzip_window},
}};

} // namespace

const ModuleSetters ngx_http_gzip_filter_module = {
    "ngx_http_gzip_filter", setters, {.merge_location = merge_location, .merges_unused = false}};

} // namespace upstream_lint
