#include "resolve/request_target.hpp"

#include <algorithm>
#include <utility>

namespace upstream_lint {

namespace {

std::optional<unsigned> hexadecimal_digit(char c) {
    if (c >= '0' && c <= '9') {
        return static_cast<unsigned>(c - '0');
    }
    const char letter = static_cast<char>(static_cast<unsigned char>(c) | 0x20U);
    if (letter >= 'a' && letter <= 'f') {
        return static_cast<unsigned>(letter - 'a') + 10;
    }
    return std::nullopt;
}

bool is_letter(char c) {
    const char letter = static_cast<char>(static_cast<unsigned char>(c) | 0x20U);
    return letter >= 'a' && letter <= 'z';
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// Takes the bytes of a path one after the other.
class PathNormalizer {
public:
    explicit PathNormalizer(bool merge_slashes) : merge_slashes_(merge_slashes) {}

    /// False where there is no folder above.
    bool take(char c) {
        if (c == '/') {
            return slash();
        }
        if (c == '.' && (last_ == Last::slash || last_ == Last::dot)) {
            path_ += c;
            last_ = last_ == Last::slash ? Last::dot : Last::two_dots;
            return true;
        }
        take_literally(c);
        return true;
    }

    void take_literally(char c) {
        path_ += c;
        last_ = Last::other;
    }

    bool finish() {
        if (last_ == Last::dot) {
            path_.pop_back();
        }
        return last_ != Last::two_dots || go_up();
    }

    std::string take_path() { return std::move(path_); }

private:
    enum class Last : std::uint8_t { other, slash, dot, two_dots };

    bool slash() {
        const Last last = last_;
        last_ = Last::slash;
        switch (last) {
        case Last::other:
            path_ += '/';
            break;
        case Last::slash:
            path_ += merge_slashes_ ? "" : "/";
            break;
        case Last::dot:
            path_.pop_back();
            break;
        case Last::two_dots:
            return go_up();
        }
        return true;
    }

    /// Takes `/NAME/..` off, up to the slash before NAME.
    bool go_up() {
        constexpr std::size_t last_of_name = 4;
        const std::size_t before = path_.size() < last_of_name
                                       ? std::string::npos
                                       : path_.rfind('/', path_.size() - last_of_name);
        if (before == std::string::npos) {
            return false;
        }
        path_.resize(before + 1);
        return true;
    }

    bool merge_slashes_;
    Last last_ = Last::other;
    std::string path_;
};

/// The byte that an escape stands for; `%` is at `at`.
std::optional<char> decode(std::string_view text, std::size_t at) {
    if (at + 2 >= text.size()) {
        return std::nullopt;
    }
    const auto high = hexadecimal_digit(text[at + 1]);
    const auto low = hexadecimal_digit(text[at + 2]);
    if (!high || !low || (*high == 0 && *low == 0)) {
        return std::nullopt;
    }
    return static_cast<char>(*high << 4U | *low);
}

struct Authority {
    std::string_view host;
    std::string_view rest; ///< path and arguments
};

bool is_in_ip_literal(char c) {
    constexpr std::string_view others = ":-._~!$&'()*+,;=";
    return is_digit(c) || is_letter(c) || others.find(c) != std::string_view::npos;
}

/// Where the host that `text` begins with ends; nothing where it is none.
std::optional<std::size_t> host_end(std::string_view text) {
    if (!text.starts_with('[')) {
        return static_cast<std::size_t>(
            std::ranges::find_if_not(
                text, [](char c) { return is_letter(c) || is_digit(c) || c == '.' || c == '-'; }) -
            text.begin());
    }
    std::size_t at = 1;
    while (at < text.size() && is_in_ip_literal(text[at])) {
        ++at;
    }
    return at < text.size() && text[at] == ']' ? std::optional(at + 1) : std::nullopt;
}

/// Up to 65535, whatever zeros stand in front.
bool is_small_port(std::string_view digits) {
    constexpr unsigned most = 65535;
    unsigned port = 0;
    for (const char digit : digits) {
        port = std::min(port * 10 + static_cast<unsigned>(digit - '0'), most + 1);
    }
    return port <= most;
}

/// `SCHEME://HOST[:PORT]` in front of the path.
std::optional<Authority> parse_authority(std::string_view target, bool refuses_large_ports) {
    const std::size_t colon = target.find(':');
    if (colon == std::string_view::npos || target.substr(colon).substr(0, 3) != "://") {
        return std::nullopt;
    }
    const bool is_scheme =
        is_letter(target.front()) && std::ranges::all_of(target.substr(0, colon), [](char c) {
            return is_letter(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
        });
    const std::string_view text = target.substr(colon + 3);
    const auto end = host_end(text);
    if (!is_scheme || !end) {
        return std::nullopt;
    }
    std::string_view rest = text.substr(*end);
    if (rest.starts_with(':')) {
        rest.remove_prefix(1);
        const std::size_t size = std::min(rest.size(), rest.find_first_not_of("0123456789"));
        if (refuses_large_ports && !is_small_port(rest.substr(0, size))) {
            return std::nullopt;
        }
        rest.remove_prefix(size);
    }
    if (!rest.empty() && !rest.starts_with('/') && !rest.starts_with('?')) {
        return std::nullopt;
    }
    return Authority{text.substr(0, *end), rest};
}

/// A name or what stands in brackets, then a port that may be empty.
bool is_rfc3986_host(std::string_view text) {
    std::size_t end = 0;
    if (text.starts_with('[')) {
        const auto bracket = host_end(text);
        if (!bracket) {
            return false;
        }
        end = *bracket;
    } else {
        end = static_cast<std::size_t>(
            std::ranges::find_if_not(
                text, [](char c) { return c == '%' || (c != ':' && is_in_ip_literal(c)); }) -
            text.begin());
    }
    const std::string_view rest = text.substr(end);
    return rest.empty() || (rest.front() == ':' && std::ranges::all_of(rest.substr(1), is_digit) &&
                            is_small_port(rest.substr(1)));
}

bool is_refused_byte(char c, const RequestTargetRules& rules) {
    const auto byte = static_cast<unsigned char>(c);
    return rules.refuses_control_bytes ? byte < 0x20 || byte == 0x7f : byte == 0;
}

/// Old versions take a space as a part of the target unless the protocol may follow it.
bool is_cut_by_space(std::string_view target) {
    for (std::size_t at = target.find(' '); at != std::string_view::npos;
         at = target.find(' ', at)) {
        at = std::min(target.find_first_not_of(' ', at), target.size());
        if (at == target.size() || target[at] == 'H') {
            return true;
        }
    }
    return false;
}

} // namespace

std::optional<std::string> normalize_path(std::string_view path, bool merge_slashes) {
    PathNormalizer normalizer(merge_slashes);
    for (std::size_t i = 0; i < path.size() && path[i] != '?' && path[i] != '#'; ++i) {
        if (path[i] != '%') {
            if (!normalizer.take(path[i])) {
                return std::nullopt;
            }
            continue;
        }
        const auto byte = decode(path, i);
        if (!byte) {
            return std::nullopt;
        }
        i += 2;
        const bool is_literal = *byte == '%' || *byte == '#' || *byte == '?';
        if (is_literal) {
            normalizer.take_literally(*byte);
        } else if (!normalizer.take(*byte)) {
            return std::nullopt;
        }
    }
    return normalizer.finish() ? std::optional(normalizer.take_path()) : std::nullopt;
}

std::optional<RequestTarget> parse_request_target(std::string_view target,
                                                  const RequestTargetRules& rules) {
    if (target.empty() ||
        std::ranges::any_of(target, [&](char c) { return is_refused_byte(c, rules); })) {
        return std::nullopt;
    }
    RequestTarget result;
    result.has_space = target.find(' ') != std::string_view::npos;
    if (result.has_space && (rules.refuses_control_bytes || is_cut_by_space(target))) {
        return std::nullopt;
    }
    result.unparsed = target;
    if (!target.starts_with('/')) {
        const auto authority = parse_authority(target, rules.refuses_large_ports);
        if (!authority || (authority->rest.starts_with('?') && !rules.takes_empty_path)) {
            return std::nullopt;
        }
        result.host = authority->host;
        result.unparsed = authority->rest.empty() ? std::string_view("/") : authority->rest;
        result.is_unparsed_whole = result.unparsed.starts_with('/');
    }
    const std::size_t question = result.unparsed.find_first_of("?#");
    if (question != std::string_view::npos && result.unparsed[question] == '?') {
        result.args = result.unparsed.substr(question + 1);
        result.args = result.args.substr(0, result.args.find('#'));
    }
    auto path = normalize_path(result.unparsed, rules.merge_slashes);
    if (!path) {
        return std::nullopt;
    }
    result.uri = result.is_unparsed_whole ? *std::move(path) : "/" + *std::move(path);
    return result;
}

std::optional<std::string> valid_host(std::string_view text, const HostRules& rules) {
    if (rules.follows_rfc3986 && !is_rfc3986_host(text)) {
        return std::nullopt;
    }
    enum class Part : std::uint8_t { name, ip_literal, rest };

    Part part = Part::name;
    std::size_t size = text.size();
    std::size_t dot = text.size();
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const auto byte = static_cast<unsigned char>(c);
        const bool is_control = byte <= 0x20 || byte == 0x7f;
        if (c == '.') {
            if (i > 0 && dot == i - 1) {
                return std::nullopt;
            }
            dot = i;
        } else if (c == ':' && part == Part::name) {
            size = i;
            part = Part::rest;
        } else if (c == '[' && i == 0) {
            part = Part::ip_literal;
        } else if (c == ']' && part == Part::ip_literal) {
            size = i + 1;
            part = Part::rest;
        } else if (c == '/' || c == '\0' || (is_control && rules.refuses_control_bytes)) {
            return std::nullopt;
        }
    }
    if (size > 0 && dot == size - 1) {
        --size;
    }
    if (size == 0) {
        return std::nullopt;
    }
    std::string host(text.substr(0, size));
    std::ranges::transform(host, host.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
    });
    return host;
}

} // namespace upstream_lint
