#include "config/ascii.hpp"
#include "config/url.hpp"
#include "resolve/server_choice.hpp"
#include "support/read_model.hpp"

#include <algorithm>
#include <deque>
#include <doctest/doctest.h>
#include <random>
#include <string>
#include <vector>

namespace upstream_lint {
namespace {

using test::read_model;

Arrival arrival_at(std::string_view text, Protocol protocol = Protocol::http) {
    if (text.starts_with("unix:"))
        return {protocol, {.family = AddressFamily::unix_socket, .path = text.substr(5)}};
    const auto address = parse_address_and_port(text);
    REQUIRE(address);
    return {protocol, *address};
}

/// Its address, or `none`.
std::string listener_at(const Model& model, const Arrival& arrival) {
    const ListenerChoice choice = ServerChoice(model).find_listener(arrival);
    return choice.listener.is_none() ? "none"
                                     : socket_text(model.listener(choice.listener).address);
}

TEST_CASE("an exact address comes before all addresses of its family") {
    const Model model =
        read_model("http { server { listen 80; listen 127.0.0.1:80; }\n"
                   "server { listen unix:/a; listen [::1]:80; listen 127.0.0.1:81;\n"
                   "listen 127.0.0.1:80 quic; ssl_certificate a; ssl_certificate_key b; } }\n"
                   "stream { server { listen 82; return a; } }");
    CHECK(listener_at(model, arrival_at("127.0.0.1:80")) == "127.0.0.1:80");
    CHECK(listener_at(model, arrival_at("127.0.0.2:80")) == "0.0.0.0:80");
    CHECK(listener_at(model, arrival_at("0.0.0.0:80")) == "0.0.0.0:80");
    CHECK(listener_at(model, arrival_at("[::1]:80")) == "[::1]:80");
    CHECK(listener_at(model, arrival_at("[::2]:80")) == "none");
    CHECK(listener_at(model, arrival_at("127.0.0.2:81")) == "none");
    CHECK(listener_at(model, arrival_at("unix:/a")) == "unix:/a");
    CHECK(listener_at(model, arrival_at("unix:/b")) == "none");
    CHECK(listener_at(model, arrival_at("127.0.0.1:82")) == "none");
    CHECK(listener_at(model, arrival_at("127.0.0.1:82", Protocol::stream)) == "0.0.0.0:82");
    Arrival datagram = arrival_at("127.0.0.2:80");
    datagram.is_datagram = true;
    CHECK(listener_at(model, datagram) == "none");
    datagram = arrival_at("127.0.0.1:80");
    datagram.is_datagram = true;
    CHECK(listener_at(model, datagram) == "127.0.0.1:80");
}

TEST_CASE("a socket for both families takes IPv4 where nothing else does") {
    const Model both =
        read_model("http { server { listen [::]:80 ipv6only=off; listen [::]:81; } }");
    CHECK(listener_at(both, arrival_at("127.0.0.1:80")) == "[::]:80");
    CHECK(listener_at(both, arrival_at("127.0.0.1:81")) == "none");
    const Model mapped =
        read_model("http { server { listen [::]:80 ipv6only=off; } server { listen "
                   "[::ffff:127.0.0.1]:80; } server { listen 127.0.0.2:80; } }");
    CHECK(listener_at(mapped, arrival_at("127.0.0.1:80")) == "[::ffff:127.0.0.1]:80");
    CHECK(listener_at(mapped, arrival_at("127.0.0.2:80")) == "127.0.0.2:80");
}

TEST_CASE("listeners on names may be the ones that are meant") {
    const Model model = read_model("http { server { listen 80; } server { listen localhost:80; }\n"
                                   "server { listen localhost:81; } }");
    const ServerChoice servers(model);
    const ListenerChoice known = servers.find_listener(arrival_at("127.0.0.1:80"));
    CHECK(model.listener(known.listener).host.empty());
    REQUIRE(known.possible.size() == 1);
    CHECK(model.listener(known.possible[0]).servers[0] == ServerId{1});
    const ListenerChoice unknown = servers.find_listener(arrival_at("127.0.0.1:81"));
    CHECK(unknown.listener.is_none());
    CHECK(unknown.possible.size() == 1);
}

TEST_CASE("one server takes any name, unless its last pattern captures") {
    const Model model = read_model("http { server { listen 81; server_name a; }\n"
                                   "server { listen 82; server_name ~^(?<name>.)x; } }");
    ServerChoice servers(model);
    CHECK(servers.find_server(ListenerId{0}, "a").kind == ServerMatch::Kind::by_default);
    CHECK(servers.find_server(ListenerId{0}, "b").server == ServerId{0});
    CHECK(servers.find_server(ListenerId{1}, "b").kind == ServerMatch::Kind::by_default);
    const ServerMatch match = servers.find_server(ListenerId{1}, "bx");
    CHECK(match.kind == ServerMatch::Kind::regex);
    REQUIRE(match.matcher != nullptr);
    CHECK(match.name->text == "^(?<name>.)x");
    CHECK(match.matcher->groups()[1].end == 1);
    REQUIRE(match.matcher->named_captures().size() == 1);
    CHECK(match.matcher->named_captures()[0].name == "name");
}

TEST_CASE("a pattern that goes back too often ends the search") {
    const Model model = read_model("http { server { listen 81; server_name ~^(a+)+$; }\n"
                                   "server { listen 81; server_name ~a; } }");
    ServerChoice servers(model);
    const ServerMatch match = servers.find_server(ListenerId{0}, std::string(40, 'a') + "!");
    CHECK(match.kind == ServerMatch::Kind::failed);
    CHECK(match.server == ServerId{0});
}

TEST_CASE("an empty name is one like others, and no pattern is tried for it") {
    const Model model = read_model("http { server { listen 81; server_name a ~^$ ~.*; }\n"
                                   "server { listen 81; } server { listen 82; server_name ~.*; }\n"
                                   "server { listen 82 default_server; server_name b; } }");
    ServerChoice servers(model);
    CHECK(servers.find_server(ListenerId{0}, "").server == ServerId{1});
    CHECK(servers.find_server(ListenerId{0}, "x").server == ServerId{0});
    CHECK(servers.find_server(ListenerId{1}, "").server == ServerId{3});
    CHECK(servers.find_server(ListenerId{0}, std::nullopt).server == ServerId{0});
}

TEST_CASE("the name of the machine is looked at where it is known, and named where it is not") {
    const Model model = read_model("http { server { listen 81; server_name a; }\n"
                                   "server { listen 81; server_name $hostname; }\n"
                                   "server { listen 81; server_name b .c; } }");
    ServerChoice known(model, {.hostname = "Machine"});
    CHECK(known.find_server(ListenerId{0}, "machine").server == ServerId{1});
    CHECK(known.find_server(ListenerId{0}, "machine").if_hostname.is_none());
    CHECK(known.find_server(ListenerId{0}, "x").server == ServerId{0});
    ServerChoice same(model, {.hostname = "b"});
    CHECK(same.find_server(ListenerId{0}, "b").server == ServerId{1});

    ServerChoice unknown(model);
    CHECK(unknown.find_server(ListenerId{0}, "a").if_hostname.is_none());
    CHECK(unknown.find_server(ListenerId{0}, "").if_hostname.is_none());
    for (const std::string_view host : {"b", "c", "x.c", "x"})
        CHECK(unknown.find_server(ListenerId{0}, host).if_hostname == ServerId{1});
    CHECK(unknown.find_server(ListenerId{0}, "b").server == ServerId{2});
}

/// A configuration of random servers, and what nginx's rules say of it.
class RandomServers {
public:
    explicit RandomServers(std::mt19937& random) : random_(random) {
        servers_.resize(1 + random_() % 6);
        bool has_default = false;
        for (Server& server : servers_) {
            server.is_default = !has_default && random_() % 4 == 0;
            has_default = has_default || server.is_default;
            for (auto count = random_() % 4; count > 0; --count)
                server.names.push_back(random_name());
        }
    }

