#include "host/name_servers.hpp"

#include <fmt/format.h>

#if UPSTREAM_LINT_HAS_CARES

#include <algorithm>
#include <ares.h>
#include <arpa/nameser.h>
#include <array>
#include <cstring>
#include <map>
#include <memory>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <utility>

namespace upstream_lint {

namespace {

// Buffers of sockets drop what is more than a few hundred datagrams.
constexpr std::size_t max_open = 64;
// A datagram may get lost: the second try waits twice as long.
constexpr int tries = 2;
constexpr int shares_of_tries = 3;
constexpr int max_addresses = 1024;

struct ServiceTarget {
    std::string name;
    std::uint16_t port = 0;
};

// One record type of one name. Stays where it is while c-ares has its address.
struct Query {
    std::string name;
    int type = ns_t_a;
    bool is_sent = false;
    bool is_over = false;
    int status = ARES_ETIMEOUT;
    std::string rcode{};
    std::vector<SocketAddress> addresses{};
    std::vector<ServiceTarget> targets{};
};

std::string rcode_name(unsigned code) {
    constexpr std::array names = {"NOERROR",  "FORMERR", "SERVFAIL",
                                  "NXDOMAIN", "NOTIMP",  "REFUSED"};
    return code < names.size() ? names.at(code) : fmt::format("RCODE{}", code);
}

void read_a(const unsigned char* bytes, int size, Query& query) {
    std::vector<ares_addrttl> found(max_addresses);
    int count = max_addresses;
    if (::ares_parse_a_reply(bytes, size, nullptr, found.data(), &count) != ARES_SUCCESS)
        return;
    for (int i = 0; i < count; ++i) {
        SocketAddress address;
        const in_addr& inet = found[static_cast<std::size_t>(i)].ipaddr;
        std::memcpy(address.bytes.data(), &inet, sizeof inet);
        query.addresses.push_back(address);
    }
}

void read_aaaa(const unsigned char* bytes, int size, Query& query) {
    std::vector<ares_addr6ttl> found(max_addresses);
    int count = max_addresses;
    if (::ares_parse_aaaa_reply(bytes, size, nullptr, found.data(), &count) != ARES_SUCCESS)
        return;
    for (int i = 0; i < count; ++i) {
        SocketAddress address;
        address.family = AddressFamily::inet6;
        const ares_in6_addr& inet6 = found[static_cast<std::size_t>(i)].ip6addr;
        std::memcpy(address.bytes.data(), &inet6, sizeof inet6);
        query.addresses.push_back(address);
    }
}

void read_srv(const unsigned char* bytes, int size, Query& query) {
    ares_srv_reply* first = nullptr;
    if (::ares_parse_srv_reply(bytes, size, &first) != ARES_SUCCESS)
        return;
    const std::unique_ptr<ares_srv_reply, void (*)(void*)> list(first, &::ares_free_data);
    for (const ares_srv_reply* reply = list.get(); reply != nullptr; reply = reply->next)
        query.targets.push_back({reply->host, reply->port});
}

extern "C" void take_dns_answer(void* argument, int status, int /*timeouts*/, unsigned char* bytes,
                                int size) {
    constexpr int header_size = 12;
    constexpr unsigned rcode_bits = 0x0f;
    Query& query = *static_cast<Query*>(argument);
    query.is_over = true;
    query.status = status;
    if (bytes == nullptr || size < header_size)
        return;
    query.rcode = rcode_name(bytes[3] & rcode_bits);
    if (query.type == ns_t_a)
        read_a(bytes, size, query);
    else if (query.type == ns_t_aaaa)
        read_aaaa(bytes, size, query);
    else
        read_srv(bytes, size, query);
}

struct ChannelCloser {
    void operator()(ares_channeldata* channel) const { ::ares_destroy(channel); }
};

using Channel = std::unique_ptr<ares_channeldata, ChannelCloser>;

// One name server, without what resolv.conf says.
Channel open_channel(const SocketAddress& server, std::chrono::milliseconds deadline) {
    std::string lookups = "b";
    ares_options options{};
    // an answer is one, whatever its code
    options.flags = ARES_FLAG_NOSEARCH | ARES_FLAG_NOALIASES | ARES_FLAG_NOCHECKRESP;
    options.timeout = std::max(static_cast<int>(deadline.count()) / shares_of_tries, 1);
    options.tries = tries;
    options.lookups = lookups.data();
    ares_channel opened = nullptr;
    if (::ares_init_options(&opened, &options,
                            ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES |
                                ARES_OPT_LOOKUPS) != ARES_SUCCESS)
        return nullptr;
    Channel channel(opened);
    if (::ares_set_servers_ports_csv(channel.get(), socket_text(server).c_str()) != ARES_SUCCESS)
        return nullptr;
    return channel;
}

void wait_for_answers(ares_channel channel, Clock::time_point end) {
    std::array<ares_socket_t, ARES_GETSOCK_MAXNUM> sockets{};
    const int wanted = ::ares_getsock(channel, sockets.data(), ARES_GETSOCK_MAXNUM);
    std::vector<pollfd> watched;
    for (std::size_t i = 0; i < sockets.size(); ++i) {
        short events = 0;
        if (ARES_GETSOCK_READABLE(static_cast<unsigned>(wanted), i))
            events |= POLLIN;
        if (ARES_GETSOCK_WRITABLE(static_cast<unsigned>(wanted), i))
            events |= POLLOUT;
        if (events != 0)
            watched.push_back({sockets.at(i), events, 0});
    }
    const auto rest = std::chrono::duration_cast<std::chrono::microseconds>(end - Clock::now());
    constexpr std::int64_t second = 1'000'000;
    timeval longest{};
    longest.tv_sec = std::max<std::int64_t>(rest.count(), 0) / second;
    longest.tv_usec = std::max<std::int64_t>(rest.count(), 0) % second;
    timeval next{};
    const timeval* patience = ::ares_timeout(channel, &longest, &next);
    const auto milliseconds = patience->tv_sec * 1000 + patience->tv_usec / 1000 + 1;
    ::poll(watched.data(), watched.size(), static_cast<int>(milliseconds));
    for (const pollfd& one : watched) {
        constexpr short readable = POLLIN | POLLERR | POLLHUP;
        ::ares_process_fd(channel, (one.revents & readable) != 0 ? one.fd : ARES_SOCKET_BAD,
                          (one.revents & POLLOUT) != 0 ? one.fd : ARES_SOCKET_BAD);
    }
    if (watched.empty())
        ::ares_process_fd(channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
}

// Sends all queries to one server; those that were not answered by `end` stay timed out.
void run_queries(const SocketAddress& server, std::vector<Query>& queries,
                 std::chrono::milliseconds deadline, Clock::time_point end) {
    const Channel channel = open_channel(server, deadline);
    if (!channel) {
        for (Query& query : queries)
            query.status = ARES_ENOTINITIALIZED;
        return;
    }
    std::size_t sent = 0;
    std::size_t first_open = 0;
    while (first_open < queries.size() && Clock::now() < end) {
        while (sent < queries.size() && sent - first_open < max_open) {
            Query& query = queries[sent++];
            query.is_sent = true;
            ::ares_query(channel.get(), query.name.c_str(), ns_c_in, query.type, take_dns_answer,
                         &query);
        }
        while (first_open < sent && queries[first_open].is_over)
            ++first_open;
        if (first_open < sent && !queries[first_open].is_over)
            wait_for_answers(channel.get(), end);
    }
    ::ares_cancel(channel.get());
}

Reading reading_of(const Query& query) {
    constexpr const char* source = "c-ares";
    // a cancelled one is one that was not answered in time
    if (!query.rcode.empty())
        return {ReadStatus::ok, source, ""};
    if (query.status == ARES_ETIMEOUT || query.status == ARES_ECANCELLED)
        return {ReadStatus::timeout, source, "no answer in time"};
    if (query.status == ARES_ECONNREFUSED)
        return {ReadStatus::ok, source, ""};
    return {ReadStatus::unsupported, source, ::ares_strerror(query.status)};
}

// nginx: ngx_resolve_name, what is asked for `service=`.
std::string service_name(const std::string& service, const std::string& name) {
    if (service.find('.') == std::string::npos)
        return fmt::format("_{}._tcp.{}", service, name);
    return fmt::format("{}.{}", service, name);
}

std::string type_name(int type) {
    return type == ns_t_a ? "A" : type == ns_t_aaaa ? "AAAA" : "SRV";
}

DnsAnswer answer_of(const DnsQuestion& question, const Query& query) {
    DnsAnswer answer{.perspective = {},
                     .resolver = question.resolver,
                     .name = question.name,
                     .type = type_name(query.type),
                     .reading = reading_of(query),
                     .rcode = query.rcode,
                     .addresses = query.addresses};
    if (answer.reading.is_complete() && query.rcode.empty())
        answer.rcode = "ECONNREFUSED";
    return answer;
}

// The addresses of a service's targets, with their ports, in the order of the records.
std::vector<SocketAddress> service_addresses(const Query& service,
                                             const std::map<std::string, const Query*>& a,
                                             const std::map<std::string, const Query*>& aaaa) {
    std::vector<SocketAddress> addresses;
    for (const ServiceTarget& target : service.targets)
        for (const auto* table : {&a, &aaaa})
            for (SocketAddress address : table->at(target.name)->addresses) {
                address.port = target.port;
                addresses.push_back(address);
            }
    return addresses;
}

// What the records of services name, of all of them once.
void resolve_targets(const SocketAddress& server, std::vector<Query>& queries,
                     std::chrono::milliseconds deadline, Clock::time_point end) {
    std::map<std::string, const Query*> a;
    std::map<std::string, const Query*> aaaa;
    for (const Query& query : queries)
        for (const ServiceTarget& target : query.targets)
            a.emplace(target.name, nullptr);
    std::vector<Query> asked;
    asked.reserve(2 * a.size());
    for (auto& [name, query] : a) {
        query = &asked.emplace_back(Query{.name = name, .type = ns_t_a});
        aaaa.emplace(name, &asked.emplace_back(Query{.name = name, .type = ns_t_aaaa}));
    }
    run_queries(server, asked, deadline, end);
    for (Query& query : queries)
        if (query.type == ns_t_srv)
            query.addresses = service_addresses(query, a, aaaa);
}

std::vector<Query> queries_of(const DnsQuestion& question) {
    if (!question.service.empty())
        return {{.name = service_name(question.service, question.name), .type = ns_t_srv}};
    return {{.name = question.name, .type = ns_t_a}, {.name = question.name, .type = ns_t_aaaa}};
}

std::vector<DnsAnswer> ask_server(const SocketAddress& server,
                                  const std::vector<const DnsQuestion*>& questions,
                                  std::chrono::milliseconds deadline, Clock::time_point end) {
    std::vector<Query> queries;
    std::vector<const DnsQuestion*> owners;
    for (const DnsQuestion* question : questions)
        for (Query& query : queries_of(*question)) {
            queries.push_back(std::move(query));
            owners.push_back(question);
        }
    run_queries(server, queries, deadline, end);
    resolve_targets(server, queries, deadline, end);
    std::vector<DnsAnswer> answers;
    for (std::size_t i = 0; i < queries.size(); ++i)
        answers.push_back(answer_of(*owners[i], queries[i]));
    return answers;
}

} // namespace

std::vector<DnsAnswer> ask_name_servers(const std::vector<DnsQuestion>& questions,
                                        std::chrono::milliseconds deadline, Clock::time_point end) {
    std::map<SocketAddress, std::vector<const DnsQuestion*>> by_server;
    for (const DnsQuestion& question : questions)
        by_server[question.server].push_back(&question);
    std::map<const DnsQuestion*, std::vector<DnsAnswer>> by_question;
    for (const auto& [server, asked] : by_server) {
        std::size_t next = 0;
        std::vector<DnsAnswer> answers = ask_server(server, asked, deadline, end);
        for (const DnsQuestion* question : asked)
            for (std::size_t i = 0; i < queries_of(*question).size(); ++i)
                by_question[question].push_back(std::move(answers[next++]));
    }
    std::vector<DnsAnswer> ordered;
    for (const DnsQuestion& question : questions)
        std::ranges::move(by_question[&question], std::back_inserter(ordered));
    return ordered;
}

} // namespace upstream_lint

#else

namespace upstream_lint {

std::vector<DnsAnswer> ask_name_servers(const std::vector<DnsQuestion>& questions,
                                        std::chrono::milliseconds /*deadline*/,
                                        Clock::time_point /*end*/) {
    std::vector<DnsAnswer> answers;
    for (const DnsQuestion& question : questions) {
        DnsAnswer answer;
        answer.resolver = question.resolver;
        answer.name = question.name;
        answer.type = question.service.empty() ? "A" : "SRV";
        answer.reading = {ReadStatus::unsupported, "c-ares", "this build was made without c-ares"};
        answers.push_back(std::move(answer));
    }
    return answers;
}

} // namespace upstream_lint

#endif
