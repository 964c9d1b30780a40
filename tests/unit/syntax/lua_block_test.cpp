#include "syntax/lua_block.hpp"
#include "syntax/lua_read_window.hpp"

#include <algorithm>
#include <cstdint>
#include <doctest/doctest.h>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace upstream_lint;

namespace {

constexpr std::string_view head = "content_by_lua_block {";

/// Reads `body` as the body of a block that starts the file.
LuaBlock read_body(const std::string& body, const std::string& before = {}) {
    const std::string bytes = before + std::string(head) + body;
    LuaReader reader(bytes);
    return reader.read(static_cast<std::uint32_t>(before.size() + head.size() - 1));
}

/// What is left behind the block's end.
std::string rest_of(const std::string& body) {
    const LuaBlock block = read_body(body);
    return block.error ? "error" : body.substr(block.close + 1 - head.size());
}

std::string lines(std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) {
        text += "a\n";
    }
    return text;
}

} // namespace

TEST_CASE("the tokens of a Lua body") {
    const auto cases = std::vector<std::pair<std::string, std::string>>{
        {"}", ""},
        {"{}}}", "}"},
        {"{{}{}}}}", "}"},
        {"'}'}1", "1"},
        {"\"}\"}1", "1"},
        {"'\"}'}1", "1"},
        {"'\\'}'}1", "1"},
        {"'\\\\'}'}1", "'}1"},
        {"'a}1\n'}2", "1\n'}2"}, // a string ends in its line
        {"'a\\\n}1'}2", "1'}2"}, // even with a backslash before its end
        {"'a\r}'}1", "1"},
        {"it's }1", "1"},
        {"\"'\" '}\"'}1", "1"},
        {"--}\n}1", "1"},
        {"--}\r}\n}1", "1"},
        {"-}1", "1"},
        {"- -}1", "1"},
        {"---[[}\n}1]]}", "1]]}"},
        {"--[=}\n}1", "1"},
        {"--[[}\n]]}1", "1"},
        {"--[==[}]]\n]=]]==]}1", "1"},
        {"[[}\n]]}1", "1"},
        {"[[}]=]]]}1", "1"},
        {"[=[}]]]=]}1", "1"},
        {"[===[}]==]]===]}1", "1"},
        {"[=}1", "1"},
        {"a[b[1]]}1", "1"},
        {"]]}1", "1"},
        {"]=}1", "1"},
        {"'[['}1", "1"},
        {"'--'}1", "1"},
        {std::string("\0'\0}'}1", 7), "1"},
    };
    for (const auto& test : cases) {
        CAPTURE(test.first);
        CHECK(rest_of(test.first) == test.second);
    }
}

TEST_CASE("a Lua body without its end") {
    struct Case {
        std::string body;
        SyntaxErrorKind kind;
        std::size_t at; // in the body
    };

    const auto end = SyntaxErrorKind::lua_unexpected_end;
    const auto bracket = SyntaxErrorKind::lua_unclosed_long_bracket;
    const auto cases = std::vector<Case>{
        {"\n", end, std::string::npos}, // the line of the block's own brace
        {"", end, std::string::npos},   {"\n{\n}\n", end, 1},         {"\n{\n{\n}}\n--}", end, 3},
        {"\n[[}", bracket, 1},          {"\n--[[}\n]=]", bracket, 1}, {"[=[ ]==] ]]", bracket, 0},
        {"a\n[==[]==", bracket, 2},
    };
    for (const Case& test : cases) {
        CAPTURE(test.body);
        const LuaBlock block = read_body(test.body);
        REQUIRE(block.error);
        CHECK(block.error->kind == test.kind);
        CHECK(block.error->at == head.size() + test.at);
        CHECK(block.error->related == head.size() - 1);
    }
}

TEST_CASE("an unclosed long bracket is shown without its dashes") {
    const LuaBlock block = read_body(" --[==[ }");
    REQUIRE(block.error);
    CHECK(block.error->begin == head.size() + 3);
    CHECK(block.error->end == head.size() + 7);
}

TEST_CASE("nginx's buffer ends inside a Lua body") {
    const std::string more(5000, '\n');
    // the first buffer ends at 4096
    const auto until = [](std::size_t at) { return std::string(at - head.size() - 2, 'x'); };

    CHECK_FALSE(read_body("[[" + until(4094) + "]]}" + more).error);
    CHECK(read_body("[[" + until(4095) + "]]}" + more).error);
    // a comment ends with the buffer
    CHECK_FALSE(read_body("--" + until(4096) + "{}}" + more).error);
    CHECK(read_body("--" + until(4096) + "}" + more).close == 4096);
    CHECK(read_body("--" + until(4095) + "}\n}" + more).close == 4097);
    // so does the search for a string's end, and what follows is read without the string
    CHECK_FALSE(read_body("\"}" + until(4095) + "\"}" + more).close == head.size() + 1);
    CHECK(read_body("\"}" + until(4096) + "\"}" + more).close == head.size() + 1);
    // nothing at all is found in it
    CHECK(read_body(until(4097) + "  }" + more).error.value().kind ==
          SyntaxErrorKind::lua_too_long);
    CHECK_FALSE(read_body(until(4095) + "  }" + more).error);
}

TEST_CASE("less than half of nginx's buffer is left at a Lua token") {
    const std::string more(5000, '\n');
    const auto before = [](std::size_t open) { return std::string(open + 1 - head.size(), ' '); };
    const std::string text(3000, 'x');

    // 2048 bytes are enough not to read more, and then a bracket of 3000 does not close in them
    CHECK(read_body("[[" + text + "]]}" + more, before(2047)).error);
    CHECK_FALSE(read_body("[[" + text + "]]}" + more, before(2048)).error);
    // the bytes in the buffer are all that the file has left
    CHECK_FALSE(read_body("[[" + text + "]]}", before(2048)).error);
}

