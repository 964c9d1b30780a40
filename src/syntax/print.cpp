#include "syntax/tokens.hpp"

namespace upstream_lint {

std::string print(const SyntaxTree& tree) {
    std::string text;
    text.reserve(tree.bytes().size());
    std::uint32_t printed = 0;
    for_each_token(tree, [&](std::uint32_t begin, std::uint32_t end) {
        text += tree.bytes().substr(printed, begin - printed);
        text += tree.bytes().substr(begin, end - begin);
        printed = end;
    });
    text += tree.bytes().substr(printed);
    return text;
}

} // namespace upstream_lint
