#pragma once

#include "regex/matcher.hpp"

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

/// What nginx compiles from a configuration to compute values for each request
/// (src/http/ngx_http_script.c).
namespace upstream_lint {

/// A variable of `http`, as an index (ngx_http_get_variable_index).
using VariableIndex = std::uint32_t;

/// The names of the variables that a configuration uses, in lower case.
class VariableNames {
public:
    [[nodiscard]] VariableIndex index(std::string_view name);

    [[nodiscard]] const std::string& name(VariableIndex index) const { return names_[index]; }

    [[nodiscard]] std::size_t size() const noexcept { return names_.size(); }

private:
    std::deque<std::string> names_; // which stay where they are
    std::unordered_map<std::string_view, VariableIndex> indices_;
};

/// Text with variables and captures (ngx_http_complex_value_t).
struct ComplexValue {
    struct Part {
        enum class Kind : std::uint8_t {
            text,
            capture,
            variable,
            args, ///< what follows are arguments (ngx_http_script_start_args_code)
        };

        Kind kind = Kind::text;
        std::string text;
        std::uint32_t number = 0; ///< of a capture; a VariableIndex
    };

    std::vector<Part> parts;
    bool has_variables = false; ///< or captures: it is computed for each request
    /// Captures and variables stand in it. nginx computes all parts twice, first for their length:
    /// a variable that matches a regular expression changes what captures in front of it say.
    bool is_mixed = false;
    bool has_captures = false;

    /// Of a value without variables.
    [[nodiscard]] std::string_view constant() const {
        return parts.empty() ? std::string_view() : std::string_view(parts.front().text);
    }
};

[[nodiscard]] ComplexValue compile_complex_value(std::string_view text, VariableNames& names);

/// The replacement of a `rewrite`: a `?` outside of variables begins the arguments of a URI.
[[nodiscard]] ComplexValue compile_replacement(std::string_view text, VariableNames& names);

/// A regular expression of `http` (ngx_http_regex_t).
struct HttpRegex {
    std::string pattern;
    Matcher matcher;
    bool has_captures = false;
    std::vector<std::pair<std::uint32_t, VariableIndex>> variables; ///< groups with names
};

/// Those of a configuration, each compiled once, when it is first needed.
class HttpRegexes {
public:
    explicit HttpRegexes(VariableNames& names) : names_(names) {}

    /// Stays where it is.
    [[nodiscard]] HttpRegex& find(std::string_view pattern, Case letters);

private:
    VariableNames& names_;
    std::shared_ptr<MatchSpace> space_ = std::make_shared<MatchSpace>();
    std::unordered_map<std::string, HttpRegex> regexes_; // by pattern, and how letters count
};

} // namespace upstream_lint