TEST_CASE("line ends in bytes that were searched in vain are not counted") {
    const auto before = [](std::size_t open) { return std::string(open + 1 - head.size(), ' '); };
    const std::string more(5000, '\n');

    // exactly half of the buffer: 1024 lines are passed over
    LuaBlock block = read_body(lines(1500) + "}" + more, before(2047));
    CHECK_FALSE(block.error);
    CHECK(block.uncounted_lines == 1024);
    // more than half: with what is left of it free nothing is found, nor is there room for more
    block = read_body(lines(1500) + "}" + more, before(2046));
    REQUIRE(block.error);
    CHECK(block.error->kind == SyntaxErrorKind::lua_too_long);
    // the file's end is in the buffer then
    block = read_body(lines(1500) + "}", before(2046));
    CHECK_FALSE(block.error);
    CHECK(block.uncounted_lines == 1024);
    // less than half: refilled before the search
    block = read_body(lines(1500) + "}" + more, before(2048));
    CHECK_FALSE(block.error);
    CHECK(block.uncounted_lines == 0);

    SUBCASE("and so the line of a later error is another one") {
        block = read_body("\n" + lines(1500) + "{ --", before(2046));
        REQUIRE(block.error);
        CHECK(block.error->begin == 2047 + 3001);
        // 1025 lines of two bytes further up
        CHECK(block.error->at == 2047 + 3000 - 2 * 1024);
    }
}

TEST_CASE("where the buffer stands behind statements") {
    struct Case {
        std::string_view name;
        std::string before; // up to the byte that is not in the buffer any more
        std::size_t start;  // what the next buffer begins with
    };

    const std::size_t size = 4096;
    const auto up_to = [&](const std::string& tail) {
        return std::string(size - tail.size(), ' ') + tail;
    };
    const auto cases = std::vector<Case>{
        {"blanks", up_to(""), size - 1},
        {"word", up_to("abc"), size - 3},
        {"word and the blank behind it", up_to("abc "), size - 4},
        {"two blanks behind a word", up_to("abc  "), size - 1},
        {"quote", up_to("\""), size},
        {"quoted word", up_to("\"a b"), size - 3},
        {"closing quote", up_to("'a b'"), size - 4},
        {"closing quote and a blank", up_to("'a b'\n"), size - 5},
        {"parenthesis behind a quote", up_to("'a b')"), size - 1},
        {"comment", up_to("# a"), size - 3},
        {"end of a comment's line", up_to("# a\n"), size - 1},
        {"end of a statement", up_to("a;"), size},
        {"end of a statement behind a blank", up_to("a ;"), size},
        {"start of a block", up_to("a {"), size},
        {"end of a block", up_to("}"), size},
        {"escaped blank", up_to("a\\ b"), size - 4},
        {"brace behind a dollar", up_to("a${b"), size - 4},
    };
    for (const Case& test : cases) {
        CAPTURE(test.name);
        const std::string bytes = test.before + "x" + std::string(2 * size, '\n');
        ReadWindow window(bytes);
        window.read_statements(size + 1);
        CHECK(window.end() == test.start + size);
    }
}

TEST_CASE("the buffer is followed through several blocks") {
    const std::string block = "content_by_lua_block { a = '}' }\n";
    std::string bytes;
    for (int i = 0; i < 1000; ++i) {
        bytes += block;
    }
    LuaReader reader(bytes);
    for (std::size_t begin = 0; begin < bytes.size(); begin += block.size()) {
        const LuaBlock read = reader.read(static_cast<std::uint32_t>(begin + block.find('{')));
        CHECK_FALSE(read.error);
        CHECK(read.close == begin + block.rfind('}'));
    }
}

TEST_CASE("a mistake in Lua is one error") {
    const std::string padding(5000, 'x');
    const auto cases = std::vector<std::pair<std::string, std::size_t>>{
        // the bracket closes, too far away for nginx
        {"http {\n    content_by_lua_block {\n        x = [[" + padding +
             "]]\n    }\n    a;\n}\nb;\n",
         4},
        // it does not close
        {"http {\n    content_by_lua_block {\n        x = [[ }\n    }\n    a;\n}\nb;\n", 4},
        {"http {\n    content_by_lua_block {\n        x = " + padding + "\n    }\n    a;\n}\nb;\n",
         4},
        {"http {\n    content_by_lua_block { x = [[ }\n    a;\n}\nb;\n", 4},
        // more braces are missing than the file's other blocks have
        {"http {\n    content_by_lua_block {\n        x = {{{\n    }\n    a;\n}\nb;\n", 4},
        {"http {\n    content_by_lua_block {\n        x = {{{\n    }\n    log_by_lua_block { }\n"
         "    log_by_lua_block {\n        y = { } }\n}\nb;\n",
         5},
        {"http {\n    content_by_lua_block {\n        x = {\n        \n", 2},
        {"content_by_lua_block { {", 1},
    };
    for (const auto& test : cases) {
        const std::string& bytes = test.first;
        CAPTURE(bytes);
        const SyntaxTree tree = parse(bytes);
        CHECK(tree.errors().size() == 1);
        CHECK(tree.nodes().size() == test.second);
        CHECK(print(tree) == bytes);
        CHECK_FALSE(verify(tree));
    }
}
