#include "syntax/trivia.hpp"

#include "upstream_lint/syntax.hpp"

namespace upstream_lint {

namespace {

constexpr std::string_view blanks = " \t\r\n";

std::uint32_t find_or(std::size_t found, std::uint32_t end) {
    return found < end ? static_cast<std::uint32_t>(found) : end;
}

} // namespace

std::uint32_t skip_trivia(std::string_view bytes, std::uint32_t begin, std::uint32_t end) {
    std::uint32_t p = begin;
    for (;;) {
        p = find_or(bytes.find_first_not_of(blanks, p), end);
        if (p == end || bytes[p] != '#') {
            return p;
        }
        p = find_or(bytes.find('\n', p), end);
    }
}

std::vector<Comment> comments_between(std::string_view bytes, std::uint32_t begin, std::uint32_t end) {
    std::vector<Comment> comments;
    std::uint32_t p = begin;
    while (p < end) {
        p = find_or(bytes.find_first_not_of(blanks, p), end);
        if (p == end) {
            break;
        }
        const std::uint32_t line_end = find_or(bytes.find('\n', p), end);
        if (bytes[p] == '#') {
            comments.push_back({.begin = p, .end = line_end});
            p = line_end;
        } else {
            ++p;
        }
    }
    return comments;
}

} // namespace upstream_lint
