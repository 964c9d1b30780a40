#pragma once

#include "config/cycle.hpp"
#include "config/directive_table.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace upstream_lint {

/// A statement that passed dispatch, as its setter gets it (nginx: cf->args, cmd, conf). Setters
/// report what they do not like and return; what was kept before stays.
class Directive {
public:
    Directive(Cycle& cycle, const DirectiveRow* row, std::span<const std::string_view> words,
              std::span<const Word> written, DirectiveRef statement, FileId file,
              std::uint32_t at) :
        cycle_(cycle),
        row_(row), words_(words), written_(written), statement_(statement), file_(file), at_(at) {}

    [[nodiscard]] Cycle& cycle() const noexcept { return cycle_; }

    /// The block in which it stands.
    [[nodiscard]] Scope& scope() const noexcept { return cycle_.scope(); }

    /// Null for a line of a data block.
    [[nodiscard]] const DirectiveRow& row() const noexcept { return *row_; }

    [[nodiscard]] std::string_view name() const noexcept { return words_[0]; }

    /// The same statement, for what a module checks with the configuration that its block began
    /// with: nginx then prints where the reader of the file of that block is.
    [[nodiscard]] Directive read_from(const Scope& block) const;

    /// The values behind the name.
    [[nodiscard]] std::size_t size() const noexcept { return words_.size() - 1; }

    /// Word 0 is the name, 1 the first value; escapes are resolved. Kept as long as the cycle.
    [[nodiscard]] std::string_view operator[](std::size_t word) const { return words_[word]; }

    [[nodiscard]] std::span<const std::string_view> values() const { return words_.subspan(1); }

    /// Of a block of Lua code: what stands between its braces. nginx's reader has come to its end.
    [[nodiscard]] std::string_view body() const noexcept { return body_; }

    void set_body(std::string_view body) noexcept { body_ = body; }

    /// Of the whole statement, and of one of its words.
    [[nodiscard]] Place place() const;
    [[nodiscard]] Place place(std::size_t word) const;

    /// The same to be kept.
    [[nodiscard]] DirectiveRef statement() const noexcept { return statement_; }

    [[nodiscard]] WordId word(std::size_t word) const noexcept {
        return {statement_, static_cast<std::uint32_t>(word)};
    }

    /// `"NAME" directive TEXT`: what a setter returns (src/core/ngx_conf_file.c, ngx_conf_handler).
    Diagnostic& error(std::string_view text, Cause cause = Cause::value);
    Diagnostic& error(std::size_t word, std::string_view text, Cause cause = Cause::value);
    /// The message as it stands: what a setter logs itself.
    Diagnostic& emerg(std::size_t word, std::string message, Cause cause = Cause::value);
    Diagnostic& warn(std::size_t word, std::string message);

    /// Reports `is duplicate` when the row has been set in this block before.
    [[nodiscard]] bool is_duplicate();

    /// Of a block: what happens when it has begun, who takes the lines of its body, and what
    /// happens at its end.
    void set_begin_handler(BeginHandler begin) { handlers_.begin = std::move(begin); }

    void set_line_handler(LineHandler line) noexcept { handlers_.line = line; }

    void set_end_handler(EndHandler end) noexcept { handlers_.end = end; }

    /// Gives them away.
    [[nodiscard]] BlockHandlers take_handlers() noexcept { return std::move(handlers_); }

private:
    Cycle& cycle_;
    const DirectiveRow* row_;
    std::span<const std::string_view> words_;
    std::span<const Word> written_;
    DirectiveRef statement_;
    FileId file_;
    std::uint32_t at_;
    FileId at_file_{};
    std::string_view body_;
    BlockHandlers handlers_;
};

} // namespace upstream_lint
