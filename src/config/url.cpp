#include "config/url.hpp"

#include "config/ascii.hpp"
#include "config/messages.hpp"
#include "config/value.hpp"

#include <algorithm>
#include <cstddef>

namespace upstream_lint {

namespace {

constexpr std::size_t none = std::string_view::npos;
constexpr std::size_t unix_path_capacity = 108;

constexpr std::string_view invalid_host = "invalid host";
constexpr std::string_view invalid_port = "invalid port";
constexpr std::string_view invalid_range = "invalid port range";
constexpr std::string_view no_host = "no host";

bool is_port(std::optional<std::int64_t> number) {
    return number && *number >= 1 && *number <= 65535;
}

/// Reads a port or, of `listen`, a range of them. Returns nginx's reason when there is one.
std::string_view read_ports(std::string_view text, bool listen, Url& url) {
    const std::size_t dash = listen ? text.find('-') : none;
    if (dash != none) {
        const auto last = parse_number(text.substr(dash + 1));
        if (!is_port(last)) {
            return invalid_port;
        }
        url.last_port = static_cast<std::uint16_t>(*last);
    }
    const auto first = parse_number(text.substr(0, dash));
    if (!is_port(first)) {
        return invalid_port;
    }
    if (url.last_port != 0 && *first > url.last_port) {
        return invalid_range;
    }
    url.port = static_cast<std::uint16_t>(*first);
    url.port_text = text;
    url.has_port = true;
    return {};
}

/// Whether text without a colon is a port, as far as nginx looks before it takes it for a host.
bool is_port_alone(std::string_view text) {
    const std::size_t dash = text.find('-');
    return parse_number(text.substr(0, dash)) &&
           (dash == none || parse_number(text.substr(dash + 1)));
}

Url failed(Url url, std::string_view error) {
    url.error = error;
    return url;
}

Url found(Url url, SocketAddress address) {
    address.port = url.port;
    url.is_wildcard = address.is_wildcard();
    url.address = address;
    return url;
}

/// ngx_parse_unix_domain_url
Url parse_unix(std::string_view path, const UrlOptions& options) {
    Url url;
    const std::size_t colon = options.uri_part ? path.find(':') : none;
    if (colon != none) {
        url.uri = path.substr(colon + 1);
        path = path.substr(0, colon);
    }
    if (path.empty()) {
        return failed(url, "no path in the unix domain socket");
    }
    url.host = path;
    if (path.size() >= unix_path_capacity) {
        return failed(url, "too long path in the unix domain socket");
    }
    url.address = SocketAddress{.family = AddressFamily::unix_socket, .path = c_string(path)};
    return url;
}

/// ngx_parse_inet6_url; `text` begins with a bracket.
Url parse_inet6(std::string_view text, const UrlOptions& options) {
    Url url;
    const std::size_t bracket = text.find(']');
    if (bracket == none) {
        return failed(url, invalid_host);
    }
    std::string_view rest = text.substr(bracket + 1);
    const std::size_t slash = rest.find('/');
    if (slash != none) {
        if (options.listen || !options.uri_part) {
            return failed(url, invalid_host);
        }
        url.uri = rest.substr(slash);
        rest = rest.substr(0, slash);
    }
    url.port = options.default_port;
    if (!rest.empty()) {
        if (rest.front() != ':') {
            return failed(url, invalid_host);
        }
        const std::string_view error = read_ports(rest.substr(1), options.listen, url);
        if (!error.empty()) {
            return failed(url, error);
        }
    }
    const std::string_view host = text.substr(1, bracket - 1);
    if (host.empty()) {
        return failed(url, no_host);
    }
    url.host = text.substr(0, bracket + 1);
    const auto address = parse_ipv6(host);
    return address ? found(url, *address) : failed(url, "invalid IPv6 address");
}

/// ngx_parse_inet_url
Url parse_inet(std::string_view text, const UrlOptions& options) {
    Url url;
    std::string_view host = text;
    const std::size_t begin_of_uri = host.find_first_of("/?");
    if (begin_of_uri != none) {
        if (options.listen || !options.uri_part) {
            return failed(url, invalid_host);
        }
        url.uri = host.substr(begin_of_uri);
        host = host.substr(0, begin_of_uri);
    }
    url.port = options.default_port;
    const std::size_t colon = host.find(':');
    const bool port_alone =
        colon == none && begin_of_uri == none && options.listen && is_port_alone(host);
    if (colon != none || port_alone) {
        const std::string_view ports = port_alone ? host : host.substr(colon + 1);
        const std::string_view error = read_ports(ports, options.listen, url);
        if (!error.empty()) {
            return failed(url, error);
        }
        host = port_alone ? std::string_view() : host.substr(0, colon);
    }
    if (port_alone) {
        return found(url, {});
    }
    if (host.empty()) {
        return failed(url, no_host);
    }
    url.host = host;
    if (options.listen && host == "*") {
        return found(url, {});
    }
    const auto address = parse_ipv4(host);
    return address ? found(url, *address) : url;
}

bool is_unix(std::string_view text) {
    return starts_ignoring_case(text, "unix:");
}

} // namespace

Url parse_url(std::string_view text, const UrlOptions& options) {
    if (is_unix(text)) {
        return parse_unix(text.substr(5), options);
    }
    return text.starts_with('[') ? parse_inet6(text, options) : parse_inet(text, options);
}

} // namespace upstream_lint
