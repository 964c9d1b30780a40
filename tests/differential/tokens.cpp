#include "tokens.hpp"

#include <algorithm>

namespace upstream_lint::differential {

std::vector<Token> scan_tokens(std::string_view text) {
    std::vector<Token> tokens;
    bool head = true;
    std::size_t at = 0;
    const auto add = [&](TokenKind kind, std::size_t begin, std::size_t end) {
        tokens.push_back({kind, begin, end, head && kind != TokenKind::comment});
        if (kind != TokenKind::comment)
            head =
                kind == TokenKind::semicolon || kind == TokenKind::open || kind == TokenKind::close;
        at = end;
    };
    while (at < text.size()) {
        const char byte = text[at];
        switch (byte) {
        case ' ':
        case '\t':
        case '\r':
        case '\n':
            ++at;
            continue;
        case ';':
            add(TokenKind::semicolon, at, at + 1);
            continue;
        case '{':
            add(TokenKind::open, at, at + 1);
            continue;
        case '}':
            add(TokenKind::close, at, at + 1);
            continue;
        case '#':
            add(TokenKind::comment, at, std::min(text.find('\n', at), text.size()));
            continue;
        default:
            break;
        }
        std::size_t end = at;
        if (byte == '"' || byte == '\'') {
            for (++end; end < text.size() && text[end] != byte; ++end)
                if (text[end] == '\\')
                    ++end;
            add(TokenKind::quoted, at, std::min(end + 1, text.size()));
            continue;
        }
        while (end < text.size()) {
            const char each = text[end];
            if (each == ' ' || each == '\t' || each == '\r' || each == '\n' || each == ';')
                break;
            if (each == '{' && (end == at || text[end - 1] != '$'))
                break;
            end += each == '\\' ? 2 : 1;
        }
        add(TokenKind::word, at, std::min(end, text.size()));
    }
    return tokens;
}

} // namespace upstream_lint::differential
