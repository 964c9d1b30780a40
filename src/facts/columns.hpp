#pragma once

#include <algorithm>
#include <charconv>
#include <concepts>
#include <cstddef>
#include <optional>
#include <string_view>
#include <system_error>

namespace upstream_lint {

/// Takes lines from the front of a text. Views into the text.
class Lines {
public:
    explicit Lines(std::string_view text) : rest_(text) {}

    /// Without its end; nothing when there is none left.
    std::optional<std::string_view> next() {
        if (rest_.empty()) {
            return std::nullopt;
        }
        const std::size_t end = rest_.find('\n');
        has_end_ = end != std::string_view::npos;
        const std::string_view line = rest_.substr(0, end);
        rest_.remove_prefix(has_end_ ? end + 1 : rest_.size());
        return line;
    }

    /// The last line taken has a line end.
    [[nodiscard]] bool has_end() const noexcept { return has_end_; }

private:
    std::string_view rest_;
    bool has_end_ = false;
};

/// Takes words between blanks from the front of a line. Views into the line.
class Columns {
public:
    explicit Columns(std::string_view line) : rest_(line) {}

    /// Empty when there is none left.
    std::string_view next() {
        rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t"), rest_.size()));
        const std::size_t end = std::min(rest_.find_first_of(" \t"), rest_.size());
        const std::string_view word = rest_.substr(0, end);
        rest_.remove_prefix(end);
        return word;
    }

    void skip(std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
            next();
        }
    }

    /// What stands behind the last word, blanks included.
    [[nodiscard]] std::string_view rest() const noexcept { return rest_; }

private:
    std::string_view rest_;
};

/// All of the text as a number that fits.
template <std::integral Number>
[[nodiscard]] std::optional<Number> parse_number(std::string_view text, int base = 10) {
    Number number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
    const bool is_whole = error == std::errc() && end == text.data() + text.size();
    return is_whole ? std::optional(number) : std::nullopt;
}

} // namespace upstream_lint
