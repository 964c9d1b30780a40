#include "config/directive_table.hpp"
#include "upstream_lint/nginx_build.hpp"

#include <doctest/doctest.h>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace upstream_lint {
namespace {

constexpr std::string_view elf_magic = "\177ELF";

bool has(const ModuleSet& set, std::string_view name) {
    return set.contains(find_module(name).value());
}

/// The part of an executable that is looked at, with NUL between its strings.
std::string executable(std::string_view version, std::string_view arguments,
                       const std::vector<std::string>& names) {
    std::string bytes(elf_magic);
    bytes.append(100, '\0');
    bytes += "nginx version: " + std::string(version) + '\n';
    bytes += '\0';
    bytes += "configure arguments: " + std::string(arguments) + '\n';
    for (const std::string& name : names) {
        bytes += '\0';
        bytes += name;
    }
    bytes += '\0';
    return bytes;
}

} // namespace

TEST_CASE("versions are read and printed") {
    struct Example {
        std::string_view text;
        std::optional<Version> version;
    };

    const Example cases[] = {
        {"1.22.1", Version{1, 22, 1}},
        {"0.8.54", Version{0, 8, 54}},
        {"65535.0.65535", Version{65535, 0, 65535}},
        {"65536.0.0", std::nullopt},
        {"000001.2.3", std::nullopt},
        {"1.22", std::nullopt},
        {"1.22.", std::nullopt},
        {"1.22.1.", std::nullopt},
        {"1.22.1.4", std::nullopt},
        {" 1.22.1", std::nullopt},
        {"1.22.1 ", std::nullopt},
        {"1.-2.1", std::nullopt},
        {"+1.2.1", std::nullopt},
        {"", std::nullopt},
        {"...", std::nullopt},
        {"999999999999999999999.1.1", std::nullopt},
    };
    for (const Example& c : cases) {
        CAPTURE(c.text);
        CHECK((parse_version(c.text) == c.version));
        if (c.version)
            CHECK(to_string(*c.version) == c.text);
    }
    CHECK((Version{1, 9, 15} < Version{1, 10, 0}));
    CHECK((Version{1, 30, 6} > Version{1, 29, 8}));
}

TEST_CASE("context names go both ways") {
    for (std::size_t i = 0; i < context_count; ++i) {
        const auto context = static_cast<Context>(i);
        CHECK((parse_context(context_name(context)) == context));
    }
    CHECK(context_name(Context::if_in_server) == "if in server");
    CHECK(context_name(Context::stream_upstream) == "stream_upstream");
    for (const std::string_view name : {"", "Server", "if", "if_in_server", "server "})
        CHECK_FALSE(parse_context(name).has_value());
}

TEST_CASE("data bodies are those that no directive is looked up in") {
    for (const std::string_view name :
         {"types", "map", "geo", "split_clients", "charset_map", "geoip2", "num_map", "match"})
        CHECK(is_data(parse_context(name).value()));
    for (const std::string_view name :
         {"none", "main", "server", "rtmp_recorder", "mgmt", "otel_exporter", "acme_issuer", "raw"})
        CHECK_FALSE(is_data(parse_context(name).value()));
}

TEST_CASE("a context mask is a set") {
    ContextMask mask;
    CHECK(mask.empty());
    mask |= Context::raw;
    mask |= Context::main;
    CHECK((mask == (ContextMask(Context::main) | Context::raw)));
    CHECK(mask.size() == 2);
    CHECK(mask.contains(Context::raw));
    CHECK_FALSE(mask.contains(Context::http));
    std::vector<Context> listed;
    for (const Context context : mask)
        listed.push_back(context);
    CHECK((listed == std::vector<Context>{Context::main, Context::raw}));
    CHECK((mask & ContextMask(Context::http)).empty());
}

TEST_CASE("a module set is a set with an open end") {
    ModuleSet set;
    CHECK(set.empty());
    set.insert(ModuleId{0});
    set.insert(ModuleId{64});
    set.insert(ModuleId{511});
    CHECK(set.size() == 3);
    CHECK(set.contains(ModuleId{511}));
    CHECK_FALSE(set.contains(ModuleId{1}));
    set.erase(ModuleId{64});
    CHECK_FALSE(set.contains(ModuleId{64}));
    ModuleSet other;
    other.set_open();
    CHECK(other.empty());
    set.insert(other);
    CHECK(set.is_open());
    CHECK(set.size() == 2);
}

