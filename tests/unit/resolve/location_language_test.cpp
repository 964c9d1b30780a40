#include "resolve/location_language.hpp"
#include "resolve/location_search.hpp"
#include "support/read_model.hpp"
#include "unit/resolve/random_locations.hpp"

#include <chrono>
#include <doctest/doctest.h>
#include <optional>
#include <string>

namespace upstream_lint::test {
namespace {

using Languages = std::map<LocationId, LocationLanguage>;

Languages languages_of(const Model& model) {
    return location_languages(model, ServerId{0}, exactly(normalized_uris(true)));
}

const LocationLanguage& language(const Model& model, const Languages& languages,
                                 std::string_view name) {
    for (const auto& [id, found] : languages) {
        if (model.location(id).name == name) {
            return found;
        }
    }
    FAIL("no location " << name);
    return languages.begin()->second;
}

TEST_CASE("a URI that a request brings is normalized") {
    const Language uris = normalized_uris(true);
    for (const std::string_view text : {"/", "/a/", "/...", "/.a/b.", "/a\n", "/\xff"}) {
        CHECK(uris.contains(text));
    }
    for (const std::string_view text : {"", "a", "/.", "/a/..", "/./a", "/../", "//"}) {
        CHECK_FALSE(uris.contains(text));
    }
    CHECK(normalized_uris(false).contains("//a"));
}

TEST_CASE("each location has the URIs that no other takes") {
    const auto model = try_read_server("location / {} location = / {} location ^~ /static/ {}\n"
                                       "location /app/ { proxy_pass http://127.0.0.1:81; }\n"
                                       "location ~ \\.php$ {} location ~ ^/static/.*\\.php$ {}\n"
                                       "location ~ ^/x\\.php$ {}");
    REQUIRE(model);
    const Languages all = languages_of(*model);
    CHECK(language(*model, all, "/app/").redirected.upper.example() == "/app");
    CHECK(language(*model, all, "/app/").found.upper.example() == "/app/");
    CHECK(language(*model, all, "\\.php$").found.upper.example() == "/.php");
    CHECK(language(*model, all, "/static/").found.lower.contains("/static/a.php"));
    // never reached
    CHECK(language(*model, all, "^/static/.*\\.php$").found.upper.is_empty());
    CHECK(language(*model, all, "^/x\\.php$").found.upper.is_empty());
    const LocationId server = model->server(ServerId{0}).level;
    CHECK(all.at(server).found.upper.is_empty());
}

TEST_CASE("behind a pattern that is not exact, what may be is told from what is") {
    const auto model =
        try_read_server("location / {} location ~ ^/(a|b)\\1$ {} location ~ ^/[a-c] {}");
    REQUIRE(model);
    const Languages all = languages_of(*model);
    const LanguageBounds& behind = language(*model, all, "^/[a-c]").found;
    CHECK(behind.lower.contains("/c"));
    CHECK_FALSE(behind.lower.contains("/aa"));
    CHECK(behind.upper.contains("/aa"));
    CHECK(behind.why_inexact == "`^/(a|b)\\1$` has a back-reference");
    CHECK(language(*model, all, "/").found.is_exact());
}

TEST_CASE("many locations, deep ones and hard patterns end soon") {
    std::string many = "location / {}\n";
    for (int i = 0; i < 1000; ++i) {
        many += "location /path/of/number" + std::to_string(i) + "/ {}\n";
    }
    std::string deep;
    for (int i = 0; i < 1000; ++i) {
        deep += "location / { location ~ x" + std::to_string(i) + " {}\n";
    }
    deep += std::string(1000, '}');
    std::string hard;
    for (int i = 0; i < 40; ++i) {
        hard += "location ~ \"a.{11}" + std::to_string(i) + "\" {}\n";
    }
    for (const std::string& locations : {many, deep, hard}) {
        const auto begun = std::chrono::steady_clock::now();
        const auto model = try_read_server(locations);
        REQUIRE(model);
        const Languages all = languages_of(*model);
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
        MESSAGE(locations.substr(0, 30) << ": " << took.count() << " s, " << all.size());
        CHECK(took.count() < 100);
    }
}

bool is_there(const Languages& all, const LocationMatch& match, std::string_view uri) {
    const auto found = all.find(match.location);
    return found != all.end() &&
           (match.kind == LocationMatch::Kind::redirect ? found->second.redirected
                                                        : found->second.found)
               .upper.contains(uri);
}

/// At how many locations the URI ends for certain.
std::size_t certain(const Languages& all, std::string_view uri) {
    std::size_t count = 0;
    for (const auto& [id, language] : all) {
        count += language.found.lower.contains(uri) ? 1U : 0U;
        count += language.redirected.lower.contains(uri) ? 1U : 0U;
    }
    return count;
}

bool is_certain(const Languages& all, const LocationMatch& match, std::string_view uri) {
    const auto found = all.find(match.location);
    return found != all.end() &&
           (match.kind == LocationMatch::Kind::redirect ? found->second.redirected
                                                        : found->second.found)
               .lower.contains(uri);
}

TEST_CASE("a URI is in the language of the location where nginx's search ends") {
    const std::uint64_t seed = setting("UPSTREAM_LINT_SEED", 1);
    const std::uint64_t cases = random_cases(400);
    std::size_t models = 0;
    std::size_t pairs = 0;
    for (std::uint64_t i = 0; i < cases; ++i) {
        RandomChoice choice(seed * 1'000'003 + i);
        RandomLocations random(choice);
        const std::string locations = random.next();
        const auto model = try_read_server(locations);
        if (!model) {
            continue;
        }
        ++models;
        const Languages all =
            location_languages(*model, ServerId{0}, exactly(Language::everything()));
        LocationRegexes regexes(*model);
        CAPTURE(i);
        CAPTURE(locations);
        for (int j = 0; j < 30; ++j) {
            const std::string uri = random.uri();
            const LocationMatch match = find_location(*model, regexes, ServerId{0}, uri);
            CAPTURE(uri);
            ++pairs;
            REQUIRE(is_there(all, match, uri));
            REQUIRE(certain(all, uri) == (is_certain(all, match, uri) ? 1 : 0));
        }
    }
    MESSAGE("UPSTREAM_LINT_SEED=" << seed << " UPSTREAM_LINT_CASES=" << cases << ": " << models
                                  << " servers, " << pairs << " pairs");
    CHECK(models * 3 > cases);
}

} // namespace
} // namespace upstream_lint::test
