#include "said.hpp"
#include "support/print_lines.hpp"
#include "upstream_lint/config.hpp"
#include "upstream_lint/render.hpp"

#include <cerrno>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <new>
#include <string>
#include <thread>
#include <vector>

using namespace upstream_lint;
using test::Lines;
using test::main_name;
using test::said;

namespace {

LoadOptions options_for(Version version = newest_tested_version) {
    LoadOptions options;
    options.build = official_build(version);
    options.first_error_only = false;
    return options;
}

Config load(const MemoryFileSystem& files, const LoadOptions& options = options_for()) {
    return load_config(files, main_name, options);
}

Config load_text(const std::string& text, const LoadOptions& options = options_for()) {
    MemoryFileSystem files;
    files.add(main_name, text);
    return load(files, options);
}

std::string marked(const Config& config, std::size_t index = 0) {
    return std::string(config.sources().text(config.diagnostics()[index].span));
}

} // namespace

TEST_CASE("dispatch says what nginx says, at the line of the terminator") {
    struct Row {
        std::string text;
        Lines said;
        std::string marked;
    };

    const std::vector<Row> rows = {
        {"events {}", {}, ""},
        {"events {} foo;", {"unknown directive \"foo\"@1"}, "foo"},
        {"events {} foo\n\n;", {"unknown directive \"foo\"@3"}, "foo"},
        {"events {} http { listen 80; }", {"\"listen\" directive is not allowed here@1"}, "listen"},
        {"events {} user a b c;",
         {"invalid number of arguments in \"user\" directive@1"},
         "user a b c"},
        {"events {} user a { }", {"directive \"user\" is not terminated by \";\"@1"}, "{"},
        {"events {} worker_cpu_affinity auto 01 10;",
         {"invalid number of arguments in \"worker_cpu_affinity\" directive@1"},
         "worker_cpu_affinity auto 01 10"},
        {"events {} worker_processes 3; worker_cpu_affinity 01 10 11;", {}, ""},
        {"events {} http ;", {"directive \"http\" has no opening \"{\"@1"}, ";"},
        {"events {} events {}", {"\"events\" directive is duplicate@1"}, "events"},
        {"http {}", {"no \"events\" section in configuration"}, ""},
        {"events {} http { map $host $b { a b; c { } d e; } }", {"unexpected \"{\"@1"}, "{"},
        {"events {} http { types { include a b; } }",
         {"invalid number of arguments in \"include\" directive@1"},
         "include a b"},
        {"events {} load_module modules/ngx_http_js_module.so;",
         {"\"load_module\" directive is specified too late@1"},
         "load_module"},
        {"\"events\" {}", {}, ""},
        {std::string("events {} a\0b;", 14), {"unknown directive \"a\"@1"}, std::string("a\0b", 3)},
    };
    for (const Row& row : rows) {
        CAPTURE(row.text);
        const Config config = load_text(row.text);
        CHECK(said(config) == row.said);
        if (!row.said.empty() && !row.marked.empty()) {
            CHECK(marked(config) == row.marked);
        }
    }
}

TEST_CASE("a message is cut where nginx cuts it") {
    const Config config = load_text("events {} " + std::string(3000, 'x') + ";");
    CHECK(config.diagnostics()[0].message.size() == 1024);
}

TEST_CASE("errors come in nginx's order, across files") {
    MemoryFileSystem files;
    files.add(main_name, "events {}\ninclude a.conf;\nhttp { include b/*.conf; bad1; }\n;");
    files.add("/etc/nginx/a.conf", "# nothing\n");
    files.add("/etc/nginx/b/2.conf", "bad3;\n}");
    files.add("/etc/nginx/b/1.conf", "server { server_name a; bad2; }\nserver {");
    const Config config = load(files);
    CHECK(said(config) == Lines{"unknown directive \"bad2\"@1",
                                "unexpected end of file, expecting \"}\"@2",
                                "unknown directive \"bad3\"@1", "unexpected \"}\"@2",
                                "unknown directive \"bad1\"@3", "unexpected \";\"@4"});
    for (std::size_t i = 1; i < config.diagnostics().size(); ++i) {
        CHECK(config.diagnostics()[i - 1].load_point < config.diagnostics()[i].load_point);
    }
    CHECK(config.diagnostics()[0].trail.size() == 1);
    CHECK(config.sources().text(config.diagnostics()[0].trail[0]) == "include b/*.conf");
}

