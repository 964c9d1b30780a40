#include "resolve/regex_language.hpp"

#include "resolve/automaton.hpp"
#include "resolve/regex_program.hpp"
#include "resolve/regex_reader.hpp"

#include <cstddef>
#include <fmt/format.h>
#include <optional>
#include <string>

namespace upstream_lint {

namespace {

std::optional<Language> language_of(const RegexReading& reading) {
    std::size_t steps = reading.steps;
    const auto automaton = determinize(reading.program, {.entry = reading.entry}, steps);
    return automaton ? std::optional(Language(*automaton)) : std::nullopt;
}

std::string reason(std::string_view pattern, std::string_view what) {
    return fmt::format("`{}` has {}", pattern, what);
}

} // namespace

LanguageBounds language_of_regex(std::string_view pattern, Case letters) {
    constexpr std::string_view too_many_states = "too many states";
    const RegexReading reading = read_regex(pattern, letters);
    if (!reading.unreadable.empty()) {
        return unknown_language(reason(pattern, reading.unreadable));
    }
    const std::optional<Language> language = language_of(reading);
    if (!language) {
        return unknown_language(reason(pattern, too_many_states));
    }
    if (!reading.inexact.empty()) {
        return {Language(), *language, reason(pattern, reading.inexact)};
    }
    return exactly(*language);
}

} // namespace upstream_lint
