#pragma once

#include "config/blocks.hpp"
#include "upstream_lint/config.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory_resource>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace upstream_lint {

struct DirectiveRow;
class Cycle;
class Directive;
class Scope;

/// Something that stands in the configuration: what to show of it, and where nginx's reader is when
/// it comes to it, whose line nginx prints.
struct Place {
    InclusionId inclusion;
    Span span;
    std::uint32_t at = 0; ///< offset in the span's file, or in this one:
    FileId at_file{};     ///< where the reader stands when that is another file

    [[nodiscard]] bool is_none() const noexcept { return span.file.is_none(); }
};

/// Where nginx's reader stands when it hands a statement to its setter.
[[nodiscard]] inline std::uint32_t setter_offset(const Node& node) noexcept {
    return node.kind == NodeKind::lua_block ? node.close : node.terminator;
}

/// One word of a statement, where a Place would take too much memory; 0 is its name. Cycle::place
/// gives that.
struct WordId {
    DirectiveRef statement;
    std::uint32_t word = 0;
};

/// Gets a block that has just begun, whose words its setter has taken.
using BeginHandler = std::function<void(Scope& block)>;
/// Takes a line of a block whose body is data or belongs to one module alone (nginx: cf->handler).
using LineHandler = void (*)(Directive& line);
/// Runs when a block has ended, at its closing brace.
using EndHandler = void (*)(Cycle& cycle, Scope& block, const Place& brace);

/// What the setter of a block asks for; none: nothing.
struct BlockHandlers {
    BeginHandler begin{};
    LineHandler line = nullptr;
    EndHandler end = nullptr;
};

/// Everything that one reading of a configuration builds up beyond its trees (nginx: ngx_cycle_t
/// and ngx_conf_t): the open blocks, what the modules keep for them, and where diagnostics go.
class Cycle {
public:
    using Report = std::function<Diagnostic&(Diagnostic)>;

    /// `config` is being filled; `report` takes diagnostics in nginx's order. `context` is that of
    /// the file's top level, `prefix` nginx's.
    Cycle(const Config& config, Context context, std::string_view prefix, Report report);
    Cycle(const Cycle&) = delete;
    Cycle& operator=(const Cycle&) = delete;

    [[nodiscard]] const NginxBuild& build() const noexcept { return config_.build(); }

    /// What paths are relative to; ends in `/` (`-p`).
    [[nodiscard]] std::string_view prefix() const noexcept { return prefix_; }

    [[nodiscard]] bool before(std::uint16_t major, std::uint16_t minor,
                              std::uint16_t patch) const noexcept {
        return build().version < Version{major, minor, patch};
    }

    /// What is named and not defined may be defined elsewhere: the configuration is a fragment, a
    /// file could not be read, or a directive of a module that is not known was passed over.
    [[nodiscard]] bool is_partial() const noexcept { return partial_; }

    void set_partial() noexcept { partial_ = true; }

    /// The innermost open block.
    [[nodiscard]] Scope& scope() noexcept { return *open_.back().scope; }

    /// The main level; of a fragment it stands around the context that was read.
    [[nodiscard]] Scope& main() noexcept { return blocks_->main(); }

    /// Says what nginx says with ` in FILE:LINE` behind it.
    Diagnostic& report(Level level, std::string message, const Place& place,
                       Cause cause = Cause::value);
    /// Says what nginx says without a place; `shown` is what to look at all the same, and may be
    /// none.
    Diagnostic& report_without_place(Level level, std::string message, const Place& shown = {},
                                     Cause cause = Cause::value);

    /// Says of `shown` what nginx finds out when it has read on to `at`, whose place it prints.
    Diagnostic& report_later(Level level, std::string message, const Place& shown, const Place& at,
                             Cause cause = Cause::value);

    /// `FILE:LINE`, as nginx names a place inside of a message (`in %s:%ui`).
    [[nodiscard]] std::string position_text(const Place& place) const;

    /// None of a statement that is none.
    [[nodiscard]] Place place(DirectiveRef statement) const;

    /// Of the words in front of its opening brace.
    [[nodiscard]] Place place(const Scope& block) const { return place(block.statement()); }

    [[nodiscard]] Place place(WordId word) const;

    /// What the word says, escapes resolved. Kept as long as the cycle.
    [[nodiscard]] std::string_view value(WordId word);
    [[nodiscard]] std::string_view value(const SyntaxTree& file, Word word);

    /// The bytes that stand there.
    [[nodiscard]] std::string_view text(const Place& place) const {
        return config_.sources().text(place.span);
    }

    /// Where the reader of the file `outer` is while a file is read that is included there: at the
    /// include. Nothing when that is the same file.
    [[nodiscard]] std::optional<Place> include_place(InclusionId outer, InclusionId inner) const;

    /// Keeps text for as long as the blocks live.
    [[nodiscard]] std::string_view keep(std::string_view text) { return blocks_->keep(text); }

    /// Where to keep what lives as long as they do.
    [[nodiscard]] std::pmr::memory_resource* memory() noexcept { return blocks_->memory(); }

    /// Keeps a value. Its destructor is not run: what it owns has to lie in `memory` too.
    template <typename T, typename... Arguments> [[nodiscard]] T* make(Arguments&&... arguments) {
        return std::pmr::polymorphic_allocator<>(memory()).new_object<T>(
            std::forward<Arguments>(arguments)...);
    }

    /// The place of the first statement of this row in the open block, if there was one; else this
    /// statement is remembered as the first.
    [[nodiscard]] const Place* first_of(const DirectiveRow& row, const Place& place);

    /// The modules of which a directive has stood anywhere.
    [[nodiscard]] ModuleSet& used_modules() noexcept { return used_modules_; }

    /// A block begins, or has ended at `brace`.
    void open(Context context, DirectiveRef statement, const BlockHandlers& handlers);
    void close(const Place& brace);

    /// Remembers a statement of the open block for the model; `row` is null in a data block.
    void note(const DirectiveRow* row, DirectiveRef directive) {
        blocks_->note({&scope(), row, directive});
    }

    /// To be kept when the reading has ended.
    [[nodiscard]] std::shared_ptr<const Blocks> blocks() const noexcept { return blocks_; }

    [[nodiscard]] LineHandler line_handler() const noexcept { return open_.back().line; }

private:
    struct OpenBlock {
        Scope* scope;
        std::uint32_t serial;    ///< from 1, in the order of opening
        std::size_t hidden_base; ///< where its own in `hidden_` begin
        LineHandler line;
        EndHandler end;
        Scope* last_child = nullptr;
    };

    /// The first statement of a row in the innermost open block that has one.
    struct First {
        std::uint32_t block = 0; ///< serial number of that block; 0: none
        Place place;
    };

    /// What nginx prints of the place.
    [[nodiscard]] Span nginx_place(const Place& place) const;

    const Config& config_;
    std::string prefix_;
    Report report_;
    std::shared_ptr<Blocks> blocks_ = std::make_shared<Blocks>();
    std::vector<OpenBlock> open_;                       // innermost last
    std::vector<First> firsts_;                         // by row
    std::vector<std::pair<std::size_t, First>> hidden_; // what the open blocks' firsts stand over
    ModuleSet used_modules_;
    bool partial_ = false;
};

} // namespace upstream_lint
