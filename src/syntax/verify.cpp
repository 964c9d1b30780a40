#include "syntax/tokens.hpp"
#include "syntax/trivia.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace upstream_lint {

namespace {

/// Walks the tokens and the gaps between them against the bytes.
class GapCheck {
public:
    explicit GapCheck(const SyntaxTree& tree) : tree_(tree) {}

    void token(std::uint32_t begin, std::uint32_t end) {
        if (problem_) {
            return;
        }
        if (begin < last_end_ || end < begin || end > tree_.bytes().size()) {
            problem_ = fmt::format("token [{}, {}) behind {}", begin, end, last_end_);
            return;
        }
        gap(begin);
        last_end_ = end;
    }

    std::optional<std::string> finish() {
        if (!problem_) {
            gap(static_cast<std::uint32_t>(tree_.bytes().size()));
        }
        return problem_;
    }

private:
    void gap(std::uint32_t end) {
        std::uint32_t p = last_end_;
        while (!tree_.errors_truncated() && (p = skip_trivia(tree_.bytes(), p, end)) != end) {
            const SyntaxError* error = error_at(p);
            if (error == nullptr) {
                problem_ = fmt::format("byte {} belongs to nothing", p);
                return;
            }
            p = std::max(error->end, p + 1);
        }
    }

    [[nodiscard]] const SyntaxError* error_at(std::uint32_t p) const {
        const auto errors = tree_.errors();
        const auto found = std::ranges::lower_bound(errors, p, {}, &SyntaxError::position);
        return found != errors.end() && found->begin == p ? &*found : nullptr;
    }

    const SyntaxTree& tree_;
    std::uint32_t last_end_ = 0;
    std::optional<std::string> problem_;
};

std::optional<std::string> check_nodes(const SyntaxTree& tree) {
    std::vector<std::uint32_t> ends;
    const auto nodes = tree.nodes();
    for (std::uint32_t i = 0; i < nodes.size(); ++i) {
        while (!ends.empty() && ends.back() <= i) {
            ends.pop_back();
        }
        const std::uint32_t limit =
            ends.empty() ? static_cast<std::uint32_t>(nodes.size()) : ends.back();
        const Node& node = nodes[i];
        if (node.subtree_end <= i || node.subtree_end > limit) {
            return fmt::format("node {} reaches to {}, its parent to {}", i, node.subtree_end,
                               limit);
        }
        if (node.kind != NodeKind::block && node.subtree_end != i + 1) {
            return fmt::format("node {} has children and is no block", i);
        }
        if (node.terminator > node.close || node.close > tree.bytes().size()) {
            return fmt::format("node {} ends at {} before {}", i, node.close, node.terminator);
        }
        if (i > 0 && node.first_word < nodes[i - 1].first_word) {
            return fmt::format("words of node {} stand before those of its predecessor", i);
        }
        ends.push_back(node.subtree_end);
    }
    return std::nullopt;
}

std::optional<std::string> check_errors(const SyntaxTree& tree) {
    std::uint32_t last = 0;
    for (const SyntaxError& error : tree.errors()) {
        if (error.position < last || error.begin > error.end || error.end > tree.bytes().size() ||
            error.at > tree.bytes().size() || error.related > tree.bytes().size()) {
            return fmt::format("error at {} out of place", error.position);
        }
        last = error.position;
    }
    return std::nullopt;
}

} // namespace

std::optional<std::string> verify(const SyntaxTree& tree) {
    if (auto problem = check_nodes(tree)) {
        return problem;
    }
    if (auto problem = check_errors(tree)) {
        return problem;
    }
    GapCheck gaps(tree);
    for_each_token(tree,
                   [&gaps](std::uint32_t begin, std::uint32_t end) { gaps.token(begin, end); });
    return gaps.finish();
}

} // namespace upstream_lint
