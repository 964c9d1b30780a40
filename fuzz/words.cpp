// Words as nginx's reader takes them, byte by byte, against those of the tree.

#include "property.hpp"
#include "upstream_lint/syntax.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace upstream_lint::fuzz {
namespace {

// Below nginx's buffer size (NGX_CONF_BUFFER) no word can be too long for it.
constexpr std::size_t max_input = 4000;

struct ReadWord {
    std::size_t begin = 0; // of what stands in the file, quotes included
    std::size_t end = 0;
    bool quoted = false;
    std::string value;
};

enum class Ending : std::uint8_t { semicolon, open_brace, close_brace, error, end_of_file };

struct Statement {
    std::vector<ReadWord> words;
    Ending ending = Ending::end_of_file;
    std::size_t at = 0; // the byte that ended it
};

bool is_blank(char byte) {
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

// What ngx_conf_read_token copies of [begin, end).
std::string unescaped(std::string_view text) {
    std::string value;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char next = i + 1 < text.size() ? text[i + 1] : 'x';
        const std::string_view known = "\"'\\trn";
        const std::size_t kind = text[i] == '\\' ? known.find(next) : std::string_view::npos;
        if (kind == std::string_view::npos) {
            value += text[i];
        } else {
            value += "\"'\\\t\r\n"[kind];
            ++i;
        }
    }
    return value;
}

/// A state machine over single bytes, as nginx's reader is one (src/core/ngx_conf_file.c,
/// ngx_conf_read_token); the library scans word by word with tables instead.
class Reader {
public:
    explicit Reader(std::string_view bytes) : bytes_(bytes) {}

    Statement next() {
        Statement statement;
        between_words_ = true;
        behind_quote_ = false;
        quote_ = '\0';
        while (position_ < bytes_.size()) {
            statement.at = position_;
            const char byte = bytes_[position_++];
            if (take(byte, statement))
                return statement;
        }
        statement.at = bytes_.size();
        const bool clean = statement.words.empty() && between_words_ && !behind_quote_;
        statement.ending = clean ? Ending::end_of_file : Ending::error;
        return statement;
    }

private:
    // True when the statement has ended.
    bool take(char byte, Statement& statement) {
        if (comment_) {
            comment_ = byte != '\n';
            return false;
        }
        if (escaped_) {
            escaped_ = false;
            return false;
        }
        if (behind_quote_) {
            if (byte == ';' || byte == '{')
                return end(byte, statement);
            if (!is_blank(byte) && byte != ')') {
                statement.ending = Ending::error;
                return true;
            }
            behind_quote_ = false;
            between_words_ = true;
        }
        return between_words_ ? start_word(byte, statement) : inside_word(byte, statement);
    }

    bool start_word(char byte, Statement& statement) {
        if (is_blank(byte))
            return false;
        if (byte == ';' || byte == '{' || byte == '}')
            return end(byte, statement);
        if (byte == '#') {
            comment_ = true;
            return false;
        }
        between_words_ = false;
        dollar_ = byte == '$';
        escaped_ = byte == '\\';
        quote_ = byte == '"' || byte == '\'' ? byte : '\0';
        begin_ = position_ - 1;
        return false;
    }

    bool inside_word(char byte, Statement& statement) {
        if (byte == '{' && dollar_)
            return false;
        dollar_ = byte == '$';
        if (byte == '\\') {
            escaped_ = true;
            return false;
        }
        if (quote_ != '\0') {
            if (byte == quote_) {
                add(begin_ + 1, position_ - 1, position_, true, statement);
                quote_ = '\0';
                behind_quote_ = true;
            }
            return false;
        }
        if (!is_blank(byte) && byte != ';' && byte != '{')
            return false;
        add(begin_, position_ - 1, position_ - 1, false, statement);
        between_words_ = true;
        return !is_blank(byte) && end(byte, statement);
    }

    void add(std::size_t from, std::size_t to, std::size_t end, bool quoted,
             Statement& statement) const {
        statement.words.push_back({begin_, end, quoted, unescaped(bytes_.substr(from, to - from))});
    }

