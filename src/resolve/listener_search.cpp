#include "resolve/listener_search.hpp"

#include "config/url.hpp"

#include <fmt/format.h>
#include <string>
#include <vector>

namespace upstream_lint {

namespace {

std::string text_of(const Listener& listener) {
    return listener.host.empty() ? socket_text(listener.address)
                                 : fmt::format("{}:{}", listener.host, listener.address.port);
}

bool is_on_port(const Listener& listener, const Arrival& arrival) {
    return listener.protocol == arrival.protocol && listener.is_datagram == arrival.is_datagram &&
           listener.address.family != AddressFamily::unix_socket &&
           listener.address.port == arrival.address.port;
}

} // namespace

std::optional<SocketAddress> parse_socket_address(std::string_view text) {
    constexpr std::string_view prefix = "unix:";
    if (text.starts_with(prefix)) {
        return SocketAddress{.family = AddressFamily::unix_socket,
                             .path = text.substr(prefix.size())};
    }
    return parse_address_and_port(text);
}

ListenerId find_listener(const Model& model, const ServerChoice& servers, const Arrival& arrival,
                         Assumptions& assumptions) {
    const ListenerChoice choice = servers.find_listener(arrival);
    for (const ListenerId possible : choice.possible) {
        const std::string_view host = model.listener(possible).host;
        if (assumptions.holds(fmt::format("{} is the address", host),
                              fmt::format("{} is another address", host))) {
            return possible;
        }
    }
    return choice.listener;
}

ListenerId find_listener_on_port(const Model& model, const ServerChoice& servers,
                                 const Arrival& arrival, Assumptions& assumptions) {
    Arrival on_all = arrival;
    on_all.address = {.port = arrival.address.port};
    for (const AddressFamily family : {AddressFamily::inet, AddressFamily::inet6}) {
        on_all.address.family = family;
        const ListenerId found = find_listener(model, servers, on_all, assumptions);
        if (!found.is_none()) {
            return found;
        }
    }
    std::vector<ListenerId> found;
    std::vector<std::string> answers;
    for (std::uint32_t i = 0; i < model.listeners().size(); ++i) {
        if (is_on_port(model.listener({i}), arrival)) {
            found.push_back({i});
            answers.push_back("the connection arrives at " + text_of(model.listener({i})));
        }
    }
    if (found.size() < 2) {
        return found.empty() ? ListenerId() : found.front();
    }
    return found[assumptions.choose("where the connection arrives", answers)];
}

} // namespace upstream_lint
