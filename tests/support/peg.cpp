#include "support/peg.hpp"

#include <map>
#include <stdexcept>
#include <tao/pegtl.hpp>
#include <tao/pegtl/contrib/parse_tree.hpp>
#include <tao/pegtl/contrib/peg.hpp>
#include <vector>

namespace upstream_lint::peg {

namespace {

namespace pegtl = tao::pegtl;
namespace rules = pegtl::peg::grammar;

using Node = pegtl::parse_tree::node;

template <typename Rule> using Selector = pegtl::parse_tree::selector<
    Rule, pegtl::parse_tree::store_content::on<
              rules::Definition, rules::Expression, rules::Sequence, rules::Prefix, rules::Suffix,
              rules::Identifier, rules::Literal, rules::Class, rules::Range, rules::Char,
              rules::DOT, rules::NOT, rules::AND, rules::QUESTION, rules::STAR, rules::PLUS>>;

std::string name_of(const Node& identifier) {
    const std::string_view text = identifier.string_view();
    return std::string(text.substr(0, text.find_first_of(" \t\r\n#")));
}

char byte_of(const Node& node) {
    const std::string_view text = node.string_view();
    if (text.size() == 1)
        return text[0];
    switch (text[1]) {
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    default:
        return text[1];
    }
}

bool in_range(const Node& range, char byte) {
    const auto value = static_cast<unsigned char>(byte);
    return static_cast<unsigned char>(byte_of(*range.children.front())) <= value &&
           value <= static_cast<unsigned char>(byte_of(*range.children.back()));
}

using End = std::optional<std::size_t>;

} // namespace

struct Grammar::Definitions {
    std::string text; // the nodes view into it
    std::unique_ptr<Node> root;
    std::map<std::string, const Node*> expressions;

    End match(const Node& node, std::string_view input, std::size_t at) const {
        if (node.is_type<rules::Expression>())
            return first_of(node, input, at);
        if (node.is_type<rules::Sequence>())
            return all_of(node, input, at);
        if (node.is_type<rules::Prefix>())
            return prefix(node, input, at);
        if (node.is_type<rules::Suffix>())
            return suffix(node, input, at);
        if (node.is_type<rules::Identifier>())
            return match(*expressions.at(name_of(node)), input, at);
        if (node.is_type<rules::Literal>())
            return literal(node, input, at);
        return one_byte(node, input, at);
    }

private:
    End first_of(const Node& node, std::string_view input, std::size_t at) const {
        for (const auto& alternative : node.children)
            if (const End end = match(*alternative, input, at))
                return end;
        return std::nullopt;
    }

    End all_of(const Node& node, std::string_view input, std::size_t at) const {
        for (const auto& part : node.children) {
            const End end = match(*part, input, at);
            if (!end)
                return std::nullopt;
            at = *end;
        }
        return at;
    }

    End prefix(const Node& node, std::string_view input, std::size_t at) const {
        const End end = match(*node.children.back(), input, at);
        if (node.children.size() == 1)
            return end;
        const bool wanted = node.children.front()->is_type<rules::AND>();
        return end.has_value() == wanted ? End(at) : std::nullopt;
    }

    End suffix(const Node& node, std::string_view input, std::size_t at) const {
        const Node& part = *node.children.front();
        const End once = match(part, input, at);
        const Node* const sign = node.children.size() == 2 ? node.children.back().get() : nullptr;
        if (sign == nullptr || (!once && sign->is_type<rules::PLUS>()))
            return once;
        if (!once || sign->is_type<rules::QUESTION>())
            return once.value_or(at);
        std::size_t behind = *once;
        for (End more = match(part, input, behind); more && *more != behind;
             more = match(part, input, behind))
            behind = *more;
        return behind;
    }

    static End literal(const Node& node, std::string_view input, std::size_t at) {
        for (const auto& byte : node.children) {
            if (at == input.size() || input[at] != byte_of(*byte))
                return std::nullopt;
            ++at;
        }
        return at;
    }

    static End one_byte(const Node& node, std::string_view input, std::size_t at) {
        if (at == input.size())
            return std::nullopt;
        if (node.is_type<rules::DOT>())
            return at + 1;
        for (const auto& range : node.children)
            if (in_range(*range, input[at]))
                return at + 1;
        return std::nullopt;
    }
};

Grammar::Grammar(std::string_view text) {
    auto definitions = std::make_unique<Definitions>();
    definitions->text = text;
    pegtl::memory_input input(definitions->text, "grammar");
    definitions->root = pegtl::parse_tree::parse<rules::Grammar, Selector>(input);
    if (definitions->root == nullptr)
        throw std::runtime_error("no parsing expression grammar");
    for (const auto& definition : definitions->root->children) {
        const std::string name = name_of(*definition->children.front());
        if (!definitions->expressions.emplace(name, definition->children.back().get()).second)
            throw std::runtime_error("defined twice: " + name);
        names_.insert(name);
    }
    std::vector<const Node*> open{definitions->root.get()};
    while (!open.empty()) {
        const Node& node = *open.back();
        open.pop_back();
        for (const auto& child : node.children)
            open.push_back(child.get());
        if (!node.is_root() && node.is_type<rules::Identifier>() &&
            names_.count(name_of(node)) == 0)
            throw std::runtime_error("not defined: " + name_of(node));
    }
    definitions_ = std::move(definitions);
}

Grammar::~Grammar() = default;

std::optional<std::size_t> Grammar::match(const std::string& rule, std::string_view input,
                                          std::size_t begin) const {
    const End end = definitions_->match(*definitions_->expressions.at(rule), input, begin);
    return end ? End(*end - begin) : std::nullopt;
}

} // namespace upstream_lint::peg
