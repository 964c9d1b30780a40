#include "builds.hpp"

#include "our_answer.hpp"

namespace upstream_lint::corpus {

namespace {

// What `nginx -V` of these packages says that has a bearing on directives.
constexpr std::string_view debian_12_text =
    "nginx version: nginx/1.22.1\n"
    "TLS SNI support enabled\n"
    "configure arguments: "
    "--with-compat --with-debug --with-pcre-jit --with-http_ssl_module "
    "--with-http_stub_status_module --with-http_realip_module "
    "--with-http_auth_request_module --with-http_v2_module --with-http_dav_module "
    "--with-http_slice_module --with-threads --with-http_addition_module "
    "--with-http_flv_module --with-http_gunzip_module "
    "--with-http_gzip_static_module --with-http_mp4_module "
    "--with-http_random_index_module --with-http_secure_link_module "
    "--with-http_sub_module --with-mail_ssl_module --with-stream_ssl_module "
    "--with-stream_ssl_preread_module --with-stream_realip_module "
    "--with-http_geoip_module=dynamic --with-http_image_filter_module=dynamic "
    "--with-http_perl_module=dynamic --with-http_xslt_module=dynamic "
    "--with-mail=dynamic --with-stream=dynamic --with-stream_geoip_module=dynamic"
    "\n";

constexpr std::string_view debian_sid_text =
    "nginx version: nginx/1.30.6\n"
    "TLS SNI support enabled\n"
    "configure arguments: "
    "--with-compat --with-debug --with-pcre-jit --with-http_ssl_module "
    "--with-http_stub_status_module --with-http_realip_module "
    "--with-http_auth_request_module --with-http_v2_module --with-http_v3_module "
    "--with-http_dav_module --with-http_slice_module --with-threads "
    "--with-http_addition_module --with-http_flv_module --with-http_gunzip_module "
    "--with-http_gzip_static_module --with-http_mp4_module "
    "--with-http_random_index_module --with-http_secure_link_module "
    "--with-http_sub_module --with-mail_ssl_module --with-stream_ssl_module "
    "--with-stream_ssl_preread_module --with-stream_realip_module "
    "--with-http_geoip_module=dynamic --with-http_image_filter_module=dynamic "
    "--with-http_perl_module=dynamic --with-http_xslt_module=dynamic "
    "--with-mail=dynamic --with-stream=dynamic --with-stream_geoip_module=dynamic"
    "\n";

} // namespace

namespace {

/// Debian patches a module into its nginx that only the executable shows.
std::optional<NginxBuild> patched(std::optional<NginxBuild> build) {
    const auto header_count = find_module("ngx_http_header_count");
    if (build && header_count) {
        build->modules.insert(*header_count);
    }
    return build;
}

} // namespace

std::optional<NginxBuild> debian_12_build() {
    return patched(
        differential::build_with_modules(debian_12_text, {"ndk_http_module",
                                                          "ngx_mail_module",
                                                          "ngx_stream_module",
                                                          "ngx_http_auth_pam_module",
                                                          "ngx_http_brotli_filter_module",
                                                          "ngx_http_brotli_static_module",
                                                          "ngx_http_cache_purge_module",
                                                          "ngx_http_dav_ext_module",
                                                          "ngx_http_echo_module",
                                                          "ngx_http_fancyindex_module",
                                                          "ngx_http_geoip2_module",
                                                          "ngx_http_geoip_module",
                                                          "ngx_http_headers_more_filter_module",
                                                          "ngx_http_image_filter_module",
                                                          "ngx_http_js_module",
                                                          "ngx_http_lua_module",
                                                          "ngx_http_memc_module",
                                                          "ngx_http_modsecurity_module",
                                                          "ngx_http_perl_module",
                                                          "ngx_http_set_misc_module",
                                                          "ngx_http_srcache_filter_module",
                                                          "ngx_http_subs_filter_module",
                                                          "ngx_http_uploadprogress_module",
                                                          "ngx_http_upstream_fair_module",
                                                          "ngx_http_xslt_filter_module",
                                                          "ngx_nchan_module",
                                                          "ngx_rtmp_module",
                                                          "ngx_stream_geoip2_module",
                                                          "ngx_stream_geoip_module",
                                                          "ngx_stream_js_module"}));
}

std::optional<NginxBuild> debian_12_plain_build() {
    return patched(build_from_text(debian_12_text));
}

std::optional<NginxBuild> debian_sid_build() {
    return differential::build_with_modules(debian_sid_text,
                                            {"ngx_mail_module", "ngx_stream_module"});
}

} // namespace upstream_lint::corpus
