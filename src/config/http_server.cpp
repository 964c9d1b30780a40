#include "config/http_server.hpp"

#include "config/hash.hpp"
#include "config/http_core.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>

namespace upstream_lint {

namespace {

constexpr std::int64_t names_hash_max_size = 512;

constexpr std::size_t max_listens = 300'000; // addresses that servers listen on

std::string text_of(const ListenOptions& options) {
    return options.text.empty() ? socket_text(options.address) : std::string(options.text);
}

unsigned protocols_of(const ListenOptions& options) {
    return (options.proxy_protocol ? 1U : 0U) | (options.ssl ? 2U : 0U) | (options.http2 ? 4U : 0U);
}

Diagnostic& refuse(Cycle& cycle, std::string_view what, const Listens::Address& address,
                   const Place& place, const Place& first) {
    Diagnostic& diagnostic =
        cycle.report(Level::emerg, fmt::format("{} {}", what, text_of(address.options)), place,
                     Cause::duplicate);
    if (!first.is_none()) {
        diagnostic.label(first, "first here");
    }
    return diagnostic;
}

/// ngx_http_add_server. Servers do not nest: where this one is known already, it came last.
bool add_server(Cycle& cycle, Scope& server, Listens::Address& address,
                const ListenOptions& options) {
    const Listens::Member& last = address.servers.back();
    if (last.server == &server) {
        refuse(cycle, "a duplicate listen", address, options.place, place_of(cycle, last));
        return false;
    }
    address.servers.push_back({&server, options.directive});
    return true;
}

void warn_of_protocols(Cycle& cycle, const Listens::Address& address, const Place& place) {
    Diagnostic& diagnostic = cycle.report(
        Level::warn, fmt::format("protocol options redefined for {}", text_of(address.options)),
        place, Cause::conflict);
    const Place first = place_of(cycle, address.servers.front());
    if (!first.is_none()) {
        diagnostic.label(first, "first here");
    }
}

/// Options that differ from those of the servers before; some ways of giving them only once are
/// fine (ngx_http_add_addresses).
void check_protocols(Cycle& cycle, Listens::Address& address, const ListenOptions& options,
                     unsigned previous) {
    if (cycle.before(1, 23, 4)) {
        return;
    }
    const unsigned now = protocols_of(options);
    const bool added = (now & ~previous) != 0;
    const bool removed = (previous & ~now) != 0;
    const bool differs = address.protocols_set && now != address.protocols;
    const bool is_warned =
        added ? (address.options.is_set && !options.is_set) || address.protocols_changed || removed
        : removed ? options.is_set || differs
                  : (options.is_set && address.protocols_changed) || differs;
    if (is_warned) {
        warn_of_protocols(cycle, address, options.place);
    }
    address.protocols = added ? previous : now;
    address.protocols_set = true;
    address.protocols_changed = address.protocols_changed || added || removed;
}

/// The address is there already (ngx_http_add_addresses).
bool join_address(Cycle& cycle, Scope& server, Listens::Address& address,
                  const ListenOptions& options) {
    if (!add_server(cycle, server, address, options)) {
        return false;
    }
    const ListenOptions before = address.options;
    if (options.is_set) {
        if (before.is_set) {
            refuse(cycle, "duplicate listen options for", address, options.place, before.place);
            return false;
        }
        address.options = options;
    }
    if (options.default_server) {
        if (before.default_server) {
            refuse(cycle, "a duplicate default server for", address, options.place,
                   address.default_place);
            return false;
        }
        address.default_server = &server;
        address.default_place = options.place;
    }
    check_protocols(cycle, address, options, protocols_of(before));
    address.options.default_server = before.default_server || options.default_server;
    address.options.proxy_protocol = before.proxy_protocol || options.proxy_protocol;
    address.options.ssl = before.ssl || options.ssl;
    address.options.http2 = before.http2 || options.http2;
    return true;
}

Listens::Port& port_of(Listens& listens, const ListenOptions& options) {
    const SocketAddress& address = options.address;
    const std::uint32_t key = static_cast<std::uint32_t>(address.port) << 8 |
                              static_cast<std::uint32_t>(address.family) << 1 |
                              (options.is_datagram ? 1U : 0U);
    const auto [position, is_new] = listens.positions.try_emplace(key, listens.ports.size());
    if (is_new) {
        listens.ports.push_back({address.family, address.port, options.is_datagram, {}});
    }
    return listens.ports[position->second];
}

void report_limit(Cycle& cycle, const Listens& listens, const Place& place) {
    if (listens.count == max_listens + 1) {
        cycle
            .report(Level::warn,
                    fmt::format("more than {} addresses of servers: the others are not looked at",
                                max_listens),
                    place, Cause::limit)
            .verdict = Verdict::unknown;
    }
}

/// Explicitly bound addresses first, the wildcard last (ngx_http_cmp_conf_addrs).
int rank(const Listens::Address* address) {
    return address->options.address.is_wildcard() ? 2 : address->options.bind ? 0 : 1;
}

bool has_captures(const Scope& server) {
    const auto* const names = server.find<ServerNames>();
    return names != nullptr && names->has_captures;
}

Place place_of(const Cycle& cycle, const Scope& server, const ServerNames::Name* name) {
    return name != nullptr ? name->place : cycle.place(server);
}

/// The names of the servers of one address (ngx_http_server_names).
class AddressNames {
public:
    AddressNames(Cycle& cycle, const Listens::Address& address) :
        cycle_(cycle), address_(address) {}

