#pragma once

#include "config/modules/ngx_http_upstream_module.hpp"
#include "config/slots.hpp"

#include <array>
#include <cstdint>
#include <forward_list>
#include <memory_resource>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace upstream_lint {

/// A value and the statement that gives it.
template <typename T> struct Given {
    T value{};
    Place place;
};

template <typename T> using Setting = std::optional<Given<T>>;

/// Names with values, inherited as a whole: `proxy_set_header` and its like.
struct NamedValues {
    using Words = std::pmr::forward_list<WordId>;

    explicit NamedValues(std::pmr::memory_resource* memory) :
        values(memory), last(values.before_begin()) {}

    Words values; ///< there is one at least; the names stand before them
    Words::iterator last;
    bool is_compiled = false;
    bool is_compiled_for_cache = false;
};

/// What most locations have nothing of, or take from the block around as it is.
struct UpstreamSettings {
    using Names = std::pmr::vector<std::string_view>;

    Setting<bool> store;
    Setting<bool> cache;
    SharedZone* cache_zone = nullptr;
    Place cache_key;

    Setting<std::int64_t> buffer_size;
    Setting<slot::Buffers> buffers;
    Setting<std::int64_t> busy_buffers_size;
    Setting<std::int64_t> temp_file_write_size;
    Setting<std::int64_t> max_temp_file_size;

    Setting<bool> ssl; ///< `proxy_ssl` of `stream`
    Setting<std::string_view> ssl_certificate;
    Setting<std::string_view> ssl_certificate_key;
    Setting<bool> ssl_verify;
    Setting<std::string_view> ssl_trusted_certificate;

    Names* hide_headers = nullptr;
    Names* pass_headers = nullptr;
    Place hide_headers_place;
    Setting<std::int64_t> headers_hash_max_size;
    Setting<std::int64_t> headers_hash_bucket_size;
};

/// The modules that pass requests on, by what the names of their directives begin with.
enum class PassModule : std::uint8_t { proxy, fastcgi, uwsgi, scgi, grpc, tunnel, memcached };

/// What a location keeps for one of the modules that pass requests on (nginx:
/// ngx_http_upstream_conf_t and what stands around it). Lies in the cycle's memory.
struct UpstreamConf {
    PassModule module{};
    bool is_own = false; ///< else it only notes what is effective
    bool pass_has_variables = false;
    bool pass_is_literal = false; ///< a URL without variables
    bool pass_uses_ssl = false;

    /// Of `http` or `stream`: its values have been looked at as a server inherits them.
    bool buffers_are_checked = false;
    bool cache_is_checked = false;
    bool has_hide_hash = false;

    DirectiveRef pass;
    NamedValues* values = nullptr;        ///< headers or parameters of the request
    NamedValues* body = nullptr;          ///< one of them at most
    UpstreamSettings* settings = nullptr; ///< its own, or those of the block around

    UpstreamConf* effective = nullptr; ///< this one, or that of the nearest block around
    UpstreamConf* next = nullptr;      ///< the block's for another module
};

/// A scheme that may stand in front of an address.
struct Scheme {
    std::string_view prefix;
    std::uint16_t port = 0;
    bool uses_ssl = false;
};

/// How a pass directive reads its value.
struct PassRules {
    std::span<const Scheme> schemes{};
    bool needs_scheme = false;
    bool takes_uri = false;
    bool takes_variables = true;
};

/// What differs between the modules at the end of `http`.
struct UpstreamModule {
    PassModule module{};
    std::string_view name; ///< `proxy`: what its directives begin with
    bool has_buffers = false;
    bool warns_of_cache_key = false;
    bool has_ssl = false;
    bool has_parameters = false;  ///< `fastcgi_param` in place of `proxy_set_header`
    std::string_view hide_hash{}; ///< empty: none
    std::span<const std::string_view> hidden_headers{};
    std::string_view values_hash{}; ///< empty: none
    std::span<const std::string_view> default_values{};
    std::span<const std::string_view> default_cache_values{};
};

namespace upstream_conf {

/// That of the directive's module in its block.
[[nodiscard]] UpstreamConf& of(Directive& directive);

/// The settings of that, made when there are none. Nothing shares them before the end of
/// `http`.
[[nodiscard]] UpstreamSettings& own_settings(Directive& directive);

/// The block's own, or null.
[[nodiscard]] UpstreamConf* find(const Scope& scope, PassModule module);

/// That of the block, or of the nearest one around, or null. Far from that it is noted again, for
/// blocks may nest without a bound.
[[nodiscard]] UpstreamConf* effective(Cycle& cycle, Scope& scope, PassModule module);

/// Gives the URL when it is a literal one that is right.
std::optional<Url> pass(Directive& directive, const PassRules& rules);

void store(Directive& directive);
void cache(Directive& directive);
void cache_key(Directive& directive);

void buffer_size(Directive& directive);
void buffers(Directive& directive);
void busy_buffers_size(Directive& directive);
void temp_file_write_size(Directive& directive);
void max_temp_file_size(Directive& directive);

/// nginx cannot set it on Linux, and says so (ngx_http_proxy_lowat_check).
void send_lowat(Directive& directive);

void ssl(Directive& directive);
void ssl_certificate(Directive& directive);
void ssl_certificate_key(Directive& directive);
void ssl_verify(Directive& directive);
void ssl_trusted_certificate(Directive& directive);
void ssl_password_file(Directive& directive);
void ssl_certificate_cache(Directive& directive);

void hide_header(Directive& directive);
void pass_header(Directive& directive);
void headers_hash_max_size(Directive& directive);
void headers_hash_bucket_size(Directive& directive);

/// `proxy_set_header`, `fastcgi_param` and their like.
void set_value(Directive& directive);
void param(Directive& directive);
void set_body(Directive& directive);

/// ngx_http_proxy_merge_loc_conf and its like.
void merge(const UpstreamModule& module, Cycle& cycle, Scope& parent, Scope& child,
           const Place& brace);

/// The same as a hook of that module.
template <const UpstreamModule& module>
void merge_as(Cycle& cycle, Scope& parent, Scope& child, const Place& brace) {
    merge(module, cycle, parent, child, brace);
}

/// The parameters that fastcgi, scgi and uwsgi leave out of requests to a cache.
inline constexpr std::array<std::string_view, 6> cache_parameters = {"HTTP_IF_MODIFIED_SINCE",
                                                                     "HTTP_IF_UNMODIFIED_SINCE",
                                                                     "HTTP_IF_NONE_MATCH",
                                                                     "HTTP_IF_MATCH",
                                                                     "HTTP_RANGE",
                                                                     "HTTP_IF_RANGE"};

/// The headers that fastcgi and scgi hide; uwsgi hides those behind the first.
inline constexpr std::array<std::string_view, 6> hidden_headers = {"Status",
                                                                   "X-Accel-Expires",
                                                                   "X-Accel-Redirect",
                                                                   "X-Accel-Limit-Rate",
                                                                   "X-Accel-Buffering",
                                                                   "X-Accel-Charset"};

} // namespace upstream_conf

} // namespace upstream_lint