TEST_CASE("modules have names") {
    CHECK(module_count() > 200);
    for (std::size_t i = 0; i < module_count(); ++i) {
        const ModuleId id{static_cast<std::uint16_t>(i)};
        CHECK((find_module(module_name(id)) == id));
    }
    CHECK((find_module("ngx_http_proxy_module") == find_module("ngx_http_proxy")));
    CHECK_FALSE(find_module("").has_value());
    CHECK_FALSE(find_module("_module").has_value());
    CHECK_FALSE(find_module("ngx_http_prox").has_value());
}

TEST_CASE("the official packages have these modules") {
    const NginxBuild build = official_build({1, 26, 3});
    CHECK((build.version == Version{1, 26, 3}));
    CHECK_FALSE(build.modules.is_open());
    CHECK(build.loadable.empty());
    CHECK(build.conf_path == "/etc/nginx/nginx.conf");
    for (const std::string_view name :
         {"ngx_core", "ngx_conf", "ngx_epoll", "ngx_regex", "ngx_openssl", "ngx_thread_pool",
          "ngx_http_proxy", "ngx_http_v2", "ngx_http_v3", "ngx_quic_bpf", "ngx_http_dav",
          "ngx_mail_ssl", "ngx_stream_ssl_preread", "ngx_stream_realip", "NGX_HTTP_CACHE"})
        CHECK_MESSAGE(has(build.modules, name), name);
    for (const std::string_view name :
         {"ngx_http_perl", "ngx_http_xslt_filter", "ngx_http_geoip", "ngx_stream_geoip",
          "ngx_http_degradation", "ngx_google_perftools", "ngx_kqueue", "ngx_http_lua", "plus"})
        CHECK_MESSAGE(!has(build.modules, name), name);
    CHECK_FALSE(has(official_build({1, 24, 0}).modules, "ngx_http_v3"));
}

TEST_CASE("what nginx -V printed is read") {
    const auto build = build_from_text(
        "nginx version: nginx/1.22.1\n"
        "built with OpenSSL 3.0.8 7 Feb 2023\n"
        "TLS SNI support enabled\n"
        "configure arguments: --with-cc-opt='-g -O2 --with-http_perl_module -fPIC' "
        "--with-ld-opt='-Wl,-z,relro -fPIC' --prefix=/usr/share/nginx "
        "--conf-path='/etc/my nginx/nginx.conf' --with-compat --with-http_ssl_module "
        "--without-http_scgi_module --with-http_geoip_module=dynamic --with-mail=dynamic "
        "--with-mail_ssl_module --with-stream=dynamic --with-stream_ssl_module "
        "--without-stream_geo_module --add-dynamic-module=/build/unknown-thing\n");
    REQUIRE(build.has_value());
    CHECK((build->version == Version{1, 22, 1}));
    CHECK(build->prefix == "/usr/share/nginx");
    CHECK(build->conf_path == "/etc/my nginx/nginx.conf");
    CHECK_FALSE(build->modules.is_open());
    for (const std::string_view name : {"ngx_http_ssl", "ngx_http_proxy", "ngx_regex"})
        CHECK_MESSAGE(has(build->modules, name), name);
    for (const std::string_view name : {"ngx_http_scgi", "ngx_http_perl", "ngx_http_geoip",
                                        "ngx_stream", "ngx_mail_ssl", "ngx_http_dav"})
        CHECK_MESSAGE(!has(build->modules, name), name);

    const auto stream = modules_of_object("ngx_stream_module", *build);
    REQUIRE(stream.has_value());
    CHECK(has(*stream, "ngx_stream_proxy"));
    CHECK(has(*stream, "ngx_stream_ssl"));
    CHECK_FALSE(has(*stream, "ngx_stream_ssl_preread"));
    CHECK_FALSE(has(*stream, "ngx_stream_geo"));
    CHECK(has(modules_of_object("ngx_http_geoip_module", *build).value(), "ngx_http_geoip"));
}

TEST_CASE("folders for temporary files are those of the arguments, else below the prefix") {
    CHECK(temp_paths_of("--http-proxy-temp-path=/var/p --http-client-body-temp-path='/a b' "
                        "--http-uwsgi-temp-path=") ==
          TempPaths{"/a b", "/var/p", "fastcgi_temp", "uwsgi_temp", "scgi_temp"});
    CHECK(build_from_text("nginx version: nginx/1.22.1\n")->temp_paths == TempPaths());
    CHECK(build_from_text("nginx version: nginx/1.22.1\nconfigure arguments: "
                          "--http-scgi-temp-path=/s\n")
              ->temp_paths.scgi == "/s");
    CHECK(official_build({1, 22, 1}).temp_paths.client_body == "/var/cache/nginx/client_temp");
}

