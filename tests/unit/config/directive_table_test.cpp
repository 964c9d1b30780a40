#include "config/directive_table.hpp"

#include <algorithm>
#include <doctest/doctest.h>
#include <set>
#include <string>
#include <vector>

namespace upstream_lint {
namespace {

constexpr std::size_t many = 9; // more than a list of counts can allow

/// Everything that nginx's own configure script can build, and one dynamic module loaded.
NginxBuild build_of(Version version, std::string_view object = {}) {
    NginxBuild build = official_build(version);
    if (!object.empty())
        build.modules.insert(modules_of_object(object, build).value());
    return build;
}

std::vector<std::string> names_of(ContextMask mask) {
    std::vector<std::string> names;
    for (const Context context : mask)
        names.emplace_back(context_name(context));
    return names;
}

} // namespace

TEST_CASE("numbers of arguments are compared as nginx's mask is") {
    using Rule = ArgumentCounts::Rule;

    struct Case {
        ArgumentCounts counts;
        std::vector<std::size_t> accepted; ///< of 0 to 9
    };

    const Case cases[] = {
        {{Rule::any, 0}, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}},
        {{Rule::flag, 0}, {1}},
        {{Rule::at_least_one, 0}, {1, 2, 3, 4, 5, 6, 7, 8, 9}},
        {{Rule::at_least_two, 0}, {2, 3, 4, 5, 6, 7, 8, 9}},
        {{Rule::listed, 0}, {}},
        {{Rule::listed, 0b00000001}, {0}},
        {{Rule::listed, 0b00001010}, {1, 3}},
        {{Rule::listed, 0xFF}, {0, 1, 2, 3, 4, 5, 6, 7}},
    };
    for (const Case& c : cases) {
        std::vector<std::size_t> accepted;
        for (std::size_t count = 0; count <= 9; ++count)
            if (c.counts.accepts(count))
                accepted.push_back(count);
        CHECK(accepted == c.accepted);
    }
}

TEST_CASE("every name is found, and nothing else") {
    const auto rows = directive_rows();
    const auto names = directive_names();
    CHECK(rows.size() > 2000);
    CHECK(std::is_sorted(names.begin(), names.end()));
    CHECK(std::adjacent_find(names.begin(), names.end()) == names.end());

    std::size_t found = 0;
    for (const std::string_view name : names) {
        const auto own = find_directive(name);
        REQUIRE_FALSE(own.empty());
        CHECK(own.data() == rows.data() + found);
        for (const DirectiveRow& row : own)
            CHECK(row.name == name);
        found += own.size();
    }
    CHECK(found == rows.size());

    for (const std::string_view name :
         {"", "x", "Server", "serve", "server ", "servers", "proxy_pas", "proxy_passs",
          "proxy_ssl_certificate_kex", "*", "hostnames"})
        CHECK(find_directive(name).empty());
    CHECK(find_directive(std::string_view("root\0", 5)).empty());
    CHECK(find_directive(std::string(100000, 'a')).empty());
}

TEST_CASE("rows keep the promises of the table") {
    for (const DirectiveRow& row : directive_rows()) {
        CAPTURE(row.name);
        CHECK_FALSE(row.contexts.empty());
        CHECK(row.block == (row.opens != Context::none));
        CHECK(row.module.value < module_count());
        CHECK(row.required[0].value < module_count());
        CHECK(row.required[1].value < module_count());
        for (const Context context : row.contexts)
            CHECK_FALSE(is_data(context));
        for (const std::string_view word : row.words)
            CHECK_FALSE(word.empty());
    }
}

TEST_CASE("rows of one name stand in the order in which nginx tries modules") {
    const auto rows = find_directive("server");
    std::vector<std::string> modules;
    for (const DirectiveRow& row : rows)
        modules.emplace_back(module_name(row.module));
    CHECK(modules == std::vector<std::string>{"ngx_http_core", "ngx_http_upstream", "ngx_mail_core",
                                              "ngx_stream_core", "ngx_stream_upstream",
                                              "ngx_rtmp_core",
                                              "ngx_rtmp_core@nginx-http-flv-module"});
}