TEST_CASE("the first error alone is that of the whole") {
    LoadOptions options = options_for();
    options.first_error_only = true;
    const Config config = load_text("events {}\nhttp { bad1; }\nbad2;", options);
    CHECK(said(config) == Lines{"unknown directive \"bad1\"@2"});
}

TEST_CASE("includes: what nginx opens and what it says when it cannot") {
    MemoryFileSystem files;
    files.add_directory("/etc/nginx/folder");
    files.add("/etc/nginx/folder/x", "");
    files.add("/etc/nginx/types", "types { include more; }");
    files.add("/etc/nginx/more", "text/html html;\n{ }");
    files.add("/etc/nginx/[1].conf", "bad;");
    files.add_unreadable("/etc/nginx/secret", EACCES);
    files.add_special("/etc/nginx/null", FileKind::character_device);

    struct Row {
        std::string text;
        Lines said;
        Verdict verdict;
    };

    using enum Verdict;
    const std::vector<Row> rows = {
        {"include none*.conf;", {}, satisfied},
        {"include none.conf;",
         {"open() \"/etc/nginx/none.conf\" failed (2: No such file or directory)@1"},
         violated},
        {"include /none.conf;",
         {"open() \"/none.conf\" failed (2: No such file or directory)@1"},
         violated},
        {"include folder;",
         {"pread() \"/etc/nginx/folder\" failed (21: Is a directory)"},
         violated},
        {"include null;", {}, satisfied},
        {"include [1].conf;", {}, satisfied},
        {"include secret;",
         {"open() \"/etc/nginx/secret\" failed (13: Permission denied)@1"},
         unknown},
        {"http { include types; }", {"unexpected \"{\"@2"}, violated},
        {"include a b;", {"invalid number of arguments in \"include\" directive@1"}, violated},
    };
    for (const Row& row : rows) {
        CAPTURE(row.text);
        files.add(main_name, row.text + "\nevents {}\n");
        const Config config = load(files);
        CHECK(said(config) == row.said);
        CHECK(config.verdict() == row.verdict);
    }
}

TEST_CASE("geo opens the name as it stands, and patterns since 1.29.8") {
    MemoryFileSystem files;
    files.add(main_name, "events {}\nhttp { geo $x { include nets/*.conf; } }");
    files.add("/etc/nginx/nets/a.conf", "10.0.0.0/8 { }");
    const Lines not_there = {
        "open() \"/etc/nginx/nets/*.conf\" failed (2: No such file or directory)@2"};
    CHECK(said(load(files, options_for({1, 29, 7}))) == not_there);
    CHECK(said(load(files, options_for({1, 29, 8}))) == Lines{"unexpected \"{\"@1"});
}

TEST_CASE("a main file that cannot be read") {
    const Config config = load(MemoryFileSystem());
    CHECK(said(config) ==
          Lines{"open() \"/etc/nginx/nginx.conf\" failed (2: No such file or directory)"});
    CHECK(config.inclusions().empty());
}

TEST_CASE("an include cycle is named with its chain") {
    MemoryFileSystem files;
    files.add(main_name, "events {}\nhttp { include a; }");
    files.add("/etc/nginx/a", "include b;");
    files.add("/etc/nginx/b", "\ninclude a;");
    const Config config = load(files);
    CHECK(said(config) ==
          Lines{"include cycle: /etc/nginx/a includes /etc/nginx/b includes /etc/nginx/a@2"});
}

TEST_CASE("a file that includes itself is read again in another context, as nginx does") {
    MemoryFileSystem files;
    files.add(main_name, "events {}\nhttp { include nginx.*; }");
    const Config config = load(files);
    const std::string cycle = "include cycle: /etc/nginx/nginx.conf includes /etc/nginx/nginx.conf";
    CHECK(said(config) == Lines{"\"events\" directive is not allowed here@1",
                                "\"http\" directive is not allowed here@2", cycle + "@2"});

    files.add(main_name, "events {}\ninclude nginx.conf;");
    CHECK(said(load(files)) == Lines{"\"events\" directive is duplicate@1", cycle + "@2"});
    files.add(main_name, "events {}\nhttp { server { include a; } }");
    files.add("/etc/nginx/a", "location / { include a; }");
    CHECK(said(load(files)) == Lines{"include cycle: /etc/nginx/a includes /etc/nginx/a@1"});
}

