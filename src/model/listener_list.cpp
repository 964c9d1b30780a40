#include "model/listener_list.hpp"

#include "config/ascii.hpp"
#include "config/directive_table.hpp"
#include "config/http_server.hpp"
#include "config/messages.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

namespace upstream_lint {

namespace {

constexpr std::uint16_t http_port = 80;

constexpr std::size_t max_listeners = 300'000; // of those that the loader does not bound

bool has_captures(const Scope& server) {
    const auto* const names = server.find<ServerNames>();
    return names != nullptr && names->has_captures;
}

/// Nothing of what is no server.
std::optional<Protocol> protocol_of_server(Context context) {
    switch (context) {
    case Context::server:
        return Protocol::http;
    case Context::stream_server:
        return Protocol::stream;
    case Context::mail_server:
        return Protocol::mail;
    default:
        return std::nullopt;
    }
}

Listener listener_of(const Listens::Address& address, Protocol protocol, const ServerIds& servers) {
    const ListenOptions& options = address.options;
    Listener listener{.protocol = protocol,
                      .address = options.address,
                      .is_datagram = options.is_datagram,
                      .ssl = options.ssl,
                      .http2 = options.http2,
                      .proxy_protocol = options.proxy_protocol,
                      .is_dual_stack = options.is_dual_stack,
                      .tests_names =
                          address.servers.size() > 1 || has_captures(*address.default_server),
                      .directive = address.servers.front().directive,
                      .default_server = servers.at(address.default_server)};
    listener.servers.reserve(address.servers.size());
    for (const Listens::Member& member : address.servers) {
        listener.servers.push_back(servers.at(member.server));
    }
    return listener;
}

/// The `listen` directives of which the loader keeps no address: those of `mail`, and names that
/// only nginx looks up.
class OtherListens {
public:
    explicit OtherListens(WordReader& words) : words_(words) {}

    void add(const Scope& server, ServerId id, DirectiveRef directive) {
        const Protocol protocol = *protocol_of_server(server.context());
        const std::uint16_t default_port = protocol == Protocol::http ? http_port : 0;
        const Url url =
            parse_url(words_.value(directive, 1), {.listen = true, .default_port = default_port});
        const bool is_left_out = protocol == Protocol::mail || !url.address;
        if (!url.error.empty() || !is_left_out) {
            return;
        }
        Listener listener{.protocol = protocol,
                          .address = url.address.value_or(SocketAddress()),
                          .tests_names = protocol != Protocol::mail && has_captures(server),
                          .directive = directive,
                          .default_server = id,
                          .servers = {id}};
        listener.host = url.address ? std::string_view() : url.host;
        const bool is_default = read_parameters(listener);
        const std::uint32_t last = std::max(url.port, url.last_port);
        for (std::uint32_t port = url.port; port <= last; ++port) {
            listener.address.port = static_cast<std::uint16_t>(port);
            join(listener, is_default);
        }
    }

    /// Those of one protocol.
    [[nodiscard]] std::vector<Listener> take(Protocol protocol) {
        std::vector<Listener> taken;
        std::ranges::copy_if(listeners_, std::back_inserter(taken),
                             [&](const Listener& each) { return each.protocol == protocol; });
        return taken;
    }

private:
    /// Whether the server is to be the default one.
    bool read_parameters(Listener& listener) {
        bool is_default = false;
        for (std::size_t i = 2; i <= words_.count(listener.directive); ++i) {
            const std::string_view word = c_string(words_.value(listener.directive, i));
            listener.ssl = listener.ssl || word == "ssl";
            listener.http2 = listener.http2 || word == "http2";
            listener.is_datagram = listener.is_datagram || word == "udp" || word == "quic";
            listener.proxy_protocol = listener.proxy_protocol || word == "proxy_protocol";
            listener.is_dual_stack = listener.is_dual_stack || word == "ipv6only=off";
            is_default = is_default || word == "default_server" || word == "default";
        }
        return is_default;
    }

    void join(const Listener& added, bool is_default) {
        if (listeners_.size() == max_listeners) {
            return;
        }
        Listener* const same = added.host.empty() ? nullptr : find_same(added);
        if (same == nullptr) {
            listeners_.push_back(added);
            return;
        }
        same->ssl = same->ssl || added.ssl;
        same->http2 = same->http2 || added.http2;
        same->proxy_protocol = same->proxy_protocol || added.proxy_protocol;
        same->is_dual_stack = same->is_dual_stack || added.is_dual_stack;
        same->tests_names = true;
        same->servers.push_back(added.default_server);
        if (is_default) {
            same->default_server = added.default_server;
        }
    }

    /// The listener on the same name; null: the one to be added is the first.
    Listener* find_same(const Listener& added) {
        const auto [position, is_new] = by_host_.try_emplace(
            {lower(added.host), added.address.port, added.protocol, added.is_datagram},
            listeners_.size());
        return is_new ? nullptr : &listeners_[position->second];
    }

    WordReader& words_;
    std::vector<Listener> listeners_;
    std::map<std::tuple<std::string, std::uint16_t, Protocol, bool>, std::size_t> by_host_;
};

} // namespace

std::vector<Listener> listeners_of(const Blocks& blocks, const ServerIds& servers,
                                   WordReader& words) {
    OtherListens others(words);
    for (const Blocks::Statement& statement : blocks.statements()) {
        if (statement.row != nullptr && statement.row->name == "listen" &&
            servers.contains(statement.scope)) {
            others.add(*statement.scope, servers.at(statement.scope), statement.directive);
        }
    }
    std::vector<Listener> listeners;
    constexpr std::array protocols = {std::pair(Context::http, Protocol::http),
                                      std::pair(Context::stream, Protocol::stream),
                                      std::pair(Context::mail, Protocol::mail)};
    for (const auto& [context, protocol] : protocols) {
        for (const Scope* block = blocks.main().first_child(); block != nullptr;
             block = block->next_sibling()) {
            const auto* const listens =
                block->context() == context ? block->find<Listens>() : nullptr;
            for (std::size_t i = 0; listens != nullptr && i < listens->ports.size(); ++i) {
                for (const Listens::Address& address : listens->ports[i].addresses) {
                    listeners.push_back(listener_of(address, protocol, servers));
                }
            }
        }
        std::ranges::copy(others.take(protocol), std::back_inserter(listeners));
    }
    return listeners;
}

} // namespace upstream_lint