TEST_CASE("products, versions and openness") {
    struct Example {
        std::string_view text;
        std::optional<Version> version;
        bool open;
    };

    const Example cases[] = {
        {"nginx version: nginx/1.22.1\nconfigure arguments: --with-threads\n", Version{1, 22, 1},
         false},
        {"nginx version: nginx/1.22.1\r\nconfigure arguments: --with-threads\r\n",
         Version{1, 22, 1}, false},
        {"nginx version: nginx/1.22.1\nconfigure arguments:\n", Version{1, 22, 1}, false},
        {"nginx version: nginx/1.22.1\n", Version{1, 22, 1}, true},
        {"nginx version: nginx/1.22.1", Version{1, 22, 1}, true},
        {"nginx/1.27.0", Version{1, 27, 0}, true},
        {"nginx version: nginx/1.25.5 (nginx-plus-r32)\nconfigure arguments: --with-threads\n",
         Version{1, 25, 5}, false},
        {"nginx version: openresty/1.21.4.1\nconfigure arguments: "
         "--add-module=../ngx_devel_kit-0.3.1 --add-module=../ngx_lua-0.10.21\n",
         Version{1, 21, 4}, false},
        {"nginx version: openresty/1.21.4.1\nconfigure arguments: "
         "--add-module=../ngx_coolkit-0.2\n",
         Version{1, 21, 4}, true},
        {"Tengine version: Tengine/3.1.0\nnginx version: nginx/1.24.0\n"
         "configure arguments: --with-threads\n",
         Version{1, 24, 0}, true},
        {"nginx version: freenginx/1.27.1\nconfigure arguments: --with-threads\n",
         Version{1, 27, 1}, true},
        {"nginx version: nginx/1.22\nnginx version: nginx/1.22.2\n", Version{1, 22, 2}, true},
        {"nginx version: nginx\n", std::nullopt, false},
        {"nginx version: ", std::nullopt, false},
        {"nginx/", std::nullopt, false},
        {"nginx/a nginx/1.2 nginx/1.2.99999", std::nullopt, false},
        {"configure arguments: --with-threads\n", std::nullopt, false},
        {"#!/bin/sh\nexec nginx \"$@\"\n", std::nullopt, false},
        {"", std::nullopt, false},
    };
    for (const Example& c : cases) {
        CAPTURE(c.text);
        const auto build = build_from_text(c.text);
        REQUIRE(build.has_value() == c.version.has_value());
        if (build) {
            CHECK((build->version == *c.version));
            CHECK(build->modules.is_open() == c.open);
        }
    }
    CHECK(has(build_from_text(cases[6].text)->modules, "plus"));
    CHECK_FALSE(has(build_from_text(cases[0].text)->modules, "plus"));
}

TEST_CASE("directories of added modules are known by their usual names") {
    struct Example {
        std::string_view path;
        std::string_view module; ///< empty: the set is open instead
    };

    const Example cases[] = {
        {"/build/lua-nginx-module", "ngx_http_lua"},
        {"../ngx_lua-0.10.25", "ngx_http_lua"},
        {"/src/echo-nginx-module/", "ngx_http_echo"},
        {"/src/echo-nginx-module-v0.63", "ngx_http_echo"},
        {"/src/ngx_brotli-master", "ngx_http_brotli_static"},
        {"/src/njs/nginx", "ngx_http_js"},
        {"/usr/lib/passenger/src/nginx_module", "ngx_http_passenger"},
        {"/src/ModSecurity-nginx", "ngx_http_modsecurity"},
        {"/src/modsecurity-nginx", "ngx_http_modsecurity"},
        {"'/my src/nginx-rtmp-module'", "ngx_rtmp_core"},
        {"/src/nginx-http-flv-module-1.2.11", "ngx_rtmp_core@nginx-http-flv-module"},
        {"/src/my-own-module", ""},
        {"/", ""},
        {"", ""},
        {"-", ""},
        {"x-", ""},
    };
    for (const Example& c : cases) {
        CAPTURE(c.path);
        const auto build = build_from_text("nginx/1.26.0 configure arguments: --add-module=" +
                                           std::string(c.path));
        REQUIRE(build.has_value());
        CHECK(build->modules.is_open() == c.module.empty());
        if (!c.module.empty())
            CHECK(has(build->modules, c.module));
    }
}

