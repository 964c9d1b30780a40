#include "host/connect.hpp"
#include "host/network_namespace.hpp"
#include "host/provider.hpp"

#include <map>
#include <set>

namespace upstream_lint {

namespace {

// What is to be connected to, each once, in the order of the probes.
class Targets {
public:
    explicit Targets(const ProviderInput& input) : known_(input.known) {
        for (const NameFacts& name : known_.dns.names)
            names_.emplace(name.name, &name.addresses);
        for (const DnsAnswer& answer : known_.dns.answers)
            answers_[answer.name].push_back(&answer);
        for (const Probe& probe : input.probes)
            if (!probe.is_datagram)
                add(probe);
    }

    [[nodiscard]] std::vector<ConnectTarget> take() { return std::move(targets_); }

private:
    void add(const Probe& probe) {
        switch (probe.kind) {
        case Probe::Kind::unix_socket:
            add({"unix:" + probe.subject, std::nullopt, probe.subject});
            break;
        case Probe::Kind::listener:
            if (const auto address = parse_address_and_port(probe.subject))
                add(*address);
            break;
        case Probe::Kind::name:
            if (const auto found = names_.find(probe.subject); found != names_.end())
                add_each(*found->second, probe.port);
            break;
        case Probe::Kind::resolver_name:
            add_answers(probe);
            break;
        }
    }

    void add_answers(const Probe& probe) {
        const auto found = answers_.find(probe.subject);
        if (found == answers_.end())
            return;
        for (const DnsAnswer* answer : found->second)
            if ((answer->type == "SRV") == !probe.service.empty())
                add_each(answer->addresses, probe.port);
    }

    // Addresses of services bring their ports.
    void add_each(const std::vector<SocketAddress>& addresses, std::uint16_t port) {
        for (SocketAddress address : addresses) {
            if (address.port == 0)
                address.port = port;
            if (address.port != 0)
                add(address);
        }
    }

    void add(const SocketAddress& address) { add({socket_text(address), address, ""}); }

    void add(ConnectTarget target) {
        if (seen_.insert(target.text).second)
            targets_.push_back(std::move(target));
    }

    const Snapshot& known_;
    std::map<std::string_view, const std::vector<SocketAddress>*> names_;
    std::map<std::string_view, std::vector<const DnsAnswer*>> answers_;
    std::set<std::string> seen_;
    std::vector<ConnectTarget> targets_;
};

// Only a thread of its own may change its namespace.
std::vector<ConnectFacts> connect_from(const Viewpoint& view,
                                       const std::vector<ConnectTarget>& targets,
                                       const ProviderInput& input) {
    const bool may_enter =
        view.network_link.empty() || may_enter_network_namespace(view.network_link);
    const std::string link = may_enter ? view.network_link : std::string();
    const auto work = [=, end = input.end, deadline = input.options.connect_deadline] {
        if (!link.empty() && enter_network_namespace(link))
            return std::vector<ConnectFacts>();
        return connect_to(targets, view.root, deadline, end);
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

// A request behind the connection (TLS, HTTP, FastCGI) belongs where the mode is `full`.
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
