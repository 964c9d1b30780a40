#include "facts/upstream_reply.hpp"

#include <algorithm>
#include <cstdint>
#include <fmt/format.h>
#include <optional>
#include <string>

namespace upstream_lint {

namespace {

using Kind = ReplyFacts::Kind;
using Protocol = Exchange::Protocol;

constexpr std::size_t max_line = 128;
constexpr std::string_view http_name = "HTTP/";

std::uint32_t byte_at(std::string_view bytes, std::size_t index) {
    return static_cast<unsigned char>(bytes[index]);
}

bool is_digit(char letter) {
    return letter >= '0' && letter <= '9';
}

bool is_text(std::string_view line) {
    return std::ranges::all_of(
        line, [](char letter) { return (letter >= ' ' && letter < '\x7f') || letter == '\t'; });
}

/// A line that may be shown; empty where it is none of text.
std::string printable(std::string_view line) {
    line = line.substr(0, max_line);
    return is_text(line) ? std::string(line) : std::string();
}

std::string_view first_line(std::string_view text) {
    const std::string_view line = text.substr(0, text.find('\n'));
    return line.ends_with('\r') ? line.substr(0, line.size() - 1) : line;
}

std::optional<std::uint16_t> three_digits(std::string_view text) {
    if (text.size() < 3 || !std::ranges::all_of(text.substr(0, 3), is_digit)) {
        return std::nullopt;
    }
    return static_cast<std::uint16_t>((text[0] - '0') * 100 + (text[1] - '0') * 10 +
                                      (text[2] - '0'));
}

std::size_t digits_at(std::string_view text, std::size_t begin) {
    std::size_t end = begin;
    while (end < text.size() && is_digit(text[end])) {
        ++end;
    }
    return end - begin;
}

/// `HTTP/1.1 200 OK` (ngx_http_parse_status_line).
std::optional<std::uint16_t> status_of_line(std::string_view line) {
    if (!line.starts_with(http_name)) {
        return std::nullopt;
    }
    std::size_t at = http_name.size();
    const std::size_t major = digits_at(line, at);
    at += major;
    if (major == 0 || line[http_name.size()] == '0' || at >= line.size() || line[at] != '.') {
        return std::nullopt;
    }
    const std::size_t minor = digits_at(line, ++at);
    at += minor;
    if (minor == 0 || at >= line.size() || line[at] != ' ') {
        return std::nullopt;
    }
    at = std::min(line.find_first_not_of(' ', at), line.size());
    const auto status = three_digits(line.substr(at));
    const bool ends = at + 3 >= line.size() || line[at + 3] == ' ' || line[at + 3] == '.';
    return ends ? status : std::nullopt;
}

struct Http2Frame {
    std::uint32_t length = 0;
    std::uint32_t type = 0;
    std::uint32_t stream = 0;
};

constexpr std::size_t http2_header = 9;
constexpr std::uint32_t max_http2_frame = 16'384; // NGX_HTTP_V2_DEFAULT_FRAME_SIZE

/// RFC 9113, 4.1
Http2Frame http2_frame(std::string_view bytes) {
    Http2Frame frame;
    frame.length = byte_at(bytes, 0) << 16U | byte_at(bytes, 1) << 8U | byte_at(bytes, 2);
    frame.type = byte_at(bytes, 3);
    frame.stream = (byte_at(bytes, 5) & 0x7fU) << 24U | byte_at(bytes, 6) << 16U |
                   byte_at(bytes, 7) << 8U | byte_at(bytes, 8);
    return frame;
}

/// A server begins with SETTINGS, or says goodbye at once.
bool is_http2(std::string_view bytes) {
    constexpr std::uint32_t settings = 4;
    constexpr std::uint32_t goaway = 7;
    if (bytes.size() < http2_header) {
        return false;
    }
    const Http2Frame frame = http2_frame(bytes);
    return frame.length <= max_http2_frame && frame.stream == 0 &&
           (frame.type == settings || frame.type == goaway);
}

constexpr std::size_t fastcgi_header = 8;
constexpr std::uint32_t fastcgi_end_request = 3;
constexpr std::uint32_t fastcgi_stdout = 6;

bool is_fastcgi(std::string_view bytes) {
    constexpr std::uint32_t last_type = 11;
    return bytes.size() >= fastcgi_header && byte_at(bytes, 0) == 1 && byte_at(bytes, 1) >= 1 &&
           byte_at(bytes, 1) <= last_type && byte_at(bytes, 2) == 0;
}

/// RFC 8446, 5.1: an alert, or a handshake.
bool is_tls(std::string_view bytes) {
    return bytes.size() >= 3 && (byte_at(bytes, 0) == 0x15 || byte_at(bytes, 0) == 0x16) &&
           byte_at(bytes, 1) == 3 && byte_at(bytes, 2) <= 4;
}

Kind kind_of(std::string_view bytes) {
    if (bytes.empty()) {
        return Kind::none;
    }
    if (bytes.starts_with(http_name)) {
        return Kind::http;
    }
    if (is_tls(bytes)) {
        return Kind::tls;
    }
    if (is_fastcgi(bytes)) {
        return Kind::fastcgi;
    }
    return is_http2(bytes) ? Kind::http2 : Kind::other;
}

/// What an application says in records: headers of CGI.
struct FastcgiOutput {
    std::string text;
    bool has_ended = false;
};

FastcgiOutput fastcgi_output(std::string_view bytes) {
    FastcgiOutput output;
    while (is_fastcgi(bytes)) {
        const std::uint32_t type = byte_at(bytes, 1);
        const std::size_t length = byte_at(bytes, 4) << 8U | byte_at(bytes, 5);
        const std::size_t whole = fastcgi_header + length + byte_at(bytes, 6);
        if (type == fastcgi_stdout) {
            output.text += bytes.substr(fastcgi_header, length);
        }
        output.has_ended = type == fastcgi_end_request;
        if (output.has_ended) {
            break;
        }
        bytes.remove_prefix(std::min(whole, bytes.size()));
    }
    return output;
}

bool starts_with_status(std::string_view line) {
    constexpr std::string_view name = "status:";
    return line.size() > name.size() &&
           std::ranges::equal(line.substr(0, name.size()), name, [](char a, char b) {
               return (a >= 'A' && a <= 'Z' ? static_cast<char>(a | 0x20) : a) == b;
           });
}

/// Whether the headers have come to their end.
bool read_fastcgi(std::string_view bytes, ReplyFacts& facts) {
    constexpr std::uint16_t fine = 200;
    const FastcgiOutput output = fastcgi_output(bytes);
    std::string_view rest = output.text;
    while (!rest.empty()) {
        const std::size_t end = rest.find('\n');
        const std::string_view line = first_line(rest);
        if (end == std::string_view::npos) {
            break;
        }
        if (line.empty()) {
            facts.status = facts.status ? facts.status : fine;
            return true;
        }
        if (starts_with_status(line)) {
            const std::size_t value = line.find_first_not_of(" \t", line.find(':') + 1);
            facts.status =
                value == std::string_view::npos ? std::nullopt : three_digits(line.substr(value));
            facts.line = printable(line);
        }
        rest.remove_prefix(end + 1);
    }
    return output.has_ended;
}

/// What nginx logs of an answer of another kind.
std::string refusal(Protocol asked, std::string_view bytes) {
    switch (asked) {
    case Protocol::http:
        return "upstream sent no valid HTTP/1.0 header";
    case Protocol::fastcgi:
        return byte_at(bytes, 0) == 1
                   ? "upstream sent invalid FastCGI record"
                   : fmt::format("upstream sent unsupported FastCGI protocol version: {}",
                                 byte_at(bytes, 0));
    case Protocol::http2: {
        const Http2Frame frame = bytes.size() < http2_header ? Http2Frame() : http2_frame(bytes);
        return frame.length > max_http2_frame
                   ? fmt::format("upstream sent too large http2 frame: {}", frame.length)
                   : "upstream sent unexpected http2 frame";
    }
    case Protocol::none:
        break;
    }
    return {};
}

bool is_of(Protocol asked, const ReplyFacts& facts) {
    switch (asked) {
    case Protocol::http:
        return facts.kind == Kind::http && facts.status.has_value();
    case Protocol::http2:
        return facts.kind == Kind::http2;
    case Protocol::fastcgi:
        return facts.kind == Kind::fastcgi;
    case Protocol::none:
        break;
    }
    return true;
}

/// Whether what no protocol here begins with has shown its first line, or has none. Lines of text
/// begin no frame.
bool is_told_apart(std::string_view bytes, bool has_line) {
    const bool begins_with_text = is_text(first_line(bytes).substr(0, max_line));
    return bytes.size() > max_line || (has_line && begins_with_text) ||
           (bytes.size() >= http2_header && (has_line || !begins_with_text));
}

} // namespace

UpstreamReply read_upstream_reply(Protocol asked, std::string_view bytes, bool is_over) {
    UpstreamReply reply;
    bytes = bytes.substr(0, max_upstream_reply);
    const bool is_all = is_over || bytes.size() == max_upstream_reply;
    const bool has_line = bytes.find('\n') != std::string_view::npos;
    reply.facts.kind = kind_of(bytes);
    switch (reply.facts.kind) {
    case Kind::none:
        reply.is_complete = is_over;
        reply.facts.error = is_over ? "upstream prematurely closed connection" : "";
        return reply;
    case Kind::http:
        reply.facts.status = status_of_line(first_line(bytes));
        reply.facts.line = printable(first_line(bytes));
        reply.is_complete = has_line;
        break;
    case Kind::fastcgi:
        reply.is_complete = asked != Protocol::fastcgi || read_fastcgi(bytes, reply.facts);
        break;
    case Kind::tls:
    case Kind::http2:
        reply.is_complete = true;
        break;
    case Kind::other:
        reply.facts.line = printable(first_line(bytes));
        reply.is_complete = is_told_apart(bytes, has_line);
        break;
    }
    // what nginx logs is the header of a frame
    const bool has_frame = asked != Protocol::http2 || bytes.size() >= http2_header;
    reply.is_complete = (reply.is_complete && has_frame) || is_all;
    if (reply.is_complete && !is_of(asked, reply.facts)) {
        reply.facts.error = refusal(asked, bytes);
    }
    return reply;
}

} // namespace upstream_lint
