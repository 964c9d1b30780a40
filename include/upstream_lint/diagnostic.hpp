#pragma once

#include "upstream_lint/source.hpp"

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace upstream_lint {

/// nginx's own level of a load message.
enum class Level : std::uint8_t { emerg, alert, crit, error, warn };

[[nodiscard]] std::string_view level_name(Level level);

/// What kind of check spoke; the words are stable in machine output.
enum class Cause : std::uint8_t {
    lexical,   ///< ngx_conf_read_token: words, quotes, ends of files
    structure, ///< ngx_conf_parse: braces, data bodies
    include,   ///< a file named as configuration
    unknown_directive,
    not_allowed,
    termination, ///< `;` where `{` belongs, and the other way
    arguments,   ///< their number
    module,      ///< load_module
    duplicate,
    missing,   ///< something every configuration needs
    limit,     ///< one of this tool's stated limits
    comment,   ///< a comment meant for this tool
    value,     ///< a parameter that its directive does not take
    conflict,  ///< directives that do not go together
    variable,  ///< its name, or that nobody defines it
    reference, ///< a name that stands for nothing
};

[[nodiscard]] std::string_view cause_name(Cause cause);

/// When nginx would have said it. nginx reads, dispatches and checks in one pass, so which error is
/// its first depends on this order and not on the stage that found it here. The smallest is nginx's
/// first.
struct LoadPoint {
    /// Statements and closing braces so far, in execution order with includes expanded; final
    /// checks of the main level have the largest.
    std::uint64_t position = 0;
    enum class Phase : std::uint8_t {
        lex,
        dispatch,
        setter,
        block_end,
        variables,
        server_names,
        listeners,
        final
    };
    Phase phase = Phase::lex;
    std::uint32_t order = 0; ///< within the phase

    friend auto operator<=>(const LoadPoint&, const LoadPoint&) = default;
};

/// Names one inclusion of a file; 0 is the main file.
struct InclusionId {
    static constexpr std::uint32_t none_value = 0xffffffffU;
    std::uint32_t value = none_value;

    [[nodiscard]] bool is_none() const noexcept { return value == none_value; }

    friend auto operator<=>(const InclusionId&, const InclusionId&) = default;
};

struct Place;

/// A second place that helps to understand the first.
struct Label {
    Span span;
    std::string text;
    InclusionId inclusion{}; ///< of the file; none where that does not matter
    /// The include directives that lead there, innermost first; empty where they are those that
    /// lead to the first place.
    std::vector<Span> trail{};
};

/// `violated`: nginx refuses this. `unknown`: it could not be looked at, so nothing is claimed.
enum class Verdict : std::uint8_t { satisfied, violated, unknown };

/// `violated` wins over `unknown`, that over `satisfied`.
[[nodiscard]] constexpr Verdict worse(Verdict a, Verdict b) noexcept {
    if (a == Verdict::violated || b == Verdict::violated) {
        return Verdict::violated;
    }
    return a == Verdict::unknown ? a : b;
}

/// Something to tell about the configuration.
struct Diagnostic {
    Level level = Level::emerg;
    Cause cause = Cause::lexical;
    Verdict verdict = Verdict::violated;
    std::string
        message{}; ///< nginx's text, without the place; bytes of the input stand as they are
    Span span{};   ///< the mistake itself; no file for what nginx says without a place
    Span
        nginx_place{}; ///< where nginx's reader stands, whose line nginx prints; file none as above
    std::vector<Label> labels{};
    std::vector<std::string> notes{};
    std::vector<Span> trail{}; ///< the include directives that lead to `span`, innermost first
    LoadPoint load_point{};

    Diagnostic& label(const Span& span, std::string_view text);
    Diagnostic& label(const Place& place, std::string_view text);
};

} // namespace upstream_lint