TEST_CASE("dispatch decides as ngx_conf_handler") {
    struct Case {
        std::string_view name;
        Context context;
        std::size_t arguments;
        bool brace;
        Dispatch outcome;
    };

    const Case cases[] = {
        {"proxy_pass", Context::location, 1, false, Dispatch::accepted},
        {"proxy_pass", Context::if_in_location, 1, false, Dispatch::accepted},
        {"proxy_pass", Context::limit_except, 1, false, Dispatch::accepted},
        {"proxy_pass", Context::server, 1, false, Dispatch::not_allowed},
        {"proxy_pass", Context::stream_server, 1, false, Dispatch::accepted},
        {"proxy_pass", Context::mail_server, 1, false, Dispatch::not_allowed},
        {"proxy_pass", Context::location, 0, false, Dispatch::wrong_number},
        {"proxy_pass", Context::location, 2, false, Dispatch::wrong_number},
        // The terminator is looked at before the number of arguments, the context before both.
        {"proxy_pass", Context::location, 0, true, Dispatch::not_terminated},
        {"proxy_pass", Context::server, 0, true, Dispatch::not_allowed},
        {"proxy_passs", Context::location, 1, false, Dispatch::unknown},
        {"Proxy_pass", Context::location, 1, false, Dispatch::unknown},
        {"server", Context::http, 0, true, Dispatch::accepted},
        {"server", Context::http, 0, false, Dispatch::no_opening_brace},
        {"server", Context::http, 1, true, Dispatch::wrong_number},
        {"server", Context::upstream, 1, false, Dispatch::accepted},
        {"server", Context::upstream, many, false, Dispatch::accepted},
        {"server", Context::upstream, 0, false, Dispatch::wrong_number},
        {"server", Context::upstream, 0, true, Dispatch::not_terminated},
        {"server", Context::main, 0, true, Dispatch::not_allowed},
        {"location", Context::location, 2, true, Dispatch::accepted},
        {"location", Context::if_in_location, 1, true, Dispatch::not_allowed},
        {"if", Context::server, 1, true, Dispatch::accepted},
        {"if", Context::http, 1, true, Dispatch::not_allowed},
        {"gzip", Context::http, 1, false, Dispatch::accepted},
        {"gzip", Context::http, 2, false, Dispatch::wrong_number},
        {"include", Context::main, 1, false, Dispatch::accepted},
        {"include", Context::limit_except, 1, false, Dispatch::accepted},
        {"include", Context::mail_server, 2, false, Dispatch::wrong_number},
        {"worker_processes", Context::events, 1, false, Dispatch::not_allowed},
        {"lua_code_cache", Context::http, 1, false, Dispatch::unknown},
        {"kqueue_changes", Context::events, 1, false, Dispatch::unknown},
        {"", Context::main, 0, false, Dispatch::unknown},
        // Not judged: free words, Lua, and the inside of what is not known.
        {"proxy_pass", Context::map, 1, false, Dispatch::undecided},
        {"proxy_pass", Context::raw, 1, false, Dispatch::undecided},
        {"proxy_pass", Context::none, 1, false, Dispatch::undecided},
    };
    const NginxBuild build = build_of({1, 30, 6});
    for (const Case& c : cases) {
        CAPTURE(c.name);
        CAPTURE(context_name(c.context));
        CAPTURE(c.arguments);
        CAPTURE(c.brace);
        const DispatchResult result = dispatch(c.name, c.context, c.arguments, c.brace, build);
        CHECK(static_cast<int>(result.outcome) == static_cast<int>(c.outcome));
        const bool decided_by_row = c.outcome != Dispatch::unknown &&
                                    c.outcome != Dispatch::not_allowed &&
                                    c.outcome != Dispatch::undecided;
        CHECK((result.row != nullptr) == decided_by_row);
    }
}

TEST_CASE("entries come and go with versions") {
    struct Case {
        std::string_view name;
        Context context;
        std::size_t arguments;
        Version version;
        Dispatch outcome;
    };

    const Case cases[] = {
        {"http2", Context::server, 1, {1, 25, 0}, Dispatch::unknown},
        {"http2", Context::server, 1, {1, 25, 1}, Dispatch::accepted},
        {"ssl", Context::server, 1, {1, 25, 0}, Dispatch::accepted},
        {"ssl", Context::server, 1, {1, 25, 1}, Dispatch::unknown},
        {"keepalive", Context::upstream, 2, {1, 29, 6}, Dispatch::wrong_number},
        {"keepalive", Context::upstream, 2, {1, 29, 7}, Dispatch::accepted},
        {"keepalive", Context::upstream, 1, {1, 1, 3}, Dispatch::unknown},
        {"resolver", Context::upstream, 1, {1, 27, 2}, Dispatch::not_allowed},
        {"resolver", Context::upstream, 1, {1, 27, 3}, Dispatch::accepted},
        {"max_headers", Context::server, 1, {1, 26, 3}, Dispatch::unknown},
        {"max_headers", Context::server, 1, {1, 30, 6}, Dispatch::accepted},
        {"pass", Context::stream_server, 1, {1, 22, 1}, Dispatch::unknown},
        {"pass", Context::stream_server, 1, {1, 26, 3}, Dispatch::accepted},
        {"http3", Context::server, 1, {1, 24, 0}, Dispatch::unknown},
        {"http3", Context::server, 1, {1, 26, 3}, Dispatch::accepted},
        {"tunnel_pass", Context::location, 0, {1, 30, 6}, Dispatch::unknown},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        CAPTURE(to_string(c.version));
        const NginxBuild build = build_of(c.version);
        const Dispatch outcome = dispatch(c.name, c.context, c.arguments, false, build).outcome;
        CHECK(static_cast<int>(outcome) == static_cast<int>(c.outcome));
    }
}