TEST_CASE("one file in several contexts is one tree and several inclusions") {
    MemoryFileSystem files;
    files.add(main_name,
              "events {}\nhttp { include a; server { include a; location / { include a; } } "
              "upstream u { server 127.0.0.1; include a; } }");
    files.add("/etc/nginx/a", "root /x;");
    const Config config = load(files);
    CHECK(said(config) == Lines{"\"root\" directive is not allowed here@1"});
    CHECK(config.inclusions().size() == 5);
    CHECK(config.sources().file_count() == 2);
    CHECK(config.inclusions()[1].context == Context::http);
    CHECK(config.inclusions()[4].context == Context::upstream);
}

TEST_CASE("includes that double are bounded, and deep ones are not recursion") {
    MemoryFileSystem files;
    files.add(main_name, "events {}\nhttp { include 0; }");
    for (int i = 0; i < 40; ++i) {
        files.add(fmt::format("/etc/nginx/{}", i),
                  fmt::format("include {0};\ninclude {0};\n", i + 1));
    }
    files.add("/etc/nginx/40", "");
    LoadOptions options = options_for();
    options.limits.inclusions = 10'000;
    const Config doubling = load(files, options);
    CHECK(doubling.verdict() == Verdict::unknown);
    CHECK(doubling.inclusions().size() == 10'000);

    MemoryFileSystem chain;
    chain.add(main_name, "events {}\nhttp { include 0; }");
    for (int i = 0; i < 20'000; ++i) {
        chain.add(fmt::format("/etc/nginx/{}", i), fmt::format("include {};", i + 1));
    }
    chain.add("/etc/nginx/20000", "server { bad; }");
    CHECK(said(load(chain)) == Lines{"unknown directive \"bad\"@1"});
}

TEST_CASE("modules: known, loaded, unknown") {
    const std::string body = "events {}\nhttp { init_by_lua_block { x = 1 } }";
    CHECK(said(load_text(body)) == Lines{"unknown directive \"init_by_lua_block\"@2"});
    CHECK(said(load_text("load_module modules/ngx_http_lua_module.so;\n" + body)).empty());
    const Config open =
        load_text("load_module modules/ngx_private_module.so;\nevents {}\nprivate_thing on;");
    CHECK(said(open).empty());
    CHECK(open.unjudged_directives() == 1);
    CHECK(said(load_text("load_module a/ngx_http_js_module.so;\nload_module "
                         "b/ngx_http_js_module.so;\nevents {}")) ==
          Lines{"module \"ngx_http_js_module\" is already loaded@2"});
}

TEST_CASE("versions know their directives") {
    const std::string text = "events {}\nhttp { server { http2 on; } }";
    CHECK(said(load_text(text, options_for({1, 30, 6}))).empty());
    CHECK(said(load_text(text, options_for({1, 22, 1}))) == Lines{"unknown directive \"http2\"@2"});
}

TEST_CASE("a fragment's context is given, said in a comment, or inferred") {
    struct Row {
        std::string text;
        Context context;
        bool inferred;
    };

    const std::vector<Row> rows = {
        {"server { listen 80; }", Context::http, true},
        {"upstream u { server a; }\nserver { location / { proxy_pass http://u; } }", Context::http,
         true},
        {"server { listen 53 udp; proxy_pass dns; }", Context::stream, true},
        {"location / { return 200; }", Context::server, true},
        {"proxy_set_header Host $host;", Context::http, true},
        {"proxy_pass http://x;", Context::location, true},
        {"events {}", Context::main, false},
        {"user nobody; server { }", Context::main, false},
        {"", Context::main, false},
        {"# nginx-upstream-lint: context=location\nroot /x;", Context::location, false},
        {"# x\n#nginx-upstream-lint:context=if in location \nreturn 200;", Context::if_in_location,
         false},
    };
    for (const Row& row : rows) {
        CAPTURE(row.text);
        const Config config = load_text(row.text);
        CHECK(config.context() == row.context);
        CHECK(config.context_inferred() == row.inferred);
    }
    LoadOptions given = options_for();
    given.context = Context::main;
    CHECK(said(load_text("server { }", given)) ==
          Lines{"\"server\" directive is not allowed here@1",
                "no \"events\" section in configuration"});
    const Config wrong = load_text("# nginx-upstream-lint: context=htpp\nserver { }");
    CHECK(wrong.diagnostics().size() == 1);
    CHECK(wrong.diagnostics()[0].level == Level::warn);
    CHECK(wrong.verdict() == Verdict::satisfied);
}

TEST_CASE("one mistake is reported once, with what helps") {
    struct Row {
        std::string text;
        Lines said;
        std::string note;
    };

    const std::vector<Row> rows = {
        {"events {}\nhttp {\n sever { listen 80; location / { bad; } }\n}",
         {"unknown directive \"sever\"@3", "unknown directive \"bad\"@3"},
         "did you mean `server`?"},
        {"events {}\nhttp { server { proxy_pass http://x; } }",
         {"\"proxy_pass\" directive is not allowed here@2"},
         "this is `server`; `proxy_pass` may stand in `location`, `if in location`, "
         "`limit_except`"},
        {"events {}\nhttp { server { root a\n index b; } }",
         {"invalid number of arguments in \"root\" directive@3"},
         ""},
        {"events {}\nhttp {\nserver { } }\n server { }\n server { }\n gzip on;\n}\n",
         {"\"server\" directive is not allowed here@4"},
         "this is `main`; `server` may stand in `http`, `upstream`, `stream`, `stream_upstream`, "
         "`mail`"},
        {"events {}\nhttp {\nserver { location / {\n }\nserver { }\nserver { server_name b; "
         "location / { } }\n}\n",
         {"\"server\" directive is not allowed here@5"},
         "this is `server`; `server` may stand in `http`, `upstream`"},
        {"events {}\nhttp { server { http2 on; } }",
         {"unknown directive \"http2\"@2"},
         "nginx has it since 1.25.1; this is read for 1.22.1"},
        {"events {}\nhttp { lua_code_cache on; }",
         {"unknown directive \"lua_code_cache\"@2"},
         "it belongs to the module ngx_http_lua_module, which is not in the build this is read "
         "for"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.text);
        const bool old = row.note.find("1.22.1") != std::string::npos;
        const Config config =
            load_text(row.text, options_for(old ? Version{1, 22, 1} : newest_tested_version));
        CHECK(said(config) == row.said);
        const auto& notes = config.diagnostics()[0].notes;
        CHECK(notes == (row.note.empty() ? Lines{} : Lines{row.note}));
    }
    const Config swallowed = load_text("events {}\nhttp { server { root a\n index b; } }");
    REQUIRE(swallowed.diagnostics()[0].labels.size() == 1);
    CHECK(swallowed.sources().text(swallowed.diagnostics()[0].labels[0].span) == "index");
}

TEST_CASE("what another thread has no memory for is read by the one that needs it") {
    class NoMemoryElsewhere : public MemoryFileSystem {
    public:
        [[nodiscard]] Result<Bytes> read(std::string_view path) const override {
            if (std::this_thread::get_id() != home_) {
                throw std::bad_alloc();
            }
            return MemoryFileSystem::read(path);
        }

    private:
        std::thread::id home_ = std::this_thread::get_id();
    };

    NoMemoryElsewhere files;
    files.add(main_name, "events {}\nhttp { include s/*; }");
    for (int i = 0; i < 1000; ++i) {
        files.add(fmt::format("/etc/nginx/s/{}", i), "map $host $a { }");
    }
    LoadOptions options = options_for();
    options.threads = 4;
    const Config config = load(files, options);
    CHECK(said(config).empty());
    CHECK(config.inclusions().size() == 1001);
}

TEST_CASE("any number of threads gives the same") {
    MemoryFileSystem files;
    files.add(main_name, "events {}\nhttp { include s/*; }");
    for (int i = 0; i < 300; ++i) {
        files.add(fmt::format("/etc/nginx/s/{}", i),
                  fmt::format("server {{ include ../t/{}; bad{}; }}", i % 7, i));
    }
    for (int i = 0; i < 7; ++i) {
        files.add(fmt::format("/etc/nginx/t/{}", i), "root /x;");
    }
    files.add_unreadable("/etc/nginx/s/41", EACCES);
    // also where the files hold more bytes than are read
    for (const std::uint64_t total_bytes : {std::uint64_t{1} << 30U, std::uint64_t{6000}}) {
        LoadOptions one = options_for();
        one.threads = 1;
        one.limits.total_bytes = total_bytes;
        LoadOptions four = one;
        four.threads = 4;
        const Config a = load(files, one);
        const Config b = load(files, four);
        CHECK(a.diagnostics().size() > 100);
        CHECK(said(a) == said(b));
        CHECK(render_dump(a, {}, {}) == render_dump(b, {}, {}));
        REQUIRE(a.sources().file_count() == b.sources().file_count());
        for (std::uint32_t i = 0; i < a.sources().file_count(); ++i) {
            CHECK(a.sources().name(FileId{i}) == b.sources().name(FileId{i}));
        }
    }
}
