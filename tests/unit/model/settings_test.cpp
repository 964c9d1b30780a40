#include "support/main_name.hpp"
#include "upstream_lint/model.hpp"

#include <doctest/doctest.h>
#include <string>
#include <vector>

namespace upstream_lint {
namespace {

using test::main_name;

Model model_of(const std::string& text) {
    MemoryFileSystem files;
    files.add(main_name, text);
    LoadOptions options;
    options.keep_blocks = true;
    auto model = build_model(load_config(files, main_name, options));
    REQUIRE_MESSAGE(model, text);
    return *std::move(model);
}

std::string words_of(const Model& model, DirectiveRef directive) {
    std::string line;
    for (const std::string& word : model.words(directive))
        line += line.empty() ? word : " " + word;
    return line;
}

TEST_CASE("directives outside of levels are known with what stands around them") {
    const Model model = model_of("user a; events { worker_connections 9; }\n"
                                 "http { sendfile on; types { a b; } map $a $b { c d; }\n"
                                 "map $uri $a { }\n"
                                 "upstream a { server 127.0.0.1:1; keepalive 2; } }\n"
                                 "error_log e;");
    std::vector<std::string> lines;
    for (const OuterSetting& setting : model.outer_settings())
        lines.push_back(std::string(context_name(setting.context)) + ": " +
                        words_of(model, setting.directive));
    CHECK(lines == std::vector<std::string>{"main: user a", "events: worker_connections 9",
                                            "upstream: keepalive 2", "main: error_log e"});
}

TEST_CASE("the directives of a level stand in their order, whatever stands between them") {
    const Model model = model_of("events {} http { root a; server { root b; location / { root c; "
                                 "if ($host) { root d; } index e; } index f; } index g; }");
    std::vector<std::string> lines;
    for (std::uint32_t level = 0; level < model.locations().size(); ++level) {
        std::string line;
        for (const Setting& setting : model.settings({level}))
            line += words_of(model, setting.directive) + "; ";
        lines.push_back(line);
    }
    CHECK(lines == std::vector<std::string>{"root a; index g; ", "root b; index f; ",
                                            "root c; if ($host); index e; ", "root d; "});
}

TEST_CASE("data blocks of stream are known as such") {
    const Model model = model_of("events {} stream { map $remote_addr $a { b c; default d; } }\n"
                                 "http { geo $a { 10.0.0.0/8 b; } }");
    REQUIRE(model.data_blocks().size() == 2);
    CHECK(model.data_blocks()[0].protocol == Protocol::stream);
    CHECK(model.data_blocks()[0].name == "map");
    CHECK(model.data_blocks()[0].lines.size() == 2);
    CHECK(model.data_blocks()[1].protocol == Protocol::http);
    CHECK(model.data_blocks()[1].name == "geo");
}

} // namespace
} // namespace upstream_lint
