#include "resolve/entrance.hpp"

#include "config/ascii.hpp"
#include "resolve/uri_escape.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <string>

namespace upstream_lint {

namespace {

constexpr std::size_t max_entrances = 4;

/// Names before patterns before what is left; an empty one last.
int rank(const ServerEntry& entry) {
    return entry.host->empty() ? 3
                               : static_cast<int>(entry.kind != ServerEntry::Kind::name) +
                                     static_cast<int>(entry.kind == ServerEntry::Kind::by_default);
}

/// Whether a URL without more leads there.
bool is_default_address(const Model& model, const ServerChoice& choice, const Listener& listener) {
    if (!listener.address.is_wildcard()) {
        return false;
    }
    if (listener.address.family == AddressFamily::inet) {
        return true;
    }
    const SocketAddress before{.family = AddressFamily::inet, .port = listener.address.port};
    const ListenerId inet =
        choice.find_listener({listener.protocol, before, listener.is_datagram}).listener;
    return inet.is_none() || &model.listener(inet) == &listener;
}

Entrance entrance_by(const Model& model, const ServerChoice& choice, const ServerEntry& entry) {
    const Listener& listener = model.listener(entry.listener);
    Entrance result;
    result.entry = &entry;
    if (listener.protocol != Protocol::http) {
        return result;
    }
    if (listener.is_datagram) {
        result.request.http = "3";
    }
    const bool is_unix = listener.address.family == AddressFamily::unix_socket;
    if (listener.host.empty() && (is_unix || !is_default_address(model, choice, listener))) {
        result.request.connect = socket_text(listener.address);
    }
    return result;
}

/// No bytes that a URL cannot have.
bool fits_url(std::string_view host) {
    return std::ranges::all_of(host, [](char c) {
        return is_word_character(c) || c == '-' || c == '.' || c == '[' || c == ']';
    });
}

void add_host(Request& request, const std::string& host) {
    if (host.empty()) {
        request.http = "1.0";
    } else if (fits_url(host)) {
        request.url += host;
    } else {
        request.url += "localhost";
        request.headers = {{"Host", host}};
        request.sni = host;
    }
}

} // namespace

std::vector<Entrance> entrances_of(const Model& model, const ServerChoice& choice,
                                   std::span<const ServerEntry> entries) {
    std::vector<Entrance> entrances;
    for (const ServerEntry& entry : entries) {
        if (entry.reach != Reach::reached) {
            continue;
        }
        const bool is_new = entrances.empty() || entrances.back().entry->listener != entry.listener;
        if (is_new && entrances.size() == max_entrances) {
            break;
        }
        if (is_new) {
            entrances.push_back(entrance_by(model, choice, entry));
        } else if (rank(entry) < rank(*entrances.back().entry)) {
            entrances.back() = entrance_by(model, choice, entry);
        }
    }
    return entrances;
}

Request request_at(const Model& model, const Entrance& entrance, const RequestVariant& variant,
                   std::string_view uri) {
    constexpr std::uint16_t http_port = 80;
    constexpr std::uint16_t https_port = 443;
    const Listener& listener = model.listener(entrance.entry->listener);
    const bool is_tls = listener.ssl || listener.is_datagram;
    const std::string& host = variant.host ? *variant.host : *entrance.entry->host;
    Request request = entrance.request;
    request.method = variant.method;
    request.url = is_tls ? "https://" : "http://";
    add_host(request, host);
    const bool needs_port = listener.address.family != AddressFamily::unix_socket &&
                            listener.address.port != (is_tls ? https_port : http_port);
    if (needs_port && !host.empty()) {
        request.url += fmt::format(":{}", listener.address.port);
    } else if (needs_port && !request.connect) {
        request.connect = socket_text(listener.address);
    }
    request.url += escape_uri(uri, Escape::uri);
    request.url += variant.args.empty() ? "" : "?" + variant.args;
    return request;
}

Request session_at(const Model& model, const Entrance& entrance, std::string_view name) {
    const Listener& listener = model.listener(entrance.entry->listener);
    Request request;
    request.url = listener.is_datagram ? "udp://" : "tcp://";
    if (listener.address.family == AddressFamily::unix_socket) {
        request.connect = socket_text(listener.address);
        request.url += "localhost";
    } else {
        request.url += listener.host.empty()
                           ? socket_text(listener.address)
                           : fmt::format("{}:{}", listener.host, listener.address.port);
    }
    request.has_sni = !name.empty();
    request.url += name.empty() ? "" : fmt::format("?sni={}", name);
    return request;
}

} // namespace upstream_lint