TEST_CASE("a version has one entry for each module and context") {
    for (const Version version : {Version{1, 18, 0}, Version{1, 22, 1}, newest_tested_version}) {
        NginxBuild build = official_build(version);
        build.modules.insert(modules_of_object("all", build).value());
        for (const std::string_view name : directive_names()) {
            std::set<std::pair<ModuleId, Context>> seen;
            for (const DirectiveRow& row : find_directive(name))
                if (available(row, build))
                    for (const Context context : row.contexts) {
                        CAPTURE(name);
                        CHECK(seen.insert({row.module, context}).second);
                    }
        }
    }
}

TEST_CASE("what a setter takes changes with versions") {
    const auto setter = [](std::string_view name, Context context, Version version) {
        const NginxBuild build = build_of(version);
        return std::string(dispatch(name, context, 1, false, build).row->setter);
    };
    CHECK(setter("proxy_limit_rate", Context::http, {1, 26, 3}) == "ngx_conf_set_size_slot");
    CHECK(setter("proxy_limit_rate", Context::http, {1, 27, 0}) ==
          "ngx_http_set_complex_value_size_slot");

    const auto words = [](Version version) {
        const NginxBuild build = build_of(version);
        const auto span = dispatch("proxy_http_version", Context::http, 1, false, build).row->words;
        return std::vector<std::string>(span.begin(), span.end());
    };
    CHECK(words({1, 26, 3}) == std::vector<std::string>{"1.0", "1.1"});
    CHECK(words({1, 30, 6}) == std::vector<std::string>{"1.0", "1.1", "2"});
}

TEST_CASE("blocks open the context of the place they stand in") {
    struct Case {
        std::string_view name;
        Context in;
        std::size_t arguments;
        Context opens;
    };

    const Case cases[] = {
        {"events", Context::main, 0, Context::events},
        {"http", Context::main, 0, Context::http},
        {"server", Context::http, 0, Context::server},
        {"server", Context::stream, 0, Context::stream_server},
        {"server", Context::mail, 0, Context::mail_server},
        {"upstream", Context::http, 1, Context::upstream},
        {"upstream", Context::stream, 1, Context::stream_upstream},
        {"if", Context::server, 1, Context::if_in_server},
        {"if", Context::location, 1, Context::if_in_location},
        {"location", Context::server, 1, Context::location},
        {"location", Context::location, 1, Context::location},
        {"limit_except", Context::location, 1, Context::limit_except},
        {"map", Context::http, 2, Context::map},
        {"map", Context::stream, 2, Context::map},
        {"geo", Context::stream, 1, Context::geo},
        {"types", Context::location, 0, Context::types},
        {"split_clients", Context::http, 2, Context::split_clients},
        {"charset_map", Context::http, 2, Context::charset_map},
    };
    const NginxBuild build = build_of(newest_tested_version);
    for (const Case& c : cases) {
        CAPTURE(c.name);
        const DispatchResult result = dispatch(c.name, c.in, c.arguments, true, build);
        REQUIRE(result.row != nullptr);
        CHECK(context_name(result.row->opens) == context_name(c.opens));
    }
    const NginxBuild lua = build_of(newest_tested_version, "ngx_http_lua_module");
    const DispatchResult block = dispatch("content_by_lua_block", Context::location, 0, true, lua);
    REQUIRE(block.row != nullptr);
    CHECK(context_name(block.row->opens) == "raw");
}

TEST_CASE("an open module set leaves what is not known undecided") {
    NginxBuild build = build_of(newest_tested_version);
    build.modules.set_open();
    const auto outcome = [&](std::string_view name, Context context) {
        return static_cast<int>(dispatch(name, context, 1, false, build).outcome);
    };
    CHECK(outcome("no_such_directive", Context::http) == static_cast<int>(Dispatch::undecided));
    CHECK(outcome("lua_code_cache", Context::http) == static_cast<int>(Dispatch::undecided));
    CHECK(outcome("proxy_pass", Context::http) == static_cast<int>(Dispatch::not_allowed));
    CHECK(outcome("proxy_pass", Context::location) == static_cast<int>(Dispatch::accepted));
}

