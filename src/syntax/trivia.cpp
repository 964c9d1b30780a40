#include "syntax/trivia.hpp"

#include "upstream_lint/syntax.hpp"

#include <algorithm>

namespace upstream_lint {

namespace {

constexpr std::string_view blanks = " \t\r\n";

std::uint32_t offset_of(std::size_t found, std::string_view bytes) {
    return static_cast<std::uint32_t>(std::min(found, bytes.size()));
}

} // namespace

std::uint32_t skip_trivia(std::string_view bytes, std::uint32_t begin, std::uint32_t end) {
    // nothing behind `end` is looked at: a gap costs its own length, not its line's
    const std::string_view gap = bytes.substr(0, end);
    std::uint32_t p = begin;
    for (;;) {
        p = offset_of(gap.find_first_not_of(blanks, p), gap);
        if (p == end || gap[p] != '#') {
            return p;
        }
        p = offset_of(gap.find('\n', p), gap);
    }
}

std::vector<Comment> comments_between(std::string_view bytes, std::uint32_t begin,
                                      std::uint32_t end) {
    const std::string_view gap = bytes.substr(0, end);
    std::vector<Comment> comments;
    std::uint32_t p = offset_of(gap.find_first_not_of(blanks, begin), gap);
    while (p < end) {
        if (gap[p] == '#') {
            const std::uint32_t line_end = offset_of(gap.find('\n', p), gap);
            comments.push_back({.begin = p, .end = line_end});
            p = line_end;
        } else {
            ++p;
        }
        p = offset_of(gap.find_first_not_of(blanks, p), gap);
    }
    return comments;
}

} // namespace upstream_lint
