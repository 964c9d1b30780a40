#include "config/modules/ngx_http_upstream_module.hpp"

#include "config/ascii.hpp"
#include "config/messages.hpp"
#include "config/modules/modules.hpp"
#include "config/resolver.hpp"
#include "config/script.hpp"
#include "config/suggestion.hpp"
#include "config/value.hpp"

#include <array>
#include <deque>
#include <fmt/format.h>
#include <map>
#include <unordered_map>
#include <utility>
#include <vector>

/// src/http/ngx_http_upstream.c and src/http/ngx_http_upstream_round_robin.c;
/// src/stream/ngx_stream_upstream.c and src/stream/ngx_stream_upstream_round_robin.c are alike.
namespace upstream_lint {

namespace {

constexpr std::uint16_t http_port = 80;
constexpr std::size_t max_route = 32; // NGX_HTTP_UPSTREAM_SID_LEN

/// All of `http` or `stream`, in nginx's order (ngx_http_upstream_main_conf_t).
struct Upstreams {
    /// Those of one host, of which there may be as many as there are ports.
    struct Host {
        NamedUpstream* first = nullptr;
        NamedUpstream* defined = nullptr;
        NamedUpstream* any_port = nullptr; ///< the first whose port is 0
    };

    std::deque<NamedUpstream> upstreams;
    std::unordered_map<std::string_view, Host> by_host; // in lower case
    std::map<std::pair<const Host*, std::uint16_t>, NamedUpstream*>
        by_port; // all but the first of a host

    [[nodiscard]] NamedUpstream* find(const Host& host, std::uint16_t port) const {
        if (host.first != nullptr && host.first->port == port) {
            return host.first;
        }
        const auto found = by_port.find({&host, port});
        return found == by_port.end() ? nullptr : found->second;
    }

