#include "nginx_message.hpp"

#include "tokens.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <fnmatch.h>
#include <vector>

namespace upstream_lint::differential {

namespace {

constexpr std::array<std::string_view, message_class_count> class_names = {
    "lexical",     "structure", "include", "unknown directive", "not allowed",
    "termination", "arguments", "module",  "duplicate block",   "missing block",
    "lua",         "value",     "world",
};

bool is_digit(char byte) noexcept {
    return byte >= '0' && byte <= '9';
}

bool contains(std::string_view text, std::string_view part) noexcept {
    return text.find(part) != std::string_view::npos;
}

struct Record {
    std::string_view level;
    std::string_view text;
};

/// The level of a record that starts at `at`, and where its text begins.
struct Head {
    std::string_view level;
    std::size_t text = 0;
};

/// Matches `pattern` at the front of `text`: `0` stands for a digit, anything else for itself.
bool matches(std::string_view text, std::string_view pattern) noexcept {
    if (text.size() < pattern.size())
        return false;
    return std::equal(pattern.begin(), pattern.end(), text.begin(), [](char wanted, char found) {
        return wanted == '0' ? is_digit(found) : wanted == found;
    });
}

std::optional<Head> record_head(std::string_view text) {
    constexpr std::string_view console = "nginx: [";
    constexpr std::string_view log = "0000/00/00 00:00:00 [";
    const bool from_log = matches(text, log);
    if (!from_log && !text.starts_with(console))
        return std::nullopt;
    const std::size_t level_begin = from_log ? log.size() : console.size();
    const std::size_t level_end = text.find(']', level_begin);
    if (level_end == std::string_view::npos || level_end - level_begin > 8)
        return std::nullopt;
    Head head{text.substr(level_begin, level_end - level_begin), level_end + 1};
    if (head.text < text.size() && text[head.text] == ' ')
        ++head.text;
    if (from_log) { // PID#TID:
        std::size_t at = head.text;
        while (at < text.size() && (is_digit(text[at]) || text[at] == '#'))
            ++at;
        if (at > head.text && text.substr(at).starts_with(": "))
            head.text = at + 2;
    }
    return head;
}

bool is_tail(std::string_view text) {
    return text.starts_with("nginx: configuration file ") ||
           text.starts_with("nginx: the configuration file ");
}

std::vector<Record> records_of(std::string_view output) {
    std::vector<Record> records;
    std::size_t line = 0;
    bool open = false;
    std::size_t text_begin = 0;
    const auto close = [&](std::size_t end) {
        if (open)
            records.back().text = output.substr(text_begin, end - text_begin);
        open = false;
    };
    while (line < output.size()) {
        const std::string_view rest = output.substr(line);
        if (const std::optional<Head> head = record_head(rest)) {
            close(line == 0 ? 0 : line - 1);
            records.push_back({head->level, {}});
            open = true;
            text_begin = line + head->text;
        } else if (is_tail(rest)) {
            close(line == 0 ? 0 : line - 1);
        }
        const std::size_t newline = output.find('\n', line);
        if (newline == std::string_view::npos)
            break;
        line = newline + 1;
    }
    close(output.ends_with('\n') ? output.size() - 1 : output.size());
    return records;
}

std::string quoted_place(const std::optional<Place>& place) {
    return place ? " in " + place->file + ":" + std::to_string(place->line) : " (no place)";
}

bool is_of_the_world(std::string_view message) {
    // ngx_log_errno ends a system call's message with ` (2: No such file or directory)`
    return contains(message, "() failed (") || contains(message, "\" failed (") ||
           contains(message, " failed (SSL:") || message.starts_with("xmlParseDTD() failed") ||
           contains(message, "host not found") || contains(message, "failed to load") ||
           contains(message, "could not be resolved") || message.starts_with("bind() to ") ||
           message.starts_with("socket() ") ||
           // an object of another nginx
           (message.starts_with("module \"") && contains(message, " instead of ")) ||
           // modules that -g loads are part of the build for us
           (message.starts_with("module \"") && message.ends_with("\" is already loaded")) ||
           message.starts_with("cannot load ") || message.starts_with("getpwnam(") ||
           message.starts_with("getgrnam(") || message.starts_with("dlopen() ") ||
           contains(message, "_open(\"");
}

/// Names a place that nginx has read past when it finds the mistake, at the end of a block or of
/// all.
bool is_found_later(std::string_view message) {
    return message == "no handler for server" || message == "no \"listen\" is defined for server";
}

/// nginx's log cuts off what is longer, later the fewer digits its process id has.
constexpr std::size_t always_logged = 1990;

bool is_same_message(std::string_view nginx, std::string_view ours) {
    return nginx.substr(0, always_logged) == ours.substr(0, always_logged) &&
           (nginx == ours || std::min(nginx.size(), ours.size()) >= always_logged);
}

} // namespace

std::string_view message_class_name(MessageClass message_class) noexcept {
    return class_names[static_cast<std::size_t>(message_class)];
}

Refusal split_place(std::string_view text) {
    Refusal refusal;
    std::size_t digits = text.size();
    while (digits > 0 && is_digit(text[digits - 1]))
        --digits;
    const std::size_t in = text.rfind(" in /");
    if (digits < text.size() && digits > 0 && text[digits - 1] == ':' &&
        in != std::string_view::npos && in + 4 < digits - 1) {
        Place place;
        place.file = text.substr(in + 4, digits - 1 - (in + 4));
        const char* const end = text.data() + text.size();
        if (std::from_chars(text.data() + digits, end, place.line).ec == std::errc{}) {
            refusal.message = text.substr(0, in);
            refusal.place = std::move(place);
            return refusal;
        }
    }
    refusal.message = text;
    return refusal;
}

std::optional<Refusal> find_refusal(std::string_view standard_error) {
    const std::vector<Record> records = records_of(standard_error);
    const Record* found = nullptr;
    for (const Record& record : records) {
        if (record.level == "emerg") {
            found = &record;
            break;
        }
        // The Lua module says this on every start, and goes on.
        if (contains(record.text, "detected a LuaJIT version"))
            continue;
        if (record.level == "alert" || record.level == "crit" || record.level == "error")
            found = &record;
    }
    if (found == nullptr)
        return std::nullopt;
    Refusal refusal = split_place(found->text);
    refusal.level = found->level;
    return refusal;
}

namespace {

/// Whether a directive with the parameter `name` may have opened the path that the message quotes.
bool may_open(const std::string& name, std::string_view message) {
    const std::size_t begin = message.find('"');
    const std::size_t end = message.rfind('"');
    if (begin == end || name.find('\\') != std::string::npos) // an escape is not in the message
        return true;
    const std::string path(message.substr(begin + 1, end - begin - 1));
    if (name.find_first_of("*?[") == std::string::npos)
        return path.ends_with(name);
    const std::string pattern = "*" + name;
    return ::fnmatch(pattern.c_str(), path.c_str(), 0) == 0 || path.ends_with(name);
}

/// Whether a statement `directive name;` that ends on the line could have failed with this message.
bool names_file(std::string_view directive, std::string_view file_bytes, std::uint32_t line,
                std::string_view message) {
    const auto unquoted = [&](const Token& token) {
        std::string_view text = file_bytes.substr(token.begin, token.end - token.begin);
        if (token.kind == TokenKind::quoted && text.size() >= 2)
            text = text.substr(1, text.size() - 2);
        return text;
    };
    std::vector<Token> statement;
    for (const Token& token : scan_tokens(file_bytes)) {
        if (token.kind == TokenKind::comment)
            continue;
        if (token.head)
            statement.clear();
        statement.push_back(token);
        if (token.kind != TokenKind::semicolon || statement.size() != 3 ||
            unquoted(statement.front()) != directive)
            continue;
        // nginx prints the line of the `;`.
        const auto newlines =
            std::count(file_bytes.begin(),
                       file_bytes.begin() + static_cast<std::ptrdiff_t>(token.begin), '\n');
        if (newlines + 1 != static_cast<std::ptrdiff_t>(line))
            continue;
        if (may_open(std::string(unquoted(statement[1])), message))
            return true;
    }
    return false;
}

} // namespace

MessageClass classify(const Refusal& refusal, std::string_view file_bytes) {
    const std::string_view message = refusal.message;
    const auto is_failure_of = [&](std::string_view directive) {
        return refusal.place && names_file(directive, file_bytes, refusal.place->line, message);
    };
    if (contains(message, "lua code block") || message.starts_with("Lua code block"))
        return MessageClass::lua;
    if (message.starts_with("too long parameter") ||
        message.starts_with("unexpected end of file, expecting \";\""))
        return MessageClass::lexical;
    if (message.starts_with("unexpected end of file, expecting \"}\"") ||
        message.starts_with("unexpected \"{\"") || message.starts_with("unexpected \"}\""))
        return MessageClass::structure;
    // The byte may be any, a quote or a newline too, but it is one: `unexpected "x" in ...` of
    // other modules is longer.
    if (message.starts_with("unexpected \"") && message.size() == 13 && message.ends_with('"'))
        return MessageClass::lexical;
    if (message.starts_with("unknown directive \""))
        return MessageClass::unknown_directive;
    if (message.ends_with("\" directive is not allowed here"))
        return MessageClass::not_allowed;
    if (message.starts_with("directive \"") &&
        (message.ends_with("\" is not terminated by \";\"") ||
         message.ends_with("\" has no opening \"{\"")))
        return MessageClass::termination;
    if (message.starts_with("invalid number of arguments in \"") &&
        message.ends_with("\" directive"))
        return MessageClass::arguments;
    if (message == "\"load_module\" directive is specified too late")
        return MessageClass::module;
    for (const std::string_view block : {"events", "http", "stream", "mail"})
        if (message == "\"" + std::string(block) + "\" directive is duplicate")
            return MessageClass::duplicate_block;
    if (message == "no \"events\" section in configuration")
        return MessageClass::missing_block;
    // What is read at the directive's own place is configuration, or this key; the place of
    // configuration may be lost or that of the statement before.
    if (message.starts_with("pread() \""))
        return is_failure_of("quic_host_key") ? MessageClass::world : MessageClass::include;
    if ((message.starts_with("open() \"") || message.starts_with("glob() \"") ||
         message.starts_with("read() \"")) &&
        is_failure_of("include"))
        return MessageClass::include;
    return is_of_the_world(message) ? MessageClass::world : MessageClass::value;
}

void cut_regex_offset(std::optional<Refusal>& refusal) {
    if (refusal && refusal->message.starts_with("pcre2_compile() failed: "))
        refusal->message.resize(
            std::min(refusal->message.size(), refusal->message.rfind("\" at \"")));
}

Comparison compare(const std::optional<Refusal>& nginx, MessageClass nginx_class,
                   const std::optional<Refusal>& ours) {
    Comparison result;
    result.equal =
        nginx.has_value() == ours.has_value() &&
        (!nginx || (is_same_message(nginx->message, ours->message) && nginx->place == ours->place));
    if (result.equal)
        return result;
    if (!nginx) {
        result.difference = "nginx accepts, we refuse";
    } else if (nginx_class != MessageClass::world) {
        if (!ours)
            result.difference = "nginx refuses, we accept";
        else if (!is_same_message(nginx->message, ours->message))
            result.difference = "another message";
        else
            result.difference = "another place";
    } else if (ours && nginx->place && ours->place && nginx->place->file == ours->place->file &&
               ours->place->line < nginx->place->line && !is_found_later(ours->message)) {
        result.difference = "we refuse before the place where nginx does";
    }
    return result;
}

std::string escape(std::string_view bytes) {
    std::string result;
    for (const char byte : bytes) {
        const auto code = static_cast<unsigned char>(byte);
        if (byte == '\n') {
            result += "\\n";
        } else if (byte == '\t') {
            result += "\\t";
        } else if (byte == '\r') {
            result += "\\r";
        } else if (code < 0x20 || code >= 0x7f) {
            std::array<char, 8> text{};
            std::snprintf(text.data(), text.size(), "\\x%02x", code);
            result += text.data();
        } else {
            result += byte;
        }
    }
    return result;
}

std::string describe(const std::optional<Refusal>& refusal) {
    if (!refusal)
        return "accepted";
    const std::string level = refusal->level.empty() ? "" : "[" + refusal->level + "] ";
    return level + escape(refusal->message) + escape(quoted_place(refusal->place));
}

} // namespace upstream_lint::differential
