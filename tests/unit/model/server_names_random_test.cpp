#include "model/server_names.hpp"

#include <algorithm>
#include <doctest/doctest.h>
#include <random>
#include <string>
#include <vector>

namespace upstream_lint {
namespace {

using Index = ServerNameTable::Index;

/// What nginx's rules say, one name after the other.
class ByRules {
public:
    bool add(const std::string& name, Index server) {
        if (name.size() > 1 && name.front() == '.') {
            if (has(exact_, name.substr(1)))
                return false;
            exact_.push_back({name.substr(1), ServerNameTable::none});
            if (has(heads_, name.substr(1)))
                return false;
            exact_.back().server = server;
            heads_.push_back({name.substr(1), server});
            return true;
        }
        if (name.starts_with("*."))
            return add(heads_, name.substr(2), server);
        if (name.ends_with(".*"))
            return add(tails_, name.substr(0, name.size() - 2), server);
        return add(exact_, name, server);
    }

    [[nodiscard]] Index find(const std::string& host) const {
        for (const Name& name : exact_)
            if (name.text == host && name.server != ServerNameTable::none)
                return name.server;
        const Name* best = nullptr;
        for (const Name& name : heads_)
            if (host.ends_with("." + name.text) &&
                (best == nullptr || name.text.size() > best->text.size()))
                best = &name;
        if (best != nullptr)
            return best->server;
        for (const Name& name : tails_)
            if (host.starts_with(name.text + ".") &&
                (best == nullptr || name.text.size() > best->text.size()))
                best = &name;
        return best != nullptr ? best->server : ServerNameTable::none;
    }

private:
    struct Name {
        std::string text;
        Index server;
    };

    static bool has(const std::vector<Name>& names, const std::string& text) {
        return std::ranges::find(names, text, &Name::text) != names.end();
    }

    static bool add(std::vector<Name>& names, const std::string& text, Index server) {
        if (has(names, text))
            return false;
        names.push_back({text, server});
        return true;
    }

    std::vector<Name> exact_, heads_, tails_;
};

std::string random_labels(std::mt19937& random) {
    static constexpr const char* labels[] = {"a", "b", "ab", "www", "x-y", "1"};
    std::string name = labels[random() % 6];
    for (auto more = random() % 4; more > 0; --more)
        name += std::string(".") + labels[random() % 6];
    return name;
}

std::string random_server_name(std::mt19937& random) {
    const std::string name = random_labels(random);
    switch (random() % 6) {
    case 0:
        return "*." + name;
    case 1:
        return "." + name;
    case 2:
        return name + ".*";
    default:
        return random() % 10 == 0 ? "" : name;
    }
}

TEST_CASE("the name found is that of nginx's rules") {
    const auto seed = std::random_device{}();
    CAPTURE(seed);
    std::mt19937 random(seed);
    for (int round = 0; round < 1000; ++round) {
        const std::size_t count = random() % 60;
        std::vector<std::string> names(count);
        ServerNameTable table;
        if (round % 2 == 0)
            table.reserve(count);
        ByRules rules;
        for (Index i = 0; i < count; ++i) {
            names[i] = random_server_name(random);
            CAPTURE(names[i]);
            REQUIRE(table.add(names[i], i) == rules.add(names[i], i));
        }
        for (int query = 0; query < 60; ++query) {
            std::string host = random_labels(random);
            if (query % 7 == 0)
                host = query % 2 == 0 ? "" : "." + host;
            CAPTURE(host);
            REQUIRE(table.find(host) == rules.find(host));
        }
    }
}

} // namespace
} // namespace upstream_lint
