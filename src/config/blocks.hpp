#pragma once

#include "upstream_lint/config.hpp"

#include <cstddef>
#include <deque>
#include <memory_resource>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace upstream_lint {

struct DirectiveRow;

/// One block of the configuration and what modules keep for it (nginx: the configuration contexts,
/// such as ngx_http_conf_ctx_t). Stays where it is.
class Scope {
public:
    /// What blocks have in common below the main level, and within `http`, `stream` or `mail`.
    struct Common {
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

    /// None of the main level, and of what stands around a fragment.
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
    friend class Blocks;

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

/// All blocks of a configuration, and what the modules found out about each of them. Built while it
/// is read; what it keeps views into the configuration's bytes and into its own memory.
class Blocks {
public:
    Blocks() = default;
    Blocks(const Blocks&) = delete;
    Blocks& operator=(const Blocks&) = delete;

    /// The main level; of a fragment it stands around the context that was read.
    [[nodiscard]] Scope& main() noexcept { return scopes_.front(); }

    [[nodiscard]] const Scope& main() const noexcept { return scopes_.front(); }

    /// Adds a block behind `previous`, the last one in `parent`; null: it is the first there.
    Scope& add(Context context, DirectiveRef statement, Scope* parent, Scope* previous);

    [[nodiscard]] std::size_t size() const noexcept { return scopes_.size(); }

    /// A statement that passed dispatch.
    struct Statement {
        const Scope* scope;
        const DirectiveRow* row; ///< null of a line of a data block
        DirectiveRef directive;
    };

    void note(const Statement& statement) { statements_.push_back(statement); }

    /// In nginx's order; empty unless LoadOptions::keep_blocks asked for them.
    [[nodiscard]] std::span<const Statement> statements() const noexcept { return statements_; }

    /// In the order of the configuration, outer ones first.
    [[nodiscard]] const std::pmr::deque<Scope>& scopes() const noexcept { return scopes_; }

    /// Keeps text.
    [[nodiscard]] std::string_view keep(std::string_view text);

    [[nodiscard]] std::pmr::memory_resource* memory() noexcept { return &memory_; }

private:
    std::pmr::monotonic_buffer_resource memory_;
    std::deque<Scope::Common> commons_;
    std::pmr::deque<Scope> scopes_{&memory_};
    std::vector<Statement> statements_;
};

} // namespace upstream_lint
