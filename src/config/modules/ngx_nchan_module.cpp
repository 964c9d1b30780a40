#include "config/modules/modules.hpp"
#include "config/modules/ngx_http_script.hpp"
#include "config/script.hpp"
#include "config/slots.hpp"
#include "config/suggestion.hpp"
#include "config/value.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <limits>
#include <optional>
#include <span>
#include <string>

/// slact/nchan, src/nchan_setup.c. Words may be cut short and of any case.
namespace upstream_lint {

namespace {

using Words = std::span<const std::string_view>;

constexpr std::array<std::string_view, 4> publisher_words = {"http", "websocket", "ws",
                                                             "websockets"};
constexpr std::array<std::string_view, 21> subscriber_words = {"longpoll",
                                                               "long-poll",
                                                               "poll",
                                                               "interval-poll",
                                                               "intervalpoll",
                                                               "http",
                                                               "chunked",
                                                               "http-chunked",
                                                               "http-raw-stream",
                                                               "multipart",
                                                               "multipart/mixed",
                                                               "http-multipart",
                                                               "multipart-mixed",
                                                               "websocket",
                                                               "ws",
                                                               "websockets",
                                                               "eventsource",
                                                               "event-source",
                                                               "es",
                                                               "sse",
                                                               "none"};
constexpr std::array<std::string_view, 2> off_words = {"off", "disabled"};

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// nchan_strmatch
bool matches(std::string_view value, std::string_view word) {
    return value.size() <= word.size() &&
           std::ranges::equal(value, word.substr(0, value.size()), {}, lower);
}

bool matches_one(std::string_view value, Words words) {
    return std::ranges::any_of(words,
                               [value](std::string_view word) { return matches(value, word); });
}

Diagnostic& refuse(Directive& directive, std::size_t word, std::string message) {
    return directive.cycle().report(Level::error, std::move(message), directive.place(word));
}

void report_value(Directive& directive, std::size_t word, Words known) {
    Diagnostic& diagnostic =
        refuse(directive, word,
               fmt::format("invalid {} value: {}", directive.row().name, directive[word]));
    if (const auto hint = did_you_mean(similar_words(directive[word], known))) {
        diagnostic.notes.push_back(*hint);
    }
}

/// nchan_publisher_directive
void publisher(Directive& directive) {
    for (std::size_t i = 1; i <= directive.size(); ++i) {
        if (!matches_one(directive[i], publisher_words)) {
            report_value(directive, i, publisher_words);
            return;
        }
    }
}

/// nchan_subscriber_directive, nchan_pubsub_directive
void subscriber(Directive& directive) {
    for (std::size_t i = 1; i <= directive.size(); ++i) {
        if (!matches_one(directive[i], subscriber_words) && !matches_one(directive[i], off_words)) {
            report_value(directive, i, subscriber_words);
            return;
        }
    }
}

/// nchan_group_directive
void group_location(Directive& directive) {
    constexpr std::array<std::string_view, 5> words = {"get", "set", "post", "delete", "off"};
    for (std::size_t i = 1; i <= directive.size(); ++i) {
        if (!matches_one(directive[i], words)) {
            report_value(directive, i, words);
            return;
        }
    }
}

/// nchan_set_complex_value_array: what stands before is overwritten.
void complex_values(Directive& directive) {
    (void)http_slot::predicates(directive);
}

/// nchan_set_message_timeout, nchan_set_message_buffer_length: what is wrong with a number goes
/// unnoticed.
void number_or_variables(Directive& directive) {
    if (script::has_variables(directive[1])) {
        (void)script::compile(directive, 1);
    }
}

/// nchan_subscriber_first_message_directive
void first_message(Directive& directive) {
    std::string_view value = directive[1];
    if (matches(value, "oldest") || matches(value, "newest")) {
        return;
    }
    if (value.starts_with('-')) {
        value.remove_prefix(1);
    }
    const auto number = parse_number(value);
    if (!number) {
        refuse(directive, 1,
               fmt::format("invalid {} value: {}, must be 'oldest', 'newest', or a number",
                           directive.row().name, directive[1]));
    } else if (*number > 32) {
        refuse(directive, 1,
               fmt::format("invalid {} value: {}, must be 'oldest', 'newest', or a number between "
                           "-32 and 32",
                           directive.row().name, directive[1]));
    }
}

/// nchan_set_longpoll_multipart
void longpoll_multipart(Directive& directive) {
    const std::string_view value = directive[1];
    if (!matches(value, "on") && !matches(value, "off") && !matches(value, "raw")) {
        refuse(directive, 1,
               fmt::format("invalid value for {}: {};'. Must be 'on', 'off', or 'raw'",
                           directive.row().name, value));
    }
}

/// nchan_set_message_compression_slot
void message_compression(Directive& directive) {
    if (!matches(directive[1], "on") && !matches(directive[1], "off")) {
        directive.error(1, "invalid value: must be 'on' or 'off'");
    }
}

/// nchan_set_storage_engine: a warning that ends it all.
void storage_engine(Directive& directive) {
    constexpr std::array<std::string_view, 2> words = {"memory", "redis"};
    if (!matches_one(directive[1], words)) {
        report_value(directive, 1, words);
    }
}

/// nchan_ignore_obsolete_setting
void obsolete(Directive& directive) {
    directive.warn(
        0, fmt::format("ignoring obsolete nchan config directive '{}'.", directive.row().name));
}

/// nchan_ignore_subscriber_concurrency
void subscriber_concurrency(Directive& directive) {
    if (!matches(directive[1], "broadcast")) {
        directive.warn(1, fmt::format("ignoring obsolete nchan config directive '{} {};'. Only "
                                      "'broadcast' is currently supported.",
                                      directive.row().name, directive[1]));
    }
}

/// ngx_conf_set_str_slot_no_newlines
void string_without_newlines(Directive& directive) {
    if (directive[1].find('\n') != std::string_view::npos) {
        directive.error(1, "can't contain any newline characters");
        return;
    }
    (void)slot::string(directive);
}

/// Of `http`: one size under three names.
struct ReservedMemory {
    Place first;
};

/// nchan_conf_set_size_slot
void reserved_memory(Directive& directive) {
    Place& first = directive.scope().conf<ReservedMemory>().first;
    if (!first.is_none()) {
        directive.error("is duplicate", Cause::duplicate).label(first, "first here");
        return;
    }
    if (!parse_size(directive[1])) {
        directive.error(1, "invalid value");
        return;
    }
    first = directive.place();
}

/// ngx_conf_enable_redis
void use_redis(Directive& directive) {
    directive.warn(0, "Use of nchan_use_redis is discouraged in favor of nchan_redis_pass.");
    (void)slot::flag(directive);
}

struct Range {
    std::int64_t low;
    std::int64_t high;
    std::string_view text;
};

void compression_number(Directive& directive, const Range& range) {
    const auto number = parse_number(directive[1]);
    if (!number) {
        directive.error(1, "invalid number");
    } else if (*number < range.low || *number > range.high) {
        directive.error(1, range.text);
    }
}

void compression_level(Directive& directive) {
    compression_number(directive, {0, 9, "must be between 0 and 9"});
}

void compression_window(Directive& directive) {
    compression_number(directive, {9, 15, "must be between 9 and 15"});
}

/// It has the bounds of the window, and says others.
void compression_memlevel(Directive& directive) {
    compression_number(directive, {9, 15, "must be between 1 and 9"});
}

/// It compares the name of the directive in place of its value.
void compression_strategy(Directive& directive) {
    directive.error(1, "invalid compression strategy");
}

/// A number with a point somewhere. nchan adds the digits up as a double, and compares that with
/// the largest integer.
std::optional<double> parse_decimal(std::string_view text) {
    constexpr auto cutoff = static_cast<double>(std::numeric_limits<std::int64_t>::max() / 10);
    constexpr int last_digit = std::numeric_limits<std::int64_t>::max() % 10;
    double value = 0;
    double place = 0; // of the next digit behind the point
    std::size_t digits = 0;
    for (const char c : text) {
        const int digit = c - '0';
        if (c == '.' && place == 0) {
            place = 0.1;
            continue;
        }
        if (digit < 0 || digit > 9) {
            return std::nullopt;
        }
        ++digits;
        if (place != 0) {
            value += place * digit;
            place /= 10;
        } else if (value > cutoff || (value == cutoff && digit > last_digit)) {
            return std::nullopt;
        } else {
            value = value * 10 + digit;
        }
    }
    return digits > 0 ? std::optional(value) : std::nullopt;
}

std::optional<double> decimal(Directive& directive) {
    const auto number = parse_decimal(directive[1]);
    if (!number) {
        directive.error(1, "invalid value, must be a non-negative floating-point number");
    }
    return number;
}

/// ngx_conf_set_exponential_backoff
void backoff(Directive& directive) {
    (void)decimal(directive);
}

/// ngx_conf_set_jitter: 1 is too much, whatever the message says.
void jitter(Directive& directive) {
    if (decimal(directive).value_or(0) >= 1) {
        directive.error(1, "jitter multiplier cannot exceed 1");
    }
}

void nothing(Directive& /*directive*/) {}

constexpr std::array<DirectiveSetter, 55> setters = {{
    {"nchan_benchmark", nothing},
    {"nchan_channel_events_channel_id", complex_values},
    {"nchan_channel_id", complex_values},
    {"nchan_deflate_message_for_websocket", message_compression},
    {"nchan_eventsource_ping_comment", string_without_newlines},
    {"nchan_eventsource_ping_data", string_without_newlines},
    {"nchan_eventsource_ping_event", string_without_newlines},
    {"nchan_group_location", group_location},
    {"nchan_longpoll_multipart_response", longpoll_multipart},
    {"nchan_max_reserved_memory", reserved_memory},
    {"nchan_message_buffer_length", number_or_variables},
    {"nchan_message_max_buffer_length", number_or_variables},
    {"nchan_message_timeout", number_or_variables},
    {"nchan_permessage_deflate_compression_level", compression_level},
    {"nchan_permessage_deflate_compression_memlevel", compression_memlevel},
    {"nchan_permessage_deflate_compression_strategy", compression_strategy},
    {"nchan_permessage_deflate_compression_window", compression_window},
    {"nchan_pub_channel_id", complex_values},
    {"nchan_publisher", publisher},
    {"nchan_publisher_channel_id", complex_values},
    {"nchan_publisher_location", publisher},
    {"nchan_pubsub", subscriber},
    {"nchan_pubsub_channel_id", complex_values},
    {"nchan_pubsub_location", subscriber},
    {"nchan_redis_cluster_check_interval_backoff", backoff},
    {"nchan_redis_cluster_check_interval_jitter", jitter},
    {"nchan_redis_cluster_recovery_delay_backoff", backoff},
    {"nchan_redis_cluster_recovery_delay_jitter", jitter},
    {"nchan_redis_idle_channel_keepalive_backoff", backoff},
    {"nchan_redis_idle_channel_keepalive_jitter", jitter},
    {"nchan_redis_optimize_target", obsolete},
    {"nchan_redis_reconnect_delay_backoff", backoff},
    {"nchan_redis_reconnect_delay_jitter", jitter},
    {"nchan_redis_wait_after_connecting", obsolete},
    {"nchan_shared_memory_size", reserved_memory},
    {"nchan_storage_engine", storage_engine},
    {"nchan_store_messages", nothing},
    {"nchan_stub_status", nothing},
    {"nchan_sub_channel_id", complex_values},
    {"nchan_subscriber", subscriber},
    {"nchan_subscriber_channel_id", complex_values},
    {"nchan_subscriber_first_message", first_message},
    {"nchan_subscriber_http_raw_stream_separator", nothing},
    {"nchan_subscriber_last_message_id", complex_values},
    {"nchan_subscriber_location", subscriber},
    {"nchan_use_redis", use_redis},
    {"nchan_websocket_client_heartbeat", nothing},
    {"push_max_message_buffer_length", number_or_variables},
    {"push_max_reserved_memory", reserved_memory},
    {"push_message_buffer_length", number_or_variables},
    {"push_message_timeout", number_or_variables},
    {"push_min_message_buffer_length", obsolete},
    {"push_publisher", publisher},
    {"push_subscriber", subscriber},
    {"push_subscriber_concurrency", subscriber_concurrency},
}};

} // namespace

const ModuleSetters ngx_nchan_module = {"ngx_nchan", setters};

} // namespace upstream_lint
