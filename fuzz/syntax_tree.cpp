// The promises of a tree, whatever the bytes.

#include "property.hpp"
#include "upstream_lint/syntax.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace upstream_lint::fuzz {
namespace {

constexpr std::size_t max_expanded = std::size_t{1} << 18U;

/// Inputs near nginx's buffer size are too long to be found byte by byte: the byte 0x01 repeats the
/// byte behind it, as often as twice the byte behind that plus 16 says; 0x02 does so 4080 times and
/// more.
std::string expanded(std::string_view input) {
    std::string text;
    for (std::size_t i = 0; i < input.size(); ++i) {
        const bool repeats = (input[i] == '\x01' || input[i] == '\x02') && i + 2 < input.size();
        if (!repeats) {
            text += input[i];
            continue;
        }
        const std::size_t base = input[i] == '\x01' ? 16 : 4080;
        const std::size_t count = base + std::size_t{2} * static_cast<unsigned char>(input[i + 2]);
        text.append(std::min(count, max_expanded), input[i + 1]);
        i += 2;
        if (text.size() > max_expanded)
            break;
    }
    return text;
}

void check_ranges(const SyntaxTree& tree) {
    const std::size_t size = tree.bytes().size();
    std::size_t last = 0;
    for (const Word& word : tree.words()) {
        require(word.begin >= last && word.end() <= size, "words ascend inside the file");
        last = word.end();
        require(tree.value(word).size() <= word.length, "a value is no longer than its word");
    }
    const std::size_t nodes = tree.nodes().size();
    for (std::uint32_t i = 0; i < nodes; ++i) {
        const Node& node = tree.nodes()[i];
        require(node.subtree_end > i && node.subtree_end <= nodes, "a subtree ends inside");
        require(node.terminator <= node.close && node.close <= size, "a node ends inside the file");
        if (node.kind == NodeKind::simple)
            require(tree.bytes()[node.terminator] == ';', "a simple directive ends in `;`");
        if (node.kind == NodeKind::block || node.kind == NodeKind::lua_block)
            require(tree.bytes()[node.terminator] == '{', "a block opens with `{`");
        if (node.kind == NodeKind::lua_block)
            require(tree.lua_body(NodeId{i}).size() <= size, "a Lua body lies inside");
        if (node.kind == NodeKind::block && node.close != size)
            require(tree.bytes()[node.close] == '}', "a block closes with `}`");
        require(tree.raw_name(NodeId{i}).empty() == tree.words(NodeId{i}).empty(),
                "only a block without words has no name");
    }
    require(tree.errors().size() <= max_syntax_errors, "errors are bounded");
    for (const SyntaxError& error : tree.errors())
        require(error.begin <= error.end && error.end <= size && error.at <= size &&
                    error.related <= size,
                "an error lies inside the file");
}

void check_comments(std::string_view bytes) {
    std::uint32_t last = 0;
    for (const Comment& comment :
         comments_between(bytes, 0, static_cast<std::uint32_t>(bytes.size()))) {
        require(comment.begin >= last && comment.begin < comment.end &&
                    comment.end <= bytes.size() && bytes[comment.begin] == '#',
                "a comment lies inside and starts with `#`");
        last = comment.end;
    }
}

bool equal_nodes(const Node& a, const Node& b) {
    return a.first_word == b.first_word && a.subtree_end == b.subtree_end &&
           a.terminator == b.terminator && a.close == b.close && a.kind == b.kind &&
           a.damaged == b.damaged;
}

void check_equal(const SyntaxTree& a, const SyntaxTree& b) {
    require(std::ranges::equal(a.words(), b.words()), "printed and read again: the same words");
    require(std::ranges::equal(a.nodes(), b.nodes(), equal_nodes),
            "printed and read again: the same nodes");
    require(std::ranges::equal(a.errors(), b.errors()), "printed and read again: the same errors");
}

void check(std::string_view bytes) {
    const SyntaxTree tree = parse(bytes);
    check_ranges(tree);
    const auto problem = verify(tree);
    require(!problem, problem ? *problem : "");
    const std::string printed = print(tree);
    require(printed == bytes, "printing gives the file again");
    check_equal(tree, parse(printed));
    check_comments(bytes);
}

} // namespace
} // namespace upstream_lint::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    // a copy of its own size, so that a read behind its end is seen
    const std::string text =
        upstream_lint::fuzz::expanded(upstream_lint::fuzz::as_text(data, size));
    upstream_lint::fuzz::check(text);
    return 0;
}
