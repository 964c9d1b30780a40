#include "said.hpp"
#include "support/print_lines.hpp"

#include <doctest/doctest.h>
#include <string>
#include <vector>

namespace upstream_lint {
namespace {

using test::Lines;
using test::main_name;
using test::said_of;

TEST_CASE("what stands twice in one block is a duplicate, in two blocks it is not") {
    CHECK(said_of("events {}\nhttp {\nsendfile on;\nserver { sendfile on; }\nserver { listen 81; "
                  "sendfile on; }\nsendfile off;\n}") ==
          Lines{"\"sendfile\" directive is duplicate@6"});
    CHECK(
        said_of("events {}\nhttp {\nserver {\nlocation / { root a; }\nsendfile on;\nlocation /b { "
                "sendfile on; }\nsendfile on;\n}\n}") ==
        Lines{"\"sendfile\" directive is duplicate@7"});
}

TEST_CASE("a file that is included twice into one block repeats what it has") {
    MemoryFileSystem files;
    files.add(main_name,
              "events {}\nhttp {\nserver { include a; }\nserver { listen 81;\ninclude a;\ninclude "
              "a;\n}\n}");
    files.add("/etc/nginx/a", "sendfile on;");
    CHECK(said_of(files) == Lines{"\"sendfile\" directive is duplicate@1"});
}

TEST_CASE("the generic setters say what nginx says") {
    struct Example {
        std::string directive;
        std::string message;
    };

    const std::vector<Example> cases = {
        {"sendfile maybe",
         "invalid value \"maybe\" in \"sendfile\" directive, it must be \"on\" or \"off\""},
        {"keepalive_requests x", "\"keepalive_requests\" directive invalid number"},
        {"client_body_buffer_size 1g", "\"client_body_buffer_size\" directive invalid value"},
        {"client_body_timeout 1M", "\"client_body_timeout\" directive invalid value"},
        {"proxy_buffers 0 4k", "\"proxy_buffers\" directive invalid value"},
        {"proxy_buffers 4 0", "\"proxy_buffers\" directive invalid value"},
        {"if_modified_since never", "invalid value \"never\""},
        {"proxy_next_upstream error no", "invalid value \"no\""},
        {"proxy_next_upstream error ERROR", "duplicate value \"ERROR\""},
        {"proxy_store_access user:rw other:r", "invalid value \"other:r\""},
        {"proxy_temp_path /a 1 2 x", "\"proxy_temp_path\" directive invalid value"},
        {"proxy_temp_path /a 9 9 9", "\"proxy_temp_path\" directive invalid value"},
    };
    for (const auto& entry : cases) {
        const auto& [directive, message] = entry;
        CAPTURE(entry.directive);
        CHECK(said_of("events {}\nhttp {\n" + directive + ";\n}") == Lines{message + "@3"});
    }
}

TEST_CASE("words are taken in any case and number") {
    CHECK(
        said_of("events {}\nhttp {\nsendfile ON;\nif_modified_since EXACT;\nproxy_next_upstream "
                "Error timeout;\nproxy_store_access user:rw group:rw all:r;\nproxy_temp_path /a 1 "
                "2;\n}")
            .empty());
}

TEST_CASE("reading ends after so many statements") {
    MemoryFileSystem files;
    files.add(main_name, "events {}\nhttp {\nsendfile on;\ntcp_nopush on;\n}");
    LoadOptions options;
    options.limits.statements = 3;
    const Lines lines = said_of(files, options);
    REQUIRE(lines.size() == 1);
    CHECK(lines.front() == "more than 3 statements, includes expanded: reading ends here");
}

} // namespace
} // namespace upstream_lint