    static bool end(char byte, Statement& statement) {
        if (statement.words.empty() != (byte == '}'))
            statement.ending = Ending::error;
        else if (byte == '}')
            statement.ending = Ending::close_brace;
        else
            statement.ending = byte == ';' ? Ending::semicolon : Ending::open_brace;
        return true;
    }

    std::string_view bytes_;
    std::size_t position_ = 0;
    std::size_t begin_ = 0;
    char quote_ = '\0';
    bool between_words_ = true;
    bool behind_quote_ = false;
    bool escaped_ = false;
    bool dollar_ = false;
    bool comment_ = false;
};

void compare_words(const SyntaxTree& tree, NodeId id, const std::vector<ReadWord>& expected) {
    const auto words = tree.words(id);
    require(words.size() == expected.size(), "a statement has the words nginx reads");
    for (std::size_t i = 0; i < words.size(); ++i) {
        const Word& word = words[i];
        require(word.begin == expected[i].begin && word.end() == expected[i].end,
                "a word starts and ends where nginx's does");
        require((word.quoted != 0) == expected[i].quoted, "a word is quoted when nginx's is");
        require(tree.value(word) == expected[i].value, "a word has the value nginx gives it");
    }
}

// Lua follows: another reader's bytes.
bool opens_lua(const Statement& statement) {
    const std::string_view suffix = "_by_lua_block";
    return statement.ending == Ending::open_brace &&
           statement.words.front().value.ends_with(suffix);
}

void check_own(const SyntaxTree& tree) {
    for (const Word& word : tree.words()) {
        const std::string_view raw = tree.raw(word);
        const std::string_view unquoted = tree.unquoted(word);
        require(!raw.empty(), "no word is empty as written");
        require(raw.size() - unquoted.size() <= (word.quoted != 0 ? 2U : 0U),
                "unquoting takes off quotes only");
        require(raw.find(unquoted) == (word.quoted != 0 ? 1U : 0U) || unquoted.empty(),
                "what is unquoted stands in the word");
        const std::string value = tree.value(word);
        require(value.size() <= unquoted.size(), "escapes make no word longer");
        require(value == unquoted || unquoted.find('\\') != std::string_view::npos,
                "only escapes change a value");
    }
}

void compare(std::string_view bytes, const SyntaxTree& tree) {
    Reader reader(bytes);
    std::size_t depth = 0;
    for (std::uint32_t node = 0;;) {
        const Statement statement = reader.next();
        const bool unbalanced = statement.ending == Ending::close_brace && depth == 0;
        const bool unclosed = statement.ending == Ending::end_of_file && depth != 0;
        if (statement.ending == Ending::error || unbalanced || unclosed) {
            require(!tree.errors().empty(), "what nginx refuses is an error");
            require(tree.errors().front().at == statement.at,
                    "the first error stands where nginx's reader stops");
            return;
        }
        if (statement.ending == Ending::end_of_file)
            break;
        if (statement.ending == Ending::close_brace) {
            --depth;
            continue;
        }
        require(node < tree.nodes().size(), "every statement is a node");
        compare_words(tree, NodeId{node}, statement.words);
        require(tree.nodes()[node].terminator == statement.at,
                "a statement ends where nginx's does");
        if (opens_lua(statement))
            return;
        const bool block = statement.ending == Ending::open_brace;
        require(tree.nodes()[node].kind == (block ? NodeKind::block : NodeKind::simple),
                "the terminator says the kind");
        depth += block ? 1 : 0;
        ++node;
    }
    require(tree.errors().empty(), "what nginx reads has no errors");
}

} // namespace
} // namespace upstream_lint::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size > upstream_lint::fuzz::max_input)
        return 0;
    const std::string_view bytes = upstream_lint::fuzz::as_text(data, size);
    const upstream_lint::SyntaxTree tree = upstream_lint::parse(bytes);
    upstream_lint::fuzz::check_own(tree);
    upstream_lint::fuzz::compare(bytes, tree);
    return 0;
}
