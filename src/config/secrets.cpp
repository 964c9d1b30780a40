#include "config/ascii.hpp"
#include "upstream_lint/config.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace upstream_lint {

namespace {

constexpr std::array<std::string_view, 9> secret_words = {"authorization", "cookie",  "token",
                                                          "secret",        "passw",   "credential",
                                                          "api-key",       "api_key", "apikey"};

bool sounds_secret(std::string_view name) {
    const std::string letters = lower(name);
    return std::ranges::any_of(secret_words, [&](std::string_view word) {
        return letters.find(word) != std::string::npos;
    });
}

/// Whether its first argument names what the others are the value of.
bool names_a_value(std::string_view directive) {
    return directive == "set" || directive == "add_header" || directive == "add_trailer" ||
           directive.ends_with("_set_header") || directive.ends_with("_param") ||
           directive.starts_with("more_set_");
}

bool is_secret_itself(std::string_view directive) {
    return directive == "secure_link_md5" || directive == "secure_link_secret";
}

void blank(std::string& text, std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < std::min(end, text.size()); ++i)
        if (text[i] != '\n' && text[i] != '\r')
            text[i] = ' ';
}

/// The end of the variable that begins with the `$` at `begin`: `$name`, `${name}`.
std::size_t variable_end(std::string_view text, std::size_t begin) {
    const bool has_braces = begin + 1 < text.size() && text[begin + 1] == '{';
    std::size_t end = begin + (has_braces ? 2 : 1);
    while (end < text.size() && is_word_character(text[end]))
        ++end;
    return has_braces && end < text.size() && text[end] == '}' ? end + 1 : end;
}

// Variables are no secrets: they are what a request brings.
void mask(std::string& text, std::size_t begin, std::size_t end) {
    while (begin < end) {
        if (text[begin] == '$')
            begin = variable_end(std::string_view(text).substr(0, end), begin);
        else
            text[begin++] = '*';
    }
}

class Masking {
public:
    explicit Masking(const SyntaxTree& tree) : tree_(tree), text_(tree.bytes()) {}

    std::string run() {
        blank_comments();
        for (std::uint32_t i = 0; i < tree_.nodes().size(); ++i)
            visit({i});
        return std::move(text_);
    }

private:
    // They hold what was tried before.
    void blank_comments() {
        const std::string_view bytes = tree_.bytes();
        std::uint32_t gap = 0;
        for (const auto& [begin, end] : tokens()) {
            for (const Comment& comment : comments_between(bytes, gap, begin))
                blank(text_, comment.begin + 1, comment.end);
            gap = end;
        }
        for (const Comment& comment :
             comments_between(bytes, gap, static_cast<std::uint32_t>(bytes.size())))
            blank(text_, comment.begin + 1, comment.end);
    }

    [[nodiscard]] std::vector<std::pair<std::uint32_t, std::uint32_t>> tokens() const {
        std::vector<std::pair<std::uint32_t, std::uint32_t>> tokens;
        for (const Word& word : tree_.words())
            tokens.emplace_back(word.begin, word.end());
        for (const Node& node : tree_.nodes()) {
            const bool is_lua = node.kind == NodeKind::lua_block;
            tokens.emplace_back(node.terminator, (is_lua ? node.close : node.terminator) + 1);
            if (node.kind == NodeKind::block)
                tokens.emplace_back(node.close, node.close + 1);
        }
        std::ranges::sort(tokens);
        return tokens;
    }

    void visit(NodeId id) {
        const Node& node = tree_.node(id);
        if (node.kind == NodeKind::lua_block)
            blank(text_, node.terminator + 1, node.close);
        const auto words = tree_.words(id);
        if (words.size() < 2)
            return;
        const std::string_view directive = tree_.raw_name(id);
        if (is_secret_itself(directive))
            mask_from(words, 1, "");
        else if (names_a_value(directive) && sounds_secret(tree_.unquoted(words[1])))
            mask_from(words, 1, directive);
    }

    // `more_set_headers` has the name and the value in one word.
    void mask_from(std::span<const Word> words, std::size_t first, std::string_view directive) {
        for (std::size_t i = first; i < words.size(); ++i) {
            const std::string_view value = tree_.unquoted(words[i]);
            auto begin = static_cast<std::size_t>(value.data() - tree_.bytes().data());
            const std::size_t end = begin + value.size();
            if (i == first && !directive.empty())
                begin = directive.starts_with("more_set_")
                            ? begin + std::min(value.find(':'), value.size())
                            : end;
            mask(text_, begin, end);
        }
    }

    const SyntaxTree& tree_;
    std::string text_;
};

} // namespace

std::string without_secrets(const SyntaxTree& tree) {
    return Masking(tree).run();
}

} // namespace upstream_lint
