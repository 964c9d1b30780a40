#include "regex/regex.hpp"

#include "regex/named_captures.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <memory>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

namespace upstream_lint {

namespace {

/// NGX_MAX_CONF_ERRSTR: nginx asks for as much of the reason.
constexpr std::size_t reason_size = 128;

std::string reason_of(int code) {
    std::array<PCRE2_UCHAR, reason_size> text{};
    if (::pcre2_get_error_message(code, text.data(), text.size()) < 0) {
        return "unknown error";
    }
    return reinterpret_cast<const char*>(text.data());
}

/// What PCRE says where PCRE2 has other words.
struct Reason {
    std::string_view pcre2;
    std::string_view pcre;
};

constexpr std::array<Reason, 6> reasons = {{
    {"missing closing parenthesis", "missing )"},
    {"syntax error in subpattern name (missing terminator?)",
     "syntax error in subpattern name (missing terminator)"},
    {"quantifier does not follow a repeatable item", "nothing to repeat"},
    {"subpattern name must start with a non-digit", "group name must start with a non-digit"},
    {"two named subpatterns have the same name (PCRE2_DUPNAMES not set)",
     "two named subpatterns have the same name"},
    {"unmatched closing parenthesis", "unmatched parentheses"},
}};

/// What PCRE says where a name of a group begins with no letter: it looks for the end of the name
/// before it minds that.
std::string_view reason_of_nameless(std::string_view before, std::string_view reason) {
    if (before.ends_with("(?<")) {
        return "unrecognized character after (?<";
    }
    return before.ends_with("(?'") || before.ends_with("(?P<")
               ? "syntax error in subpattern name (missing terminator)"
               : reason;
}

/// `before` is the part of the pattern that was understood.
std::string_view words_of(RegexLibrary library, std::string_view reason, std::string_view before) {
    if (library == RegexLibrary::pcre && reason == "subpattern name expected") {
        return reason_of_nameless(before, reason);
    }
    const auto* const found = std::ranges::find(reasons, reason, &Reason::pcre2);
    return library == RegexLibrary::pcre && found != reasons.end() ? found->pcre : reason;
}

std::string message_of(RegexLibrary library, std::string_view reason, std::string_view pattern,
                       std::size_t offset) {
    const std::string_view function =
        library == RegexLibrary::pcre2 ? "pcre2_compile()" : "pcre_compile()";
    std::string message =
        fmt::format("{} failed: {} in \"{}\"", function,
                    words_of(library, reason, pattern.substr(0, offset)), pattern);
    if (offset < pattern.size()) {
        const std::string_view rest = pattern.substr(offset);
        message += fmt::format(" at \"{}\"", rest.substr(0, rest.find('\0')));
    }
    return message;
}

} // namespace

std::vector<Regex::NamedCapture> named_captures_of(const void* compiled) {
    const auto* const code = static_cast<const pcre2_code*>(compiled);
    std::uint32_t count = 0;
    std::uint32_t size = 0;
    const PCRE2_UCHAR* entry = nullptr;
    ::pcre2_pattern_info(code, PCRE2_INFO_NAMECOUNT, &count);
    ::pcre2_pattern_info(code, PCRE2_INFO_NAMEENTRYSIZE, &size);
    ::pcre2_pattern_info(code, PCRE2_INFO_NAMETABLE, static_cast<void*>(&entry));
    std::vector<Regex::NamedCapture> captures;
    captures.reserve(count);
    for (; count > 0; --count, entry += size) {
        const std::uint32_t number = static_cast<std::uint32_t>(entry[0]) << 8U | entry[1];
        captures.push_back({reinterpret_cast<const char*>(entry + 2), number});
    }
    return captures;
}

std::optional<Regex::Failure> Regex::compile(std::string_view pattern, Case letters,
                                             RegexLibrary library, std::optional<Regex>& regex) {
    int error = 0;
    PCRE2_SIZE offset = 0;
    // pcre_compile() takes a C string
    const std::string_view read =
        library == RegexLibrary::pcre ? pattern.substr(0, pattern.find('\0')) : pattern;
    const std::uint32_t options = letters == Case::insensitive ? PCRE2_CASELESS : 0U;
    const std::unique_ptr<pcre2_code, void (*)(pcre2_code*)> code(
        ::pcre2_compile(reinterpret_cast<PCRE2_SPTR>(read.data()), read.size(), options, &error,
                        &offset, nullptr),
        ::pcre2_code_free);
    if (code == nullptr) {
        return Failure{message_of(library, reason_of(error), pattern, offset), offset};
    }
    Regex compiled;
    ::pcre2_pattern_info(code.get(), PCRE2_INFO_CAPTURECOUNT, &compiled.captures_);
    compiled.named_ = named_captures_of(code.get());
    regex = std::move(compiled);
    return std::nullopt;
}

} // namespace upstream_lint
