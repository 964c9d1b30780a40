#pragma once

#include "upstream_lint/config.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <memory_resource>
#include <string>
#include <string_view>
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
    std::uint32_t at = 0; ///< offset in the span's file

    [[nodiscard]] bool is_none() const noexcept { return span.file.is_none(); }
};

/// Takes a line of a block whose body is data or belongs to one module alone (nginx: cf->handler).
using LineHandler = void (*)(Directive& line);
/// Runs when a block has ended, at its closing brace.
using EndHandler = void (*)(Cycle& cycle, Scope& block, const Place& brace);

/// One block of the configuration and what modules keep for it (nginx: the configuration contexts,
/// such as ngx_http_conf_ctx_t). Stays where it is until the cycle ends.
class Scope {
public:
    Scope(Context context, Scope* parent, Place place) :
        context_(context), parent_(parent), place_(place) {}

    [[nodiscard]] Context context() const noexcept { return context_; }

    /// None of the main level.
    [[nodiscard]] Scope* parent() const noexcept { return parent_; }

    /// Of the words in front of its opening brace.
    [[nodiscard]] const Place& place() const noexcept { return place_; }

    /// The blocks in it, one after the other, in the order of the configuration.
    [[nodiscard]] Scope* first_child() const noexcept { return first_child_; }

    [[nodiscard]] Scope* next_sibling() const noexcept { return next_sibling_; }

    /// The nearest block of that kind around this one, itself included, or null.
    [[nodiscard]] Scope* enclosing(Context context) noexcept {
        Scope* scope = this;
        while (scope != nullptr && scope->context_ != context) {
            scope = scope->parent_;
        }
        return scope;
    }

    /// What a module keeps here under this type, made when there is none.
    template <typename T> [[nodiscard]] T& conf() {
        if (T* const found = find<T>()) {
            return *found;
        }
        auto made = std::make_unique<ConfOf<T>>(&conf_key<T>, std::move(confs_));
        T& conf = made->conf;
        confs_ = std::move(made);
        return conf;
    }

    /// The same, or null when nothing has been kept.
    template <typename T> [[nodiscard]] T* find() const noexcept {
        for (Conf* conf = confs_.get(); conf != nullptr; conf = conf->next.get()) {
            if (conf->key == &conf_key<T>) {
                return &static_cast<ConfOf<T>*>(conf)->conf;
            }
        }
        return nullptr;
    }

private:
    friend class Cycle;

    template <typename T> static inline char conf_key = 0;

    /// What one module keeps here, in a list.
    struct Conf {
        Conf(const char* of, std::unique_ptr<Conf> behind) : key(of), next(std::move(behind)) {}

        Conf(const Conf&) = delete;
        Conf& operator=(const Conf&) = delete;
        virtual ~Conf() = default;

        const char* key; // of its type
        std::unique_ptr<Conf> next;
    };

    template <typename T> struct ConfOf : Conf {
        using Conf::Conf;

        T conf{};
    };

    Context context_;
    Scope* parent_;
    Place place_;
    Scope* first_child_ = nullptr;
    Scope* next_sibling_ = nullptr;
    std::unique_ptr<Conf> confs_;
};

/// Everything that one reading of a configuration builds up beyond its trees (nginx: ngx_cycle_t
/// and ngx_conf_t): the open blocks, what the modules keep for them, and where diagnostics go.
class Cycle {
public:
    using Report = std::function<Diagnostic&(Diagnostic)>;

    /// `config` is being filled; `report` takes diagnostics in nginx's order. `context` is that of
    /// the file's top level.
    Cycle(const Config& config, Context context, Report report);
    Cycle(const Cycle&) = delete;
    Cycle& operator=(const Cycle&) = delete;

    [[nodiscard]] const NginxBuild& build() const noexcept { return config_.build(); }

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

    /// Keeps text for as long as the cycle lives.
    [[nodiscard]] std::string_view keep(std::string text);

    /// The place of the first statement of this row in the open block, if there was one; else this
    /// statement is remembered as the first.
    [[nodiscard]] const Place* first_of(const DirectiveRow& row, const Place& place);

    /// A block begins, or has ended at `brace`.
    Scope& open(Context context, const Place& place, LineHandler line, EndHandler end);
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

    const Config& config_;
    Report report_;
    std::pmr::monotonic_buffer_resource memory_;
    std::pmr::deque<Scope> scopes_{&memory_};
    std::vector<OpenBlock> open_;                       // innermost last
    std::vector<First> firsts_;                         // by row
    std::vector<std::pair<std::size_t, First>> hidden_; // what the open blocks' firsts stand over
    std::deque<std::string> kept_;
    bool partial_ = false;
};

} // namespace upstream_lint