TEST_CASE("bodies with a table of their own know nothing else") {
    const NginxBuild build = build_of(newest_tested_version, "ngx_otel_module");
    const auto outcome = [&](std::string_view name, Context context, std::size_t arguments) {
        return static_cast<int>(dispatch(name, context, arguments, false, build).outcome);
    };
    CHECK(outcome("otel_trace", Context::http, 1) == static_cast<int>(Dispatch::accepted));
    CHECK(outcome("endpoint", Context::otel_exporter, 1) == static_cast<int>(Dispatch::accepted));
    CHECK(outcome("endpoint", Context::otel_exporter, 2) ==
          static_cast<int>(Dispatch::wrong_number));
    CHECK(outcome("proxy_pass", Context::otel_exporter, 1) == static_cast<int>(Dispatch::unknown));
    CHECK(outcome("include", Context::otel_exporter, 1) == static_cast<int>(Dispatch::unknown));
    // nginx itself never sees that table.
    CHECK(outcome("endpoint", Context::http, 1) == static_cast<int>(Dispatch::unknown));
}

TEST_CASE("conditions of the build switch single directives") {
    struct Case {
        std::string_view arguments;
        std::string_view name;
        Context context;
        Dispatch outcome;
    };

    const Case cases[] = {
        {"", "proxy_cache", Context::http, Dispatch::accepted},
        {"--without-http-cache", "proxy_cache", Context::http, Dispatch::unknown},
        {"", "proxy_ssl_verify", Context::http, Dispatch::unknown},
        {"--with-http_ssl_module", "proxy_ssl_verify", Context::http, Dispatch::accepted},
        {"", "gzip_vary", Context::http, Dispatch::accepted},
        {"--without-http_gzip_module", "gzip_vary", Context::http, Dispatch::unknown},
        {"--without-http_gzip_module --with-http_gunzip_module", "gzip_vary", Context::http,
         Dispatch::accepted},
        {"--without-http_gzip_module --with-compat", "gzip_vary", Context::http,
         Dispatch::accepted},
        {"", "resolver_timeout", Context::upstream, Dispatch::accepted},
        {"--without-http_upstream_zone_module", "resolver_timeout", Context::upstream,
         Dispatch::not_allowed},
        {"", "ssl_engine", Context::main, Dispatch::unknown},
        {"--with-http_ssl_module", "ssl_engine", Context::main, Dispatch::accepted},
        {"--with-mail_ssl_module", "ssl_engine", Context::main, Dispatch::unknown},
        {"--with-mail --with-mail_ssl_module", "ssl_engine", Context::main, Dispatch::accepted},
        {"", "pcre_jit", Context::main, Dispatch::accepted},
        {"--without-pcre", "pcre_jit", Context::main, Dispatch::unknown},
        {"--without-http", "pcre_jit", Context::main, Dispatch::unknown},
        {"--without-http --with-pcre", "pcre_jit", Context::main, Dispatch::accepted},
        {"", "set", Context::server, Dispatch::wrong_number},
        {"--without-pcre", "set", Context::server, Dispatch::unknown},
        {"--with-threads", "thread_pool", Context::main, Dispatch::wrong_number},
        {"", "thread_pool", Context::main, Dispatch::unknown},
    };
    for (const Case& c : cases) {
        CAPTURE(c.arguments);
        CAPTURE(c.name);
        const auto build = build_from_text(
            "nginx version: nginx/1.30.6\nconfigure arguments: " + std::string(c.arguments) + "\n");
        REQUIRE(build.has_value());
        const Dispatch outcome = dispatch(c.name, c.context, 1, false, *build).outcome;
        CHECK(static_cast<int>(outcome) == static_cast<int>(c.outcome));
    }
}

TEST_CASE("the masks of some well-known directives") {
    struct Case {
        std::string_view name;
        std::string_view module;
        std::vector<std::string> contexts;
    };

    const Case cases[] = {
        {"root", "ngx_http_core", {"http", "server", "location", "if in location"}},
        {"return", "ngx_http_rewrite", {"server", "location", "if in server", "if in location"}},
        {"listen", "ngx_http_core", {"server"}},
        {"listen", "ngx_stream_core", {"stream_server"}},
        {"zone", "ngx_stream_upstream_zone", {"stream_upstream"}},
        {"pull", "ngx_rtmp_relay", {"rtmp_application"}},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        const auto rows = find_directive(c.name);
        const auto row = std::find_if(rows.begin(), rows.end(), [&](const DirectiveRow& r) {
            return module_name(r.module) == c.module;
        });
        REQUIRE(row != rows.end());
        CHECK(names_of(row->contexts) == c.contexts);
    }
}

} // namespace upstream_lint
