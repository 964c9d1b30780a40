#include "config/http_server.hpp"
#include "config/messages.hpp"
#include "config/modules/modules.hpp"
#include "config/modules/ngx_mail_ssl_module.hpp"
#include "config/resolver.hpp"
#include "config/url.hpp"
#include "config/value.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <fmt/format.h>
#include <span>
#include <vector>

/// src/mail/ngx_mail_core_module.c
namespace upstream_lint {

namespace {

struct Protocol {
    std::string_view name;
    std::string_view module;
    std::array<std::uint16_t, 3> ports; ///< 0: none
};

constexpr std::array<Protocol, 3> protocols = {{{"pop3", "ngx_mail_pop3", {110, 995}},
                                                {"imap", "ngx_mail_imap", {143, 993}},
                                                {"smtp", "ngx_mail_smtp", {25, 465, 587}}}};

/// Kept by `server`.
struct MailServer {
    bool has_protocol = false;
    bool has_listen = false;
};

struct ListenAddress {
    SocketAddress address;
    Place place;
    bool bind = false;
};

/// Kept by `mail`.
struct MailListen {
    std::vector<ListenAddress> addresses;
};

bool has_module(const Cycle& cycle, std::string_view name) {
    const auto module = find_module(name);
    return module && cycle.build().modules.contains(*module);
}

void no_listen(Cycle& cycle, Scope& server, const Place& /*brace*/) {
    if (!server.conf<MailServer>().has_listen && !cycle.is_partial()) {
        cycle.report(Level::emerg, "no \"listen\" is defined for server", cycle.place(server),
                     Cause::missing);
    }
}

/// ngx_mail_core_server
void server(Directive& directive) {
    directive.set_end_handler(no_listen);
}

/// ngx_mail_core_protocol
void protocol(Directive& directive) {
    const auto known = std::ranges::find(protocols, c_string(directive[1]), &Protocol::name);
    if (known == protocols.end() || !has_module(directive.cycle(), known->module)) {
        directive.emerg(1, fmt::format("unknown protocol \"{}\"", directive[1]));
        return;
    }
    directive.scope().conf<MailServer>().has_protocol = true;
}

bool is_port_of_mail(const Cycle& cycle, std::uint16_t port) {
    return port != 0 && std::ranges::any_of(protocols, [&](const Protocol& protocol) {
               return std::ranges::find(protocol.ports, port) != protocol.ports.end() &&
                      has_module(cycle, protocol.module);
           });
}

/// The times and the number of `so_keepalive=`; one of them is not 0.
bool is_keepalive(std::string_view text) {
    std::int64_t sum = 0;
    for (std::size_t part = 0; part < 3 && !text.empty(); ++part) {
        const std::size_t colon = part < 2 ? text.find(':') : std::string_view::npos;
        const std::string_view value = text.substr(0, colon);
        text = colon == std::string_view::npos ? std::string_view() : text.substr(colon + 1);
        if (value.empty()) {
            continue;
        }
        const auto amount = part < 2 ? parse_time(value, TimeUnit::seconds) : parse_number(value);
        if (!amount) {
            return false;
        }
        sum += *amount == 0 ? 0 : 1;
    }
    return sum > 0;
}

/// A number as nginx stores it in an int: none when that is -1.
bool is_int(std::optional<std::int64_t> value) {
    return value && static_cast<std::int32_t>(*value) != -1;
}

bool refuse(Directive& directive, std::size_t word, std::string message) {
    directive.emerg(word, std::move(message));
    return false;
}

bool take_ipv6only(Directive& directive, std::size_t word, std::string_view text) {
    const std::string_view flag = text.substr(text.find('=') + 1);
    return flag == "on" || flag == "off" ||
           refuse(directive, word, fmt::format("invalid ipv6only flags \"{}\"", flag));
}

bool take_so_keepalive(Directive& directive, std::size_t word, std::string_view value) {
    return value == "on" || value == "off" || is_keepalive(value) ||
           refuse(directive, word, fmt::format("invalid so_keepalive value: \"{}\"", value));
}

bool take_ssl(Directive& directive, std::size_t word) {
    if (!has_module(directive.cycle(), "ngx_mail_ssl")) {
        return refuse(directive, word, "the \"ssl\" parameter requires ngx_mail_ssl_module");
    }
    note_mail_ssl_listen(directive);
    return true;
}

bool take_listen_parameter(Directive& directive, std::size_t word) {
    const std::string_view text = c_string(directive[word]);
    const std::string_view all = directive[word];
    const auto invalid = [&](std::string_view what) {
        return refuse(directive, word, fmt::format("invalid {} \"{}\"", what, all));
    };
    if (const auto value = behind(all, "backlog=")) {
        const auto backlog = parse_number(*value);
        return (is_int(backlog) && static_cast<std::int32_t>(*backlog) != 0) || invalid("backlog");
    }
    if (const auto size = behind(all, "rcvbuf=")) {
        return is_int(parse_size(*size)) || invalid("rcvbuf");
    }
    if (const auto size = behind(all, "sndbuf=")) {
        return is_int(parse_size(*size)) || invalid("sndbuf");
    }
    if (text.starts_with("ipv6only=o")) {
        return take_ipv6only(directive, word, text);
    }
    if (text == "ssl") {
        return take_ssl(directive, word);
    }
    if (const auto keepalive = behind(text, "so_keepalive=")) {
        return take_so_keepalive(directive, word, *keepalive);
    }
    const Cycle& cycle = directive.cycle();
    if (text == "bind" || (text == "proxy_protocol" && !cycle.before(1, 19, 8))) {
        return true;
    }
    return refuse(directive, word,
                  cycle.before(1, 25, 5) ? fmt::format("the invalid \"{}\" parameter", all)
                                         : fmt::format("invalid parameter \"{}\"", all));
}

void add_addresses(Directive& directive, const Url& url) {
    Scope* const mail = directive.scope().protocol_block();
    if (!url.address || mail == nullptr) {
        return;
    }
    auto& known = mail->conf<MailListen>().addresses;
    const auto binds = [](std::string_view word) {
        return c_string(word) != "ssl" && c_string(word) != "proxy_protocol";
    };
    ListenAddress next{*url.address, directive.place(1),
                       std::ranges::any_of(directive.values().subspan(1), binds)};
    const std::uint32_t last = std::max(url.port, url.last_port);
    for (std::uint32_t port = url.port; port <= last; ++port) {
        next.address.port = next.address.family == AddressFamily::unix_socket
                                ? std::uint16_t{0}
                                : static_cast<std::uint16_t>(port);
        const auto same = std::ranges::find(known, next.address, &ListenAddress::address);
        if (same != known.end()) {
            directive
                .emerg(1,
                       fmt::format("duplicate \"{}\" address and port pair",
                                   socket_text(next.address)),
                       Cause::duplicate)
                .label(same->place, "first here");
            return;
        }
        known.push_back(next);
    }
}

/// ngx_mail_core_listen
void listen(Directive& directive) {
    auto& server = directive.scope().conf<MailServer>();
    server.has_listen = true;
    const Url url = parse_url(directive[1], {.listen = true});
    if (!url.error.empty()) {
        directive.emerg(
            1, fmt::format("{} in \"{}\" of the \"listen\" directive", url.error, directive[1]));
        return;
    }
    server.has_protocol = server.has_protocol || is_port_of_mail(directive.cycle(), url.port);
    for (std::size_t i = 2; i <= directive.size(); ++i) {
        if (!take_listen_parameter(directive, i)) {
            return;
        }
    }
    add_addresses(directive, url);
}

/// How many sockets ngx_mail_optimize_servers makes.
void count_sockets(Cycle& cycle, Scope& main, const Place& /*brace*/) {
    const auto* const listens = main.find<MailListen>();
    if (listens == nullptr) {
        return;
    }
    for (const ListenAddress& each : listens->addresses) {
        const bool is_covered =
            !each.bind && !each.address.is_wildcard() &&
            std::ranges::any_of(listens->addresses, [&each](const ListenAddress& other) {
                return other.address.is_wildcard() && other.address.family == each.address.family &&
                       other.address.port == each.address.port;
            });
        cycle.main().conf<Listening>().sockets += is_covered ? 0 : 1;
    }
}

/// ngx_mail_core_merge_srv_conf
void merge_server(Cycle& cycle, Scope& /*parent*/, Scope& child, const Place& /*brace*/) {
    if (!child.conf<MailServer>().has_protocol && !cycle.is_partial()) {
        cycle
            .report(Level::emerg, "unknown mail protocol for server", cycle.place(child),
                    Cause::missing)
            .notes.emplace_back("`protocol` names it where no port does");
    }
}

/// ngx_mail_core_resolver
void resolver(Directive& directive) {
    if (c_string(directive[1]) == "off") {
        (void)directive.is_duplicate();
    } else {
        set_resolver(directive);
    }
}

constexpr std::array<DirectiveSetter, 4> setters = {{
    {"listen", listen},
    {"protocol", protocol},
    {"resolver", resolver},
    {"server", server},
}};

} // namespace

const ModuleSetters ngx_mail_core_module = {
    "ngx_mail_core", setters, {.merge_server = merge_server, .optimize_servers = count_sockets}};

} // namespace upstream_lint
