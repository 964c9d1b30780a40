#include "nginx_conf_errors.hpp"
#include "syntax/lua_block.hpp"
#include "syntax/parse_buffers.hpp"
#include "syntax/tree_builder.hpp"
#include "syntax/trivia.hpp"

#include <algorithm>
#include <cassert>

namespace upstream_lint {

namespace {

namespace rules = grammar::nginx_conf;
namespace pegtl = tao::pegtl;

using Input = pegtl::memory_input<pegtl::tracking_mode::lazy, pegtl::eol::lf>;

/// The tree under construction and where the file starts in memory: nodes keep offsets.
struct State {
    TreeBuilder& builder;
    const char* base;

    [[nodiscard]] std::uint32_t offset(const char* p) const noexcept {
        return static_cast<std::uint32_t>(p - base);
    }
};

template <typename Rule> struct Action : pegtl::nothing<Rule> {};

template <> struct Action<rules::bare_word> {
    template <typename ActionInput> static void apply(const ActionInput& in, State& state) {
        state.builder.word(state.offset(in.begin()), state.offset(in.end()), false);
    }
};

template <> struct Action<rules::quoted_word> {
    template <typename ActionInput> static void apply(const ActionInput& in, State& state) {
        state.builder.word(state.offset(in.begin()), state.offset(in.end()), true);
    }
};

template <> struct Action<rules::semicolon> {
    template <typename ActionInput> static bool apply(const ActionInput& in, State& state) {
        return state.builder.semicolon(state.offset(in.begin()));
    }
};

template <> struct Action<rules::open_brace> {
    template <typename ActionInput> static bool apply(const ActionInput& in, State& state) {
        return state.builder.open(state.offset(in.begin()));
    }
};

template <> struct Action<rules::close_brace> {
    template <typename ActionInput> static bool apply(const ActionInput& in, State& state) {
        return state.builder.close(state.offset(in.begin()));
    }
};

// flatten: without it gcc stops inlining the leaves half way, at a quarter of the speed
[[gnu::flatten, gnu::noinline]] void take_items(Input& in, State& state) {
    (void)pegtl::parse<rules::items, Action>(in, state);
}

/// Goes on where the grammar stopped: says what nginx would, and finds a place from which the rest
/// of the file reads as its author meant it, so that one mistake is one error.
class Recovery {
public:
    Recovery(std::string_view bytes, TreeBuilder& builder) :
        bytes_(bytes), builder_(builder), lua_reader_(bytes) {}

    /// Deals with what stands at `position`; returns where to read on, further in than `position`
    /// unless only a closing brace is left to be taken.
    std::uint32_t recover(std::uint32_t position) {
        const char* token_end = nullptr;
        const rules::Blame blame =
            rules::blame(bytes_.data() + position, bytes_.data() + bytes_.size(), token_end);
        const auto end = static_cast<std::uint32_t>(token_end - bytes_.data());
        switch (blame) {
        case rules::Blame::end_of_file:
            return position;
        case rules::Blame::empty_statement:
            report(SyntaxErrorKind::unexpected_character, position, {position, end});
            return end;
        case rules::Blame::nameless_block:
            return builder_.has_words() ? lua(position) : nameless_block(position);
        case rules::Blame::stray_close:
            return stray_close(position);
        case rules::Blame::long_comment:
            report(SyntaxErrorKind::too_long_word, position, {position, end});
            return end;
        case rules::Blame::long_word:
            report(SyntaxErrorKind::too_long_word, position, {position, end});
            return damaged_word(position, end);
        case rules::Blame::unclosed_quote:
            report(SyntaxErrorKind::unexpected_end, size(), {position, position + 1}, position);
            return first_line_of_quoted(position);
        case rules::Blame::long_quoted:
            report(SyntaxErrorKind::too_long_quoted, position, {position, position + 1});
            return first_line_of_quoted(position);
        case rules::Blame::byte_after_quote:
            return byte_after_quote(position, end);
        case rules::Blame::unfinished_word:
            builder_.word(position, end, bytes_[position] == '"' || bytes_[position] == '\'');
            return end;
        }
        return size();
    }

    /// Whatever nginx says at the end of the file.
    void end_of_file() {
        if (builder_.has_words()) {
            const Word first = builder_.first_word();
            if (!quote_reported_) {
                builder_.error({.kind = SyntaxErrorKind::unexpected_end,
                                .position = size(),
                                .at = size(),
                                .begin = first.begin,
                                .end = first.end(),
                                .related = first.begin});
            }
        } else if (builder_.in_block() && !nameless_) {
            report(SyntaxErrorKind::unclosed_block, size(), {size(), size()}, size());
        }
    }

private:
    struct Range {
        std::uint32_t begin;
        std::uint32_t end;
    };

