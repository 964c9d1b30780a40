#include "config/cycle.hpp"

#include "config/directive_table.hpp"
#include "config/messages.hpp"

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

Cycle::Cycle(const Config& config, Context context, Report report) :
    config_(config), report_(std::move(report)), firsts_(directive_rows().size()),
    partial_(context != Context::main) {
    open(Context::main, {}, nullptr, nullptr);
    for (const Context around : surroundings(context)) {
        open(around, {}, nullptr, nullptr);
    }
}

Diagnostic& Cycle::report(Level level, std::string message, const Place& place, Cause cause) {
    Diagnostic& diagnostic = report_without_place(level, std::move(message), place, cause);
    const FileId file = place.span.file;
    if (!file.is_none()) {
        const std::uint32_t at = config_.tree(file).nginx_offset(place.at);
        diagnostic.nginx_place = {file, at, at};
    }
    return diagnostic;
}

Diagnostic& Cycle::report_without_place(Level level, std::string message, const Place& shown,
                                        Cause cause) {
    Diagnostic diagnostic{.level = level,
                          .cause = cause,
                          .message = cut_message(std::move(message)),
                          .span = shown.span};
    if (!shown.inclusion.is_none()) {
        diagnostic.trail = config_.trail(shown.inclusion);
    }
    return report_(std::move(diagnostic));
}

std::string_view Cycle::keep(std::string text) {
    return kept_.emplace_back(std::move(text));
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

Scope& Cycle::open(Context context, const Place& place, LineHandler line, EndHandler end) {
    Scope* const parent = open_.empty() ? nullptr : open_.back().scope;
    Scope& block = scopes_.emplace_back(context, parent, place);
    if (parent != nullptr) {
        Scope*& last = open_.back().last_child;
        (last == nullptr ? parent->first_child_ : last->next_sibling_) = &block;
        last = &block;
    }
    open_.push_back({.scope = &block,
                     .serial = static_cast<std::uint32_t>(scopes_.size()),
                     .hidden_base = hidden_.size(),
                     .line = line,
                     .end = end});
    return block;
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
