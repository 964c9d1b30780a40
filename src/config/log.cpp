#include "config/log.hpp"

#include "config/ascii.hpp"
#include "config/messages.hpp"
#include "config/suggestion.hpp"
#include "config/url.hpp"
#include "config/value.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <span>

namespace upstream_lint {

namespace {

using Names = std::span<const std::string_view>;

constexpr std::array<std::string_view, 8> levels = {"emerg", "alert",  "crit", "error",
                                                    "warn",  "notice", "info", "debug"};

constexpr std::array<std::string_view, 7> debug_levels = {
    "debug_core", "debug_alloc", "debug_mutex", "debug_event",
    "debug_http", "debug_mail",  "debug_stream"};

constexpr std::array<std::string_view, 24> facilities = {
    "kern",   "user",   "mail",     "daemon", "auth",   "intern", "lpr",    "news",
    "uucp",   "clock",  "authpriv", "ftp",    "ntp",    "audit",  "alert",  "cron",
    "local0", "local1", "local2",   "local3", "local4", "local5", "local6", "local7"};

constexpr std::string_view memory = "memory:";
constexpr std::string_view syslog = "syslog:";
// a message, and what stands around it but for the name of the file, which comes on top
constexpr std::int64_t least_memory = 2048 + 51;
constexpr std::size_t longest_tag = 32; // RFC 3164
constexpr std::uint16_t syslog_port = 514;

bool is_one_of(Names names, std::string_view name) {
    return std::ranges::find(names, name) != names.end();
}

void suggest(Diagnostic& diagnostic, Names names, std::string_view name) {
    const auto near = std::ranges::find_if(
        names, [name](std::string_view each) { return edit_distance(each, name, 2) <= 2; });
    if (near != names.end()) {
        diagnostic.notes.push_back(fmt::format("did you mean `{}`?", *near));
    }
}

/// ngx_log_set_levels
void set_levels(Directive& directive) {
    bool has_level = false;
    for (std::size_t i = 2; i <= directive.size(); ++i) {
        const std::string_view name = c_string(directive[i]);
        const bool is_level = is_one_of(levels, name);
        if (is_level && i > 2) {
            directive.emerg(i, fmt::format("duplicate log level \"{}\"", directive[i]));
            return;
        }
        if (!is_level && (has_level || !is_one_of(debug_levels, name))) {
            suggest(directive.emerg(i, fmt::format("invalid log level \"{}\"", directive[i])),
                    levels, name);
            return;
        }
        has_level = has_level || is_level;
    }
}

/// The parameters behind `syslog:` (ngx_syslog_parse_args).
class Syslog {
public:
    Syslog(Directive& directive, std::size_t word) : directive_(directive), word_(word) {}

    bool take_all(std::string_view list) {
        while (true) {
            const std::size_t comma = list.find(',');
            if (!take(list.substr(0, comma))) {
                return false;
            }
            if (comma == std::string_view::npos) {
                return has_server_ || fail("no syslog server specified");
            }
            list.remove_prefix(comma + 1);
        }
    }

private:
    bool take(std::string_view parameter) {
        if (const auto address = behind(parameter, "server=")) {
            return once("server", has_server_) && server(*address);
        }
        if (const auto facility = behind(parameter, "facility=")) {
            return once("facility", has_facility_) && one_of("facility", facilities, *facility);
        }
        if (const auto severity = behind(parameter, "severity=")) {
            return once("severity", has_severity_) && one_of("severity", levels, *severity);
        }
        if (const auto name = behind(parameter, "tag=")) {
            return once("tag", has_tag_) && tag(*name);
        }
        return parameter == "nohostname" ||
               fail(fmt::format("unknown syslog parameter \"{}\"", parameter));
    }

    bool once(std::string_view name, bool& seen) {
        if (seen) {
            return fail(fmt::format("duplicate syslog \"{}\"", name));
        }
        seen = true;
        return true;
    }

    bool server(std::string_view text) {
        const Url url = parse_url(text, {.default_port = syslog_port});
        return url.error.empty() ||
               fail(fmt::format("{} in syslog server \"{}\"", url.error, text));
    }

    bool one_of(std::string_view what, Names names, std::string_view name) {
        if (is_one_of(names, name)) {
            return true;
        }
        suggest(directive_.emerg(word_, fmt::format("unknown syslog {} \"{}\"", what, name)), names,
                name);
        return false;
    }

    bool tag(std::string_view text) {
        if (text.size() > longest_tag) {
            return fail("syslog tag length exceeds 32");
        }
        return std::ranges::all_of(text, is_word_character) ||
               fail("syslog \"tag\" only allows alphanumeric characters and underscore");
    }

    bool fail(std::string message) {
        directive_.emerg(word_, std::move(message));
        return false;
    }

    Directive& directive_;
    std::size_t word_;
    bool has_server_ = false;
    bool has_facility_ = false;
    bool has_severity_ = false;
    bool has_tag_ = false;
};

} // namespace

bool set_syslog(Directive& directive, std::size_t word) {
    return Syslog(directive, word).take_all(c_string(directive[word]).substr(syslog.size()));
}

void set_error_log(Directive& directive) {
    const std::string_view target = c_string(directive[1]);
    if (target.starts_with(memory)) {
        const std::string_view size = directive[1].substr(memory.size());
        if (parse_size(size).value_or(0) < least_memory) {
            directive.emerg(1, fmt::format("invalid buffer size \"{}\"", size));
            return;
        }
    } else if (target.starts_with(syslog) && !set_syslog(directive, 1)) {
        return;
    }
    set_levels(directive);
}

} // namespace upstream_lint
