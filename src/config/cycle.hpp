#pragma once

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

/// One block of the configuration and what modules keep for it (nginx: the configuration contexts,
/// such as ngx_http_conf_ctx_t). Stays where it is until the cycle ends.
class Scope {
public:
    /// What blocks have in common below the main level, and within `http`, `stream` or `mail`.
    struct Common {
        const Cycle* cycle;
        std::pmr::memory_resource* memory; ///< for what modules keep
        Scope* protocol_block;
    };

    Scope(Context context, Scope* parent, DirectiveRef statement, const Common* common) :
        context_(context), statement_(statement), parent_(parent), common_(common) {}

    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;
    ~Scope();

    [[nodiscard]] Context context() const noexcept { return context_; }

    /// None of the main level.
    [[nodiscard]] Scope* parent() const noexcept { return parent_; }

    /// Of the words in front of its opening brace.
    [[nodiscard]] Place place() const;

    [[nodiscard]] DirectiveRef statement() const noexcept { return statement_; }

    /// The blocks in it, one after the other, in the order of the configuration.
    [[nodiscard]] Scope* first_child() const noexcept { return first_child_; }

    [[nodiscard]] Scope* next_sibling() const noexcept { return next_sibling_; }

    /// The block `http`, `stream` or `mail` around this one, itself included, or null.
    [[nodiscard]] Scope* protocol_block() const noexcept { return common_->protocol_block; }

    [[nodiscard]] bool is_in_stream() const noexcept {
        return protocol_block() != nullptr && protocol_block()->context_ == Context::stream;
    }

    /// Something stands here whose values nobody looked at: it may have done anything.
    [[nodiscard]] bool has_unjudged() const noexcept { return has_unjudged_; }

    void set_unjudged() noexcept { has_unjudged_ = true; }

    /// What a module keeps here under this type, made when there is none.
    template <typename T> [[nodiscard]] T& conf() {
        if (T* const found = find<T>()) {
            return *found;
        }
        std::pmr::polymorphic_allocator<> allocator(common_->memory);
        auto* const made = allocator.new_object<ConfOf<T>>(Conf{&conf_type<T>, confs_});
        confs_ = made;
        return made->conf;
    }

    /// The same, or null when nothing has been kept.
    template <typename T> [[nodiscard]] T* find() const noexcept {
        for (Conf* conf = confs_; conf != nullptr; conf = conf->next) {
            if (conf->type == &conf_type<T>) {
                return &static_cast<ConfOf<T>*>(conf)->conf;
            }
        }
        return nullptr;
    }

    /// Of values that a block takes as a whole from the block around where it has none: those of
    /// the nearest block that has some. To be called once all around have theirs. Far from them
    /// they are kept again, for blocks may nest without a bound.
    template <typename T> [[nodiscard]] const T& inherited() {
        static const T none{};
        constexpr std::size_t far = 64;
        std::size_t steps = 0;
        const T* nearest = nullptr;
        for (Scope* at = this; at != nullptr && nearest == nullptr; at = at->parent_, ++steps) {
            nearest = at->find<T>();
        }
        const T& values = nearest != nullptr ? *nearest : none;
        if (steps > far) {
            conf<T>() = values;
        }
        return values;
    }

private:
    friend class Cycle;

    struct Conf;

    /// One for each type, whose address tells them apart.
    struct ConfType {
        void (*destroy)(Conf& conf); ///< null: nothing is to be done
    };

    /// What one module keeps here, in a list.
    struct Conf {
        const ConfType* type;
        Conf* next;
    };

    template <typename T> struct ConfOf : Conf {
        explicit ConfOf(Conf head) : Conf(head) {}

        T conf{};
    };

    template <typename T> static void destroy(Conf& conf) {
        static_cast<ConfOf<T>&>(conf).conf.~T();
    }

    template <typename T> static inline const ConfType conf_type = {
        std::is_trivially_destructible_v<T> ? nullptr : &destroy<T>};

    Context context_;
    bool has_unjudged_ = false;
    DirectiveRef statement_;
    Scope* parent_;
    const Common* common_;
    Scope* first_child_ = nullptr;
    Scope* next_sibling_ = nullptr;
    Conf* confs_ = nullptr;
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
    [[nodiscard]] Scope& main() noexcept { return scopes_.front(); }

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

    /// Keeps text for as long as the cycle lives.
    [[nodiscard]] std::string_view keep(std::string_view text);

    /// Where to keep what lives as long as the cycle.
    [[nodiscard]] std::pmr::memory_resource* memory() noexcept { return &memory_; }

    /// Keeps a value. Its destructor is not run: what it owns has to lie in `memory` too.
    template <typename T, typename... Arguments> [[nodiscard]] T* make(Arguments&&... arguments) {
        return std::pmr::polymorphic_allocator<>(&memory_).new_object<T>(
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
    std::pmr::monotonic_buffer_resource memory_;
    std::deque<Scope::Common> commons_;
    std::pmr::deque<Scope> scopes_{&memory_};
    std::vector<OpenBlock> open_;                       // innermost last
    std::vector<First> firsts_;                         // by row
    std::vector<std::pair<std::size_t, First>> hidden_; // what the open blocks' firsts stand over
    ModuleSet used_modules_;
    bool partial_ = false;
};

} // namespace upstream_lint