    bool add(const Scope& server) {
        const auto* const names = server.find<ServerNames>();
        if (names == nullptr || !names->any) {
            return add(server, nullptr);
        }
        return std::ranges::all_of(names->names,
                                   [&](const auto& name) { return add(server, &name); });
    }

    /// What to look at when the table cannot be built: the longest name.
    void build(HashPlan plan) {
        const auto longest = std::ranges::max_element(
            first_, {}, [](const auto& name) { return name.first.size(); });
        plan.shown = longest != first_.end() ? longest->second : Place();
        (void)keys_.build(cycle_, plan);
    }

private:
    /// No name: the empty one of a server that has none.
    bool add(const Scope& server, const ServerNames::Name* name) {
        const std::string_view text = name != nullptr ? name->text : std::string_view();
        const Place place = place_of(cycle_, server, name);
        switch (keys_.add(text, HashKeys::Wildcards::yes)) {
        case HashKeys::Added::yes:
            first_.emplace(text, place);
            return true;
        case HashKeys::Added::invalid:
            cycle_.report_without_place(Level::emerg,
                                        fmt::format("invalid server name or wildcard \"{}\" on {}",
                                                    text, text_of(address_.options)),
                                        place);
            return false;
        case HashKeys::Added::conflicting:
            break;
        }
        warn(text, place);
        return true;
    }

    void warn(std::string_view text, const Place& place) {
        Diagnostic& diagnostic =
            cycle_.report_without_place(Level::warn,
                                        fmt::format("conflicting server name \"{}\" on {}, ignored",
                                                    text, text_of(address_.options)),
                                        place, Cause::conflict);
        if (const auto first = first_.find(text); first != first_.end()) {
            diagnostic.label(first->second, "first here");
        }
    }

    Cycle& cycle_;
    const Listens::Address& address_;
    HashKeys keys_;
    std::map<std::string_view, Place> first_;
};

void check_names(Cycle& cycle, const Listens::Address& address, const HashPlan& plan) {
    AddressNames names(cycle, address);
    for (const Listens::Member& member : address.servers) {
        if (!names.add(*member.server)) {
            return;
        }
    }
    if (!cycle.is_partial()) {
        names.build(plan);
    }
}

HashPlan plan_of(const Scope& main) {
    const auto* const core = main.find<HttpCoreMain>();
    const HashSizes sizes = core != nullptr ? core->server_names : HashSizes();
    return {.name = "server_names_hash",
            .max_size = sizes.max_size.value_or(names_hash_max_size),
            .bucket_size = align_to_cache_line(sizes.bucket_size.value_or(cache_line))};
}

/// Before there were names of servers in `stream`, each of them had its own addresses
/// (ngx_stream_core_listen).
bool has_own_addresses(const Cycle& cycle, const Scope& main) {
    return main.context() == Context::stream && cycle.before(1, 25, 5);
}

void refuse_pair(Cycle& cycle, const Listens::Address& address, const Place& place) {
    cycle
        .report(Level::emerg,
                fmt::format("duplicate \"{}\" address and port pair", text_of(address.options)),
                place, Cause::duplicate)
        .label(address.options.place, "first here");
}

/// Where a socket is bound to all addresses, only those that are bound explicitly have their own
/// (ngx_http_init_listening).
std::size_t sockets_of(const Listens::Port& port) {
    const auto is_wildcard = [](const Listens::Address& each) {
        return each.options.address.is_wildcard();
    };
    if (std::ranges::none_of(port.addresses, is_wildcard)) {
        return port.addresses.size();
    }
    return static_cast<std::size_t>(
        std::ranges::count_if(port.addresses, [&](const Listens::Address& each) {
            return each.options.bind || is_wildcard(each);
        }));
}

} // namespace

Place place_of(const Cycle& cycle, const Listens::Member& member) {
    return member.directive.is_none() ? cycle.place(*member.server) : cycle.place(member.directive);
}

bool add_listen(Cycle& cycle, Scope& server, const ListenOptions& options) {
    Scope* const main = server.protocol_block();
    if (main == nullptr) {
        return true;
    }
    auto& listens = main->conf<Listens>();
    if (++listens.count > max_listens) {
        report_limit(cycle, listens, options.place);
        return false;
    }
    auto& addresses = port_of(listens, options).addresses;
    const auto same = std::ranges::find_if(addresses, [&](const Listens::Address& address) {
        return address.options.address == options.address;
    });
    if (same != addresses.end() && has_own_addresses(cycle, *main)) {
        refuse_pair(cycle, *same, options.place);
        return false;
    }
    if (same != addresses.end()) {
        return join_address(cycle, server, *same, options);
    }
    addresses.push_back({.options = options,
                         .servers = {{&server, options.directive}},
                         .default_server = &server,
                         .default_place = options.place});
    return true;
}

void optimize_servers(Cycle& cycle, Scope& main, const Place& /*brace*/) {
    const auto* const listens = main.find<Listens>();
    if (listens == nullptr) {
        return;
    }
    const HashPlan plan = plan_of(main);
    for (const Listens::Port& port : listens->ports) {
        cycle.main().conf<Listening>().sockets += sockets_of(port);
        std::vector<const Listens::Address*> sorted;
        for (const Listens::Address& address : port.addresses) {
            sorted.push_back(&address);
        }
        std::ranges::stable_sort(sorted, {}, rank);
        for (const Listens::Address* const address : sorted) {
            const bool has_choice =
                address->servers.size() > 1 || has_captures(*address->default_server);
            if (has_choice) {
                check_names(cycle, *address, plan);
            }
        }
    }
}

} // namespace upstream_lint
