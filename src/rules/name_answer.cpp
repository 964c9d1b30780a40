#include "rules/name_answer.hpp"

#include "rules/causes.hpp"
#include "rules/container_name.hpp"
#include "rules/listener_answer.hpp"
#include "rules/name_servers.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace upstream_lint {

namespace {

std::string addresses_text(const std::vector<SocketAddress>& addresses) {
    std::string text;
    for (const SocketAddress& address : addresses) {
        text += (text.empty() ? "" : ", ") + address_text(address);
    }
    return text;
}

class Search {
public:
    Search(const Probe& probe, const Perspective& perspective, const FactIndex& facts) :
        probe_(probe), perspective_(perspective), facts_(facts) {}

    ProbeAnswer answer() {
        ProbeAnswer answer = probe_.kind == Probe::Kind::name ? at_load() : at_run_time();
        answer.subject =
            probe_.port == 0 ? probe_.subject : fmt::format("{}:{}", probe_.subject, probe_.port);
        answer.network = answer.network == nullptr ? perspective_.network : answer.network;
        return answer;
    }

private:
    ProbeAnswer at_load() {
        if (probe_.subject.find('$') != std::string::npos) {
            return violated(cause::template_not_rendered,
                            fmt::format("`{}` is taken for a name: no variable is put in here",
                                        probe_.subject));
        }
        if (perspective_.network == nullptr) {
            return unknown("the network namespace that nginx is in was not read");
        }
        const NameFacts* const name = facts_.name(perspective_.network->id, probe_.subject);
        if (name == nullptr) {
            return in_container_networks();
        }
        ProbeAnswer answer = by_lookup(*name);
        answer.name = name;
        answer.evidence.insert(
            answer.evidence.begin(),
            {.fact = fmt::format("addresses of {}", probe_.subject),
             .value = name->addresses.empty() ? name->error : addresses_text(name->addresses),
             .source = name->reading.source,
             .status = std::string(read_status_name(name->reading.status))});
        return answer;
    }

    ProbeAnswer by_lookup(const NameFacts& name) {
        switch (name.reading.status) {
        case ReadStatus::ok:
        case ReadStatus::partial:
            return of_addresses(name.addresses);
        case ReadStatus::absent:
            return of_nobody(cause::host_not_found_at_load,
                             fmt::format("nobody knows the name {}", probe_.subject));
        case ReadStatus::timeout:
            return unknown(fmt::format("looking up {} took too long", probe_.subject));
        default:
            return unknown(fmt::format("looking up {} failed: {}", probe_.subject,
                                       name.error.empty() ? name.reading.reason : name.error));
        }
    }

    /// A name of a container that nginx cannot see, if it is one.
    ProbeAnswer of_nobody(std::string_view cause, std::string reason) {
        ProbeAnswer answer = answer_of_container_name(probe_.subject, perspective_, facts_);
        return answer.verdict == Verdict::violated ? answer : violated(cause, std::move(reason));
    }

    /// What the engine's name server says in nginx's container.
    ProbeAnswer in_container_networks() {
        if (perspective_.container == nullptr) {
            return unknown(fmt::format("the name {} was not looked up", probe_.subject));
        }
        const std::vector<SocketAddress> addresses =
            addresses_by_engine(probe_.subject, perspective_, facts_);
        return addresses.empty()
                   ? unknown(fmt::format("the name {} was not looked up in nginx's container",
                                         probe_.subject))
                   : of_addresses(addresses);
    }

    ProbeAnswer of_addresses(const std::vector<SocketAddress>& addresses) {
        ProbeAnswer answer;
        for (SocketAddress address : addresses) {
            address.port = address.port == 0 ? probe_.port : address.port;
            if (address.port == 0) {
                return satisfied();
            }
            answer.addresses.push_back(
                answer_listener(address, probe_.is_datagram, perspective_, facts_));
        }
        return combined(std::move(answer));
    }

