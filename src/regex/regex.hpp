#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace upstream_lint {

/// Which library an nginx was built with: their messages differ (src/core/ngx_regex.c).
enum class RegexLibrary : std::uint8_t { pcre, pcre2 };

enum class Case : std::uint8_t { sensitive, insensitive };

/// What is to be known of a regular expression that nginx can compile, with PCRE2 and no options
/// but caselessness.
class Regex {
public:
    struct NamedCapture {
        std::string name;
        std::uint32_t number = 0;
    };

    /// What nginx says of a pattern that does not compile, and where in the pattern it went wrong.
    struct Failure {
        std::string message; ///< ngx_regex_compile's, as for instance
                             ///< `pcre2_compile() failed: REASON in "PATTERN" at "REST"`
        std::size_t offset = 0;
    };

    /// The failure, or nothing and `regex` is set.
    [[nodiscard]] static std::optional<Failure> compile(std::string_view pattern, Case letters,
                                                        RegexLibrary library,
                                                        std::optional<Regex>& regex);

    /// How many groups capture.
    [[nodiscard]] std::uint32_t captures() const noexcept { return captures_; }

    [[nodiscard]] const std::vector<NamedCapture>& named_captures() const noexcept {
        return named_;
    }

private:
    std::uint32_t captures_ = 0;
    std::vector<NamedCapture> named_;
};

} // namespace upstream_lint
