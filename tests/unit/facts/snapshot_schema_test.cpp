#include "package/json_schema.hpp"
#include "random_facts.hpp"
#include "upstream_lint/facts.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>

namespace upstream_lint {
namespace {

using Json = nlohmann::json;

std::string text_of_document(const std::string& path) {
    std::ifstream file(UPSTREAM_LINT_SOURCE_DIR "/" + path);
    REQUIRE(file.is_open());
    return {std::istreambuf_iterator<char>(file), {}};
}

} // namespace

TEST_CASE("printed snapshots keep to their schema") {
    const Json schema = Json::parse(text_of_document("docs/schema/snapshot-1.json"));
    const std::uint64_t seed = test::setting("UPSTREAM_LINT_SEED", 1);
    test::RandomChoice choice(seed);
    CAPTURE(seed);
    for (int i = 0; i < 50; ++i) {
        const Json printed = Json::parse(print_snapshot(test::random_snapshot(choice)));
        const auto problems = testing::schema_problems(schema, printed);
        REQUIRE(fmt::format("{}", fmt::join(problems, "\n")) == "");
    }
    Json broken = Json::parse(print_snapshot(Snapshot{}));
    broken["netns"].push_back({{"id", 1}});
    CHECK_FALSE(testing::schema_problems(schema, broken).empty());
}

TEST_CASE("the snapshot that the manual shows is read") {
    const std::string manual = text_of_document("docs/facts-snapshot.md");
    const std::string fence = "```json\n";
    const std::size_t begin = manual.find(fence);
    REQUIRE(begin != std::string::npos);
    const std::size_t text = begin + fence.size();
    const auto snapshot = parse_snapshot(manual.substr(text, manual.find("```", text) - text), "");
    REQUIRE_MESSAGE(snapshot.has_value(), snapshot.error().reason);
    REQUIRE(snapshot->network_namespaces.size() == 1);
    const NetworkNamespace& net = snapshot->network_namespaces[0];
    CHECK(net.tcp_reading.is_complete());
    REQUIRE(net.tcp_listeners.size() == 1);
    CHECK(net.tcp_listeners[0].owner.unit == "app.service");
    CHECK(net.addresses.size() == 2);
    CHECK(snapshot->paths.at(0).siblings.at(0).name == "php8.2-fpm.sock");
    CHECK(snapshot->containers.engines.at(0).reading.status == ReadStatus::denied);
}

} // namespace upstream_lint
