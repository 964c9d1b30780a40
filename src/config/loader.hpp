#pragma once

#include "config/cycle.hpp"
#include "config/directive.hpp"
#include "config/directive_table.hpp"
#include "config/file_cache.hpp"
#include "upstream_lint/config.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace upstream_lint {

/// Runs through a configuration in the order in which nginx does, with an explicit stack in place
/// of ngx_conf_parse's recursion, and says what ngx_conf_handler would.
class Loader {
public:
    Loader(const FileSystem& files, std::string_view main_file, const LoadOptions& options);

    [[nodiscard]] Config load() &&;

private:
    struct OpenBlock {
        std::uint32_t subtree_end = 0;
        std::uint32_t close = 0;
        Context context = Context::main;
        Context left = Context::none; ///< what the block below that ended last was
        /// A brace too many or too few has been reported here: what belongs to a block around this
        /// one, or to the one that ended last, is its consequence.
        bool displaced = false;
    };

    /// That a file is read in a context, with the modules of that moment.
    struct Visit {
        Context context = Context::main;
        std::uint32_t modules = 0; ///< how many load_module lines have taken effect
        Visit* before = nullptr;   ///< of the same file
        unsigned active = 0;       ///< how often it has begun and is not at its end
    };

    /// A file that is being read.
    struct Frame {
        InclusionId inclusion;
        FileId file;
        std::uint32_t next_node = 0;
        std::uint32_t next_error = 0;
        std::size_t block_base = 0; ///< index of the file's own level in blocks_
        Visit* visit = nullptr;
        bool braces_told = false; ///< what a brace too many or too few has led to has been reported
        // the include directive that is being executed
        NodeId include;
        Context include_context = Context::main;
        std::span<CachedFile* const> pending; ///< files that it has yet to open
    };

    void choose_context(const CachedFile& main_file);
    void step(Frame& frame);
    void enter(const CachedFile& file, InclusionId parent, NodeId directive, Context context);
    void leave();
    void open_pending(Frame& frame);
    void end_block(Frame& frame);

    void statement(Frame& frame, NodeId id);
    void data_statement(Frame& frame, NodeId id);
    void accepted(Frame& frame, NodeId id, const DirectiveRow& row);
    /// Runs the setter, and says what is to be done with the block that the statement opens.
    BlockHandlers set(Frame& frame, NodeId id, const DirectiveRow& row);
    void refused(Frame& frame, NodeId id, const DispatchResult& result);
    void refused_place(Frame& frame, NodeId id);
    void refused_form(Frame& frame, NodeId id, const DispatchResult& result);
    void main_block(Frame& frame, NodeId id, std::string_view name);
    void load_module(Frame& frame, NodeId id);
    [[nodiscard]] bool takes_patterns(Context context) const;
    void include(Frame& frame, NodeId id, bool patterns);
    void open_failed(Frame& frame, const CachedFile& file);
    void report_cycle(Frame& frame, const CachedFile& file, const Visit& visit);
    void enter_block(Frame& frame, NodeId id, Context context, const BlockHandlers& handlers = {});
    /// Its setter has run, before which there were `told` diagnostics.
    void told_of_values(const Frame& frame, NodeId id, std::size_t told);
    void explain_open_variable(const Frame& frame, NodeId id, Diagnostic& diagnostic) const;
    /// What a setter gets; a line of a data block has no row.
    [[nodiscard]] Directive directive(const Frame& frame, NodeId id, const DirectiveRow* row);

    /// Where the statement would be at home after a brace too many or too few.
    [[nodiscard]] DispatchResult dispatch_displaced(const Frame& frame, NodeId id) const;
    [[nodiscard]] std::uint32_t file_end(const Frame& frame) const;
    [[nodiscard]] bool unbalanced(const Frame& frame) const;
    /// The directive that a missing `;` has swallowed: a word of the statement that starts a line
    /// and could be a directive here.
    [[nodiscard]] const Word* swallowed_directive(const Frame& frame, NodeId id) const;

    void report_syntax(Frame& frame, std::uint32_t up_to) {
        if (frame.next_error != tree(frame).errors().size()) {
            report_next_syntax(frame, up_to);
        }
    }

    void report_next_syntax(Frame& frame, std::uint32_t up_to);
    void final_checks();
    void find_trails_of_labels();
    Diagnostic& report(const Frame& frame, Cause cause, std::string message, Span span,
                       std::uint32_t at, LoadPoint::Phase phase);
    Diagnostic& report_without_place(Level level, Cause cause, std::string message,
                                     LoadPoint::Phase phase);
    Diagnostic& add(Diagnostic diagnostic);
    [[nodiscard]] bool is_told(const Diagnostic& diagnostic);
    /// Whether the span lies in a statement whose values were refused: what is found about it later
    /// follows from that.
    [[nodiscard]] bool is_of_refused(const Span& span) const;

    [[nodiscard]] const SyntaxTree& tree(const Frame& frame) const {
        return config_.trees_[frame.file.value];
    }

    [[nodiscard]] Visit* find_visit(FileId file, Context context);

    [[nodiscard]] OpenBlock& block() { return blocks_.back(); }

    [[nodiscard]] Span nginx_place(const Frame& frame, std::uint32_t at) const {
        const std::uint32_t place = tree(frame).nginx_offset(at);
        return {frame.file, place, place};
    }

    [[nodiscard]] Span span(const Frame& frame, const Word& word) const {
        return {frame.file, word.begin, word.end()};
    }

    const LoadOptions& options_;
    Config config_;
    FileCache cache_;
    std::optional<Cycle> cycle_;           // once the context is known
    std::vector<std::string_view> values_; // of the statement that is being executed
    std::vector<Frame> frames_;
    std::vector<OpenBlock> blocks_;
    std::deque<Visit> visits_;
    std::vector<Visit*> last_visits_; // by FileId
    std::unordered_set<std::string> loaded_objects_;
    std::unordered_map<std::string, Place> main_blocks_; // with the first of each
    std::uint64_t position_ = 0;
    std::uint32_t module_epoch_ = 0;
    std::unordered_set<std::string> told_; // what has been said of files that are read again
    Diagnostic repeated_;                  // what would have been said again
    // the ends of the statements whose values were refused, by file and begin
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> refused_;
    std::uint64_t statements_ = 0;
    bool modules_used_ = false;
    bool include_failed_ = false;
    bool stopped_ = false;
};

} // namespace upstream_lint
