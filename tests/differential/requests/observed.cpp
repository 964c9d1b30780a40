#include "requests/observed.hpp"

#include "nginx_message.hpp"

#include <charconv>
#include <string_view>

namespace upstream_lint::differential {

namespace {

std::string dechunked(std::string_view body) {
    std::string text;
    for (;;) {
        std::size_t size = 0;
        std::from_chars(body.data(), body.data() + body.size(), size, 16);
        const std::size_t begin = body.find("\r\n");
        if (size == 0 || begin == std::string_view::npos)
            return text;
        text += body.substr(begin + 2, size);
        if (body.size() < begin + 2 + size + 2)
            return text;
        body.remove_prefix(begin + 2 + size + 2);
    }
}

/// The answer's head as the echo's requests are kept: names and values.
EchoedRequest read_fields(std::string_view head) {
    EchoedRequest fields;
    while (!head.empty()) {
        const std::size_t end = head.find("\r\n");
        const std::string_view line = head.substr(0, end);
        head = end == std::string_view::npos ? "" : head.substr(end + 2);
        if (const std::size_t colon = line.find(": "); colon != std::string_view::npos)
            fields.headers.push_back(
                {std::string(line.substr(0, colon)), std::string(line.substr(colon + 2))});
    }
    return fields;
}

void read_answer(std::string_view bytes, Observed& observed) {
    const std::size_t head = bytes.find("\r\n\r\n");
    if (head == std::string_view::npos || bytes.size() < 12)
        return;
    observed.kind = Observed::Kind::answered;
    std::from_chars(bytes.data() + 9, bytes.data() + 12, observed.status);
    const EchoedRequest fields = read_fields(bytes.substr(0, head));
    // A filter that refuses an answer leaves the headers of its block in front of those that count.
    for (const HeaderField& field : fields.headers)
        if (field.name == block_header)
            observed.tag = field.value;
    observed.redirect = fields.header("Location");
    const std::string_view body = bytes.substr(head + 4);
    observed.body = fields.header("Transfer-Encoding") ? dechunked(body) : std::string(body);
    observed.upstream = read_echo(fields.header(echo_header).value_or(observed.body));
}

std::string_view name_of(Observed::Kind kind) {
    switch (kind) {
    case Observed::Kind::answered:
        return "answered";
    case Observed::Kind::bare:
        return "bare body";
    case Observed::Kind::closed:
        return "closed";
    case Observed::Kind::refused:
        return "connection refused";
    case Observed::Kind::no_tls:
        return "no TLS";
    case Observed::Kind::timed_out:
        return "timed out";
    case Observed::Kind::unreadable:
        break;
    }
    return "unreadable";
}

} // namespace

Observed observe(const RawAnswer& answer, const std::string& http) {
    Observed observed;
    switch (answer.kind) {
    case RawAnswer::Kind::refused:
        observed.kind = Observed::Kind::refused;
        return observed;
    case RawAnswer::Kind::no_tls:
        observed.kind = Observed::Kind::no_tls;
        return observed;
    case RawAnswer::Kind::timed_out:
        observed.kind = Observed::Kind::timed_out;
        return observed;
    case RawAnswer::Kind::ended:
        break;
    }
    if (answer.bytes.empty() && http != "0.9") {
        observed.kind = Observed::Kind::closed;
    } else if (answer.bytes.starts_with("HTTP/1.")) {
        read_answer(answer.bytes, observed);
    } else {
        observed.kind = Observed::Kind::bare;
        observed.body = answer.bytes;
        observed.upstream = read_echo(answer.bytes);
    }
    return observed;
}

std::string description_of(const EchoedRequest& request) {
    std::string text = escape(request.method + ' ' + request.target) + " to " + request.peer;
    for (const HeaderField& field : request.headers)
        text += "\n      " + escape(field.name + ": " + field.value);
    return text;
}

std::string description_of(const Observed& observed) {
    std::string text(name_of(observed.kind));
    if (observed.kind == Observed::Kind::answered)
        text += ' ' + std::to_string(observed.status);
    if (observed.tag)
        text += ", block " + escape(*observed.tag);
    if (observed.redirect)
        text += ", Location " + escape(*observed.redirect);
    if (observed.upstream)
        text += "\n    upstream: " + description_of(*observed.upstream);
    else if (!observed.body.empty())
        text += "\n    body: " + escape(observed.body.substr(0, 160));
    return text;
}

} // namespace upstream_lint::differential
