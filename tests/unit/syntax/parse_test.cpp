#include "upstream_lint/syntax.hpp"

#include <doctest/doctest.h>
#include <string>
#include <vector>

using namespace upstream_lint;

namespace {

/// The tree as one line: words in <>, `;`, `{`, `}`, `!` for what was not ended, `L` for Lua
/// bodies.
std::string shape(const SyntaxTree& tree) {
    std::string text;
    std::vector<std::uint32_t> ends;
    const auto nodes = tree.nodes();
    for (std::uint32_t i = 0; i <= nodes.size(); ++i) {
        while (!ends.empty() && ends.back() <= i) {
            text += "}";
            ends.pop_back();
        }
        if (i == nodes.size()) {
            break;
        }
        for (const Word& word : tree.words(NodeId{i})) {
            text += "<" + tree.value(word) + ">";
        }
        switch (nodes[i].kind) {
        case NodeKind::simple:
            text += ";";
            break;
        case NodeKind::unterminated:
            text += "!";
            break;
        case NodeKind::lua_block:
            text += "L(" + std::string(tree.lua_body(NodeId{i})) + ")";
            break;
        case NodeKind::block:
            text += "{";
            ends.push_back(nodes[i].subtree_end);
            break;
        }
    }
    return text;
}

void check_promises(const SyntaxTree& tree) {
    const auto problem = verify(tree);
    CHECK_MESSAGE(!problem, problem.value_or(""));
    CHECK(print(tree) == tree.bytes());
}

} // namespace

TEST_CASE("words, quotes and escapes are nginx's") {
    struct Row {
        std::string text;
        std::string shape;
    };

    const std::vector<Row> rows = {
        {"", ""},
        {"   \t\r\n", ""},
        {"# only a comment", ""},
        {"a;", "<a>;"},
        {"a b  c\t\r\nd;", "<a><b><c><d>;"},
        {"a{}", "<a>{}"},
        {"a { b; c { } } d;", "<a>{<b>;<c>{}}<d>;"},
        {"a \"b c\" 'd;{}#e';", "<a><b c><d;{}#e>;"},
        {"a \"\" '';", "<a><><>;"},
        {"\"a\" b;", "<a><b>;"},
        {"a b#c;", "<a><b#c>;"},
        {"a #c;\n;", "<a>;"},
        {"a b\"c'd;", "<a><b\"c'd>;"},
        {"a b};", "<a><b}>;"},
        {"a ${b} $c{ } ${{d;", "<a><${b}><$c>{}<${{d>;"},
        {"a x$ {}", "<a><x$>{}"},
        {"a x${};", "<a><x${}>;"},
        {"a \\; \\{ \\  b;", "<a><\\;><\\{><\\ ><b>;"},
        {"a \\\"b \\'c \\\\d;", "<a><\"b><'c><\\d>;"},
        {"a x\\ty\\rz\\nw;", "<a><x\ty\rz\nw>;"},
        {"a \"b\\\"c\" 'd\\'e' \"\\$f\\.\";", "<a><b\"c><d'e><\\$f\\.>;"},
        {"a \"b\"\"c\";", "<a><b><\"c\">;"},
        {"if (\"$a\" = \"b\") {}", "<if><(\"$a\"><=><b><)>{}"},
        {"if ( \"b\") {}", "<if><(><b><)>{}"},
        {"a \"b\"{}", "<a><b>{}"},
        {"a \"b\";", "<a><b>;"},
        {"\xef\xbb\xbf"
         "a;",
         "<\xef\xbb\xbf"
         "a>;"},
        {"a\vb\fc;", "<a\vb\fc>;"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.text);
        const SyntaxTree tree = parse(row.text);
        if (row.text != "a \"b\"\"c\";") {
            CHECK(tree.errors().empty());
        }
        CHECK(shape(tree) == row.shape);
        check_promises(tree);
    }
}

TEST_CASE("a NUL byte is a byte like others") {
    const std::string text("a b\0c;", 6);
    const SyntaxTree tree = parse(text);
    CHECK(tree.value(tree.words()[1]) == std::string("b\0c", 3));
    check_promises(tree);
}

TEST_CASE("Lua bodies are kept as bytes") {
    const std::string text = "content_by_lua_block { if x then y = { '}' } end -- }\n } a;";
    const SyntaxTree tree = parse(text);
    CHECK(tree.errors().empty());
    CHECK(shape(tree) == "<content_by_lua_block>L( if x then y = { '}' } end -- }\n )<a>;");
    check_promises(tree);
}

