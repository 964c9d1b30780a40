#include "hand_tokenizer.hpp"

#include <array>
#include <cstdint>
#include <cstring>

namespace upstream_lint::bench {
namespace {

// clang-format off
enum ByteClass : std::uint8_t {
    blank = 1,
    ends_word = 2,    // blank ; {
    looked_at = 4,    // ends_word, \ and $: where the loop over a bare word must stop
    not_in_quotes = 8 // quotes and backslash: where the loop over a quoted word must stop
};

// clang-format on

constexpr std::array<std::uint8_t, 256> classes = [] {
    std::array<std::uint8_t, 256> table{};
    for (const auto byte : std::string_view(" \t\r\n"))
        table[static_cast<unsigned char>(byte)] = blank | ends_word | looked_at;
    table[';'] = table['{'] = ends_word | looked_at;
    table['\\'] = looked_at | not_in_quotes;
    table['$'] = looked_at;
    table['"'] = table['\''] = not_in_quotes;
    return table;
}();

bool is(char byte, ByteClass byte_class) noexcept {
    return (classes[static_cast<unsigned char>(byte)] & byte_class) != 0;
}

// Behind the bare word at `p`.
const char* behind_word(const char* p, const char* end) noexcept {
    while (true) {
        while (p < end && !is(*p, looked_at))
            ++p;
        if (p >= end)
            return end;
        if (is(*p, ends_word))
            return p;
        if (*p++ == '\\') {
            ++p;
            continue;
        }
        while (p < end && *p == '{')
            ++p;
    }
}

// Behind the quoted word at `p`.
const char* behind_quoted(const char* p, const char* end) noexcept {
    const char quote = *p++;
    while (true) {
        while (p < end && !is(*p, not_in_quotes))
            ++p;
        if (p >= end)
            return end;
        if (*p == quote)
            return p + 1;
        p += *p == '\\' ? 2 : 1;
    }
}

} // namespace

TokenCounts count_tokens(std::string_view bytes) noexcept {
    TokenCounts counts;
    const char* p = bytes.data();
    const char* const end = p + bytes.size();
    while (true) {
        while (p < end && is(*p, blank))
            ++p;
        if (p >= end)
            return counts;
        switch (*p) {
        case ';':
            ++counts.semicolons;
            ++p;
            break;
        case '{':
            ++counts.opening_braces;
            ++p;
            break;
        case '}':
            ++counts.closing_braces;
            ++p;
            break;
        case '#': {
            const void* const line_end = std::memchr(p, '\n', static_cast<std::size_t>(end - p));
            p = line_end == nullptr ? end : static_cast<const char*>(line_end) + 1;
            break;
        }
        case '"':
        case '\'':
            ++counts.words;
            p = behind_quoted(p, end);
            break;
        default:
            ++counts.words;
            p = behind_word(p, end);
            break;
        }
    }
}

} // namespace upstream_lint::bench