    [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(bytes_.size()); }

    void report(SyntaxErrorKind kind, std::uint32_t at, Range shown) {
        report(kind, at, shown, shown.begin);
    }

    void report(SyntaxErrorKind kind, std::uint32_t at, Range shown, std::uint32_t related) {
        quote_reported_ = kind == SyntaxErrorKind::unexpected_end && at == size();
        builder_.error({.kind = kind,
                        .position = shown.begin,
                        .at = at,
                        .begin = shown.begin,
                        .end = shown.end,
                        .related = related});
    }

    std::uint32_t lua(std::uint32_t open) {
        const LuaBlock block = lua_reader_.read(open);
        builder_.lua_block(open, block.close, block.uncounted_lines);
        if (block.error) {
            builder_.error(*block.error);
        }
        nameless_ = nameless_ || !block.closed;
        return block.closed ? block.close + 1 : block.close;
    }

    std::uint32_t nameless_block(std::uint32_t position) {
        const bool doubled = builder_.directly_behind_open(position);
        report(SyntaxErrorKind::unexpected_character, position, {position, position + 1});
        if (!doubled) {
            builder_.open_nameless(position);
            nameless_ = true;
        }
        return position + 1;
    }

    std::uint32_t stray_close(std::uint32_t position) {
        if (!builder_.has_words()) {
            report(SyntaxErrorKind::unexpected_character, position, {position, position + 1});
            return position + 1;
        }
        if (!glued_) {
            report(SyntaxErrorKind::unexpected_character, position, {position, position + 1},
                   builder_.first_word().begin);
        }
        glued_ = false;
        builder_.end_unterminated(position);
        return position;
    }

    std::uint32_t damaged_word(std::uint32_t begin, std::uint32_t end) {
        builder_.word(begin, end, false);
        builder_.mark_damaged();
        return end;
    }

    /// A quote that closes too late, or never: its author forgot to close it in this line.
    std::uint32_t first_line_of_quoted(std::uint32_t open) {
        const std::size_t line_end = std::min(bytes_.find('\n', open), bytes_.size());
        std::size_t end = bytes_.find_last_not_of(" \t\r", line_end - 1) + 1;
        if (end > open + 1 && (bytes_[end - 1] == ';' || bytes_[end - 1] == '{')) {
            --end;
        }
        builder_.word(open, static_cast<std::uint32_t>(end), true);
        builder_.mark_damaged();
        return static_cast<std::uint32_t>(end);
    }

    std::uint32_t byte_after_quote(std::uint32_t open, std::uint32_t behind) {
        const std::string_view word = bytes_.substr(open, behind - open);
        builder_.error({.kind = SyntaxErrorKind::unexpected_character,
                        .position = open,
                        .at = behind,
                        .begin = behind,
                        .end = behind + 1,
                        .related = open});
        if (word.find('\n') != std::string_view::npos) {
            return first_line_of_quoted(open);
        }
        builder_.word(open, behind, true);
        builder_.mark_damaged();
        if (bytes_[behind] == '}') {
            glued_ = true;
            return behind;
        }
        return glue(behind);
    }

    /// Takes what is glued to a closing quote up to the next place where a word may end.
    std::uint32_t glue(std::uint32_t begin) {
        const char* const end = bytes_.data() + bytes_.size();
        const char* const word_end = rules::skip_bare(bytes_.data() + begin, end);
        const auto to = static_cast<std::uint32_t>(word_end - bytes_.data());
        builder_.word(begin, to, false);
        return to;
    }

    std::string_view bytes_;
    TreeBuilder& builder_;
    LuaReader lua_reader_;
    bool glued_ = false; // a `}` right behind a closing quote has been reported
    bool nameless_ =
        false; // braces no longer pair up: a block has no name, or is Lua without an end
    bool quote_reported_ = false; // the last error was that the file ends inside this statement
};

} // namespace

SyntaxTree parse(std::string_view bytes) {
    ParseBuffers none;
    return parse(bytes, none);
}

SyntaxTree parse(std::string_view bytes, ParseBuffers& buffers) {
    assert(bytes.size() <= max_file_size);
    TreeBuilder builder(bytes, buffers);
    State state{builder, bytes.data()};
    Recovery recovery(bytes, builder);
    std::uint32_t position = 0;
    for (;;) {
        Input in(bytes.data() + position, bytes.data() + bytes.size(), "");
        take_items(in, state);
        position = state.offset(in.current());
        if (position == bytes.size()) {
            break;
        }
        position = recovery.recover(position);
    }
    recovery.end_of_file();
    return std::move(builder).finish();
}

} // namespace upstream_lint
