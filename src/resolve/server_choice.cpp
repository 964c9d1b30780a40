#include "resolve/server_choice.hpp"

#include "config/ascii.hpp"
#include "model/letter_case.hpp"

#include <algorithm>
#include <functional>
#include <iterator>

namespace upstream_lint {

namespace {

/// `0.0.0.0`, `::`.
Arrival on_all_addresses(Arrival arrival) {
    arrival.address.bytes = {};
    return arrival;
}

/// `::ffff:127.0.0.1` of `127.0.0.1`: how a socket for both families sees it.
Arrival mapped_to_inet6(Arrival arrival) {
    const auto ipv4 = arrival.address.bytes;
    arrival.address.family = AddressFamily::inet6;
    arrival.address.bytes = {};
    arrival.address.bytes[10] = arrival.address.bytes[11] = 0xFF;
    std::copy_n(ipv4.begin(), 4, arrival.address.bytes.begin() + 12);
    return arrival;
}

/// The name that has to be free for a name to be taken as a whole.
std::string_view exact_part(std::string_view name) {
    return name.size() > 1 && name.starts_with('.') ? name.substr(1) : name;
}

} // namespace

bool ServerChoice::SameArrival::operator()(const Arrival& a, const Arrival& b) const noexcept {
    return a.protocol == b.protocol && a.is_datagram == b.is_datagram && a.address == b.address;
}

std::size_t ServerChoice::ArrivalHash::operator()(const Arrival& arrival) const noexcept {
    const SocketAddress& address = arrival.address;
    const std::string_view bytes(reinterpret_cast<const char*>(address.bytes.data()),
                                 address.bytes.size());
    const std::hash<std::string_view> hash;
    return hash(bytes) ^ hash(address.path) * 31 ^ std::size_t{address.port} * 0x9E3779B97F4A7C15U;
}

ServerChoice::ServerChoice(const Model& model, const ServerChoiceOptions& options) : model_(model) {
    if (options.hostname) {
        hostname_ = lower(*options.hostname);
    }
    by_address_.reserve(model.listeners().size());
    for (std::uint32_t i = 0; i < model.listeners().size(); ++i) {
        const Listener& listener = model.listeners()[i];
        if (listener.host.empty()) {
            by_address_.try_emplace({listener.protocol, listener.address, listener.is_datagram},
                                    ListenerId{i});
        } else {
            by_host_.push_back({i});
        }
    }
}

ListenerId ServerChoice::find(const Arrival& arrival) const {
    const auto found = by_address_.find(arrival);
    return found == by_address_.end() ? ListenerId() : found->second;
}

ListenerChoice ServerChoice::find_listener(const Arrival& arrival) const {
    ListenerChoice choice{.listener = find(arrival), .possible = {}};
    if (arrival.address.family == AddressFamily::unix_socket) {
        return choice;
    }
    if (choice.listener.is_none()) {
        choice.listener = find(on_all_addresses(arrival));
    }
    if (choice.listener.is_none() && arrival.address.family == AddressFamily::inet) {
        const Arrival mapped = mapped_to_inet6(arrival);
        const ListenerId both = find(on_all_addresses(mapped));
        if (!both.is_none() && model_.listener(both).is_dual_stack) {
            const ListenerId exact = find(mapped);
            choice.listener = exact.is_none() ? both : exact;
        }
    }
    std::ranges::copy_if(by_host_, std::back_inserter(choice.possible), [&](ListenerId id) {
        const Listener& listener = model_.listener(id);
        return listener.protocol == arrival.protocol &&
               listener.is_datagram == arrival.is_datagram &&
               listener.address.port == arrival.address.port;
    });
    return choice;
}

void ServerChoice::add(Names& names, const ServerName& name, ServerId server) const {
    switch (name.kind) {
    case ServerName::Kind::name:
        names.table.add(name.text, server.value);
        if (names.hostname_server.is_none() && !hostname_) {
            names.before_hostname.insert(exact_part(name.text));
        }
        break;
    case ServerName::Kind::regex:
        names.patterns.push_back({&name, server});
        names.filter.add(name.text, case_of(name));
        break;
    case ServerName::Kind::hostname:
        if (hostname_) {
            names.table.add(*hostname_, server.value);
        } else if (names.hostname_server.is_none()) {
            names.hostname_server = server;
        }
        break;
    }
}

const ServerChoice::Names& ServerChoice::names_of(ListenerId listener) {
    const auto [found, is_new] = names_.try_emplace(listener.value);
    Names& names = found->second;
    if (!is_new) {
        return names;
    }
    const std::vector<ServerId>& servers = model_.listener(listener).servers;
    std::size_t count = servers.size();
    for (const ServerId server : servers) {
        count += model_.server_names(server).size();
    }
    names.table.reserve(count);
    for (const ServerId server : servers) {
        const auto server_names = model_.server_names(server);
        for (const ServerName& name : server_names) {
            add(names, name, server);
        }
        if (server_names.empty()) {
            names.table.add({}, server.value);
        }
    }
    if (names.hostname_server.is_none()) {
        names.before_hostname = {};
    }
    return names;
}

Matcher& ServerChoice::matcher_of(const ServerName& name) {
    return matchers_.try_emplace(&name, name.text, case_of(name), space_).first->second;
}

ServerMatch ServerChoice::match(const Names& names, std::string_view host) {
    if (const auto server = names.table.find(host); server != ServerNameTable::none) {
        return {.kind = ServerMatch::Kind::name, .server = {server}};
    }
    if (host.empty()) {
        return {};
    }
    for (const std::uint32_t index : names.filter.candidates(host)) {
        const Names::Pattern& pattern = names.patterns[index];
        Matcher& matcher = matcher_of(*pattern.name);
        const Matcher::Outcome outcome = matcher.match(host);
        if (outcome != Matcher::Outcome::not_matched) {
            return {.kind = outcome == Matcher::Outcome::matched ? ServerMatch::Kind::regex
                                                                 : ServerMatch::Kind::failed,
                    .server = pattern.server,
                    .name = pattern.name,
                    .matcher = &matcher};
        }
    }
    return {};
}

ServerMatch ServerChoice::find_server(ListenerId listener, std::optional<std::string_view> host) {
    const ServerId default_server = model_.listener(listener).default_server;
    if (!host || !model_.listener(listener).tests_names) {
        return {.server = default_server};
    }
    const Names& names = names_of(listener);
    ServerMatch found = match(names, *host);
    if (found.kind == ServerMatch::Kind::by_default) {
        found.server = default_server;
    }
    const bool may_be_hostname = !names.hostname_server.is_none() && !host->empty() &&
                                 !names.before_hostname.contains(*host);
    if (may_be_hostname &&
        (names.hostname_server != found.server || found.kind == ServerMatch::Kind::regex ||
         found.kind == ServerMatch::Kind::failed)) {
        found.if_hostname = names.hostname_server;
    }
    return found;
}

} // namespace upstream_lint
