#include "requests/coverage.hpp"

#include "requests/config_text.hpp"
#include "upstream_lint/syntax.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace upstream_lint::differential {

namespace {

std::string kind_of(const SyntaxTree& tree, NodeId id) {
    const auto words = tree.words(id);
    const std::string name = tree.value(words.front());
    if (name != "location" || words.size() < 2)
        return name;
    const std::string first = tree.value(words[1]);
    if (words.size() > 2)
        return name + ' ' + first;
    return first.starts_with('@') ? name + " @" : name;
}

std::string answer_of(const Observed& observed) {
    if (observed.upstream)
        return "upstream";
    if (observed.kind == Observed::Kind::answered)
        return std::to_string(observed.status) + (observed.redirect ? " redirect" : "");
    const std::string text = description_of(observed);
    return text.substr(0, text.find('\n'));
}

std::string table(std::string_view title, const std::map<std::string, std::uint64_t>& counts) {
    std::vector<std::pair<std::string, std::uint64_t>> rows(counts.begin(), counts.end());
    std::ranges::stable_sort(rows, std::greater{}, [](const auto& row) { return row.second; });
    std::string text = "  " + std::string(title) + ":";
    for (const auto& [name, count] : rows)
        text += ' ' + name + " " + std::to_string(count) + ',';
    text.back() = '\n';
    return text;
}

} // namespace

TaggedBlocks::TaggedBlocks(std::string_view configuration) {
    const SyntaxTree tree = parse(configuration);
    std::vector<std::uint32_t> open; // blocks around a directive
    for (std::uint32_t i = 0; i < tree.nodes().size(); ++i) {
        while (!open.empty() && tree.node({open.back()}).subtree_end <= i)
            open.pop_back();
        const auto words = tree.words({i});
        if (!open.empty() && words.size() > 2 && tree.value(words[0]) == "add_header" &&
            tree.value(words[1]) == block_header) {
            const NodeId parent{open.back()};
            Block& block = blocks_[tree.value(words[2])];
            block.kind = kind_of(tree, parent);
            const std::uint32_t begin = tree.words(parent).front().begin;
            block.line = 1 + static_cast<std::uint32_t>(
                                 std::ranges::count(configuration.substr(0, begin), '\n'));
            for (std::uint32_t child = parent.value + 1; child < tree.node(parent).subtree_end;
                 child = tree.node({child}).subtree_end)
                ++block.directives[std::string(tree.raw_name({child}))];
        }
        if (tree.node({i}).kind == NodeKind::block)
            open.push_back(i);
    }
}

const TaggedBlocks::Block* TaggedBlocks::find(const std::string& tag) const {
    const auto found = blocks_.find(tag);
    return found == blocks_.end() ? nullptr : &found->second;
}

void Coverage::add(const Observed& observed, const TaggedBlocks& blocks) {
    ++requests_;
    ++answers_[answer_of(observed)];
    const TaggedBlocks::Block* const block = observed.tag ? blocks.find(*observed.tag) : nullptr;
    if (observed.upstream || observed.redirect || (block != nullptr && block->kind != "server"))
        ++of_interest_;
    if (block == nullptr)
        return;
    ++kinds_[block->kind];
    for (const auto& [name, count] : block->directives)
        if (name != "add_header")
            ++directives_[name];
}

std::string Coverage::report() const {
    return "  of interest: " + std::to_string(of_interest_) + " of " + std::to_string(requests_) +
           '\n' + table("answers", answers_) + table("blocks", kinds_) +
           table("directives in them", directives_);
}

} // namespace upstream_lint::differential
