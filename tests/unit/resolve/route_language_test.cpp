#include "resolve/location_language.hpp"
#include "support/read_model.hpp"
#include "unit/resolve/random_locations.hpp"
#include "upstream_lint/resolution.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <doctest/doctest.h>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace upstream_lint::test {
namespace {

using Languages = std::map<LocationId, LocationLanguage>;

/// As a client sends it: escaped or not, with bytes that are no UTF-8, dots and doubled slashes.
std::string random_target(RandomChoice& choice) {
    static constexpr std::string_view pieces[] = {"a",   "b",   "/",    "A",    "%0A", "%61", "%2F",
                                                  "%80", "%fF", "\xff", "\x80", "/.",  "/..", "//",
                                                  "%20", "/a",  "/b/",  "a",    "b",   "/"};
    std::string target = "/";
    for (std::size_t length = choice.below(7); length > 0; --length) {
        target += choice.pick(pieces);
    }
    return target;
}

/// The URI that nginx looks for; nothing where it refuses the request before.
std::optional<std::string> sought_uri(const Answer& answer) {
    const auto step =
        std::ranges::find_if(answer.steps, [](const Step& each) { return !each.uri.empty(); });
    return step == answer.steps.end() ? std::nullopt : std::optional(step->uri);
}

/// In whose language the URI is for certain, or may be: as many as there are.
std::size_t count_in(const Languages& all, std::string_view uri, bool certain) {
    std::size_t count = 0;
    for (const auto& [id, language] : all) {
        for (const LanguageBounds* bounds : {&language.found, &language.redirected}) {
            count += (certain ? bounds->lower : bounds->upper).contains(uri) ? 1U : 0U;
        }
    }
    return count;
}

/// What random requests have shown.
struct Seen {
    std::size_t requests = 0;
    std::size_t certain = 0; ///< whose place the languages know for certain
    std::size_t refused = 0;
};

void compare(const Model& model, const Languages& all, const Answer& answer, Seen& seen) {
    ++seen.requests;
    const auto uri = sought_uri(answer);
    if (!uri) {
        ++seen.refused;
        return;
    }
    CAPTURE(*uri);
    const bool is_redirect = answer.outcome.status == 301;
    const LocationId end =
        answer.location.is_none() ? model.server(answer.server).level : answer.location;
    const LanguageBounds* place = nullptr;
    for (const auto& [id, language] : all) {
        if (is_redirect ? language.redirected.upper.contains(*uri) : id == end) {
            place = is_redirect ? &language.redirected : &language.found;
        }
    }
    REQUIRE(place != nullptr);
    REQUIRE(place->upper.contains(*uri));
    const std::size_t certain = count_in(all, *uri, true);
    REQUIRE(certain == (place->lower.contains(*uri) ? 1 : 0));
    REQUIRE((certain == 0 || count_in(all, *uri, false) == 1));
    seen.certain += certain;
}

TEST_CASE("a request ends at the location whose language has its URI") {
    const std::uint64_t seed = setting("UPSTREAM_LINT_SEED", 1);
    const std::uint64_t cases = random_cases(100);
    constexpr std::size_t requests = 50;
    const MemoryFileSystem no_files;
    RouterOptions options;
    options.files = &no_files;
    Seen seen;
    std::size_t servers = 0;
    std::size_t unreachable = 0;
    for (std::uint64_t i = 0; i < cases; ++i) {
        RandomChoice choice(seed * 1'000'003 + i);
        const std::string locations = RandomLocations(choice).next();
        const auto model = try_read_server(locations);
        if (!model) {
            continue;
        }
        ++servers;
        CAPTURE(i);
        CAPTURE(locations);
        const Languages all =
            location_languages(*model, ServerId{0}, exactly(normalized_uris(true)));
        for (const auto& [id, language] : all) {
            unreachable += language.found.upper.is_empty() ? 1U : 0U;
        }
        Router router(*model, options);
        for (std::size_t j = 0; j < requests; ++j) {
            Request request;
            request.url = "http://a.example:8080/";
            request.target = random_target(choice);
            CAPTURE(*request.target);
            compare(*model, all, router.route(request), seen);
        }
    }
    MESSAGE("UPSTREAM_LINT_SEED=" << seed << " UPSTREAM_LINT_CASES=" << cases << ": " << servers
                                  << " servers, " << unreachable << " locations without a URI, "
                                  << seen.requests << " requests, " << seen.certain << " certain, "
                                  << seen.refused << " refused");
    CHECK(seen.certain * 2 > seen.requests);
}

} // namespace
} // namespace upstream_lint::test
