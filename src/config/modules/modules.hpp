#pragma once

#include "config/setters.hpp"

#include <span>

namespace upstream_lint {

/// Setters that several modules share, by the name of the C function; they stand in the file of the
/// module that has them in nginx.
[[nodiscard]] std::span<const DirectiveSetter> shared_setters() noexcept;

/// Those setters. Where `http` and `stream` have a module each that says the same, it is in the
/// file of the one of `http`.
namespace shared {

void access_log(Directive& directive);
void defines_variable(Directive& directive);
void geo_block(Directive& directive);
void geoip2_block(Directive& directive);
void geoip_database(Directive& directive);
void geoip_proxy(Directive& directive);
void limit_conn(Directive& directive);
void limit_conn_zone(Directive& directive);
void log_format(Directive& directive);
void map_block(Directive& directive);
void map_hash_bucket_size(Directive& directive);
void map_hash_max_size(Directive& directive);
void open_log_file_cache(Directive& directive);
void set_value(Directive& directive);
void set_values(Directive& directive);
void split_clients_block(Directive& directive);
void upstream_block(Directive& directive);
void upstream_hash(Directive& directive);
void upstream_least_conn(Directive& directive);
void upstream_least_time(Directive& directive);
void upstream_random(Directive& directive);
void upstream_server(Directive& directive);
void upstream_zone(Directive& directive);

} // namespace shared

// One module a file, which has the name of nginx's.
extern const ModuleSetters ngx_core_module;
extern const ModuleSetters ngx_openssl_module;
extern const ModuleSetters ngx_event_core_module;
extern const ModuleSetters ngx_thread_pool_module;
extern const ModuleSetters ngx_http_core_module;
extern const ModuleSetters ngx_http_log_module;
extern const ModuleSetters ngx_http_upstream_module;
extern const ModuleSetters ngx_http_v2_module;
extern const ModuleSetters ngx_http_v3_module;
extern const ModuleSetters ngx_http_index_module;
extern const ModuleSetters ngx_http_mirror_module;
extern const ModuleSetters ngx_http_try_files_module;
extern const ModuleSetters ngx_http_auth_request_module;
extern const ModuleSetters ngx_http_auth_basic_module;
extern const ModuleSetters ngx_http_access_module;
extern const ModuleSetters ngx_http_limit_conn_module;
extern const ModuleSetters ngx_http_limit_req_module;
extern const ModuleSetters ngx_http_realip_module;
extern const ModuleSetters ngx_http_geo_module;
extern const ModuleSetters ngx_http_geoip_module;
extern const ModuleSetters ngx_http_map_module;
extern const ModuleSetters ngx_http_split_clients_module;
extern const ModuleSetters ngx_http_referer_module;
extern const ModuleSetters ngx_http_rewrite_module;
extern const ModuleSetters ngx_http_ssl_module;
extern const ModuleSetters ngx_http_proxy_module;
extern const ModuleSetters ngx_http_fastcgi_module;
extern const ModuleSetters ngx_http_uwsgi_module;
extern const ModuleSetters ngx_http_scgi_module;
extern const ModuleSetters ngx_http_grpc_module;
extern const ModuleSetters ngx_http_perl_module;
extern const ModuleSetters ngx_http_tunnel_module;
extern const ModuleSetters ngx_http_memcached_module;
extern const ModuleSetters ngx_http_browser_module;
extern const ModuleSetters ngx_http_secure_link_module;
extern const ModuleSetters ngx_http_degradation_module;
extern const ModuleSetters ngx_http_upstream_hash_module;
extern const ModuleSetters ngx_http_upstream_ip_hash_module;
extern const ModuleSetters ngx_http_upstream_least_conn_module;
extern const ModuleSetters ngx_http_upstream_least_time_module;
extern const ModuleSetters ngx_http_upstream_random_module;
extern const ModuleSetters ngx_http_upstream_keepalive_module;
extern const ModuleSetters ngx_http_upstream_zone_module;
extern const ModuleSetters ngx_http_upstream_sticky_module;
extern const ModuleSetters ngx_http_gzip_filter_module;
extern const ModuleSetters ngx_http_ssi_filter_module;
extern const ModuleSetters ngx_http_charset_filter_module;
extern const ModuleSetters ngx_http_xslt_filter_module;
extern const ModuleSetters ngx_http_image_filter_module;
extern const ModuleSetters ngx_http_sub_filter_module;
extern const ModuleSetters ngx_http_addition_filter_module;
extern const ModuleSetters ngx_http_userid_filter_module;
extern const ModuleSetters ngx_http_headers_filter_module;
extern const ModuleSetters ngx_mail_core_module;
extern const ModuleSetters ngx_mail_ssl_module;
extern const ModuleSetters ngx_mail_auth_http_module;
extern const ModuleSetters ngx_mail_realip_module;
extern const ModuleSetters ngx_stream_core_module;
extern const ModuleSetters ngx_stream_proxy_module;
extern const ModuleSetters ngx_stream_upstream_module;
extern const ModuleSetters ngx_stream_ssl_module;
extern const ModuleSetters ngx_stream_map_module;
extern const ModuleSetters ngx_stream_return_module;
extern const ModuleSetters ngx_stream_pass_module;
extern const ModuleSetters ngx_stream_set_module;
extern const ModuleSetters ngx_http_headers_more_filter_module;
extern const ModuleSetters ngx_http_echo_module;
extern const ModuleSetters ngx_http_lua_module;
extern const ModuleSetters ngx_stream_lua_module;
extern const ModuleSetters ngx_http_js_module;
extern const ModuleSetters ngx_stream_js_module;
extern const ModuleSetters ngx_http_cache_purge_module;
extern const ModuleSetters ngx_http_dav_ext_module;
extern const ModuleSetters ngx_http_fancyindex_module;
extern const ModuleSetters ngx_http_subs_filter_module;
extern const ModuleSetters ngx_http_uploadprogress_module;
extern const ModuleSetters ngx_http_upstream_fair_module;
extern const ModuleSetters ngx_nchan_module;

} // namespace upstream_lint
