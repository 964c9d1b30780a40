#include "facts/hosts_file.hpp"
#include "host/name_lookup.hpp"
#include "host/name_servers.hpp"
#include "host/network_namespace.hpp"
#include "host/open_below.hpp"
#include "host/proc_files.hpp"
#include "host/provider.hpp"
#include "host/system_root.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace upstream_lint {

namespace {

// The first one, whose files names are looked up in.
Viewpoint first_viewpoint(const ProviderInput& input) {
    return viewpoints(input).front();
}

// The text of a file; a file that is not there is as good as an empty one (hosts(5),
// resolv.conf(5)), and says that it is absent.
std::string read_text(const FileSystem& files, const char* path, Reading& reading) {
    const auto bytes = files.read(path);
    if (!bytes) {
        reading = failed_reading(bytes.error(), path);
        return {};
    }
    reading = complete_reading(path);
    return std::string(bytes->view());
}

// The system's own lookup reads the files of this process's mount namespace: where nginx has
// others, it is not asked in nginx's name.
struct NamePlace {
    std::string perspective;
    std::string link;
};

NamePlace name_place(const ProviderInput& input) {
    const Viewpoint view = first_viewpoint(input);
    const bool has_its_files = view.mount_namespace == input.known.mount_namespace ||
                               share_name_files(input.options.root, view.root);
    // what this process finds out says nothing of nginx then
    if (!has_its_files)
        return {"", ""};
    if (!view.network_link.empty() && may_enter_network_namespace(view.network_link))
        return {view.network_namespace, view.network_link};
    return {input.known.network_namespace, ""};
}

// A name server that has a name has the first address that this has.
std::optional<SocketAddress> server_address(const std::string& text, const Snapshot& known) {
    constexpr std::uint16_t dns_port = 53;
    auto address = parse_address_and_port(text);
    if (!address) {
        const std::size_t colon = text.rfind(':');
        const std::string name = text.substr(0, colon);
        const auto found = std::ranges::find(known.dns.names, name, &NameFacts::name);
        if (found == known.dns.names.end() || found->addresses.empty())
            return std::nullopt;
        address = found->addresses.front();
        if (colon != std::string::npos)
            std::from_chars(text.data() + colon + 1, text.data() + text.size(), address->port);
    }
    if (address->port == 0)
        address->port = dns_port;
    return address;
}

struct Questions {
    std::vector<DnsQuestion> asked;
    std::vector<DnsAnswer> unasked; // whose server has no known address
};

Questions questions_of(const ProviderInput& input) {
    Questions questions;
    for (const Probe& probe : input.probes) {
        if (probe.kind != Probe::Kind::resolver_name)
            continue;
        for (const std::string& resolver : probe.resolvers) {
            if (const auto server = server_address(resolver, input.known)) {
                questions.asked.push_back({resolver, *server, probe.subject, probe.service});
                continue;
            }
            DnsAnswer& answer = questions.unasked.emplace_back();
            answer.resolver = resolver;
            answer.name = probe.subject;
            answer.type = probe.service.empty() ? "A" : "SRV";
            answer.reading = {ReadStatus::unsupported, resolver,
                              "the address of the name server is not known"};
        }
    }
    return questions;
}

} // namespace

Snapshot collect_dns_files(const ProviderInput& input) {
    Snapshot facts;
    const auto files = files_below(first_viewpoint(input).root);
    DnsFacts& dns = facts.dns;
    dns.hosts = parse_hosts(read_text(*files, "/etc/hosts", dns.hosts_reading));
    ResolvConf conf =
        parse_resolv_conf(read_text(*files, "/etc/resolv.conf", dns.resolv_conf_reading));
    dns.nameservers = std::move(conf.nameservers);
    dns.search = std::move(conf.search);
    return facts;
}

Snapshot collect_names(const ProviderInput& input) {
    Snapshot facts;
    const std::vector<std::string> names = probed_names(input);
    if (names.empty())
        return facts;
    const NamePlace place = name_place(input);
    facts.dns.names = look_up_names(names, place.link, input.options.connect_deadline, input.end);
    for (NameFacts& name : facts.dns.names)
        name.perspective = place.perspective;
    return facts;
}

Snapshot collect_resolver_answers(const ProviderInput& input) {
    Snapshot facts;
    if (input.options.mode != CollectOptions::ProbeMode::full)
        return facts;
    const Questions questions = questions_of(input);
    const Viewpoint view = first_viewpoint(input);
    // this thread is used for nothing else
    const bool is_own =
        view.network_link.empty() || enter_network_namespace(view.network_link).has_value();
    facts.dns.answers =
        ask_name_servers(questions.asked, input.options.connect_deadline, input.end);
    facts.dns.answers.insert(facts.dns.answers.end(), questions.unasked.begin(),
                             questions.unasked.end());
    for (DnsAnswer& answer : facts.dns.answers)
        answer.perspective = is_own ? input.known.network_namespace : view.network_namespace;
    return facts;
}

} // namespace upstream_lint
