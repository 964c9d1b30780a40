#include "upstream_lint/syntax.hpp"

namespace upstream_lint {

std::span<const Word> SyntaxTree::words(NodeId id) const {
    const std::size_t begin = nodes_[id.value].first_word;
    const std::size_t next = std::size_t{id.value} + 1;
    const std::size_t end = next < nodes_.size() ? nodes_[next].first_word : words_.size();
    return std::span(words_).subspan(begin, end - begin);
}

std::string_view SyntaxTree::raw_name(NodeId id) const {
    const auto words = this->words(id);
    return words.empty() ? std::string_view{} : raw(words.front());
}

std::string_view SyntaxTree::unquoted(Word word) const {
    std::string_view text = raw(word);
    if (!word.quoted) {
        return text;
    }
    const char quote = text.front();
    text.remove_prefix(1);
    if (!text.empty() && text.back() == quote) {
        text.remove_suffix(1);
    }
    return text;
}

std::string SyntaxTree::value(Word word) const {
    const std::string_view text = unquoted(word);
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

std::string_view SyntaxTree::lua_body(NodeId id) const {
    const Node& block = node(id);
    return bytes_.substr(block.terminator + 1, block.close - block.terminator - 1);
}

} // namespace upstream_lint