TEST_CASE("each mistake is one error, and the rest is read as it was meant") {
    struct Row {
        std::string text;
        std::vector<SyntaxErrorKind> errors;
        std::string shape;
    };

    using enum SyntaxErrorKind;
    const std::vector<Row> rows = {
        {";", {unexpected_character}, ""},
        {"a;; b;", {unexpected_character}, "<a>;<b>;"},
        {"a { { b; } c;", {unexpected_character}, "<a>{<b>;}<c>;"},
        {"{ b; } c;", {unexpected_character}, "{<b>;}<c>;"},
        {"} a;", {unexpected_character}, "<a>;"},
        {"a { } } b;", {unexpected_character}, "<a>{}<b>;"},
        {"a { b } c;", {unexpected_character}, "<a>{<b>!}<c>;"},
        {"a { b \"c\"} d;", {unexpected_character}, "<a>{<b><c>!}<d>;"},
        {"a \"b\"c d; e;", {unexpected_character}, "<a><b><c><d>;<e>;"},
        {"a \"b;\nc d;\ne \"f\";", {unexpected_character}, "<a><b>;<c><d>;<e><f>;"},
        {"a b", {unexpected_end}, "<a><b>!"},
        {"a \"b;\nc;", {unexpected_end}, "<a><b>;<c>;"},
        {"a { b;", {unclosed_block}, "<a>{<b>;}"},
        {"a \"b\"c", {unexpected_character, unexpected_end}, "<a><b><c>!"},
        {"a \\", {unexpected_end}, "<a><\\>!"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.text);
        const SyntaxTree tree = parse(row.text);
        std::vector<SyntaxErrorKind> kinds;
        for (const SyntaxError& error : tree.errors()) {
            kinds.push_back(error.kind);
        }
        CHECK(kinds == row.errors);
        CHECK(shape(tree) == row.shape);
        check_promises(tree);
    }
}

// ngx_conf_read_token reads the byte behind a word's blank while the word still fills its buffer.
TEST_CASE("what does not fit nginx's buffer of 4096 bytes") {
    using enum SyntaxErrorKind;

    struct Row {
        std::string text;
        std::vector<SyntaxErrorKind> errors;
    };

    const auto x = [](std::size_t count) { return std::string(count, 'x'); };
    const std::vector<Row> rows = {
        {"a " + x(4095) + ";b;", {}},
        {"a " + x(4096) + ";b;", {too_long_word}},
        {"a " + x(4094) + " ;b;", {}},
        {"a " + x(4095) + " ;b;", {too_long_word}},
        {"a \"" + x(4094) + "\";b;", {}},
        {"a \"" + x(4095) + "\";b;", {too_long_word}},
        {"a \"" + x(4096) + "\";b;", {too_long_quoted}},
        {"a \"" + x(4093) + "\" ;b;", {}},
        {"a \"" + x(4094) + "\" ;b;", {too_long_word}},
        {"#" + x(4094) + "\na;", {}},
        {"#" + x(4095) + "\na;", {too_long_word}},
        {"#" + x(4095), {}},
        {"#" + x(4096), {too_long_word}},
        {"a " + x(4096), {unexpected_end}},
    };
    for (const Row& row : rows) {
        CAPTURE(row.text.size());
        const SyntaxTree tree = parse(row.text);
        std::vector<SyntaxErrorKind> kinds;
        for (const SyntaxError& error : tree.errors()) {
            if (kinds.empty()) {
                kinds.push_back(error.kind);
            }
        }
        CHECK(kinds == row.errors);
        check_promises(tree);
    }
}

TEST_CASE("hostile shapes end") {
    const std::string deep(1'000'000, '{');
    const SyntaxTree braces = parse(deep);
    CHECK(braces.errors_truncated());
    check_promises(braces);

    std::string nested;
    for (int i = 0; i < 1'000'000; ++i) {
        nested += "a{";
    }
    check_promises(parse(nested));
    const std::string quotes = std::string(1'000'000, '"');
    check_promises(parse(quotes));
    std::string lines;
    for (int i = 0; i < 100'000; ++i) {
        lines += "a \"b\n";
    }
    check_promises(parse(lines));
}

TEST_CASE("a tree stands for every way to cut a file off") {
    const std::string text =
        "a \"b c\" 'd'; # e\nf { g \\\"h; content_by_lua_block { x = [[ } ]] } } i ${j} { }\n";
    std::string many = text;
    while (many.size() < 20'000) { // some of nginx's buffers
        many += text;
    }
    for (std::size_t size = 0; size <= many.size(); ++size) {
        CAPTURE(size);
        check_promises(parse(std::string_view(many).substr(0, size)));
    }
}