    /// One that answers is enough; only where none does it is wrong.
    static ProbeAnswer combined(ProbeAnswer answer) {
        const auto has = [&](Verdict verdict) {
            return std::ranges::find(answer.addresses, verdict, &ProbeAnswer::verdict) !=
                   answer.addresses.end();
        };
        if (answer.addresses.empty()) {
            return unknown("there is no address");
        }
        const Verdict verdict = has(Verdict::satisfied) ? Verdict::satisfied
                                : has(Verdict::unknown) ? Verdict::unknown
                                                        : Verdict::violated;
        const auto deciding = std::ranges::find(answer.addresses, verdict, &ProbeAnswer::verdict);
        ProbeAnswer decided = *deciding;
        decided.addresses = std::move(answer.addresses);
        return decided;
    }

    ProbeAnswer at_run_time() {
        std::vector<const DnsAnswer*> said;
        for (const DnsAnswer* const answer : facts_.dns_answers(probe_.subject)) {
            if (is_asked(*answer)) {
                said.push_back(answer);
            }
        }
        if (said.empty()) {
            ProbeAnswer answer = unknown(fmt::format(
                "{} is looked up for requests; its name servers were not asked", probe_.subject));
            answer.asks_for_connection = true;
            return answer;
        }
        ProbeAnswer answer = by_answers(said);
        for (const DnsAnswer* const one : said) {
            answer.evidence.push_back(
                {.fact = fmt::format("{} of {} at {}", one->type, one->name, one->resolver),
                 .value = !one->addresses.empty() ? addresses_text(one->addresses)
                          : one->rcode.empty()    ? "no answer"
                                                  : one->rcode,
                 .source = one->reading.source,
                 .status = std::string(read_status_name(one->reading.status))});
        }
        return answer;
    }

    /// One of the name servers, and from where nginx asks it.
    [[nodiscard]] bool is_asked(const DnsAnswer& answer) const {
        const bool is_seen_alike =
            answer.perspective.empty() ||
            (perspective_.network != nullptr && answer.perspective == perspective_.network->id);
        return is_seen_alike &&
               std::ranges::find(probe_.resolvers, answer.resolver) != probe_.resolvers.end();
    }

    ProbeAnswer by_answers(const std::vector<const DnsAnswer*>& said) {
        std::vector<SocketAddress> addresses;
        for (const DnsAnswer* const one : said) {
            addresses.insert(addresses.end(), one->addresses.begin(), one->addresses.end());
        }
        if (!addresses.empty()) {
            return of_addresses(addresses);
        }
        const auto all = [&](auto says) { return std::ranges::all_of(said, says); };
        if (all([](const DnsAnswer* one) {
                return one->reading.status == ReadStatus::timeout || one->rcode == "ECONNREFUSED";
            })) {
            return violated(cause::resolver_unreachable,
                            fmt::format("no name server of `resolver` answers: {}",
                                        fmt::join(probe_.resolvers, ", ")));
        }
        if (all([](const DnsAnswer* one) {
                return one->rcode == "NXDOMAIN" || one->rcode == "NOERROR";
            })) {
            return of_nobody(
                cause_of_unknown_name(),
                fmt::format("the name servers of `resolver` do not know {}", probe_.subject));
        }
        if (all([](const DnsAnswer* one) {
                return one->rcode == "SERVFAIL" || one->rcode == "REFUSED";
            })) {
            return violated(
                cause::resolver_servfail,
                fmt::format("the name servers of `resolver` do not answer for {}", probe_.subject));
        }
        return unknown(
            fmt::format("the name servers of `resolver` do not agree about {}", probe_.subject));
    }

    [[nodiscard]] std::string_view cause_of_unknown_name() const {
        const auto& hosts = facts_.snapshot().dns.hosts;
        if (is_local_name(probe_.subject) ||
            std::ranges::find(hosts, probe_.subject, &HostsEntry::name) != hosts.end()) {
            return cause::resolver_ignores_hosts_file;
        }
        const bool is_embedded =
            std::ranges::any_of(probe_.resolvers, [](std::string_view resolver) {
                return name_server_kind(resolver) == NameServerKind::embedded;
            });
        return is_short_name(probe_.subject) && !is_embedded ? cause::resolver_short_name
                                                             : cause::resolver_name_unknown;
    }

    const Probe& probe_;
    const Perspective& perspective_;
    const FactIndex& facts_;
};

} // namespace

ProbeAnswer answer_name(const Probe& probe, const Perspective& perspective,
                        const FactIndex& facts) {
    return Search(probe, perspective, facts).answer();
}

} // namespace upstream_lint
