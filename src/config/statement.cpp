#include "config/explanation.hpp"
#include "config/loader.hpp"
#include "config/messages.hpp"
#include "config/setters.hpp"
#include "config/suggestion.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fmt/format.h>
#include <fmt/ranges.h>

/// What a statement does: dispatch as in ngx_conf_handler, and what the blocks of the main level,
/// load_module and include do beyond being there.
namespace upstream_lint {

namespace {

constexpr std::size_t max_suggested = 200; // diagnostics for which similar names are looked for
// A file that includes itself is read twice: nginx, which would read on until it dies, most often
// finds something that stands twice then.
constexpr unsigned endless = 2;
constexpr std::size_t max_cycle_shown = 16; // files of an include cycle that are named
constexpr std::string_view swallowed_text = "a new line starts here: is a `;` missing before it?";

/// `ngx_stream_module` of `modules/ngx_stream_module.so`.
std::string_view object_stem(std::string_view path) {
    path.remove_prefix(path.rfind('/') + 1);
    return path.ends_with(".so") ? path.substr(0, path.size() - 3) : path;
}

/// The blocks of the main level whose modules have something to do at the closing brace.
bool ends_modules(Context block) {
    return block == Context::http || block == Context::stream || block == Context::mail;
}

bool decided(const DispatchResult& result) {
    return result.row != nullptr;
}

} // namespace

void Loader::statement(Frame& frame, NodeId id) {
    const Node node = tree(frame).node(id);
    report_syntax(frame, node.terminator);
    if (stopped_) {
        return;
    }
    ++position_;
    if (++statements_ > options_.limits.statements) {
        report_without_place(Level::emerg, Cause::limit,
                             fmt::format("more than {} statements, includes expanded: reading ends "
                                         "here",
                                         options_.limits.statements),
                             LoadPoint::Phase::dispatch)
            .verdict = Verdict::unknown;
        stopped_ = true;
        return;
    }
    frame.next_node = id.value + 1;
    const auto words = tree(frame).words(id);
    if (words.empty()) {
        frame.next_node = node.subtree_end;
        return;
    }
    if (is_data(block().context)) {
        data_statement(frame, id);
        return;
    }
    const bool brace = node.kind == NodeKind::block || node.kind == NodeKind::lua_block;
    DispatchResult result = dispatch(tree(frame).unquoted(words[0]), block().context,
                                     words.size() - 1, brace, config_.build_);
    if (!decided(result) && block().displaced) {
        result = dispatch_displaced(frame, id);
    }
    switch (result.outcome) {
    case Dispatch::accepted:
        accepted(frame, id, *result.row);
        break;
    case Dispatch::undecided:
        ++config_.unjudged_directives_;
        cycle_->scope().set_unjudged();
        cycle_->set_partial();
        frame.next_node = node.subtree_end;
        break;
    default:
        refused(frame, id, result);
    }
}

/// Data bodies have a handler of their own, which ngx_conf_parse calls in place of dispatch
/// (src/core/ngx_conf_file.c; include: ngx_http_core_type, ngx_http_map, ngx_http_geo).
void Loader::data_statement(Frame& frame, NodeId id) {
    const Node node = tree(frame).node(id);
    const auto words = tree(frame).words(id);
    const Context context = block().context;
    if (node.kind == NodeKind::block || node.kind == NodeKind::lua_block) {
        report(frame, Cause::structure, "unexpected \"{\"",
               {frame.file, node.terminator, node.terminator + 1}, node.terminator,
               LoadPoint::Phase::dispatch)
            .notes.push_back(
                fmt::format("the body of `{}` holds no blocks", context_name(context)));
        frame.next_node = node.subtree_end;
        return;
    }
    const bool may_include = context == Context::types || context == Context::map ||
                             context == Context::num_map || context == Context::geo;
    const bool is_include = may_include && c_string(tree(frame).unquoted(words[0])) == "include";
    if (is_include && words.size() == 2) {
        include(frame, id, takes_patterns(context));
    } else if (is_include && context == Context::types && !node.damaged) {
        report(frame, Cause::arguments, wrong_number("include"), config_.words_span(frame.file, id),
               node.terminator, LoadPoint::Phase::setter);
    } else if (const LineHandler take = cycle_->line_handler(); take != nullptr && !node.damaged) {
        if (options_.keep_blocks) {
            cycle_->note(nullptr, {frame.inclusion, id});
        }
        Directive line = directive(frame, id, nullptr);
        take(line);
    }
}

/// `geo` opened the name as it stands until nginx 1.29.8 (ngx_http_geo_include,
/// ngx_stream_geo_include).
bool Loader::takes_patterns(Context context) const {
    return context != Context::geo || config_.build_.version >= Version{1, 29, 8};
}

void Loader::accepted(Frame& frame, NodeId id, const DirectiveRow& row) {
    const bool is_block = tree(frame).node(id).kind == NodeKind::block;
    if (is_block && row.contexts.contains(Context::main)) {
        main_block(frame, id, row.name);
    }
    if (options_.keep_blocks) {
        cycle_->note(&row, {frame.inclusion, id});
    }
    const BlockHandlers handlers = options_.check_values ? set(frame, id, row) : BlockHandlers();
    if (is_block) {
        enter_block(frame, id, row.opens, handlers);
    } else if (row.name == "include") {
        include(frame, id, true);
    } else if (row.name == "load_module") {
        load_module(frame, id);
    }
}

BlockHandlers Loader::set(Frame& frame, NodeId id, const DirectiveRow& row) {
    const Node& node = tree(frame).node(id);
    const bool is_cut_off = node.kind == NodeKind::lua_block && node.close == file_end(frame);
    const bool is_whole = !node.damaged && !is_cut_off && node.kind != NodeKind::unterminated;
    cycle_->used_modules().insert(row.module);
    BlockHandlers handlers;
    if (const Setter setter = setter_of(row); setter != nullptr && is_whole) {
        const std::size_t told = config_.diagnostics_.size();
        Directive call = directive(frame, id, &row);
        setter(call);
        handlers = call.take_handlers();
        told_of_values(frame, id, told);
    } else if (setter == nullptr && row.name != "include" && row.name != "load_module") {
        cycle_->scope().set_unjudged();
    }
    if (ends_modules(row.opens)) {
        handlers.end = end_of_main_block;
    }
    return handlers;
}

/// A value that a setter refuses may be the next statement, where a `;` is missing before it.
void Loader::told_of_values(const Frame& frame, NodeId id, std::size_t told) {
    const auto first =
        std::ranges::find_if(config_.diagnostics_.begin() + static_cast<std::ptrdiff_t>(told),
                             config_.diagnostics_.end(), [](const Diagnostic& diagnostic) {
                                 return diagnostic.level != Level::warn;
                             });
    if (first == config_.diagnostics_.end()) {
        return;
    }
    const Span words = config_.words_span(frame.file, id);
    refused_.emplace(std::pair(words.file.value, words.begin), words.end);
    const Word* const swallowed = swallowed_directive(frame, id);
    if (swallowed != nullptr && first->span.file == frame.file &&
        first->span.begin == swallowed->begin) {
        first->notes.emplace_back(swallowed_text);
    }
}

Directive Loader::directive(const Frame& frame, NodeId id, const DirectiveRow* row) {
    const SyntaxTree& file = tree(frame);
    const auto words = file.words(id);
    values_.clear();
    for (const Word word : words) {
        values_.push_back(cycle_->value(file, word));
    }
    const Node& node = file.node(id);
    Directive made(*cycle_, row, values_, words, {frame.inclusion, id}, frame.file,
                   setter_offset(node));
    if (node.kind == NodeKind::lua_block) {
        made.set_body(file.lua_body(id));
    }
    return made;
}

void Loader::enter_block(Frame& frame, NodeId id, Context context, const BlockHandlers& handlers) {
    const Node& node = tree(frame).node(id);
    if (node.kind != NodeKind::block || stopped_) {
        return;
    }
    if (context == Context::none || context == Context::raw) {
        frame.next_node = node.subtree_end;
        return;
    }
    blocks_.push_back({.subtree_end = node.subtree_end, .close = node.close, .context = context});
    cycle_->open(context, {frame.inclusion, id}, handlers);
}

/// The blocks of the main level count the modules, after which none may be loaded, and stand once
/// (src/event/ngx_event.c, ngx_events_block; src/http/ngx_http.c, ngx_http_block; stream and mail
/// alike).
void Loader::main_block(Frame& frame, NodeId id, std::string_view name) {
    constexpr std::array<std::string_view, 4> once = {"events", "http", "stream", "mail"};
    modules_used_ = true;
    if (std::ranges::find(once, name) == once.end()) {
        return;
    }
    const Span name_span = span(frame, tree(frame).words(id)[0]);
    const auto [first, is_new] =
        main_blocks_.try_emplace(std::string(name), Place{frame.inclusion, name_span});
    if (is_new) {
        return;
    }
    report(frame, Cause::duplicate, duplicate_directive(name), name_span,
           tree(frame).node(id).terminator, LoadPoint::Phase::setter)
        .label(first->second, "first here");
}

/// src/core/nginx.c, ngx_load_module. Which directives an object brings is known by its name.
void Loader::load_module(Frame& frame, NodeId id) {
    const auto words = tree(frame).words(id);
    const std::uint32_t at = tree(frame).node(id).terminator;
    if (modules_used_) {
        report(frame, Cause::module, "\"load_module\" directive is specified too late",
               span(frame, words[0]), at, LoadPoint::Phase::setter)
            .notes.emplace_back(
                "it must stand before the first `events`, `http`, `stream` or `mail` block");
        return;
    }
    const std::string path = tree(frame).value(words[1]);
    const std::string stem(object_stem(c_string(path)));
    if (!loaded_objects_.insert(stem).second) {
        report(frame, Cause::module, fmt::format("module \"{}\" is already loaded", stem),
               span(frame, words[1]), at, LoadPoint::Phase::setter);
        return;
    }
    ++module_epoch_;
    if (const auto modules = modules_of_object(stem, config_.build_)) {
        config_.build_.modules.insert(*modules);
    } else {
        config_.build_.modules.set_open();
    }
}

void Loader::include(Frame& frame, NodeId id, bool patterns) {
    const Word path = tree(frame).words(id)[1];
    const Expansion& expansion = cache_.expand(tree(frame), path, patterns);
    frame.include = id;
    frame.include_context = block().context;
    frame.pending = expansion.files;
    if (expansion.error) {
        report(frame, Cause::limit, describe(*expansion.error), span(frame, path),
               tree(frame).node(id).terminator, LoadPoint::Phase::setter)
            .verdict = Verdict::unknown;
    }
}

void Loader::open_pending(Frame& frame) {
    const CachedFile& file = cache_.open(*frame.pending.front());
    frame.pending = frame.pending.subspan(1);
    const Visit* const visit = file.error ? nullptr : find_visit(file.id, frame.include_context);
    if (file.error) {
        open_failed(frame, file);
    } else if (visit != nullptr && visit->active == endless) {
        report_cycle(frame, file, *visit);
    } else {
        enter(file, frame.inclusion, frame.include, frame.include_context);
    }
}

/// ngx_conf_parse says where the include stands; a directory is opened and fails when it is read,
/// which is said without a place.
void Loader::open_failed(Frame& frame, const CachedFile& file) {
    const Error& error = *file.error;
    include_failed_ = true;
    // what only we may not read, nginx's master may
    const bool unknown = error.code == EACCES || error.code == EPERM || error.code == 0;
    Diagnostic diagnostic{.level = error.code == EISDIR ? Level::crit : Level::emerg,
                          .cause = Cause::include,
                          .verdict = unknown ? Verdict::unknown : Verdict::violated,
                          .message = failure_message(error)};
    diagnostic.load_point = {position_, LoadPoint::Phase::setter, 0};
    if (!frame.file.is_none()) {
        diagnostic.span = span(frame, tree(frame).words(frame.include)[1]);
        diagnostic.trail = config_.trail(frame.inclusion);
        const std::uint32_t at = tree(frame).node(frame.include).terminator;
        diagnostic.nginx_place = error.code == EISDIR ? Span{} : nginx_place(frame, at);
    }
    add(std::move(diagnostic));
}

void Loader::report_cycle(Frame& frame, const CachedFile& file, const Visit& visit) {
    include_failed_ = true;
    const auto last = std::find_if(frames_.rbegin(), frames_.rend(),
                                   [&visit](const Frame& open) { return open.visit == &visit; });
    const auto first = std::prev(last.base());
    std::vector<std::string_view> chain;
    for (auto open = first; open != frames_.end() && chain.size() < max_cycle_shown; ++open) {
        chain.push_back(config_.sources().name(open->file));
    }
    if (static_cast<std::size_t>(frames_.end() - first) > chain.size()) {
        chain.emplace_back("...");
    }
    chain.push_back(file.name);
    report(frame, Cause::include, fmt::format("include cycle: {}", fmt::join(chain, " includes ")),
           span(frame, tree(frame).words(frame.include)[1]),
           tree(frame).node(frame.include).terminator, LoadPoint::Phase::setter)
        .notes.emplace_back(
            "nginx has no guard against this: it runs out of open files or crashes");
}

void Loader::refused(Frame& frame, NodeId id, const DispatchResult& result) {
    if (result.outcome == Dispatch::unknown || result.outcome == Dispatch::not_allowed) {
        refused_place(frame, id);
    } else {
        refused_form(frame, id, result);
    }
}

/// The name is unknown, or known and in the wrong block.
void Loader::refused_place(Frame& frame, NodeId id) {
    const Word word = tree(frame).words(id)[0];
    const std::string name = tree(frame).value(word);
    const ContextMask contexts = contexts_of(name, config_.build_);
    const std::uint32_t at = tree(frame).node(id).terminator;
    Context body = Context::none;
    if (contexts.empty()) {
        const bool known_elsewhere = !find_directive(name).empty();
        const auto similar = config_.diagnostics_.size() < max_suggested && !known_elsewhere
                                 ? similar_directives(name, block().context, config_.build_)
                                 : std::vector<std::string_view>();
        Diagnostic& diagnostic =
            report(frame, Cause::unknown_directive, cut_message(unknown_directive(name)),
                   span(frame, word), at, LoadPoint::Phase::dispatch);
        explain_name(name, diagnostic);
        if (const auto hint = did_you_mean(similar)) {
            diagnostic.notes.push_back(*hint);
            body = opened_by(similar.front(), block().context, config_.build_);
        } else if (known_elsewhere) {
            diagnostic.notes.push_back(absence_reason(name, block().context, config_.build_));
            body = opened_by(name, block().context, config_.build_);
        }
    } else {
        const bool misplaced_by_brace = unbalanced(frame);
        Diagnostic& diagnostic = report(frame, Cause::not_allowed, cut_message(not_allowed(name)),
                                        span(frame, word), at, LoadPoint::Phase::dispatch);
        diagnostic.notes.push_back(placement(name, block().context, config_.build_));
        body = opened_by(name, Context::none, config_.build_);
        if (misplaced_by_brace && decided(dispatch_displaced(frame, id))) {
            block().displaced = true;
            frame.braces_told = true;
        }
    }
    if (body == Context::events) {
        main_blocks_.try_emplace("events", Place{frame.inclusion, span(frame, word)});
    }
    if (tree(frame).node(id).kind == NodeKind::block && body == Context::none) {
        frame.braces_told = frame.braces_told || unbalanced(frame);
        frame.next_node = tree(frame).node(id).subtree_end;
    } else {
        enter_block(frame, id, body);
    }
}

/// The directive may stand here; its terminator or the number of its arguments is wrong.
void Loader::refused_form(Frame& frame, NodeId id, const DispatchResult& result) {
    const Node node = tree(frame).node(id);
    const std::string_view name = result.row->name;
    const Span terminator{frame.file, node.terminator,
                          std::min(node.terminator + 1, file_end(frame))};
    const Word* const swallowed = swallowed_directive(frame, id);
    Diagnostic* diagnostic = nullptr;
    Context body = result.row->opens;
    // what a syntax error has damaged has been reported already
    const bool judged = !node.damaged && node.kind != NodeKind::unterminated;
    const bool complete = !node.damaged && !(node.kind == NodeKind::unterminated &&
                                             node.terminator == file_end(frame));
    const bool wrong_brace = result.outcome != Dispatch::wrong_number;
    frame.braces_told = frame.braces_told || (wrong_brace && unbalanced(frame));
    if (result.outcome == Dispatch::not_terminated) {
        body = swallowed != nullptr
                   ? opened_by(tree(frame).unquoted(*swallowed), block().context, config_.build_)
                   : Context::none;
        if (!node.damaged) {
            diagnostic = &report(frame, Cause::termination, not_terminated(name), terminator,
                                 node.terminator, LoadPoint::Phase::dispatch);
        }
    } else if (result.outcome == Dispatch::no_opening_brace) {
        if (judged) {
            diagnostic = &report(frame, Cause::termination, no_opening(name), terminator,
                                 node.terminator, LoadPoint::Phase::dispatch);
        }
    } else if (complete) {
        diagnostic =
            &report(frame, Cause::arguments, wrong_number(name), config_.words_span(frame.file, id),
                    node.terminator, LoadPoint::Phase::dispatch);
        if (swallowed == nullptr) {
            diagnostic->notes.push_back(expected_arguments(*result.row));
        }
    }
    if (diagnostic != nullptr && swallowed != nullptr) {
        diagnostic->label(span(frame, *swallowed), std::string(swallowed_text));
    } else if (diagnostic != nullptr && result.outcome == Dispatch::not_terminated) {
        explain_open_variable(frame, id, *diagnostic);
    }
    if (node.kind == NodeKind::block && body == Context::none) {
        frame.next_node = node.subtree_end;
    } else {
        enter_block(frame, id, body);
    }
}

/// `${name {`: the brace of a variable is part of a word, the one behind a blank opens a block.
void Loader::explain_open_variable(const Frame& frame, NodeId id, Diagnostic& diagnostic) const {
    const SyntaxTree& file = tree(frame);
    for (const Word word : file.words(id)) {
        const std::string_view text = file.unquoted(word);
        const std::size_t begin = text.rfind("${");
        if (begin != std::string_view::npos && text.find('}', begin) == std::string_view::npos) {
            diagnostic.label(span(frame, word), "the `}` of a variable is missing here");
            return;
        }
    }
}

DispatchResult Loader::dispatch_displaced(const Frame& frame, NodeId id) const {
    const Node& node = tree(frame).node(id);
    const auto words = tree(frame).words(id);
    const bool brace = node.kind == NodeKind::block || node.kind == NodeKind::lua_block;
    const auto in = [&](Context context) {
        return dispatch(tree(frame).unquoted(words[0]), context, words.size() - 1, brace,
                        config_.build_);
    };
    if (const DispatchResult result = in(blocks_.back().left); decided(result)) {
        return result;
    }
    for (std::size_t i = blocks_.size() - 1; i > frame.block_base; --i) {
        if (const DispatchResult result = in(blocks_[i - 1].context); decided(result)) {
            return result;
        }
    }
    return in(blocks_.back().context);
}

bool Loader::unbalanced(const Frame& frame) const {
    const SyntaxTree& file = tree(frame);
    return std::ranges::any_of(
        file.errors().subspan(frame.next_error), [&file](const SyntaxError& error) {
            return error.kind == SyntaxErrorKind::unclosed_block ||
                   (error.kind == SyntaxErrorKind::unexpected_character &&
                    file.bytes()[error.at] == '}' && error.related == error.begin);
        });
}

const Word* Loader::swallowed_directive(const Frame& frame, NodeId id) const {
    const SyntaxTree& file = tree(frame);
    const auto words = file.words(id);
    for (std::size_t i = 1; i < words.size(); ++i) {
        const std::string_view gap =
            file.bytes().substr(words[i - 1].end(), words[i].begin - words[i - 1].end());
        if (gap.find('\n') != std::string_view::npos &&
            contexts_of(file.unquoted(words[i]), config_.build_).contains(blocks_.back().context)) {
            return &words[i];
        }
    }
    return nullptr;
}

std::uint32_t Loader::file_end(const Frame& frame) const {
    return static_cast<std::uint32_t>(tree(frame).bytes().size());
}

} // namespace upstream_lint
