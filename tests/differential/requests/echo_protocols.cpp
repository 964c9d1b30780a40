#include "requests/echo_protocols.hpp"

#include "requests/hpack.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>

namespace upstream_lint::differential {

namespace {

constexpr std::string_view prelude = "echo:";

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

bool equal_names(std::string_view left, std::string_view right) {
    return std::ranges::equal(left, right, {}, lower, lower);
}

bool is_plain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' ||
           c == '.' || c == ':' || c == '-' || c == '_';
}

std::string encode(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (is_plain(c))
            out += c;
        else
            (out += '%').append({digits[byte >> 4U], digits[byte & 15U]});
    }
    return out;
}

std::string decode(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        unsigned byte = 0;
        if (text[i] == '%' && i + 2 < text.size()) {
            std::from_chars(text.data() + i + 1, text.data() + i + 3, byte, 16);
            out += static_cast<char>(byte);
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

/// Takes what stands before the separator off the text; all of it where there is none.
std::string_view take(std::string_view& text, std::string_view separator) {
    const std::size_t end = text.find(separator);
    const std::string_view part = text.substr(0, end);
    text = end == std::string_view::npos ? "" : text.substr(end + separator.size());
    return part;
}

std::size_t number(std::string_view text) {
    std::size_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

std::size_t byte_at(std::string_view bytes, std::size_t at) {
    return static_cast<unsigned char>(bytes[at]);
}

std::string text_of(const EchoedRequest& request) {
    std::string text(prelude);
    for (const std::string* part : {&request.peer, &request.method, &request.target, &request.http})
        text += encode(*part) + ',';
    for (const HeaderField& field : request.headers)
        text += encode(field.name) + '=' + encode(field.value) + ',';
    return text;
}

std::optional<EchoedRequest> read_http(std::string_view bytes) {
    const std::size_t end = bytes.find("\r\n\r\n");
    if (end == std::string_view::npos)
        return std::nullopt;
    std::string_view head = bytes.substr(0, end);
    std::string_view line = take(head, "\r\n");
    EchoedRequest request;
    request.method = take(line, " ");
    // Only the last blank stands before the version: a target may hold some.
    const std::size_t version = line.rfind(" HTTP/");
    request.target = line.substr(0, version);
    request.http = version == std::string_view::npos ? "" : line.substr(version + 6);
    while (!head.empty()) {
        std::string_view field = head;
        field = take(head, "\r\n");
        const std::string_view name = take(field, ": ");
        request.headers.push_back({std::string(name), std::string(field)});
    }
    // The body may never come: a request beside the client's has its head alone.
    return request;
}

/// The name-value pairs of FastCGI: lengths of one byte, or of four with the highest bit set.
std::vector<HeaderField> read_pairs(std::string_view bytes) {
    std::vector<HeaderField> pairs;
    std::size_t at = 0;
    const auto length = [&] {
        std::size_t value = at < bytes.size() ? byte_at(bytes, at++) : 0;
        if (value > 127 && at + 3 <= bytes.size()) {
            value &= 127U;
            for (int i = 0; i < 3; ++i)
                value = value << 8U | byte_at(bytes, at++);
        }
        return value;
    };
    while (at < bytes.size()) {
        const std::size_t name = length();
        const std::size_t value = length();
        if (at + name + value > bytes.size())
            break;
        pairs.push_back(
            {std::string(bytes.substr(at, name)), std::string(bytes.substr(at + name, value))});
        at += name + value;
    }
    return pairs;
}

std::optional<EchoedRequest> read_fastcgi(std::string_view bytes) {
    constexpr std::size_t header_size = 8;
    constexpr std::size_t params_type = 4;
    constexpr std::size_t stdin_type = 5;
    std::string params;
    while (bytes.size() >= header_size) {
        const std::size_t content = byte_at(bytes, 4) << 8U | byte_at(bytes, 5);
        const std::size_t record = header_size + content + byte_at(bytes, 6);
        if (bytes.size() < record)
            return std::nullopt;
        const std::size_t type = byte_at(bytes, 1);
        if (type == params_type)
            params += bytes.substr(header_size, content);
        if (type == stdin_type && content == 0) {
            EchoedRequest request;
            request.headers = read_pairs(params);
            return request;
        }
        bytes.remove_prefix(record);
    }
    return std::nullopt;
}

/// A netstring of names and values, each ended by a zero byte.
std::optional<EchoedRequest> read_scgi(std::string_view bytes) {
    const std::size_t colon = bytes.find(':');
    if (colon == std::string_view::npos)
        return std::nullopt;
    const std::size_t size = number(bytes.substr(0, colon));
    if (bytes.size() < colon + 1 + size + 1)
        return std::nullopt;
    std::string_view pairs = bytes.substr(colon + 1, size);
    EchoedRequest request;
    while (!pairs.empty()) {
        const std::string_view name = take(pairs, std::string_view("\0", 1));
        const std::string_view value = take(pairs, std::string_view("\0", 1));
        request.headers.push_back({std::string(name), std::string(value)});
    }
    return request;
}

/// A modifier, the size of the variables, another modifier; lengths of two bytes, the lower first.
std::optional<EchoedRequest> read_uwsgi(std::string_view bytes) {
    const auto short_at = [&](std::size_t at) {
        return byte_at(bytes, at) | byte_at(bytes, at + 1) << 8U;
    };
    if (bytes.size() < 4 || bytes.size() < 4 + short_at(1))
        return std::nullopt;
    const std::size_t end = 4 + short_at(1);
    EchoedRequest request;
    for (std::size_t at = 4; at + 2 <= end;) {
        const std::size_t name = short_at(at);
        const std::size_t value = short_at(at + 2 + name);
        request.headers.push_back({std::string(bytes.substr(at + 2, name)),
                                   std::string(bytes.substr(at + 4 + name, value))});
        at += 4 + name + value;
    }
    return request;
}

std::optional<EchoedRequest> read_memcached(std::string_view bytes) {
    if (!bytes.ends_with("\r\n"))
        return std::nullopt;
    take(bytes, " ");
    EchoedRequest request;
    request.target = take(bytes, "\r\n");
    return request;
}

constexpr std::size_t frame_head = 9;
constexpr unsigned headers_frame = 1;
constexpr unsigned continuation_frame = 9;
constexpr unsigned end_headers = 4;

/// Frames of HTTP/2 behind the preface, until the first header block ends.
std::optional<EchoedRequest> read_grpc(std::string_view bytes) {
    constexpr std::size_t preface_size = 24;
    bytes.remove_prefix(std::min(preface_size, bytes.size()));
    std::string block;
    while (bytes.size() >= frame_head) {
        const std::size_t size =
            byte_at(bytes, 0) << 16U | byte_at(bytes, 1) << 8U | byte_at(bytes, 2);
        if (bytes.size() < frame_head + size)
            return std::nullopt;
        const std::size_t type = byte_at(bytes, 3);
        const bool is_part = type == headers_frame || type == continuation_frame;
        if (is_part)
            block += bytes.substr(frame_head, size);
        if (is_part && (byte_at(bytes, 4) & end_headers) != 0)
            break;
        bytes.remove_prefix(frame_head + size);
    }
    const auto fields = decode_headers(block);
    if (bytes.size() < frame_head || !fields)
        return std::nullopt;
    EchoedRequest request;
    request.http = "2";
    for (const HeaderField& field : *fields) {
        if (field.name == ":method")
            request.method = field.value;
        else if (field.name == ":path")
            request.target = field.value;
        else
            request.headers.push_back(
                {field.name == ":authority" ? "Host" : field.name, field.value});
    }
    return request;
}

std::string frame(unsigned type, unsigned flags, std::uint8_t stream, std::string_view payload) {
    std::string text;
    for (const unsigned shift : {16U, 8U, 0U})
        text += static_cast<char>(payload.size() >> shift & 255U);
    text += static_cast<char>(type);
    text += static_cast<char>(flags);
    text += std::string_view("\0\0\0", 3);
    text += static_cast<char>(stream);
    return text.append(payload);
}

std::string grpc_answer(const std::string& text) {
    constexpr unsigned settings_frame = 4;
    constexpr unsigned end_stream = 1;
    return frame(settings_frame, 0, 0, "") +
           frame(headers_frame, end_headers | end_stream, 1,
                 encode_headers(
                     {{":status", "200"}, {"content-type", "application/grpc"}, {"x-echo", text}}));
}

std::string fastcgi_record(char type, std::string_view content) {
    std::string record = {1, type, 0, 1};
    record += static_cast<char>(content.size() >> 8U);
    record += static_cast<char>(content.size() & 255U);
    record += std::string_view("\0\0", 2);
    return record.append(content);
}

} // namespace

std::optional<std::string> EchoedRequest::header(std::string_view name) const {
    for (const HeaderField& field : headers)
        if (equal_names(field.name, name))
            return field.value;
    return std::nullopt;
}

std::optional<EchoedRequest> read_echo(std::string_view value) {
    if (!value.starts_with(prelude))
        return std::nullopt;
    value.remove_prefix(prelude.size());
    EchoedRequest request;
    for (std::string* part : {&request.peer, &request.method, &request.target, &request.http})
        *part = decode(take(value, ","));
    while (!value.empty()) {
        std::string_view field = take(value, ",");
        const std::string name = decode(take(field, "="));
        request.headers.push_back({name, decode(field)});
    }
    return request;
}

std::optional<EchoedRequest> read_request(EchoProtocol protocol, std::string_view bytes) {
    switch (protocol) {
    case EchoProtocol::http:
        return read_http(bytes);
    case EchoProtocol::fastcgi:
        return read_fastcgi(bytes);
    case EchoProtocol::scgi:
        return read_scgi(bytes);
    case EchoProtocol::uwsgi:
        return read_uwsgi(bytes);
    case EchoProtocol::memcached:
        return read_memcached(bytes);
    case EchoProtocol::grpc:
        return read_grpc(bytes);
    }
    return std::nullopt;
}

std::string answer_to(EchoProtocol protocol, const EchoedRequest& request) {
    const std::string text = text_of(request);
    if (protocol == EchoProtocol::memcached)
        return "VALUE " + request.target + " 0 " + std::to_string(text.size()) + "\r\n" + text +
               "\r\nEND\r\n";
    if (protocol == EchoProtocol::grpc)
        return grpc_answer(text);
    const std::string fields = "Content-Type: text/plain\r\n" + std::string(echo_header) + ": " +
                               text + "\r\nContent-Length: " + std::to_string(text.size()) + "\r\n";
    // A body would be one byte too many behind the head that answers HEAD.
    const std::string body = request.method == "HEAD" ? "" : text;
    switch (protocol) {
    case EchoProtocol::http:
        return "HTTP/1.1 200 OK\r\nConnection: close\r\n" + fields + "\r\n" + body;
    case EchoProtocol::fastcgi:
        return fastcgi_record(6, "Status: 200 OK\r\n" + fields + "\r\n" + body) +
               fastcgi_record(6, "") + fastcgi_record(3, std::string_view("\0\0\0\0\0\0\0\0", 8));
    default:
        return "HTTP/1.1 200 OK\r\n" + fields + "\r\n" + body;
    }
}

} // namespace upstream_lint::differential
