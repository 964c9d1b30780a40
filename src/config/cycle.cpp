#include "config/cycle.hpp"

#include "config/directive_table.hpp"
#include "config/messages.hpp"

#include <fmt/format.h>

namespace upstream_lint {

namespace {

/// What stands around a fragment of that context, outermost first.
std::vector<Context> surroundings(Context context) {
    switch (context) {
    case Context::http:
    case Context::stream:
    case Context::mail:
    case Context::events:
        return {context};
    case Context::server:
    case Context::upstream:
        return {Context::http, context};
    case Context::location:
    case Context::if_in_server:
        return {Context::http, Context::server, context};
    case Context::if_in_location:
    case Context::limit_except:
        return {Context::http, Context::server, Context::location, context};
    case Context::stream_server:
    case Context::stream_upstream:
        return {Context::stream, context};
    case Context::mail_server:
        return {Context::mail, context};
    default:
        return context == Context::main ? std::vector<Context>() : std::vector{context};
    }
}

} // namespace

Diagnostic& Diagnostic::label(const Place& place, std::string_view text) {
    labels.push_back({place.span, std::string(text), place.inclusion});
    return *this;
}

Cycle::Cycle(const Config& config, Context context, std::string_view prefix, Report report) :
    config_(config), prefix_(prefix), report_(std::move(report)), firsts_(directive_rows().size()),
    partial_(context != Context::main) {
    open(Context::main, {}, {});
    for (const Context around : surroundings(context)) {
        open(around, {}, {});
    }
}

Span Cycle::nginx_place(const Place& place) const {
    const FileId file = place.at_file.is_none() ? place.span.file : place.at_file;
    if (file.is_none()) {
        return {};
    }
    const std::uint32_t at = config_.tree(file).nginx_offset(place.at);
    return {file, at, at};
}

Diagnostic& Cycle::report(Level level, std::string message, const Place& place, Cause cause) {
    return report_later(level, std::move(message), place, place, cause);
}

Diagnostic& Cycle::report_without_place(Level level, std::string message, const Place& shown,
                                        Cause cause) {
    Diagnostic diagnostic{.level = level,
                          .cause = cause,
                          .message = cut_log_message(std::move(message)),
                          .span = shown.span};
    if (!shown.inclusion.is_none()) {
        diagnostic.trail = config_.trail(shown.inclusion);
    }
    return report_(std::move(diagnostic));
}

Diagnostic& Cycle::report_later(Level level, std::string message, const Place& shown,
                                const Place& at, Cause cause) {
    Diagnostic& diagnostic = report_without_place(level, cut_message(std::move(message)),
                                                  shown.is_none() ? at : shown, cause);
    diagnostic.nginx_place = nginx_place(at);
    return diagnostic;
}

std::string Cycle::position_text(const Place& place) const {
    const Span at = nginx_place(place);
    if (at.file.is_none()) {
        return {};
    }
    return fmt::format("{}:{}", config_.sources().name(at.file),
                       config_.sources().line_column(at.file, at.begin).line);
}

Place Cycle::place(DirectiveRef statement) const {
    if (statement.is_none()) {
        return {};
    }
    const FileId file = config_.inclusion(statement.inclusion).file;
    return {statement.inclusion, config_.words_span(file, statement.node),
            setter_offset(config_.tree(file).node(statement.node))};
}

Place Cycle::place(WordId word) const {
    Place place = this->place(word.statement);
    if (!place.is_none()) {
        const Word written = config_.tree(place.span.file).words(word.statement.node)[word.word];
        place.span.begin = written.begin;
        place.span.end = written.end();
    }
    return place;
}

std::string_view Cycle::value(WordId word) {
    const SyntaxTree& file = config_.tree(config_.inclusion(word.statement.inclusion).file);
    return value(file, file.words(word.statement.node)[word.word]);
}

std::string_view Cycle::value(const SyntaxTree& file, Word word) {
    const std::string_view text = file.unquoted(word);
    return text.find('\\') == std::string_view::npos ? text : keep(file.value(word));
}

std::optional<Place> Cycle::include_place(InclusionId outer, InclusionId inner) const {
    for (InclusionId at = inner; at != outer && !config_.inclusion(at).parent.is_none();
         at = config_.inclusion(at).parent) {
        const Inclusion& included = config_.inclusion(at);
        if (included.parent == outer) {
            const FileId file = config_.inclusion(outer).file;
            return Place{outer, config_.words_span(file, included.directive),
                         config_.tree(file).node(included.directive).terminator};
        }
    }
    return std::nullopt;
}

const Place* Cycle::first_of(const DirectiveRow& row, const Place& place) {
    const auto index = static_cast<std::size_t>(&row - directive_rows().data());
    First& first = firsts_[index];
    if (first.block == open_.back().serial) {
        return &first.place;
    }
    hidden_.emplace_back(index, first);
    first = {open_.back().serial, place};
    return nullptr;
}

void Cycle::open(Context context, DirectiveRef statement, const BlockHandlers& handlers) {
    Scope* const parent = open_.empty() ? nullptr : open_.back().scope;
    Scope* const previous = open_.empty() ? nullptr : open_.back().last_child;
    Scope& block = blocks_->add(context, statement, parent, previous);
    if (parent != nullptr) {
        open_.back().last_child = &block;
    }
    open_.push_back({.scope = &block,
                     .serial = static_cast<std::uint32_t>(blocks_->size()),
                     .hidden_base = hidden_.size(),
                     .line = handlers.line,
                     .end = handlers.end});
    if (handlers.begin) {
        handlers.begin(block);
    }
}

void Cycle::close(const Place& brace) {
    if (open_.size() == 1) {
        return;
    }
    const OpenBlock closed = open_.back();
    for (; hidden_.size() > closed.hidden_base; hidden_.pop_back()) {
        firsts_[hidden_.back().first] = hidden_.back().second;
    }
    open_.pop_back();
    if (closed.end != nullptr) {
        closed.end(*this, *closed.scope, brace);
    }
}

} // namespace upstream_lint
