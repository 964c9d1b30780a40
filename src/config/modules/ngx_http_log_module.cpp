#include "config/ascii.hpp"
#include "config/log.hpp"
#include "config/messages.hpp"
#include "config/modules/modules.hpp"
#include "config/script.hpp"
#include "config/suggestion.hpp"
#include "config/value.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <optional>
#include <unordered_map>
#include <vector>

/// src/http/modules/ngx_http_log_module.c; src/stream/ngx_stream_log_module.c says nearly the same.
namespace upstream_lint {

namespace {

constexpr std::string_view combined = "combined";
constexpr std::int64_t gzip_buffer = 64 * 1024;
constexpr std::int64_t fastest = 1; // Z_BEST_SPEED
constexpr std::int64_t smallest = 9;
constexpr std::size_t max_misspelt = 2;

/// What a log writes that is no variable (ngx_http_log_vars).
constexpr std::array<std::string_view, 9> own_values = {
    "pipe",   "time_local", "time_iso8601",    "msec",          "request_time",
    "status", "bytes_sent", "body_bytes_sent", "request_length"};

/// How a log is written.
struct Buffer {
    std::int64_t size = 0;
    std::int64_t flush = 0;
    std::int64_t gzip = 0;

    friend bool operator==(const Buffer&, const Buffer&) = default;
};

/// What `http` or `stream` keeps.
struct Logs {
    struct Format {
        std::string_view name;
        Place place;
    };

    struct Buffered {
        Buffer buffer;
        Place place;
    };

    std::vector<Format> formats;
    std::unordered_map<std::string_view, Buffered> files; ///< buffered ones, by name
};

bool is_stream(Directive& directive) {
    return directive.scope().is_in_stream();
}

Logs& logs_of(Directive& directive) {
    Scope* const main = directive.scope().protocol_block();
    return (main != nullptr ? *main : directive.scope()).conf<Logs>();
}

void report_unknown_format(Directive& directive, const Logs& logs, std::size_t word,
                           std::string_view name) {
    Diagnostic& diagnostic =
        directive.emerg(word, fmt::format("unknown log format \"{}\"", name), Cause::reference);
    for (const Logs::Format& format : logs.formats) {
        if (edit_distance(format.name, name, max_misspelt) <= max_misspelt) {
            diagnostic.notes.push_back(fmt::format("did you mean `{}`?", format.name));
            return;
        }
    }
    diagnostic.notes.emplace_back("a `log_format` must stand before its first use");
}

/// Whether the log has a format; what is wrong is reported.
bool has_format(Directive& directive, const Logs& logs) {
    const bool stream = is_stream(directive);
    if (directive.size() == 1) {
        if (stream) {
            directive.emerg(0, "log format is not specified");
        }
        return !stream;
    }
    const std::string_view name = directive[2];
    const bool known = (!stream && equal_ignoring_case(name, combined)) ||
                       std::ranges::any_of(logs.formats, [name](const Logs::Format& format) {
                           return equal_ignoring_case(format.name, name);
                       });
    if (!known && !directive.cycle().is_partial()) {
        report_unknown_format(directive, logs, 2, name);
        return false;
    }
    return true;
}

/// Takes the parameter in that word; false when it is wrong, which is reported.
bool buffer_parameter(Directive& directive, std::size_t word, Buffer& buffer) {
    const std::string_view parameter = directive[word];
    if (const auto size = behind(parameter, "buffer=")) {
        buffer.size = parse_size(*size).value_or(0);
        if (buffer.size == 0) {
            directive.emerg(word, fmt::format("invalid buffer size \"{}\"", *size));
        }
        return buffer.size != 0;
    }
    if (const auto time = behind(parameter, "flush=")) {
        buffer.flush = parse_time(*time, TimeUnit::milliseconds).value_or(0);
        if (buffer.flush == 0) {
            directive.emerg(word, fmt::format("invalid flush time \"{}\"", *time));
        }
        return buffer.flush != 0;
    }
    if (const auto level = behind(parameter, "gzip="); level || parameter == "gzip") {
        buffer.size = buffer.size == 0 ? gzip_buffer : buffer.size;
        buffer.gzip = level ? parse_number(*level).value_or(0) : fastest;
        const bool valid = buffer.gzip >= fastest && buffer.gzip <= smallest;
        if (!valid) {
            directive.emerg(word, fmt::format("invalid compression level \"{}\"", *level));
        }
        return valid;
    }
    if (const auto condition = behind(parameter, "if=")) {
        return script::compile(directive, word, *condition).valid;
    }
    directive.emerg(word, fmt::format("invalid parameter \"{}\"", parameter));
    return false;
}

void check_buffer(Directive& directive, Logs& logs, const Buffer& buffer, bool syslog) {
    const std::string_view file = directive[1];
    if (buffer.size == 0) {
        if (buffer.flush != 0) {
            directive.emerg(1, fmt::format("no buffer is defined for access_log \"{}\"", file));
        }
        return;
    }
    if (syslog) {
        directive.emerg(1, "logs to syslog cannot be buffered");
        return;
    }
    if (script::has_variables(file)) {
        directive.emerg(1, "buffered logs cannot have variables in name");
        return;
    }
    const auto [known, is_new] = logs.files.try_emplace(directive.cycle().keep(file),
                                                        Logs::Buffered{buffer, directive.place()});
    if (!is_new && known->second.buffer != buffer) {
        directive
            .emerg(
                1,
                fmt::format("access_log \"{}\" already defined with conflicting parameters", file),
                Cause::conflict)
            .label(known->second.place, "first here");
    }
}

/// What follows a `$` in a format.
struct Reference {
    std::string_view name;
    std::size_t size = 0; ///< with `$` and brackets
    bool unclosed = false;
};

/// ngx_http_log_compile_format
Reference read_reference(std::string_view text) {
    const auto is_name = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               c == '_';
    };
    const bool bracket = text.starts_with("${") && text.size() > 2;
    const std::size_t begin = bracket ? 2 : 1;
    std::size_t end = begin;
    while (end < text.size() && is_name(text[end])) {
        ++end;
    }
    const bool closed = bracket && end < text.size() && text[end] == '}';
    return {text.substr(begin, end - begin), closed ? end + 1 : end, bracket && !closed};
}

/// Compiles one word of a format; false when it is wrong, which is reported.
bool compile_word(Directive& directive, std::size_t word, bool stream) {
    const std::string_view text = directive[word];
    for (std::size_t at = text.find('$'); at != std::string_view::npos; at = text.find('$', at)) {
        const Reference reference = read_reference(text.substr(at));
        if (reference.unclosed) {
            directive.emerg(
                word,
                fmt::format("the closing bracket in \"{}\" variable is missing", reference.name),
                Cause::variable);
            return false;
        }
        if (reference.name.empty()) {
            directive.emerg(word,
                            fmt::format("invalid parameter \"{}\"", c_string(text.substr(at))));
            return false;
        }
        if (stream || std::ranges::find(own_values, reference.name) == own_values.end()) {
            script::use_variable(directive, word, reference.name);
        }
        at += reference.size;
    }
    return true;
}

/// The first word of the text behind the name and `escape=`, or nothing when that is wrong.
std::optional<std::size_t> format_text(Directive& directive) {
    if (!directive[2].starts_with("escape=")) {
        return 2;
    }
    const std::string_view escape = c_string(directive[2].substr(7));
    if (escape != "json" && escape != "none" && escape != "default") {
        directive.emerg(2, fmt::format("unknown log format escaping \"{}\"", escape))
            .notes.emplace_back("it is one of `default`, `json` and `none`");
        return std::nullopt;
    }
    return 3;
}

constexpr std::array<DirectiveSetter, 3> setters = {{
    {"access_log", shared::access_log},
    {"log_format", shared::log_format},
    {"open_log_file_cache", shared::open_log_file_cache},
}};

} // namespace

