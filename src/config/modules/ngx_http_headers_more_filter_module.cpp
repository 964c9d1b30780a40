#include "config/modules/modules.hpp"
#include "config/script.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <string>

/// openresty/headers-more-nginx-module, src/ngx_http_headers_more_headers_out.c, _headers_in.c and
/// _util.c. What is wrong is said without a place and as an error only, and refused all the same.
namespace upstream_lint {

namespace {

bool is_space(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

bool refuse(Directive& directive, std::size_t word, std::string_view what) {
    directive.cycle().report_without_place(
        Level::error, fmt::format("{}: {}", directive.name(), what), directive.place(word));
    return false;
}

struct Header {
    std::string_view key; ///< with the blanks before it, and as much missing at its end
    std::string_view value;
};

/// ngx_http_headers_more_parse_header
Header split(std::string_view text) {
    const auto first = std::ranges::find_if_not(text, is_space);
    if (first == text.end()) {
        return {};
    }
    const auto ends_key = [](char c) { return c == ':' || is_space(c); };
    const auto end = std::find_if(first + 1, text.end(), ends_key);
    const auto value = std::find_if_not(end, text.end(), ends_key);
    return {text.substr(0, static_cast<std::size_t>(end - first)),
            text.substr(static_cast<std::size_t>(value - text.begin()))};
}

bool take_header(Directive& directive, std::size_t word, bool has_value) {
    const Header header = split(directive[word]);
    if (header.key.empty()) {
        return refuse(directive, word,
                      fmt::format("no key found in the header argument: {}", directive[word]));
    }
    if (header.key == "*") {
        return refuse(directive, word, fmt::format("wildcard key too short: {}", directive[word]));
    }
    return !has_value || script::compile(directive, word, header.value).valid;
}

/// ngx_http_headers_more_parse_statuses
bool take_statuses(Directive& directive, std::size_t word) {
    const std::string_view list = directive[word];
    const auto wrong = std::ranges::find_if_not(
        list, [](char c) { return is_space(c) || (c >= '0' && c <= '9'); });
    return wrong == list.end() ||
           refuse(directive, word,
                  fmt::format("invalid digit \"{}\" found in the status code list \"{}\"", *wrong,
                              list));
}

struct Options {
    std::string_view with_argument; ///< letters
    std::string_view alone;
    bool has_value; ///< headers are set
};

/// ngx_http_headers_more_parse_directive
void take_headers(Directive& directive, const Options& options) {
    for (std::size_t i = 1; i <= directive.size(); ++i) {
        const std::string_view word = directive[i];
        if (word.empty()) {
            continue;
        }
        if (word[0] != '-') {
            if (!take_header(directive, i, options.has_value)) {
                return;
            }
            continue;
        }
        const char letter = word.size() == 2 ? word[1] : '\0';
        if (options.alone.find(letter) != std::string_view::npos) {
            continue;
        }
        if (options.with_argument.find(letter) == std::string_view::npos) {
            refuse(directive, i, fmt::format("invalid option name: \"{}\"", word));
            return;
        }
        if (i == directive.size()) {
            refuse(directive, i, fmt::format("option {} takes an argument.", word));
            return;
        }
        ++i;
        if (letter == 's' && !take_statuses(directive, i)) {
            return;
        }
    }
}

/// The option `-a` is of 2023; which release of the module goes with which nginx is not known.
std::string_view may_append(const Cycle& cycle) {
    return cycle.before(1, 23, 0) ? "" : "a";
}

void more_set_headers(Directive& directive) {
    take_headers(directive, {"ts", may_append(directive.cycle()), true});
}

void more_clear_headers(Directive& directive) {
    take_headers(directive, {"ts", may_append(directive.cycle()), false});
}

void more_set_input_headers(Directive& directive) {
    take_headers(directive, {"t", "r", true});
}

void more_clear_input_headers(Directive& directive) {
    take_headers(directive, {"t", "r", false});
}

constexpr std::array<DirectiveSetter, 4> setters = {{
    {"more_clear_headers", more_clear_headers},
    {"more_clear_input_headers", more_clear_input_headers},
    {"more_set_headers", more_set_headers},
    {"more_set_input_headers", more_set_input_headers},
}};

} // namespace

const ModuleSetters ngx_http_headers_more_filter_module = {"ngx_http_headers_more_filter", setters};

} // namespace upstream_lint
