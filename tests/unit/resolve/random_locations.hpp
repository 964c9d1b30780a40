#pragma once

#include "support/random_choice.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace upstream_lint::test {

/// Locations in locations, for a few short names.
class RandomLocations {
public:
    explicit RandomLocations(RandomChoice& choice) : choice_(choice) {}

    std::string next() { return block("/", 0); }

    std::string uri() {
        std::string text = "/";
        for (std::size_t length = choice_.below(6); length > 0; --length) {
            text += choice_.pick(std::string_view("ab/A\n"));
        }
        return text;
    }

private:
    std::string block(const std::string& around, std::size_t depth) {
        std::string text;
        for (std::size_t count = choice_.below(depth == 0 ? 6 : 3); count > 0; --count) {
            text += location(around, depth);
        }
        return text;
    }

    std::string location(const std::string& around, std::size_t depth) {
        static constexpr std::string_view patterns[] = {
            "a", "^/a", "b$", "^/(a|b)\\1", "/b/", "[^/]$", "^/$", "^/(?!a)", "^/a+/"};
        if (choice_.chance(40)) {
            const std::string inner =
                depth < 3 ? block("", depth + 1) : ""; // no prefix can stand in a pattern
            return std::string(choice_.chance(25) ? "location ~* " : "location ~ ") +
                   std::string(choice_.pick(patterns)) + " {" + pass() + inner + "}\n";
        }
        if (around.empty()) {
            return "";
        }
        std::string name = around;
        for (std::size_t length = choice_.below(3); length > 0; --length) {
            name += choice_.pick(std::string_view("ab/"));
        }
        if (choice_.chance(25)) {
            return "location = " + name + " {" + pass() + "}\n";
        }
        return (choice_.chance(20) ? "location ^~ " : "location ") + name + " {" + pass() +
               (depth < 3 ? block(name, depth + 1) : "") + "}\n";
    }

    std::string pass() { return choice_.chance(30) ? "proxy_pass http://127.0.0.1:81;" : ""; }

    RandomChoice& choice_;
};

} // namespace upstream_lint::test