/// ngx_http_log_set_log
void shared::access_log(Directive& directive) {
    if (c_string(directive[1]) == "off") {
        if (directive.size() > 1) {
            directive.emerg(2, fmt::format("invalid parameter \"{}\"", directive[2]));
        }
        return;
    }
    const bool syslog = directive[1].starts_with("syslog:");
    if (syslog ? !set_syslog(directive, 1) : !script::compile(directive, 1).valid) {
        return;
    }
    Logs& logs = logs_of(directive);
    if (!has_format(directive, logs)) {
        return;
    }
    Buffer buffer;
    for (std::size_t i = 3; i <= directive.size(); ++i) {
        if (!buffer_parameter(directive, i, buffer)) {
            return;
        }
    }
    check_buffer(directive, logs, buffer, syslog);
}

/// ngx_http_log_set_format
void shared::log_format(Directive& directive) {
    const bool stream = is_stream(directive);
    auto& formats = logs_of(directive).formats;
    const std::string_view name = directive[1];
    const auto known = std::ranges::find(formats, name, &Logs::Format::name);
    if (known != formats.end() || (!stream && name == combined)) {
        Diagnostic& diagnostic = directive.emerg(
            1, fmt::format("duplicate \"log_format\" name \"{}\"", name), Cause::duplicate);
        if (known != formats.end()) {
            diagnostic.label(known->place, "first here");
        } else {
            diagnostic.notes.emplace_back("nginx has defined `combined` itself");
        }
        return;
    }
    formats.push_back({directive.cycle().keep(name), directive.place()});
    const auto text = format_text(directive);
    for (std::size_t i = text.value_or(directive.size() + 1); i <= directive.size(); ++i) {
        if (!compile_word(directive, i, stream)) {
            return;
        }
    }
}

/// ngx_http_log_open_file_cache
void shared::open_log_file_cache(Directive& directive) {
    if (directive.is_duplicate()) {
        return;
    }
    std::int64_t max = 0;
    bool off = false;
    for (std::size_t i = 1; i <= directive.size(); ++i) {
        const std::string_view parameter = directive[i];
        std::optional<std::int64_t> value;
        if (const auto most = behind(parameter, "max=")) {
            value = parse_number(*most);
            max = value.value_or(0);
        } else if (const auto inactive = behind(parameter, "inactive=")) {
            value = parse_time(*inactive, TimeUnit::seconds);
        } else if (const auto uses = behind(parameter, "min_uses=")) {
            value = parse_number(*uses);
        } else if (const auto valid = behind(parameter, "valid=")) {
            value = parse_time(*valid, TimeUnit::seconds);
        } else if (c_string(parameter) == "off") {
            off = true;
            continue;
        }
        if (!value) {
            directive.emerg(
                i, fmt::format("invalid \"open_log_file_cache\" parameter \"{}\"", parameter));
            return;
        }
    }
    if (!off && max == 0) {
        directive.emerg(0, "\"open_log_file_cache\" must have \"max\" parameter");
    }
}

const ModuleSetters ngx_http_log_module = {"ngx_http_log", setters};

} // namespace upstream_lint
