#include "lint/coverage.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace upstream_lint {

namespace {

class List {
public:
    void add(std::string_view source, const Reading& reading) {
        if (reading.status != ReadStatus::not_asked) {
            rows_.push_back({.source = std::string(source),
                             .status = std::string(read_status_name(reading.status)),
                             .reason = reading.reason});
        }
    }

    /// Of many things of a kind: the worst of their readings. That one of them is not there has
    /// been read.
    template <typename Items> void add_worst(std::string_view source, const Items& items) {
        const Reading* worst = nullptr;
        for (const auto& item : items) {
            const Reading& reading = item.reading;
            if (worst == nullptr || badness(reading) > badness(*worst)) {
                worst = &reading;
            }
        }
        if (worst != nullptr && worst->status == ReadStatus::absent) {
            add(source, {.status = ReadStatus::ok, .source = worst->source, .reason = {}});
        } else if (worst != nullptr) {
            add(source, *worst);
        }
    }

    std::vector<Coverage> rows() && { return std::move(rows_); }

private:
    static std::size_t badness(const Reading& reading) {
        constexpr std::array order = {ReadStatus::ok,          ReadStatus::absent,
                                      ReadStatus::not_asked,   ReadStatus::partial,
                                      ReadStatus::unsupported, ReadStatus::timeout,
                                      ReadStatus::denied};
        return static_cast<std::size_t>(std::ranges::find(order, reading.status) - order.begin());
    }

    std::vector<Coverage> rows_;
};

template <typename Fact> void add_asked(const std::optional<Fact>& fact, std::vector<Fact>& facts) {
    if (fact && fact->reading.status != ReadStatus::not_asked) {
        facts.push_back(*fact);
    }
}

} // namespace

std::vector<Coverage> coverage_of(const Perspective& perspective, const Snapshot& facts) {
    List list;
    list.add("nginx", facts.nginx_reading);
    list.add("namespaces", facts.namespaces_reading);
    if (perspective.network != nullptr) {
        list.add("addresses", perspective.network->addresses_reading);
        list.add("tcp_listeners", perspective.network->tcp_reading);
        list.add("udp_sockets", perspective.network->udp_reading);
        list.add("unix_sockets", perspective.network->unix_reading);
    }
    list.add("socket_owners", facts.owners_reading);
    list.add_worst("paths", facts.paths);
    list.add_worst("names", facts.dns.names);
    list.add_worst("name_servers", facts.dns.answers);
    list.add("systemd", facts.systemd.reading);
    list.add("php_fpm_pools", facts.fpm.reading);
    for (const Engine& engine : facts.containers.engines) {
        list.add(engine.name, engine.reading);
    }
    list.add("accounts", facts.accounts_reading);
    list.add_worst("connections", facts.connects);
    std::vector<HandshakeFacts> handshakes;
    std::vector<ReplyFacts> replies;
    for (const ConnectFacts& connect : facts.connects) {
        add_asked(connect.handshake, handshakes);
        add_asked(connect.reply, replies);
    }
    list.add_worst("handshakes", handshakes);
    list.add_worst("requests", replies);
    return std::move(list).rows();
}

} // namespace upstream_lint
