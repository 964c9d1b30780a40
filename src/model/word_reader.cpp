#include "model/word_reader.hpp"

#include "config/ascii.hpp"

#include <algorithm>

namespace upstream_lint {

std::size_t WordReader::count(DirectiveRef directive) const {
    const FileId file = config_->inclusion(directive.inclusion).file;
    return config_->tree(file).words(directive.node).size() - 1;
}

std::string_view WordReader::value(DirectiveRef directive, std::size_t word) {
    const SyntaxTree& tree = config_->tree(config_->inclusion(directive.inclusion).file);
    const Word written = tree.words(directive.node)[word];
    const std::string_view text = tree.unquoted(written);
    return text.find('\\') == std::string_view::npos ? text
                                                     : kept_.emplace_back(tree.value(written));
}

std::string_view WordReader::lower_value(DirectiveRef directive, std::size_t word) {
    const std::string_view text = value(directive, word);
    const bool is_lower = std::ranges::all_of(text, [](char c) { return to_lower(c) == c; });
    return is_lower ? text : kept_.emplace_back(lower(text));
}

} // namespace upstream_lint
