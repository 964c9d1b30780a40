#include "model/static_locations.hpp"

#include <algorithm>
#include <doctest/doctest.h>
#include <random>
#include <string>
#include <vector>

namespace upstream_lint {
namespace {

using Entry = StaticLocations::Entry;
using Found = StaticLocations::Found;
using Kind = StaticLocations::Kind;

/// What nginx's rules say, one name after the other.
Found by_rules(const std::vector<Entry>& entries, std::string_view uri) {
    Found best;
    std::size_t longest = 0;
    for (const Entry& entry : entries) {
        if (entry.name == uri && entry.exact != StaticLocations::none)
            return {Kind::exact, entry.exact};
        if (entry.prefix != StaticLocations::none && uri.starts_with(entry.name) &&
            (best.kind == Kind::none || entry.name.size() >= longest)) {
            best = {Kind::prefix, entry.prefix};
            longest = entry.name.size();
        }
    }
    if (best.kind == Kind::prefix && longest == uri.size())
        return best;
    for (const Entry& entry : entries)
        if (entry.auto_redirect && entry.name == std::string(uri) + "/")
            return {Kind::redirect,
                    entry.exact != StaticLocations::none ? entry.exact : entry.prefix};
    return best;
}

std::string random_location_name(std::mt19937& random) {
    static constexpr std::string_view bytes = "//ab.0-\xff";
    std::string name;
    for (auto length = random() % 6; length > 0; --length)
        name += bytes[random() % bytes.size()];
    return name;
}

TEST_CASE("the location found is that of nginx's rules") {
    const auto seed = std::random_device{}();
    CAPTURE(seed);
    std::mt19937 random(seed);
    for (int round = 0; round < 2000; ++round) {
        std::vector<Entry> entries;
        for (StaticLocations::Index i = 0; i < random() % 12; ++i) {
            Entry entry{.name = {}, .exact = StaticLocations::none, .prefix = i};
            if (random() % 4 == 0)
                std::swap(entry.exact, entry.prefix);
            else if (random() % 4 == 0)
                entry.exact = 100 + i;
            entry.auto_redirect = random() % 2 == 0;
            entries.push_back(entry);
        }
        std::vector<std::string> names(entries.size());
        for (std::size_t i = 0; i < names.size(); ++i) {
            do
                names[i] = random_location_name(random);
            while (std::find(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(i),
                             names[i]) != names.begin() + static_cast<std::ptrdiff_t>(i));
            entries[i].name = names[i];
            entries[i].auto_redirect = entries[i].auto_redirect && names[i].ends_with('/');
        }
        const StaticLocations locations(entries);
        for (int query = 0; query < 40; ++query) {
            const std::string uri =
                query % 2 == 0 || names.empty()
                    ? random_location_name(random)
                    : names[random() % names.size()] + random_location_name(random);
            CAPTURE(uri);
            const Found expected = by_rules(entries, uri);
            const Found found = locations.find(uri);
            REQUIRE(found.kind == expected.kind);
            REQUIRE(found.location == expected.location);
        }
    }
}

TEST_CASE("a slash that is missing redirects where the location passes requests on") {
    const StaticLocations locations({{"/", StaticLocations::none, 1},
                                     {"/app/", StaticLocations::none, 2, true},
                                     {"/files/", StaticLocations::none, 3}});
    CHECK(locations.find("/app").kind == Kind::redirect);
    CHECK(locations.find("/app").location == 2);
    CHECK(locations.find("/app/x").location == 2);
    CHECK(locations.find("/files").location == 1);
    CHECK(locations.find("").kind == Kind::none);
}

} // namespace
} // namespace upstream_lint