TEST_CASE("an executable's own list of names beats the arguments") {
    const std::string arguments = "--with-http_ssl_module --add-module=/odd/name --without-pcre";
    const auto build = build_from_text(
        executable("nginx/1.26.3", arguments,
                   {"ngx_core_module", "ngx_http_core_module", "ngx_http_header_count_module",
                    "ngx_http_echo_module", "ngx_http_max_module", "ngx_add_module", "load_module",
                    "xngx_regex_module", "http: ngx_http_perl_module"}));
    REQUIRE(build.has_value());
    CHECK((build->version == Version{1, 26, 3}));
    CHECK_FALSE(build->modules.is_open());
    CHECK(has(build->modules, "ngx_http_header_count"));
    CHECK(has(build->modules, "ngx_http_echo"));
    CHECK(has(build->modules, "NGX_HTTP_CACHE"));
    CHECK_FALSE(has(build->modules, "ngx_http_ssl"));
    CHECK_FALSE(has(build->modules, "ngx_http_perl"));
    CHECK_FALSE(has(build->modules, "ngx_regex"));

    const auto foreign = build_from_text(executable(
        "nginx/1.26.3", "", {"ngx_core_module", "ngx_http_core_module", "ngx_my_own_module"}));
    REQUIRE(foreign.has_value());
    CHECK(foreign->modules.is_open());

    const auto no_names = build_from_text(executable("nginx/1.26.3", arguments, {}));
    REQUIRE(no_names.has_value());
    CHECK(has(no_names->modules, "ngx_http_ssl"));
    CHECK(no_names->modules.is_open());
}

TEST_CASE("objects bring their modules") {
    const NginxBuild build = official_build(newest_tested_version);

    struct Example {
        std::string_view stem;
        std::vector<std::string> modules; ///< empty: the object is not known
    };

    const Example cases[] = {
        {"ngx_stream_module", {"ngx_stream", "ngx_stream_ssl", "ngx_stream_ssl_preread"}},
        {"ngx_mail_module", {"ngx_mail", "ngx_mail_smtp", "ngx_mail_ssl"}},
        {"ngx_rtmp_module", {"ngx_rtmp", "ngx_rtmp_hls", "ngx_rtmp_stat"}},
        {"ngx_http_flv_live_module",
         {"ngx_http_flv_live", "ngx_rtmp@nginx-http-flv-module", "ngx_rtmp_gop_cache"}},
        {"ngx_http_js_module", {"ngx_http_js", "ngx_http_js_core"}},
        {"ngx_stream_js_module", {"ngx_stream_js", "ngx_stream_js_core"}},
        {"ndk_http_module", {"ndk_http"}},
        {"ngx_http_passenger_module", {"ngx_http_passenger"}},
        {"ngx_http_brotli_filter_module", {"ngx_http_brotli_filter"}},
        {"all", {"ngx_http_lua", "ngx_stream_geoip2", "plus", "ngx_rtmp"}},
        {"ngx_pagespeed", {}},
        {"ngx_http_lua", {}},
        {"ngx_http_proxy_module", {}},
        {"", {}},
    };
    for (const Example& c : cases) {
        CAPTURE(c.stem);
        const auto set = modules_of_object(c.stem, build);
        REQUIRE(set.has_value() == !c.modules.empty());
        for (const std::string& name : c.modules)
            CHECK_MESSAGE(has(*set, name), name);
    }
    CHECK_FALSE(has(modules_of_object("ngx_rtmp_module", build).value(), "ngx_rtmp_gop_cache"));
    CHECK_FALSE(has(modules_of_object("ngx_http_js_module", build).value(), "ngx_stream_js"));
}

TEST_CASE("hostile bytes are read in one pass") {
    const std::size_t size = std::size_t{4} << 20U;
    const auto repeated = [&](std::string_view piece) {
        std::string bytes;
        while (bytes.size() < size)
            bytes += piece;
        return bytes;
    };
    const std::string head = "nginx version: nginx/1.26.3\nconfigure arguments: ";
    for (const std::string_view piece :
         {"nginx version: nginx/", "nginx version: ", "nginx/nginx/", "nginx/1.2", "\177ELF"})
        CHECK_FALSE(build_from_text(repeated(piece)).has_value());
    for (const std::string_view piece :
         {"--add-module=/x/y-1 ", "--with-http_ssl_module ", "--without-http ", "'", "--", "/",
          "--prefix=/a/ ", "\xff\xfe", "=", "--add-module=a/b/c/d,", "_module"}) {
        CAPTURE(piece);
        CHECK(build_from_text(head + repeated(piece)).has_value());
    }
    const std::string names = repeated(std::string_view("\0ngx_core_module\0", 17));
    CHECK(build_from_text(std::string(elf_magic) + head + '\n' + names).has_value());
    const std::string long_name =
        std::string(elf_magic) + head + '\n' + std::string(size, 'a') + "_module";
    CHECK(build_from_text(long_name + '\0').has_value());
}

} // namespace upstream_lint
