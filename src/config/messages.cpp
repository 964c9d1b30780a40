#include "config/messages.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace upstream_lint {

namespace {

constexpr std::size_t max_message = 1024; // NGX_MAX_CONF_ERRSTR
constexpr std::size_t max_log_message =
    2048 - std::string_view("2000/01/01 00:00:00 [emerg] 12345#12345: ").size() - 1;
constexpr std::size_t room_for_reason = 50;
constexpr std::size_t shown_of_long_word = 10;

} // namespace

std::string_view c_string(std::string_view value) {
    return value.substr(0, value.find('\0'));
}

std::string cut_message(std::string text) {
    if (text.size() > max_message) {
        text.resize(max_message);
    }
    return text;
}

std::string cut_log_message(std::string text) {
    if (text.size() > max_log_message) {
        text.resize(max_log_message);
    }
    return text;
}

std::string failure_message(const Error& error) {
    const std::size_t reason = error.reason.size() + fmt::formatted_size(" ({}: )", error.code);
    std::string text = describe(error);
    const std::size_t what = text.size() - std::min(text.size(), reason);
    if (error.code != 0 && what > max_message - room_for_reason) {
        text.replace(max_message - room_for_reason, what - (max_message - room_for_reason), "...");
    }
    return cut_message(std::move(text));
}

std::string syntax_message(const SyntaxTree& tree, const SyntaxError& error) {
    const std::string_view bytes = tree.bytes();
    switch (error.kind) {
    case SyntaxErrorKind::unexpected_character:
        return fmt::format("unexpected \"{}\"", bytes[error.at]);
    case SyntaxErrorKind::unexpected_end:
        return "unexpected end of file, expecting \";\" or \"}\"";
    case SyntaxErrorKind::unclosed_block:
        return "unexpected end of file, expecting \"}\"";
    case SyntaxErrorKind::too_long_word: {
        const bool quoted = bytes[error.begin] == '"' || bytes[error.begin] == '\'';
        return fmt::format("too long parameter \"{}...\" started",
                           bytes.substr(error.begin + (quoted ? 1 : 0), shown_of_long_word));
    }
    case SyntaxErrorKind::too_long_quoted:
        return fmt::format("too long parameter, probably missing terminating \"{}\" character",
                           bytes[error.begin]);
    case SyntaxErrorKind::lua_unexpected_end:
        return "unexpected end of file, expecting terminating characters for lua code block";
    case SyntaxErrorKind::lua_too_long:
        return "too long lua code block, probably missing terminating characters";
    case SyntaxErrorKind::lua_unclosed_long_bracket: {
        const std::size_t bracket = bytes.find('[', error.begin);
        const std::size_t second = bytes.find('[', bracket + 1);
        return fmt::format(
            "Lua code block missing the closing long bracket \"]{}]\", the inlined Lua "
            "code may be too long",
            std::string(second - bracket - 1, '='));
    }
    }
    return {};
}

Cause syntax_cause(const SyntaxTree& tree, const SyntaxError& error) {
    const bool brace =
        error.kind == SyntaxErrorKind::unclosed_block ||
        (error.kind == SyntaxErrorKind::unexpected_character && tree.bytes()[error.at] == '}');
    return brace ? Cause::structure : Cause::lexical;
}

std::string unknown_directive(std::string_view name) {
    return fmt::format("unknown directive \"{}\"", c_string(name));
}

std::string not_allowed(std::string_view name) {
    return fmt::format("\"{}\" directive is not allowed here", c_string(name));
}

std::string not_terminated(std::string_view name) {
    return fmt::format("directive \"{}\" is not terminated by \";\"", c_string(name));
}

std::string no_opening(std::string_view name) {
    return fmt::format("directive \"{}\" has no opening \"{{\"", c_string(name));
}

std::string wrong_number(std::string_view name) {
    return fmt::format("invalid number of arguments in \"{}\" directive", c_string(name));
}

std::string duplicate_directive(std::string_view name) {
    return fmt::format("\"{}\" directive is duplicate", c_string(name));
}

} // namespace upstream_lint
