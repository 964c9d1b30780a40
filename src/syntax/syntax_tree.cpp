#include "upstream_lint/syntax.hpp"

namespace upstream_lint {

std::string_view SyntaxTree::raw_name(NodeId id) const {
    const auto words = this->words(id);
    return words.empty() ? std::string_view{} : raw(words.front());
}

std::string SyntaxTree::value(Word word) const {
    const std::string_view text = unquoted(word);
    if (text.find('\\') == std::string_view::npos) {
        return std::string(text);
    }
    std::string value;
    value.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char next = text[i] == '\\' && i + 1 < text.size() ? text[i + 1] : '\0';
        switch (next) {
        case '"':
        case '\'':
        case '\\':
            value += next;
            ++i;
            break;
        case 't':
            value += '\t';
            ++i;
            break;
        case 'r':
            value += '\r';
            ++i;
            break;
        case 'n':
            value += '\n';
            ++i;
            break;
        default:
            value += text[i];
        }
    }
    return value;
}

std::uint32_t SyntaxTree::nginx_offset(std::uint32_t at) const {
    std::size_t lag = 0;
    for (const auto& [close, count] : uncounted_lines_) {
        lag += close < at ? count : 0;
    }
    std::size_t line = at;
    for (; lag > 0; --lag) {
        line = bytes_.find_last_of('\n', line - 1);
    }
    return static_cast<std::uint32_t>(line);
}

std::string_view SyntaxTree::lua_body(NodeId id) const {
    const Node& block = node(id);
    return bytes_.substr(block.terminator + 1, block.close - block.terminator - 1);
}

} // namespace upstream_lint
