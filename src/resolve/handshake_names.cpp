#include "resolve/handshake_names.hpp"

#include "config/ascii.hpp"
#include "resolve/regex_sample.hpp"
#include "resolve/request_target.hpp"

#include <algorithm>
#include <string_view>
#include <unordered_set>

namespace upstream_lint {

namespace {

/// A map whose first word has the name in it: `$ssl_preread_server_name`, `$ssl_server_name`.
bool is_map_of_names(const Model& model, const DataBlock& block) {
    if (block.protocol != Protocol::stream || block.name != "map") {
        return false;
    }
    const auto words = model.words(block.block);
    return words.size() > 1 && lower(words[1]).find("server_name") != std::string::npos;
}

/// What a line of a map stands for.
std::string name_for(std::string_view key) {
    if (key.starts_with('~')) {
        const std::string_view pattern = key.substr(key.starts_with("~*") ? 2 : 1);
        const std::string sample = sample_of_regex(pattern);
        return lower((sample.starts_with('.') ? "www" : "") + sample +
                     (sample.ends_with('.') ? "example" : ""));
    }
    if (key.starts_with("*.")) {
        return lower("www" + std::string(key.substr(1)));
    }
    if (key.size() > 1 && (key.starts_with('.') || key.starts_with('\\'))) {
        return lower(key.substr(1));
    }
    return key.ends_with(".*") ? lower(std::string(key.substr(0, key.size() - 1)) + "example")
                               : lower(key);
}

bool is_parameter(std::string_view key) {
    return key == "default" || key == "hostnames" || key == "volatile" || key == "include";
}

} // namespace

std::vector<std::string> handshake_names(const Model& model) {
    std::vector<std::string> names;
    std::unordered_set<std::string> seen;
    for (const DataBlock& block : model.data_blocks()) {
        if (!is_map_of_names(model, block)) {
            continue;
        }
        for (const DirectiveRef line : block.lines) {
            const std::string key = model.words(line).front();
            std::string name = is_parameter(key) ? std::string() : name_for(key);
            if (names.size() < max_handshake_names && valid_host(name) == name &&
                seen.insert(name).second) {
                names.push_back(std::move(name));
            }
        }
    }
    for (std::string other = "other.example";; other.insert(0, "x")) {
        if (!seen.contains(other)) {
            names.push_back(std::move(other));
            return names;
        }
    }
}

} // namespace upstream_lint
