#pragma once

#include "upstream_lint/render.hpp"
#include "upstream_lint/resolution.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace upstream_lint {

/// Where a directive begins, for people.
struct DirectivePlace {
    std::string file; ///< as people are shown it
    std::uint32_t line = 1;
};

/// Nothing for no directive.
[[nodiscard]] std::optional<DirectivePlace>
directive_place(const Model& model, DirectiveRef directive, const TextStyle& style);

/// What stands behind the word `location`: `= /a`, `^~ /a`, `/a`, `~ PATTERN`, `@name`; of other
/// blocks their directive's name.
[[nodiscard]] std::string location_pattern(const Location& location);

/// Where a listener is: its address, or the name and port of it.
[[nodiscard]] std::string listener_address(const Listener& listener);

/// What a step tells, secrets hidden.
[[nodiscard]] std::string step_detail(const Step& step);

// The words of docs/schema/route-1.json; static storage.
[[nodiscard]] std::string_view step_word(Step::Kind kind);
[[nodiscard]] std::string_view outcome_word(Outcome::Kind kind);
[[nodiscard]] std::string_view target_word(Target::Kind kind);
[[nodiscard]] std::string_view side_word(SideRequest::Kind kind);
[[nodiscard]] std::string_view certainty_word(Certainty certainty);

} // namespace upstream_lint
