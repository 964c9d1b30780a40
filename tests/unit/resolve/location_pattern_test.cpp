#include "regex/matcher.hpp"
#include "resolve/location_pattern.hpp"
#include "resolve/location_search.hpp"
#include "support/read_model.hpp"
#include "unit/resolve/random_locations.hpp"

#include <cstdint>
#include <doctest/doctest.h>
#include <optional>
#include <string>
#include <string_view>

namespace upstream_lint::test {
namespace {

std::optional<std::string> pattern_of(const std::string& locations, std::string_view name) {
    const auto model = try_read_server(locations);
    REQUIRE(model);
    LocationPatterns patterns(*model);
    for (std::uint32_t i = 0; i < model->locations().size(); ++i) {
        if (model->location({i}).name == name) {
            return patterns.of({i});
        }
    }
    FAIL("no location " << name);
    return std::nullopt;
}

TEST_CASE("the URIs of a location are told as a pattern") {
    struct Row {
        const char* locations;
        const char* name;
        const char* pattern;
    };

    for (const Row& row : {
             Row{"location / {}", "/", "^/"},
             {"location / {} location /a.b/ {} location = /c {}", "/", "^/(?!c\\z|a\\.b/)"},
             {"location / {} location /a/ { proxy_pass http://127.0.0.1; }", "/", "^/(?!a\\z|a/)"},
             {"location = /a {}", "/a", "^/a\\z"},
             {"location ~ \\.php$ {}", "\\.php$", "\\.php$"},
             {"location ~* \\.PHP$ {}", "\\.PHP$", "(?i)\\.PHP$"},
             {"location / {} location ~ ^/x {}", "/", "^(?!^/x)/"},
             {"location ^~ / {} location ~ ^/x {}", "/", "^/"},
             {"location ~ ^/x {} location ~ y {}", "y", "^(?!^/x)(?s:.*?)(?:y)"},
             {"location ^~ /s/ {} location ~ y {}", "y", "^(?!/s/)(?s:.*?)(?:y)"},
             {"location /s/ { location ~ y {} } location ~ z {}", "y", "^(?=/s/)(?s:.*?)(?:y)"},
             {"location /s/ { location /s/t/ {} location ~ y {} }", "/s/t/",
              "^(?!(?s:.*?)(?:y))/s/t/"},
         }) {
        CHECK(pattern_of(row.locations, row.name) == std::string(row.pattern));
    }
}

TEST_CASE("there is no pattern where one of another location would mean something else in it") {
    for (const char* regex : {"(a)\\1", "(?x)a", "(*COMMIT)a", "\\Qa", "(?<n>a)(?&n)", "(?i-x:a)",
                              "(a)?(?(1)b|c)", "a\\Kb"}) {
        const std::string other = std::string("location ~ \"") + regex + "\" {}";
        CAPTURE(regex);
        CHECK_FALSE(pattern_of("location / {} " + other, "/"));
    }
    CHECK(pattern_of("location / {} location ~ \"(?i)a(?<n>b)\" {}", "/"));
    CHECK_FALSE(pattern_of("location / {} location ~ (?<n>a) {} location ~ (?<n>b) {}", "/"));
    CHECK_FALSE(pattern_of("location @a {}", "@a"));
    std::string many = "location / {}";
    for (int i = 0; i < 9000; ++i) {
        many += " location /" + std::to_string(10'000 + i) + " {}";
    }
    CHECK_FALSE(pattern_of(many, "/"));
}

TEST_CASE("a pattern is found in a URI if and only if nginx's search ends at the location") {
    const std::uint64_t seed = setting("UPSTREAM_LINT_SEED", 1);
    const std::uint64_t cases = random_cases(1000);
    std::size_t patterns_made = 0;
    std::size_t found = 0;
    for (std::uint64_t i = 0; i < cases; ++i) {
        RandomChoice choice(seed * 1'000'003 + i);
        RandomLocations random(choice);
        const std::string locations = random.next();
        const auto model = try_read_server(locations);
        if (!model) {
            continue;
        }
        CAPTURE(i);
        CAPTURE(locations);
        LocationPatterns patterns(*model);
        LocationRegexes regexes(*model);
        for (std::uint32_t id = 0; id < model->locations().size(); ++id) {
            const auto pattern = patterns.of({id});
            if (!pattern) {
                continue;
            }
            ++patterns_made;
            Matcher matcher(*pattern, Case::sensitive);
            CAPTURE(*pattern);
            CAPTURE(model->location({id}).name);
            for (int j = 0; j < 30; ++j) {
                const std::string uri = random.uri();
                CAPTURE(uri);
                const LocationMatch match = find_location(*model, regexes, ServerId{0}, uri);
                const bool ends_there =
                    match.kind == LocationMatch::Kind::found && match.location == LocationId{id};
                REQUIRE((matcher.match(uri) == Matcher::Outcome::matched) == ends_there);
                found += ends_there ? 1U : 0U;
            }
        }
    }
    MESSAGE("UPSTREAM_LINT_SEED=" << seed << " UPSTREAM_LINT_CASES=" << cases << ": "
                                  << patterns_made << " patterns, " << found << " URIs found");
    CHECK(patterns_made > cases);
    CHECK(found > patterns_made);
}

} // namespace
} // namespace upstream_lint::test