    void add(Host& host, NamedUpstream& upstream);
};

void Upstreams::add(Host& host, NamedUpstream& upstream) {
    if (host.first == nullptr) {
        host.first = &upstream;
    } else if (host.first != &upstream) {
        by_port.try_emplace({&host, upstream.port}, &upstream);
    }
    if (upstream.is_defined) {
        host.defined = &upstream;
    }
    if (upstream.port == 0 && (host.any_port == nullptr || upstream.order < host.any_port->order)) {
        host.any_port = &upstream;
    }
}

/// The host of a URL, or the name of a block.
struct Name {
    std::string_view host;
    std::uint16_t port = 0;
    bool has_port = false;
    bool has_address = false;
    bool is_block = false;
};

Upstreams* upstreams_of(Scope& scope) {
    Scope* const main = scope.protocol_block();
    return main != nullptr ? &main->conf<Upstreams>() : nullptr;
}

void report_port(Directive& directive, std::size_t word, const NamedUpstream& upstream,
                 const Name& name) {
    Diagnostic& diagnostic = directive.emerg(
        word, fmt::format("upstream \"{}\" may not have port {}", name.host, name.port),
        Cause::conflict);
    diagnostic.label(directive.cycle().place(upstream.block_word), "the upstream is defined here");
    diagnostic.notes.emplace_back("its servers have their own ports");
}

void report_port_used_before(Directive& directive, std::string_view name,
                             const NamedUpstream& upstream) {
    Cycle& cycle = directive.cycle();
    cycle
        .report_without_place(Level::emerg,
                              fmt::format("upstream \"{}\" may not have port {} in {}", name,
                                          upstream.port,
                                          cycle.position_text(cycle.place(upstream.word))),
                              cycle.place(upstream.word), Cause::conflict)
        .label(directive.place(1), "the upstream is defined here");
}

/// Whether the two do not go together.
bool is_conflict(const Name& name, const NamedUpstream& known) {
    return (known.is_defined && (name.is_block || name.has_port)) ||
           (name.is_block && known.has_port);
}

void report_conflict(Directive& directive, std::size_t word, const Name& name,
                     const NamedUpstream& known) {
    if (!known.is_defined) {
        report_port_used_before(directive, name.host, known);
    } else if (name.is_block) {
        directive.emerg(word, fmt::format("duplicate upstream \"{}\"", name.host), Cause::duplicate)
            .label(directive.cycle().place(known.block_word), "first here");
    } else {
        report_port(directive, word, known, name);
    }
}

/// Whether a name with a port is not the known one with another. For `http` none is any.
bool is_other_port(const Scope& scope, std::uint16_t known, std::uint16_t port) {
    const bool counts = scope.is_in_stream() || (known != 0 && port != 0);
    return counts && known != port;
}

/// The first that is the same, or does not go together with the name.
NamedUpstream* find_same(const Scope& scope, const Upstreams& all, const Upstreams::Host& host,
                         const Name& name) {
    const std::array<NamedUpstream*, 4> candidates = {name.port == 0 ? host.first : nullptr,
                                                      host.defined, host.any_port,
                                                      all.find(host, name.port)};
    NamedUpstream* same = nullptr;
    for (NamedUpstream* const known : candidates) {
        if (known == nullptr || (same != nullptr && same->order < known->order)) {
            continue;
        }
        if (is_conflict(name, *known) || !is_other_port(scope, known->port, name.port)) {
            same = known;
        }
    }
    return same;
}

Upstreams::Host& host_of(Cycle& cycle, Upstreams& all, std::string_view name) {
    const std::string folded = lower(name);
    const auto known = all.by_host.find(folded);
    return known != all.by_host.end() ? known->second : all.by_host[cycle.keep(folded)];
}

/// ngx_http_upstream_add, once the URL has been read.
NamedUpstream* add_name(Directive& directive, std::size_t word, const Name& name) {
    auto* const all = upstreams_of(directive.scope());
    if (all == nullptr) {
        return nullptr;
    }
    Upstreams::Host& host = host_of(directive.cycle(), *all, name.host);
    NamedUpstream* const known = find_same(directive.scope(), *all, host, name);
    if (known != nullptr && is_conflict(name, *known)) {
        report_conflict(directive, word, name, *known);
        return nullptr;
    }
    if (known != nullptr) {
        if (name.is_block) {
            known->is_defined = true;
            known->port = 0;
            known->block_word = directive.word(word);
            all->add(host, *known);
        }
        return known;
    }
    NamedUpstream& added = all->upstreams.emplace_back();
    added.order = static_cast<std::uint32_t>(all->upstreams.size());
    added.host = directive.cycle().keep(name.host);
    added.port = name.port;
    added.has_port = name.has_port;
    added.has_address = name.has_address;
    added.is_defined = name.is_block;
    added.word = directive.word(word);
    if (name.is_block) {
        added.block_word = added.word;
    }
    all->add(host, added);
    return &added;
}

void end_upstream(Cycle& cycle, Scope& block, const Place& brace) {
    if (block.conf<UpstreamBlock>().servers == 0 && !block.has_unjudged()) {
        cycle
            .report_later(Level::emerg, "no servers are inside upstream", cycle.place(block), brace,
                          Cause::missing)
            .notes.emplace_back("nginx finds this at the closing brace");
    }
}

struct ServerOptions {
    bool backup = false;
    bool resolve = false;
    bool service = false;
};

constexpr std::array<std::string_view, 10> server_parameters = {
    "weight=", "max_conns=", "max_fails=", "fail_timeout=", "backup",
    "down",    "resolve",    "service=",   "route=",        "drain"};

bool is_seconds(std::string_view text) {
    return parse_time(text, TimeUnit::seconds).has_value();
}

/// What has a value that is a number or a time; nothing when the word is none of these.
std::optional<bool> server_number(std::string_view word) {
    if (const auto weight = behind(word, "weight=")) {
        return parse_number(*weight).value_or(0) != 0;
    }
    if (const auto connections = behind(word, "max_conns=")) {
        return parse_number(*connections).has_value();
    }
    if (const auto fails = behind(word, "max_fails=")) {
        return parse_number(*fails).has_value();
    }
    if (const auto timeout = behind(word, "fail_timeout=")) {
        return is_seconds(*timeout);
    }
    return std::nullopt;
}

bool server_route(Directive& directive, std::size_t word, std::string_view route) {
    if (route.empty()) {
        directive.emerg(word, "route is empty");
        return false;
    }
    if (route.size() > max_route) {
        directive.emerg(word, fmt::format("route is longer than {}", max_route));
        return false;
    }
    return true;
}

bool not_supported(Directive& directive, std::size_t word, const UpstreamBlock& block) {
    Diagnostic& diagnostic = directive.emerg(
        word, fmt::format("balancing method does not support parameter \"{}\"", directive[word]),
        Cause::conflict);
    if (!block.balancer.is_none()) {
        diagnostic.label(block.balancer, "the balancing method");
    }
    return false;
}

bool server_backup(Directive& directive, std::size_t word) {
    const auto& block = directive.scope().conf<UpstreamBlock>();
    return block.parameters == ServerParameters::all || not_supported(directive, word, block);
}

/// It is asked before the number is looked at.
bool takes_max_conns(Directive& directive, std::size_t word) {
    const auto& block = directive.scope().conf<UpstreamBlock>();
    return block.parameters != ServerParameters::without_backup_and_max_conns ||
           not_supported(directive, word, block);
}

bool server_service(Directive& directive, std::size_t word, std::string_view name) {
    if (name.empty()) {
        directive.emerg(word, "service is empty");
        return false;
    }
    return true;
}

/// One parameter; false when it has been found wrong.
bool server_parameter(Directive& directive, std::size_t i, ServerOptions& options) {
    const std::string_view word = directive[i];
    const std::string_view flag = c_string(word);
    const Cycle& cycle = directive.cycle();
    const bool resolves = !cycle.before(1, 27, 3);
    const bool routes = !cycle.before(1, 29, 6) && !directive.scope().is_in_stream();
    if (word.starts_with("max_conns=") && !takes_max_conns(directive, i)) {
        return false;
    }
    if (const auto valid = server_number(word)) {
        if (!*valid) {
            upstream::report_parameter(directive, i);
        }
        return *valid;
    }
    if (flag == "backup") {
        options.backup = true;
        return server_backup(directive, i);
    }
    if (flag == "down" || (routes && flag == "drain")) {
        return true;
    }
    if (resolves && flag == "resolve") {
        options.resolve = true;
        return true;
    }
    if (const auto service = behind(word, "service="); resolves && service) {
        options.service = true;
        return server_service(directive, i, *service);
    }
    if (const auto route = behind(word, "route="); routes && route) {
        return server_route(directive, i, *route);
    }
    upstream::report_parameter(directive, i, server_parameters);
    return false;
}

void report_service(Directive& directive, std::string_view why) {
    directive.emerg(1, fmt::format("service upstream \"{}\" {}", directive[1], why),
                    Cause::conflict);
}

void server_address(Directive& directive, const ServerOptions& options) {
    if (options.service && !options.resolve) {
        report_service(directive, "requires \"resolve\" parameter");
        return;
    }
    const bool stream = directive.scope().is_in_stream();
    const Url url =
        parse_url(directive[1], {.default_port = stream ? std::uint16_t{0} : http_port});
    if (!url.error.empty()) {
        directive.emerg(1, fmt::format("{} in upstream \"{}\"", url.error, directive[1]));
        return;
    }
    const bool is_unix = url.address && url.address->family == AddressFamily::unix_socket;
    if (stream && !url.has_port && !is_unix && !options.service) {
        directive.emerg(1, fmt::format("no port in upstream \"{}\"", directive[1]), Cause::missing);
        return;
    }
    if (options.service && (url.has_port || is_unix)) {
        report_service(directive, "may not have port");
        return;
    }
    if (options.service && url.address) {
        report_service(directive, "requires domain name");
        return;
    }
    auto& block = directive.scope().conf<UpstreamBlock>();
    if (options.resolve && !url.address && block.resolved_server.is_none()) {
        block.resolved_server = directive.place();
    }
}

/// Servers that are to be resolved at run time; says what they lack.
bool can_resolve(Cycle& cycle, const Scope& main, const NamedUpstream& upstream,
                 const UpstreamBlock& block) {
    const std::string place = cycle.position_text(cycle.place(upstream.word));
    if (block.zone == nullptr) {
        cycle
            .report_without_place(
                Level::emerg,
                fmt::format("resolving names at run time requires upstream \"{}\" in {} to be in "
                            "shared memory",
                            upstream.host, place),
                block.resolved_server, Cause::missing)
            .notes.emplace_back("a `zone` in the upstream puts it there");
        return false;
    }
    if (cycle.is_partial() || has_resolver(*upstream.block) || has_resolver(main)) {
        return true;
    }
    cycle
        .report_without_place(
            Level::emerg,
            fmt::format("no resolver defined to resolve names at run time in upstream \"{}\" in {}",
                        upstream.host, place),
            block.resolved_server, Cause::missing)
        .notes.emplace_back("a `resolver` has to stand in the upstream or around it");
    return false;
}

/// ngx_http_upstream_init_round_robin of an upstream with a block.
void check_block(Cycle& cycle, const Scope& main, const NamedUpstream& upstream,
                 const UpstreamBlock& block) {
    if (block.has_own_peers) {
        return;
    }
    if (!block.resolved_server.is_none() && !can_resolve(cycle, main, upstream, block)) {
        return;
    }
    if (block.servers != 0 && block.primary_servers == 0 && !upstream.block->has_unjudged()) {
        cycle
            .report_without_place(Level::emerg,
                                  fmt::format("no servers in upstream \"{}\" in {}", upstream.host,
                                              cycle.position_text(cycle.place(upstream.word))),
                                  cycle.place(upstream.block_word), Cause::missing)
            .notes.emplace_back("all of its servers are `backup`");
    }
}

/// The same of one that a pass directive implies. What its host resolves to is not asked.
void check_implied(Cycle& cycle, const NamedUpstream& upstream,
                   std::span<const std::string_view> similar_to) {
    if (cycle.is_partial() || upstream.has_address || upstream.port != 0) {
        return;
    }
    Diagnostic& diagnostic =
        cycle.report_without_place(Level::emerg,
                                   fmt::format("no port in upstream \"{}\" in {}", upstream.host,
                                               cycle.position_text(cycle.place(upstream.word))),
                                   cycle.place(upstream.word), Cause::reference);
    diagnostic.notes.push_back(fmt::format("there is no `upstream {}` either", upstream.host));
    if (const auto hint = did_you_mean(similar_words(upstream.host, similar_to))) {
        diagnostic.notes.push_back(*hint);
    }
}

/// The names of the blocks, unless there are so many that comparing them takes long.
std::vector<std::string_view> names_to_suggest(const Upstreams& all) {
    constexpr std::size_t max_names = 300;
    std::vector<std::string_view> names;
    for (const NamedUpstream& upstream : all.upstreams) {
        if (upstream.is_defined) {
            names.push_back(upstream.host);
        }
    }
    return names.size() > max_names ? std::vector<std::string_view>() : names;
}

/// ngx_parse_addr_port; since 1.27.3 brackets may stand without a port behind them.
bool is_address(const Cycle& cycle, std::string_view text) {
    if (parse_address_and_port(text)) {
        return true;
    }
    const bool in_brackets = text.size() > 2 && text.starts_with('[') && text.ends_with(']');
    return in_brackets && !cycle.before(1, 27, 3) &&
           parse_ipv6(text.substr(1, text.size() - 2)).has_value();
}

constexpr std::array<DirectiveSetter, 3> setters = {{
    {"resolver", set_resolver},
    {"server", shared::upstream_server},
    {"upstream", shared::upstream_block},
}};

} // namespace

/// ngx_http_upstream
void shared::upstream_block(Directive& directive) {
    directive.set_end_handler(end_upstream);
    NamedUpstream* const upstream =
        add_name(directive, 1, {.host = directive[1], .is_block = true});
    if (upstream != nullptr) {
        directive.set_begin_handler([upstream](Scope& block) {
            upstream->block = &block;
            block.conf<UpstreamBlock>().name = upstream->host;
        });
    }
}

/// ngx_http_upstream_server
void shared::upstream_server(Directive& directive) {
    auto& block = directive.scope().conf<UpstreamBlock>();
    ++block.servers;
    ServerOptions options;
    for (std::size_t i = 2; i <= directive.size(); ++i) {
        if (!server_parameter(directive, i, options)) {
            ++block.primary_servers;
            return;
        }
    }
    block.primary_servers += options.backup ? 0 : 1;
    server_address(directive, options);
}

namespace upstream {

std::vector<const NamedUpstream*> all(const Scope& main) {
    std::vector<const NamedUpstream*> list;
    if (const auto* const found = main.find<Upstreams>()) {
        for (const NamedUpstream& each : found->upstreams) {
            list.push_back(&each);
        }
    }
    return list;
}

NamedUpstream* add(Directive& directive, std::size_t word, std::string_view text,
                   const UrlOptions& options, Url& url) {
    url = parse_url(text, options);
    if (!url.error.empty()) {
        directive.emerg(word, fmt::format("{} in upstream \"{}\"", url.error, text));
        return nullptr;
    }
    const bool is_unix = url.address && url.address->family == AddressFamily::unix_socket;
    return add_name(directive, word,
                    {.host = url.host,
                     .port = url.port,
                     .has_port = url.has_port || is_unix,
                     .has_address = url.address && (url.port != 0 || is_unix)});
}

std::string_view name_of_block(Directive& directive) {
    return directive.scope().conf<UpstreamBlock>().name;
}

void init_main(Cycle& cycle, Scope& main, const Place& /*brace*/) {
    const auto* const all = main.find<Upstreams>();
    if (all == nullptr) {
        return;
    }
    const std::vector<std::string_view> names = names_to_suggest(*all);
    for (const NamedUpstream& upstream : all->upstreams) {
        if (!upstream.is_defined) {
            check_implied(cycle, upstream, names);
        } else if (upstream.block != nullptr) {
            check_block(cycle, main, upstream, upstream.block->conf<UpstreamBlock>());
        }
    }
}

void set_balancer(Directive& directive) {
    auto& block = directive.scope().conf<UpstreamBlock>();
    if (!block.balancer.is_none()) {
        directive.warn(0, "load balancing method redefined")
            .label(block.balancer, "set here before");
    }
    block.balancer = directive.place();
}

void report_parameter(Directive& directive, std::size_t word,
                      std::span<const std::string_view> known) {
    Diagnostic& diagnostic =
        directive.emerg(word, fmt::format("invalid parameter \"{}\"", directive[word]));
    if (const auto hint = did_you_mean(similar_words(directive[word], known))) {
        diagnostic.notes.push_back(*hint);
    }
}

void bind_slot(Directive& directive) {
    if (directive.is_duplicate() || (directive.size() == 1 && c_string(directive[1]) == "off")) {
        return;
    }
    const script::Value address = script::compile(directive, 1);
    if (!address.valid) {
        return;
    }
    if (address.constant && !is_address(directive.cycle(), directive[1])) {
        directive.emerg(1, fmt::format("invalid address \"{}\"", directive[1]));
        return;
    }
    if (directive.size() > 1 && c_string(directive[2]) != "transparent") {
        static constexpr std::array<std::string_view, 1> known = {"transparent"};
        report_parameter(directive, 2, known);
    }
}

bool param_slot(Directive& directive) {
    if (directive.size() < 3 || c_string(directive[3]) == "if_not_empty") {
        return true;
    }
    static constexpr std::array<std::string_view, 1> known = {"if_not_empty"};
    report_parameter(directive, 3, known);
    return false;
}

} // namespace upstream

const ModuleSetters ngx_http_upstream_module = {
    "ngx_http_upstream", setters, {.init_main = upstream::init_main}};

} // namespace upstream_lint
