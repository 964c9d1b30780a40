#include "every_error.hpp"

#include "tokens.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace upstream_lint::differential {

namespace {

constexpr std::string_view blanks = " \t\n;";

/// Where the statement of one line begins and ends.
struct Extent {
    std::size_t begin = 0;
    std::size_t end = 0;
};

std::optional<Extent> statement_on(const std::string& text, std::uint32_t line) {
    std::optional<Extent> found;
    std::size_t head = 0;
    for (const Token& token : scan_tokens(text)) {
        if (token.head)
            head = token.begin;
        if (token.kind != TokenKind::semicolon)
            continue;
        const auto end = text.begin() + static_cast<std::ptrdiff_t>(token.begin);
        if (std::count(text.begin(), end, '\n') + 1 != static_cast<std::ptrdiff_t>(line))
            continue;
        if (found)
            return std::nullopt;
        found = Extent{head, token.end};
    }
    return found;
}

bool is_same(const Refusal& nginx, const Refusal& ours) {
    return compare(nginx, MessageClass::value, ours).equal;
}

using Statements = std::vector<EveryError::Statement>;

bool is_twice_of(const Statements& statements, const Refusal& ours) {
    return std::any_of(statements.begin(), statements.end(), [&](const auto& statement) {
        return ours.message == '"' + statement.name + "\" directive is duplicate";
    });
}

/// Found at the end of a block in a statement that nginx is not asked about again.
bool is_more_of(const Statements& statements, const Refusal& ours) {
    return !ours.place &&
           std::any_of(statements.begin(), statements.end(),
                       [&](const auto& statement) { return ours.shown_line == statement.line; });
}

} // namespace

std::optional<std::string> take_out(GeneratedConfiguration& configuration, const Place& place) {
    for (GeneratedFile& file : configuration.files) {
        if (!place.file.ends_with("/" + file.path))
            continue;
        const std::optional<Extent> extent = statement_on(file.text, place.line);
        if (!extent)
            return std::nullopt;
        const auto begin = file.text.begin() + static_cast<std::ptrdiff_t>(extent->begin);
        const auto end = file.text.begin() + static_cast<std::ptrdiff_t>(extent->end);
        const std::string name(begin, std::find_first_of(begin, end, blanks.begin(), blanks.end()));
        std::replace_if(
            begin, end, [](char byte) { return byte != '\n'; }, ' ');
        return name;
    }
    return std::nullopt;
}

bool is_of_missing(const Refusal& refusal) {
    return refusal.message.starts_with("no ");
}

std::string compare_every(const EveryError& nginx, const std::vector<Refusal>& ours) {
    auto expected = nginx.refusals.begin();
    for (const Refusal& found : ours) {
        if (expected != nginx.refusals.end() && is_same(*expected, found))
            ++expected;
        else if (is_twice_of(nginx.taken_out, found))
            return {};
        else if (is_more_of(nginx.taken_out, found))
            continue;
        else if (expected != nginx.refusals.end())
            return "nginx says " + describe(*expected) + ", we " + describe(found);
        else if (nginx.is_complete)
            return "we find one that nginx does not: " + describe(found);
    }
    return expected == nginx.refusals.end()
               ? std::string()
               : "we do not find all: nginx says " + describe(*expected);
}

} // namespace upstream_lint::differential
