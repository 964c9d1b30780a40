#include "resolve/regex_sample.hpp"

#include <algorithm>
#include <cstddef>

namespace upstream_lint {

namespace {

constexpr std::size_t max_length = 512;
constexpr std::size_t max_depth = 32;

class Sampler {
public:
    explicit Sampler(std::string_view pattern) : rest_(pattern) {}

    [[nodiscard]] std::string sample() { return alternatives(0); }

private:
    [[nodiscard]] bool at_end() const { return rest_.empty(); }

    char take() {
        const char c = rest_.front();
        rest_.remove_prefix(1);
        return c;
    }

    bool skip(std::string_view text) {
        if (!rest_.starts_with(text)) {
            return false;
        }
        rest_.remove_prefix(text.size());
        return true;
    }

    /// The first one; the others are read and forgotten.
    std::string alternatives(std::size_t depth) {
        std::string first = sequence(depth);
        while (skip("|")) {
            (void)sequence(depth);
        }
        return first;
    }

    std::string sequence(std::size_t depth) {
        std::string text;
        while (!at_end() && rest_.front() != '|' && rest_.front() != ')') {
            const std::string part = atom(depth);
            const std::size_t count = repetitions();
            for (std::size_t i = 0; i < count && text.size() + part.size() <= max_length; ++i) {
                text += part;
            }
        }
        if (depth == 0) {
            (void)skip(")"); // which no pattern that compiles has
        }
        return text;
    }

    std::string atom(std::size_t depth) {
        const char c = take();
        switch (c) {
        case '(':
            return group(depth);
        case '[':
            return {one_of_class()};
        case '\\':
            return escape();
        case '.':
            return "x";
        case '^':
        case '$':
            return {};
        default:
            return {c};
        }
    }

    std::string group(std::size_t depth) {
        bool counts = true;
        if (skip("?")) {
            counts = !rest_.starts_with('=') && !rest_.starts_with('!') &&
                     !rest_.starts_with("<=") && !rest_.starts_with("<!");
            const bool has_name = rest_.starts_with('<') || rest_.starts_with("P<");
            const std::size_t head = rest_.find_first_of(has_name ? ">" : ":=!>|)");
            rest_.remove_prefix(std::min(head, rest_.size()));
            if (!at_end() && rest_.front() != ')') {
                (void)take();
            }
        }
        if (depth == max_depth) {
            rest_ = {};
            return {};
        }
        std::string inner = alternatives(depth + 1);
        (void)skip(")");
        return counts ? inner : std::string();
    }

    /// The first byte of a class; of one that is negated a byte that is not in it.
    char one_of_class() {
        const bool negated = skip("^");
        std::string bytes;
        for (bool is_first = true; !at_end() && (is_first || rest_.front() != ']');
             is_first = false) {
            if (rest_.starts_with("[:")) {
                const std::size_t end = rest_.find(":]");
                bytes += rest_.starts_with("[:digit:]") ? '1' : 'x';
                rest_.remove_prefix(
                    std::min(end == std::string_view::npos ? end : end + 2, rest_.size()));
                continue;
            }
            const char c = take();
            bytes += c == '\\' && !at_end() ? escape() : std::string{c};
        }
        if (!at_end()) {
            (void)take();
        }
        if (!negated) {
            return bytes.empty() ? 'x' : bytes.front();
        }
        constexpr std::string_view others = "x1a-z";
        const std::size_t other = others.find_first_not_of(bytes);
        return other == std::string_view::npos ? 'x' : others[other];
    }

    std::string escape() {
        if (at_end()) {
            return {};
        }
        const char c = take();
        switch (c) {
        case 'd':
            return "1";
        case 'w':
        case 'S':
        case 'D':
        case 'h':
            return "x";
        case 's':
        case 'W':
            return "-";
        case 'b':
        case 'B':
        case 'A':
        case 'z':
        case 'Z':
        case 'K':
        case 'Q':
        case 'E':
            return {};
        default:
            return {c};
        }
    }

    std::size_t repetitions() {
        std::size_t count = 1;
        if (skip("*") || skip("?")) {
            count = 0;
        } else if (rest_.size() > 1 && rest_[0] == '{' && rest_[1] >= '0' && rest_[1] <= '9') {
            count = 0;
            for (rest_.remove_prefix(1);
                 !at_end() && rest_.front() >= '0' && rest_.front() <= '9';) {
                count = std::min(count * 10 + static_cast<std::size_t>(take() - '0'), max_length);
            }
            rest_.remove_prefix(std::min(rest_.find('}'), rest_.size()));
            (void)skip("}");
        } else {
            (void)skip("+");
        }
        (void)(skip("?") || skip("+")); // lazy or possessive
        return count;
    }

    std::string_view rest_;
};

} // namespace

std::string sample_of_regex(std::string_view pattern) {
    return Sampler(pattern).sample();
}

} // namespace upstream_lint
