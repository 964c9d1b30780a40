#include "config/loader.hpp"

#include "config/context_inference.hpp"
#include "config/explanation.hpp"
#include "config/messages.hpp"
#include "config/setters.hpp"
#include "config/shared_memory.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <limits>

namespace upstream_lint {

namespace {

constexpr std::size_t max_trail = 32; // includes shown above a diagnostic

constexpr auto final_position = std::numeric_limits<std::uint64_t>::max();

/// The folder of a path, with its slash.
std::string folder_of(std::string_view path) {
    const std::size_t slash = path.rfind('/');
    return slash == std::string_view::npos ? std::string() : std::string(path.substr(0, slash + 1));
}

bool is_refusal(const Diagnostic& diagnostic) {
    return diagnostic.verdict == Verdict::violated && diagnostic.level != Level::warn;
}

} // namespace

Loader::Loader(const FileSystem& files, std::string_view main_file, const LoadOptions& options) :
    options_(options),
    cache_(files, *config_.sources_, config_.trees_, options, folder_of(main_file)) {
    config_.main_name_ = main_file;
    config_.build_ = options.build;
    config_.prefix_ = options.prefix;
}

Config Loader::load() && {
    const CachedFile& main_file = cache_.open(cache_.file(config_.main_name_));
    if (main_file.error) {
        Frame none;
        open_failed(none, main_file);
        return std::move(config_);
    }
    choose_context(main_file);
    cycle_.emplace(config_, config_.context_, options_.prefix,
                   [this](Diagnostic diagnostic) -> Diagnostic& {
                       if (is_of_refused(diagnostic.span)) {
                           return repeated_ = std::move(diagnostic);
                       }
                       diagnostic.load_point = {position_, LoadPoint::Phase::setter, 0};
                       return add(std::move(diagnostic));
                   });
    enter(main_file, {}, {}, config_.context_);
    while (!frames_.empty() && !stopped_) {
        step(frames_.back());
    }
    if (!stopped_) {
        final_checks();
    }
    find_trails_of_labels();
    if (options_.keep_blocks) {
        config_.blocks_ = cycle_->blocks();
    }
    return std::move(config_);
}

void Loader::choose_context(const CachedFile& main_file) {
    if (options_.context) {
        config_.context_ = *options_.context;
        return;
    }
    const SyntaxTree& tree = config_.trees_[main_file.id.value];
    const auto comment = find_context_comment(tree);
    if (comment && comment->context) {
        config_.context_ = *comment->context;
        return;
    }
    if (comment) {
        Diagnostic& diagnostic =
            add({.level = Level::warn,
                 .cause = Cause::comment,
                 .verdict = Verdict::unknown,
                 .message = "unknown context in a comment for nginx-upstream-lint",
                 .span = {main_file.id, comment->begin, comment->end},
                 .nginx_place = {main_file.id, comment->begin, comment->end}});
        diagnostic.notes.emplace_back("the comment is passed over");
    }
    config_.context_ = infer_context(tree);
    config_.context_inferred_ = config_.context_ != Context::main;
}

void Loader::enter(const CachedFile& file, InclusionId parent, NodeId directive, Context context) {
    if (config_.inclusions_.size() >= options_.limits.inclusions) {
        report_without_place(Level::emerg, Cause::limit,
                             fmt::format("more than {} inclusions of files: reading ends here",
                                         options_.limits.inclusions),
                             LoadPoint::Phase::setter)
            .verdict = Verdict::unknown;
        stopped_ = true;
        return;
    }
    const InclusionId id{static_cast<std::uint32_t>(config_.inclusions_.size())};
    config_.inclusions_.push_back(
        {.file = file.id, .parent = parent, .directive = directive, .context = context});
    Frame frame;
    frame.inclusion = id;
    frame.file = file.id;
    frame.block_base = blocks_.size();
    frame.visit = find_visit(file.id, context);
    if (frame.visit == nullptr) {
        Visit*& last = last_visits_[file.id.value];
        frame.visit = &visits_.emplace_back(
            Visit{.context = context, .modules = module_epoch_, .before = last});
        last = frame.visit;
    }
    ++frame.visit->active;
    const SyntaxTree& tree = config_.trees_[file.id.value];
    blocks_.push_back({.subtree_end = static_cast<std::uint32_t>(tree.nodes().size()),
                       .close = static_cast<std::uint32_t>(tree.bytes().size()),
                       .context = context});
    frames_.push_back(frame);
}

Loader::Visit* Loader::find_visit(FileId file, Context context) {
    last_visits_.resize(std::max(last_visits_.size(), config_.trees_.size()));
    Visit* visit = last_visits_[file.value];
    while (visit != nullptr && (visit->context != context || visit->modules != module_epoch_)) {
        visit = visit->before;
    }
    return visit;
}

void Loader::leave() {
    const Frame& frame = frames_.back();
    config_.inclusions_[frame.inclusion.value].subtree_end =
        static_cast<std::uint32_t>(config_.inclusions_.size());
    --frame.visit->active;
    blocks_.resize(frame.block_base);
    frames_.pop_back();
}

void Loader::step(Frame& frame) {
    const auto nodes = tree(frame).nodes();
    if (!frame.pending.empty()) {
        open_pending(frame);
    } else if (blocks_.size() > frame.block_base + 1 && block().subtree_end <= frame.next_node) {
        end_block(frame);
    } else if (frame.next_node == nodes.size()) {
        report_syntax(frame, std::numeric_limits<std::uint32_t>::max());
        leave();
    } else {
        statement(frame, NodeId{frame.next_node});
    }
}

void Loader::end_block(Frame& frame) {
    const OpenBlock ended = block();
    report_syntax(frame, ended.close);
    ++position_;
    const std::uint32_t brace_end = std::min(ended.close + 1, file_end(frame));
    cycle_->close({frame.inclusion, {frame.file, ended.close, brace_end}, ended.close});
    blocks_.pop_back();
    if (!block().displaced) {
        block().left = ended.context;
    }
}

void Loader::report_next_syntax(Frame& frame, std::uint32_t up_to) {
    const auto errors = tree(frame).errors();
    while (!stopped_ && frame.next_error < errors.size() &&
           errors[frame.next_error].position <= up_to) {
        const SyntaxError error = errors[frame.next_error++];
        ++position_;
        // the brace that was one too many has been found by its consequences
        const char unexpected = error.kind == SyntaxErrorKind::unexpected_character
                                    ? tree(frame).bytes()[error.at]
                                    : '\0';
        if (frame.braces_told &&
            (unexpected == '}' || error.kind == SyntaxErrorKind::unclosed_block)) {
            continue;
        }
        frame.braces_told = frame.braces_told || unexpected == '{';
        const std::uint32_t end = std::max(error.end, error.begin);
        Diagnostic& diagnostic =
            report(frame, syntax_cause(tree(frame), error),
                   cut_message(syntax_message(tree(frame), error)), {frame.file, error.begin, end},
                   error.at, LoadPoint::Phase::lex);
        explain_syntax_error(tree(frame), frame.file, error, diagnostic);
    }
}

void Loader::final_checks() {
    if (config_.context_ == Context::main && !main_blocks_.contains("events") && !include_failed_) {
        report_without_place(Level::emerg, Cause::missing, "no \"events\" section in configuration",
                             LoadPoint::Phase::final);
    }
    if (!options_.check_values) {
        return;
    }
    position_ = final_position;
    for (const ModuleSetters* const each : checked_modules()) {
        if (each->hooks.init_conf != nullptr && !stopped_) {
            each->hooks.init_conf(*cycle_, cycle_->main());
        }
    }
    check_shared_zones(*cycle_);
}

Diagnostic& Loader::report(const Frame& frame, Cause cause, std::string message, Span span,
                           std::uint32_t at, LoadPoint::Phase phase) {
    return add({.level = Level::emerg,
                .cause = cause,
                .message = std::move(message),
                .span = span,
                .nginx_place = nginx_place(frame, at),
                .trail = config_.trail(frame.inclusion),
                .load_point = {position_, phase, 0}});
}

Diagnostic& Loader::report_without_place(Level level, Cause cause, std::string message,
                                         LoadPoint::Phase phase) {
    const std::uint64_t position = phase == LoadPoint::Phase::final ? final_position : position_;
    return add({.level = level,
                .cause = cause,
                .message = std::move(message),
                .load_point = {position, phase, 0}});
}

Diagnostic& Loader::add(Diagnostic diagnostic) {
    if (stopped_ || is_told(diagnostic)) {
        return repeated_ = std::move(diagnostic);
    }
    const std::size_t limit = options_.limits.diagnostics;
    if (diagnostic.level == Level::warn && config_.warnings_ == limit) {
        ++config_.warnings_left_out_;
        return repeated_ = std::move(diagnostic);
    }
    config_.warnings_ += diagnostic.level == Level::warn ? 1 : 0;
    stopped_ = options_.first_error_only && is_refusal(diagnostic);
    auto& diagnostics = config_.diagnostics_;
    diagnostics.push_back(std::move(diagnostic));
    stopped_ = stopped_ || diagnostics.size() - config_.warnings_ == limit;
    return diagnostics.back();
}

void Loader::find_trails_of_labels() {
    for (Diagnostic& diagnostic : config_.diagnostics_) {
        for (Label& label : diagnostic.labels) {
            if (!label.inclusion.is_none()) {
                label.trail = config_.trail(label.inclusion);
            }
            if (label.trail == diagnostic.trail) {
                label.trail.clear();
            }
        }
    }
}

bool Loader::is_told(const Diagnostic& diagnostic) {
    const Span& span = diagnostic.span;
    if (span.file.is_none() || config_.inclusions_.size() <= config_.trees_.size()) {
        return false;
    }
    return !told_
                .insert(fmt::format("{}:{}:{}:{}", span.file.value, span.begin, span.end,
                                    diagnostic.message))
                .second;
}

bool Loader::is_of_refused(const Span& span) const {
    const auto behind = refused_.upper_bound({span.file.value, span.begin});
    if (span.file.is_none() || behind == refused_.begin()) {
        return false;
    }
    const auto& [begin, end] = *std::prev(behind);
    return begin.first == span.file.value && span.begin < end;
}

Verdict Config::verdict() const {
    Verdict verdict = Verdict::satisfied;
    for (const Diagnostic& diagnostic : diagnostics_) {
        if (diagnostic.level != Level::warn) {
            verdict = worse(verdict, diagnostic.verdict);
        }
    }
    return verdict;
}

std::vector<Span> Config::trail(InclusionId id) const {
    std::vector<Span> spans;
    for (InclusionId at = id; !inclusion(at).parent.is_none() && spans.size() < max_trail;
         at = inclusion(at).parent) {
        const Inclusion& here = inclusion(at);
        spans.push_back(words_span(inclusion(here.parent).file, here.directive));
    }
    return spans;
}

Span Config::words_span(FileId file, NodeId node) const {
    const auto words = tree(file).words(node);
    return {file, words.front().begin, words.back().end()};
}

Config load_config(const FileSystem& files, std::string_view main_file,
                   const LoadOptions& options) {
    return Loader(files, main_file, options).load();
}

} // namespace upstream_lint
