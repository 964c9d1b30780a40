#include "resolve/uri_escape.hpp"

#include "config/ascii.hpp"

#include <optional>

namespace upstream_lint {

namespace {

bool is_escaped(unsigned char c, Escape what, bool follows_rfc3986) {
    if (what == Escape::memcached) {
        return c <= ' ' || c == '%';
    }
    constexpr std::string_view never = " #%?";
    constexpr std::string_view not_in_rfc3986 = "\"<>\\^`{|}";
    constexpr std::string_view not_in_args = "&+;";
    const char letter = static_cast<char>(c);
    return c < ' ' || c >= 0x7f || never.find(letter) != std::string_view::npos ||
           (follows_rfc3986 && not_in_rfc3986.find(letter) != std::string_view::npos) ||
           (what == Escape::args && not_in_args.find(letter) != std::string_view::npos);
}

std::optional<unsigned> hexadecimal(char c) {
    if (c >= '0' && c <= '9') {
        return static_cast<unsigned>(c - '0');
    }
    const char small = to_lower(c);
    if (small >= 'a' && small <= 'f') {
        return static_cast<unsigned>(small - 'a') + 10;
    }
    return std::nullopt;
}

} // namespace

std::string escape_uri(std::string_view text, Escape what, bool follows_rfc3986) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string escaped;
    for (const char letter : text) {
        const auto c = static_cast<unsigned char>(letter);
        if (is_escaped(c, what, follows_rfc3986)) {
            escaped += '%';
            escaped += digits[c >> 4U];
            escaped += digits[c & 0xfU];
        } else {
            escaped += letter;
        }
    }
    return escaped;
}

std::string unescape_redirect(std::string_view text) {
    std::string result;
    std::size_t at = 0;
    while (at < text.size()) {
        const char c = text[at++];
        if (c == '?') {
            return result += text.substr(at - 1);
        }
        if (c != '%') {
            result += c;
            continue;
        }
        if (at == text.size()) {
            break;
        }
        const auto high = hexadecimal(text[at]);
        if (!high) {
            result += text[at++]; // the percent sign goes
            continue;
        }
        if (++at == text.size()) {
            break;
        }
        const auto low = hexadecimal(text[at++]);
        if (!low) {
            continue; // all three go
        }
        const unsigned decoded = *high << 4U | *low;
        if (decoded == '?' && text[at - 1] > '9') { // nginx asks where a letter ends the escape
            result += '?';
            return result += text.substr(at);
        }
        if (decoded > '%' && decoded < 0x7f) {
            result += static_cast<char>(decoded);
        } else {
            result += text.substr(at - 3, 3);
        }
    }
    return result;
}

} // namespace upstream_lint