    [[nodiscard]] std::string text() const {
        std::string text = "http {\n";
        for (const Server& server : servers_) {
            text += "server { listen 127.0.0.1:80" +
                    std::string(server.is_default ? " default_server" : "") + "; ";
            for (const std::string& name : server.names)
                text += "server_name \"" + name + "\"; ";
            text += "}\n";
        }
        return text + "}";
    }

    std::string random_host() {
        std::string host(1, letter());
        for (auto more = random_() % 4; more > 0; --more)
            host += std::string(".") + letter();
        return random_() % 12 == 0 ? "" : host;
    }

    [[nodiscard]] std::uint32_t answering(const std::string& host) const {
        std::uint32_t standard = 0;
        for (std::uint32_t i = 0; i < servers_.size(); ++i)
            standard = servers_[i].is_default ? i : standard;
        if (servers_.size() == 1)
            return standard;
        ServerNameTable table; // which has a random test of its own
        std::deque<std::string> lowered;
        for (std::uint32_t i = 0; i < servers_.size(); ++i) {
            if (servers_[i].names.empty())
                table.add("", i);
            for (const std::string& name : servers_[i].names)
                if (!name.starts_with('~'))
                    table.add(lowered.emplace_back(lower(name)), i);
        }
        if (const auto found = table.find(host); found != ServerNameTable::none)
            return found;
        for (std::uint32_t i = 0; i < servers_.size() && !host.empty(); ++i)
            for (const std::string& name : servers_[i].names)
                if (name.starts_with('~') && matches(name.substr(1), host))
                    return i;
        return standard;
    }

private:
    struct Server {
        bool is_default = false;
        std::vector<std::string> names;
    };

    static bool matches(const std::string& pattern, const std::string& host) {
        const bool has_upper =
            std::ranges::any_of(pattern, [](char c) { return c >= 'A' && c <= 'Z'; });
        return Matcher(pattern, has_upper ? Case::insensitive : Case::sensitive).match(host) ==
               Matcher::Outcome::matched;
    }

    char letter() { return "abc"[random_() % 3]; }

    std::string random_name() {
        std::string name(1, letter());
        for (auto more = random_() % 3; more > 0; --more)
            name += std::string(".") + (random_() % 8 == 0 ? 'A' : letter());
        switch (random_() % 8) {
        case 0:
            return "*." + name;
        case 1:
            return "." + name;
        case 2:
            return name + ".*";
        case 3:
            return "~^" + name;
        case 4:
            return "~" + name + "$";
        default:
            return name;
        }
    }

    std::mt19937& random_;
    std::vector<Server> servers_;
};

TEST_CASE("the server found is that of nginx's rules") {
    const auto seed = std::random_device{}();
    CAPTURE(seed);
    std::mt19937 random(seed);
    for (int round = 0; round < 300; ++round) {
        RandomServers expected(random);
        const std::string text = expected.text();
        CAPTURE(text);
        const Model model = read_model(text);
        ServerChoice servers(model);
        for (int query = 0; query < 30; ++query) {
            const std::string host = expected.random_host();
            CAPTURE(host);
            REQUIRE(servers.find_server(ListenerId{0}, host).server.value ==
                    expected.answering(host));
        }
    }
}

} // namespace
} // namespace upstream_lint
