#include "config/modules/ngx_http_v2_module.hpp"

#include "config/messages.hpp"
#include "config/modules/modules.hpp"
#include "config/script.hpp"
#include "config/slots.hpp"

#include <array>
#include <bit>
#include <fmt/format.h>

/// src/http/v2/ngx_http_v2_module.c
namespace upstream_lint {

namespace {

constexpr std::int64_t state_buffer_size = 16;
constexpr std::int64_t largest_window = 0x7FFF'FFFF;
constexpr std::int64_t least_pool_size = 112; // NGX_MIN_POOL_SIZE of 64 bits
constexpr std::int64_t pool_alignment = 16;

/// ngx_http_v2_recv_buffer_size
void recv_buffer_size(Directive& directive) {
    const std::int64_t reserved =
        directive.cycle().before(1, 25, 3) ? 2 * state_buffer_size : state_buffer_size;
    const auto size = slot::size(directive);
    if (size && *size <= reserved) {
        directive.error(1, "value is too small");
    }
}

/// ngx_http_v2_pool_size
void pool_size(Directive& directive) {
    const auto size = slot::size(directive);
    if (!size) {
        return;
    }
    if (*size < least_pool_size) {
        directive.emerg(1, fmt::format("the pool size must be no less than {}", least_pool_size));
    } else if (*size % pool_alignment != 0) {
        directive.emerg(1, fmt::format("the pool size must be a multiple of {}", pool_alignment));
    }
}

/// ngx_http_v2_preread_size
void body_preread_size(Directive& directive) {
    const auto size = slot::size(directive);
    if (size && *size > largest_window) {
        directive.emerg(1,
                        fmt::format("the maximum body preread buffer size is {}", largest_window));
    }
}

/// ngx_http_v2_streams_index_mask
void streams_index_size(Directive& directive) {
    const auto size = slot::number(directive);
    if (size && !std::has_single_bit(static_cast<std::uint64_t>(*size))) {
        directive.error(1, "must be a power of two");
    }
}

/// ngx_http_v2_chunk_size
void chunk_size(Directive& directive) {
    const auto size = slot::size(directive);
    if (size && *size == 0) {
        directive.emerg(1, "the http2 chunk size cannot be zero");
    }
}

struct Pushes {
    bool is_off = false;
    bool has_uri = false;
    Place place;
};

/// ngx_http_v2_push
void push(Directive& directive) {
    auto& pushes = directive.scope().conf<Pushes>();
    if (c_string(directive[1]) == "off") {
        if (pushes.has_uri) {
            directive.error(1, "\"off\" parameter cannot be used with URI", Cause::conflict)
                .label(pushes.place, "URI here");
        } else if (pushes.is_off) {
            directive.error("is duplicate", Cause::duplicate).label(pushes.place, "first here");
        } else {
            pushes.is_off = true;
            pushes.place = directive.place();
        }
        return;
    }
    if (pushes.is_off) {
        directive.error(1, "URI cannot be used with \"off\" parameter", Cause::conflict)
            .label(pushes.place, "`off` here");
        return;
    }
    pushes.has_uri = true;
    pushes.place = directive.place();
    script::compile(directive, 1);
}

void http2_push(Directive& directive) {
    if (directive.cycle().before(1, 25, 1)) {
        push(directive);
    } else {
        take_obsolete_http2(directive);
    }
}

constexpr std::array<DirectiveSetter, 6> setters = {{
    {"http2_body_preread_size", body_preread_size},
    {"http2_chunk_size", chunk_size},
    {"http2_pool_size", pool_size},
    {"http2_push", http2_push},
    {"http2_recv_buffer_size", recv_buffer_size},
    {"http2_streams_index_size", streams_index_size},
}};

} // namespace

void take_obsolete_http2(Directive& directive) {
    const std::string_view replacement = directive.row().replacement;
    if (replacement.empty()) {
        directive.warn(
            0, fmt::format("the \"{}\" directive is obsolete, ignored", directive.row().name));
    } else {
        directive.warn(0, fmt::format("the \"{}\" directive is obsolete, use the \"{}\" directive "
                                      "instead",
                                      directive.row().name, replacement));
    }
}

void take_spdy(Directive& directive) {
    directive.warn(0, fmt::format("invalid directive \"{}\": ngx_http_spdy_module was superseded "
                                  "by ngx_http_v2_module",
                                  directive.row().name));
}

const ModuleSetters ngx_http_v2_module = {"ngx_http_v2", setters};

} // namespace upstream_lint
