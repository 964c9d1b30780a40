#include "host/connect.hpp"
#include "host/network_namespace.hpp"
#include "host/provider.hpp"
#include "host/upstream_request.hpp"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace upstream_lint {

namespace {

constexpr std::string_view unix_prefix = "unix:";

// Whether `listen` of a pool means a target: `/run/app.sock`, `127.0.0.1:9000`, `9000`.
bool listens_at(const FpmPool& pool, const ConnectTarget& target) {
    if (!target.address)
        return pool.listen == target.path;
    if (pool.listen == target.text)
        return true;
    const std::size_t colon = pool.listen.rfind(':');
    const std::string host = colon == std::string::npos ? "" : pool.listen.substr(0, colon);
    const bool is_everywhere = host.empty() || host == "*" || host == "0.0.0.0" || host == "[::]";
    const std::string port =
        colon == std::string::npos ? pool.listen : pool.listen.substr(colon + 1);
    const bool is_here = target.text.starts_with("127.") || target.text.starts_with("[::1]");
    return is_everywhere && is_here && port == std::to_string(target.address->port);
}

// A path that PHP-FPM answers by itself.
std::string harmless_path(const std::vector<FpmPool>& pools, const ConnectTarget& target) {
    for (const FpmPool& pool : pools)
        if (listens_at(pool, target)) {
            const std::string& path = pool.ping_path.empty() ? pool.status_path : pool.ping_path;
            if (path.starts_with('/'))
                return path;
        }
    return {};
}

Script script_for(const ExchangeProbe& asked, const ConnectTarget& target, const Snapshot& known) {
    Script script;
    script.exchange = asked.exchange;
    script.left_out = asked.left_out;
    RequestBytes request;
    switch (asked.exchange.protocol) {
    case Exchange::Protocol::http:
        if (asked.left_out.empty()) {
            request = http_request(asked.uri, asked.host, asked.exchange.http_version);
            script.host = asked.host;
        }
        break;
    case Exchange::Protocol::http2:
        request = http2_preface();
        break;
    case Exchange::Protocol::fastcgi:
        request = fastcgi_request(harmless_path(known.fpm.pools, target));
        break;
    case Exchange::Protocol::none:
        break;
    }
    script.request = std::move(request.text);
    script.bytes = std::move(request.bytes);
    return script;
}

// What is to be connected to, each once, in the order of the probes: once for each exchange, or
// once where there is none.
class Targets {
public:
    explicit Targets(const ProviderInput& input) : known_(input.known) {
        for (const NameFacts& name : known_.dns.names)
            names_.emplace(name.name, &name.addresses);
        for (const DnsAnswer& answer : known_.dns.answers)
            answers_[answer.name].push_back(&answer);
        for (const ExchangeProbe& asked : input.exchanges)
            exchanges_[asked.probe].push_back(&asked);
        for (std::uint32_t i = 0; i < input.probes.size(); ++i)
            if (!input.probes[i].is_datagram && exchanges_.contains({i}))
                add(input.probes[i], {i});
        for (std::uint32_t i = 0; i < input.probes.size(); ++i)
            if (!input.probes[i].is_datagram && !exchanges_.contains({i}))
                add(input.probes[i], {i});
    }

    [[nodiscard]] std::vector<ConnectTarget> take() { return std::move(targets_); }

private:
    void add(const Probe& probe, ProbeId id) {
        switch (probe.kind) {
        case Probe::Kind::unix_socket:
            add({std::string(unix_prefix) + probe.subject, std::nullopt, probe.subject}, id);
            break;
        case Probe::Kind::listener:
            if (const auto address = parse_address_and_port(probe.subject))
                add(*address, id);
            break;
        case Probe::Kind::name:
            if (const auto found = names_.find(probe.subject); found != names_.end())
                add_each(*found->second, probe.port, id);
            break;
        case Probe::Kind::resolver_name:
            add_answers(probe, id);
            break;
        }
    }

    void add_answers(const Probe& probe, ProbeId id) {
        const auto found = answers_.find(probe.subject);
        if (found == answers_.end())
            return;
        for (const DnsAnswer* answer : found->second)
            if ((answer->type == "SRV") == !probe.service.empty())
                add_each(answer->addresses, probe.port, id);
    }

    // Addresses of services bring their ports.
    void add_each(const std::vector<SocketAddress>& addresses, std::uint16_t port, ProbeId id) {
        for (SocketAddress address : addresses) {
            if (address.port == 0)
                address.port = port;
            if (address.port != 0)
                add(address, id);
        }
    }

    void add(const SocketAddress& address, ProbeId id) {
        add({socket_text(address), address, ""}, id);
    }

    void add(ConnectTarget target, ProbeId id) {
        const auto found = exchanges_.find(id);
        if (found == exchanges_.end()) {
            if (seen_.insert(target.text).second)
                targets_.push_back(std::move(target));
            return;
        }
        seen_.insert(target.text);
        for (const ExchangeProbe* asked : found->second)
            if (asked_.emplace(target.text, asked->exchange).second) {
                ConnectTarget each = target;
                each.script = script_for(*asked, target, known_);
                targets_.push_back(std::move(each));
            }
    }

    const Snapshot& known_;
    std::map<std::string_view, const std::vector<SocketAddress>*> names_;
    std::map<std::string_view, std::vector<const DnsAnswer*>> answers_;
    std::map<ProbeId, std::vector<const ExchangeProbe*>> exchanges_;
    std::set<std::string> seen_;
    std::set<std::pair<std::string, Exchange>> asked_;
    std::vector<ConnectTarget> targets_;
};

// Only a thread of its own may change its namespace.
std::vector<ConnectFacts> connect_from(const Viewpoint& view,
                                       const std::vector<ConnectTarget>& targets,
                                       const ProviderInput& input) {
    const bool may_enter =
        view.network_link.empty() || may_enter_network_namespace(view.network_link);
    const std::string link = may_enter ? view.network_link : std::string();
    const ConnectLimits limits{input.options.connect_deadline, input.options.answer_deadline,
                               input.end};
    const auto work = [=] {
        if (!link.empty() && enter_network_namespace(link))
            return std::vector<ConnectFacts>();
        return connect_to(targets, view.root, limits);
    };
    auto answers =
        Bounded<std::vector<ConnectFacts>>(work).take(input.end + input.options.connect_deadline);
    if (!answers)
        return {};
    for (ConnectFacts& answer : *answers)
        answer.perspective = may_enter ? view.network_namespace : input.known.network_namespace;
    return std::move(*answers);
}

} // namespace

Snapshot collect_connects(const ProviderInput& input) {
    Snapshot facts;
    if (input.options.mode == CollectOptions::ProbeMode::none)
        return facts;
    const std::vector<ConnectTarget> targets = Targets(input).take();
    for (const Viewpoint& view : viewpoints(input))
        for (ConnectFacts& answer : connect_from(view, targets, input))
            facts.connects.push_back(std::move(answer));
    return facts;
}

} // namespace upstream_lint
