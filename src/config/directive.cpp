#include "config/directive.hpp"

#include "config/messages.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace upstream_lint {

namespace {

/// The row whose value it sets: an old name of a directive sets what the new one sets.
const DirectiveRow& kept_by(const DirectiveRow& row) {
    if (row.replacement.empty()) {
        return row;
    }
    const auto rows = find_directive(row.replacement);
    const auto renamed = std::ranges::find_if(rows, [&row](const DirectiveRow& each) {
        return each.module == row.module && each.setter == row.setter;
    });
    return renamed == rows.end() ? row : *renamed;
}

} // namespace

Place Directive::place() const {
    return {statement_.inclusion,
            {file_, written_.front().begin, written_.back().end()},
            at_,
            at_file_};
}

Place Directive::place(std::size_t word) const {
    return {
        statement_.inclusion, {file_, written_[word].begin, written_[word].end()}, at_, at_file_};
}

Directive Directive::read_from(const Scope& block) const {
    Directive copy = *this;
    if (const auto place =
            cycle_.include_place(block.statement().inclusion, statement_.inclusion)) {
        copy.at_ = place->at;
        copy.at_file_ = place->span.file;
    }
    return copy;
}

Diagnostic& Directive::error(std::string_view text, Cause cause) {
    return cycle_.report(Level::emerg, fmt::format("\"{}\" directive {}", c_string(name()), text),
                         place(), cause);
}

Diagnostic& Directive::error(std::size_t word, std::string_view text, Cause cause) {
    return cycle_.report(Level::emerg, fmt::format("\"{}\" directive {}", c_string(name()), text),
                         place(word), cause);
}

Diagnostic& Directive::emerg(std::size_t word, std::string message, Cause cause) {
    return cycle_.report(Level::emerg, std::move(message), place(word), cause);
}

Diagnostic& Directive::warn(std::size_t word, std::string message) {
    return cycle_.report(Level::warn, std::move(message), place(word));
}

bool Directive::is_duplicate() {
    const Place* const first = cycle_.first_of(kept_by(row()), place());
    if (first == nullptr) {
        return false;
    }
    error("is duplicate", Cause::duplicate).label(*first, "first here");
    return true;
}

} // namespace upstream_lint
