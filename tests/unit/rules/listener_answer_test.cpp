#include "answers.hpp"

#include <string>
#include <vector>

namespace upstream_lint::test {

namespace {

/// The host's network namespace with some listeners.
std::string host_with(const std::string& listeners, const std::string& more = "") {
    return R"("capture": {"netns": "1"}, "netns": [{"id": "1",
        "addresses": ["127.0.0.1/8", "::1/128", "192.0.2.2/24", "172.18.0.1/16"],
        "readings": {"addresses": "ok", "tcp_listeners": "ok"}, "tcp_listeners": [)" +
           listeners + "]}" + (more.empty() ? "]" : ", " + more);
}

/// A namespace of a container, and the end of the list of them.
std::string app_listening(const std::string& listeners) {
    return R"({"id": "7", "container": "7a2b", "addresses": ["127.0.0.1/8", "172.18.0.4/16"],
        "readings": {"addresses": "ok", "tcp_listeners": "ok"}, "tcp_listeners": [)" +
           listeners + "]}]";
}

std::string containers(const std::string& items) {
    return R"(, "containers": {"engines": [{"name": "docker", "status": "ok"}], "items": [)" +
           items +
           R"(], "networks": [
        {"name": "shop_default", "id": "a1", "driver": "bridge", "subnets": ["172.18.0.0/16"]},
        {"name": "lan", "id": "m1", "driver": "macvlan", "subnets": ["192.0.2.0/24"]}]})";
}

std::string app(const std::string& status, const std::string& ports = "",
                const std::string& id = "7a2b") {
    return R"({"id": ")" + id + R"(", "engine": "docker", "names": ["app)" + id +
           R"("], "state": {"status": ")" + status +
           R"("}, "network_mode": "shop_default", "sandbox_netns": ")" +
           (status == "running" || status == "paused" ? "7" : "") +
           R"(", "networks": [{"name": "shop_default", "id": "a1")" +
           (status == "running" || status == "paused" ? R"(, "ipv4": "172.18.0.4")" : "") +
           R"(}], "ports": [)" + ports + "]}";
}

std::string probed(const std::string& address, const std::string& end) {
    return R"(, "probes": [{"perspective": "1", "target": ")" + address + R"(", )" + end + "}]";
}

const std::string any_3000 = R"({"addr": "0.0.0.0", "port": 3000})";
const std::string proxy_8080 = R"({"addr": "0.0.0.0", "port": 8080, "comm": "docker-proxy"})";
const std::string web = R"({"port": 80, "host_port": 8080, "host_ip": "0.0.0.0"})";

} // namespace

TEST_CASE("listeners of nginx's own network namespace") {
    struct Row {
        std::string what;
        std::string address;
        std::string listeners;
        Said said;
    };

    const std::vector<Row> rows = {
        {"nobody", "127.0.0.1:3000", "", is_violated("no-listener")},
        {"the address", "127.0.0.1:3000", R"({"addr": "127.0.0.1", "port": 3000})", is_satisfied},
        {"the wildcard", "127.0.0.1:3000", any_3000, is_satisfied},
        {"another port", "127.0.0.1:3001", any_3000, is_violated("no-listener")},
        {"another address", "127.0.0.2:3000", R"({"addr": "127.0.0.1", "port": 3000})",
         is_violated("listener-on-other-address")},
        {"an address of an interface", "192.0.2.2:3000", any_3000, is_satisfied},
        {"loopback alone", "192.0.2.2:3000", R"({"addr": "127.0.0.1", "port": 3000})",
         is_violated("listener-on-other-address")},
        {"IPv6 takes IPv4", "127.0.0.1:3000", R"({"addr": "::", "port": 3000, "v6only": false})",
         is_satisfied},
        {"IPv6 alone", "127.0.0.1:3000", R"({"addr": "::", "port": 3000, "v6only": true})",
         is_violated("listener-on-other-address")},
        {"IPv6, not known", "127.0.0.1:3000", R"({"addr": "::", "port": 3000})", is_unknown},
        {"mapped", "127.0.0.1:3000", R"({"addr": "::ffff:127.0.0.1", "port": 3000})", is_satisfied},
        {"mapped target", "[::ffff:127.0.0.1]:3000", R"({"addr": "127.0.0.1", "port": 3000})",
         is_satisfied},
        {"IPv6 target", "[::1]:3000", R"({"addr": "::1", "port": 3000})", is_satisfied},
        {"IPv6 target, IPv4 listener", "[::1]:3000", any_3000,
         is_violated("listener-on-other-address")},
        {"wildcard target", "0.0.0.0:3000", R"({"addr": "127.0.0.1", "port": 3000})", is_satisfied},
        {"IPv6 wildcard target", "[::]:3000", R"({"addr": "::1", "port": 3000})", is_satisfied},
        {"address of nobody", "198.51.100.1:3000", "", is_unknown},
        {"link-local", "[fe80::1]:3000", "", is_violated("ipv6-unusable")},
        {"IPv6 without an address", "[2001:db8::1]:3000", "", is_violated("ipv6-unusable")},
        {"a queue that is full", "127.0.0.1:3000",
         R"({"addr": "127.0.0.1", "port": 3000, "queue": 129, "backlog": 128})",
         is_violated("tcp-accept-queue-full")},
        {"a queue with room", "127.0.0.1:3000",
         R"({"addr": "127.0.0.1", "port": 3000, "queue": 128, "backlog": 128})", is_satisfied},
        {"Docker's name server", "127.0.0.11:53", "", is_unknown},
        {"a proxy for nobody known", "127.0.0.1:8080", proxy_8080, is_unknown},
    };
    for (const Row& row : rows) {
        CAPTURE(row.what);
        CHECK(at_address(row.address, host_with(row.listeners)) == row.said);
    }
}

TEST_CASE("without the whole list nothing is missing") {
    const std::string partial = R"("capture": {"netns": "1"}, "netns": [{"id": "1",
        "addresses": ["127.0.0.1/8"], "readings": {"addresses": "ok", "tcp_listeners": "partial"},
        "tcp_listeners": [{"addr": "127.0.0.1", "port": 3000}]}])";
    CHECK(at_address("127.0.0.1:3000", partial) == is_satisfied);
    CHECK(at_address("127.0.0.1:3001", partial) == is_unknown);
    CHECK(at_address("127.0.0.1:3000", "") == is_unknown);
}

TEST_CASE("connections that were tried") {
    struct Row {
        std::string what;
        std::string address;
        std::string end;
        Said said;
    };

    const std::string away = "198.51.100.1:80";
    const std::vector<Row> rows = {
        {"made", away, R"("status": "ok", "connect": {"ms": 1.5})", is_satisfied},
        {"timed out", away, R"("status": "timeout")", is_violated("firewall-drop")},
        {"refused", away, R"("status": "ok", "connect": {"errno": "ECONNREFUSED"})",
         is_violated("no-listener")},
        {"refused though somebody listens", "127.0.0.1:3000",
         R"("status": "ok", "connect": {"errno": "ECONNREFUSED"})", is_violated("firewall-reject")},
        {"unreachable at once", away,
         R"("status": "ok", "connect": {"errno": "EHOSTUNREACH", "ms": 2})",
         is_violated("firewall-reject")},
        {"unreachable later", away,
         R"("status": "ok", "connect": {"errno": "EHOSTUNREACH", "ms": 3060})",
         is_violated("host-unreachable")},
        {"no route", away, R"("status": "ok", "connect": {"errno": "ENETUNREACH"})",
         is_violated("no-route")},
        {"no port left", away, R"("status": "ok", "connect": {"errno": "EADDRNOTAVAIL"})",
         is_unknown},
        {"no IPv6", "[2001:db8::1]:80", R"("status": "ok", "connect": {"errno": "EADDRNOTAVAIL"})",
         is_violated("ipv6-unusable")},
        {"forbidden, nobody knows by what", away,
         R"("status": "ok", "connect": {"errno": "EACCES"})", is_unknown},
        {"not tried", away, R"("status": "unsupported")", is_unknown},
        {"made where tables show nobody", "127.0.0.1:4000",
         R"("status": "ok", "connect": {"ms": 0.1})", is_satisfied},
    };
    for (const Row& row : rows) {
        CAPTURE(row.what);
        CHECK(at_address(row.address, host_with(any_3000) + probed(row.address, row.end)) ==
              row.said);
    }
    CHECK(at_address(away, host_with("") +
                               probed(away, R"("status": "ok", "connect": {"errno": "EACCES"})") +
                               R"(, "mac": {"selinux": {"enforcing": true}})") ==
          is_violated("selinux-network"));
}

TEST_CASE("containers from the host") {
    struct Row {
        std::string what;
        std::string address;
        std::string host;
        std::string inside;
        std::string items;
        Said said;
    };

    const std::string all_80 = R"({"addr": "0.0.0.0", "port": 80})";
    const std::string loopback_80 = R"({"addr": "127.0.0.1", "port": 80})";
    const std::vector<Row> rows = {
        {"published", "127.0.0.1:8080", proxy_8080, all_80, app("running", web), is_satisfied},
        {"published without a proxy", "127.0.0.1:8080", "", all_80, app("running", web),
         is_satisfied},
        {"nobody inside", "127.0.0.1:8080", proxy_8080, "", app("running", web),
         is_violated("docker-proxy-accepts-dead-app")},
        {"loopback inside", "127.0.0.1:8080", proxy_8080, loopback_80, app("running", web),
         is_violated("backend-binds-loopback")},
        {"loopback inside, proxy too", "127.0.0.1:8080",
         R"({"addr": "0.0.0.0", "port": 8080, "comm": "pasta.avx2"})", loopback_80,
         app("running", web), is_unknown},
        {"stopped", "127.0.0.1:8080", "", "", app("exited", web),
         is_violated("container-not-running")},
        {"stopped, and another program", "127.0.0.1:8080",
         R"({"addr": "127.0.0.1", "port": 8080, "comm": "node"})", "", app("exited", web),
         is_satisfied},
        {"stopped, and its successor", "127.0.0.1:8080", proxy_8080, all_80,
         app("exited", web, "0001") + ", " + app("running", web), is_satisfied},
        {"paused", "127.0.0.1:8080", proxy_8080, all_80, app("paused", web),
         is_violated("container-paused")},
        {"published elsewhere", "192.0.2.2:8080", "", all_80,
         app("running", R"({"port": 80, "host_port": 8080, "host_ip": "127.0.0.1"})"),
         is_violated("published-on-other-address")},
        {"not published", "127.0.0.1:80", "", all_80, app("running", R"({"port": 80})"),
         is_violated("port-not-published")},
        {"its own address", "172.18.0.4:80", "", all_80, app("running"), is_satisfied},
        {"nobody at its own address", "172.18.0.4:81", "", "", app("running"),
         is_violated("no-listener")},
        {"another port at its own address", "172.18.0.4:81", "", all_80, app("running"),
         is_violated("wrong-port")},
        {"the host's port at its own address", "172.18.0.4:8080", "", all_80, app("running", web),
         is_violated("published-port-inside")},
        {"nobody's address", "172.18.0.99:80", "", "", app("running"),
         is_violated("hardcoded-container-ip")},
        {"the bridge's address", "172.18.0.1:3000", any_3000, "", app("running"), is_satisfied},
        {"an address of another machine", "192.0.2.77:80", "", "", app("running"), is_unknown},
    };
    for (const Row& row : rows) {
        CAPTURE(row.what);
        CHECK(at_address(row.address, host_with(row.host, app_listening(row.inside)) +
                                          containers(row.items)) == row.said);
    }
}

TEST_CASE("nginx in a container") {
    struct Row {
        std::string what;
        std::string address;
        std::string host;
        std::string inside;
        std::string mode;
        Said said;
    };

    const std::string nginx = R"(, "nginx": {"instances": [{"netns": "5", "container": "5f1e"}]})";
    const auto members = [&](const Row& row) {
        const std::string own = R"({"id": "5", "container": "5f1e", "addresses": ["127.0.0.1/8"],
            "readings": {"addresses": "ok", "tcp_listeners": "ok"}}, )";
        const std::string item =
            R"({"id": "5f1e", "engine": "docker", "state": {"status": "running"},
            "network_mode": ")" +
            row.mode + R"(", "sandbox_netns": "5", "networks": [)" +
            (row.mode == "b_default"              ? R"({"name": "b_default", "id": "b2"})"
             : row.mode.starts_with("container:") ? ""
                                                  : R"({"name": "shop_default", "id": "a1"})") +
            "]}, ";
        std::string networks = containers(item + app("running", R"({"port": 3000})"));
        networks.insert(networks.rfind(']'), R"(,
            {"name": "b_default", "id": "b2", "driver": "bridge", "subnets": ["172.19.0.0/16"]})");
        return host_with(row.host, own + app_listening(row.inside)) + nginx + networks;
    };
    const std::vector<Row> rows = {
        {"loopback", "127.0.0.1:3000", "", any_3000, "shop_default",
         is_violated("container-loopback-target")},
        {"loopback, nobody anywhere", "127.0.0.1:4000", "", "", "shop_default",
         is_violated("no-listener")},
        {"loopback, the host has it", "127.0.0.1:4000", R"({"addr": "0.0.0.0", "port": 4000})", "",
         "shop_default", is_violated("container-loopback-target")},
        {"loopback of the host", "127.0.0.1:3000", "", any_3000, "host",
         is_violated("no-listener")},
        {"a container beside it", "172.18.0.4:3000", "", any_3000, "shop_default", is_satisfied},
        {"a container elsewhere", "172.18.0.4:3000", "", any_3000, "b_default",
         is_violated("no-shared-network")},
        {"the networks of another one", "172.18.0.4:3000", "", any_3000, "container:7a2b",
         is_satisfied},
        {"the host", "172.18.0.1:4000", R"({"addr": "0.0.0.0", "port": 4000})", "", "shop_default",
         is_satisfied},
        {"the host's loopback", "172.18.0.1:4000", R"({"addr": "127.0.0.1", "port": 4000})", "",
         "shop_default", is_violated("host-service-loopback-only")},
    };
    for (const Row& row : rows) {
        CAPTURE(row.what);
        CHECK(at_address(row.address, members(row)) == row.said);
    }
}

TEST_CASE("of a container's networks the one counts that has the address") {
    const auto members = [](const std::string& option) {
        std::string both = app("running");
        both.insert(both.find("}], \"ports\""),
                    R"(}, {"name": "b_default", "id": "b2", "ipv4": "172.19.0.4")");
        std::string networks = containers(R"({"id": "5f1e", "engine": "docker",
            "state": {"status": "running"}, "network_mode": "shop_default", "sandbox_netns": "5",
            "networks": [{"name": "shop_default", "id": "a1"}]}, )" +
                                          both);
        networks.insert(networks.find("\"driver\""), option);
        networks.insert(networks.rfind(']'), R"(,
            {"name": "b_default", "id": "b2", "driver": "bridge", "subnets": ["172.19.0.0/16"]})");
        return host_with("", R"({"id": "5", "container": "5f1e", "addresses": ["127.0.0.1/8"],
            "readings": {"addresses": "ok", "tcp_listeners": "ok"}}, )" +
                                 app_listening(any_3000)) +
               R"(, "nginx": {"instances": [{"netns": "5", "container": "5f1e"}]})" + networks;
    };
    CHECK(at_address("172.18.0.4:3000", members("")) == is_satisfied);
    CHECK(at_address("172.19.0.4:3000", members("")) == is_violated("no-shared-network"));
    CHECK(at_address("172.18.0.4:3000", members(R"("icc": false, )")) ==
          is_violated("inter-container-traffic-off"));
}

TEST_CASE("the network that a published container had before") {
    // the owner was started anew, and has namespace 7; the other one stayed in namespace 6
    const std::string facts =
        host_with(proxy_8080,
                  R"({"id": "6", "container": "6666", "readings": {"tcp_listeners": "ok"},
            "tcp_listeners": [{"addr": "0.0.0.0", "port": 80, "container": "6666"}]}, )" +
                      app_listening("")) +
        containers(app("running", web) + R"(, {"id": "6666", "engine": "docker",
            "names": ["side"], "state": {"status": "running"}, "network_mode": "container:7a2b",
            "sandbox_netns": "6"})");
    CHECK(at_address("127.0.0.1:8080", facts) == is_violated("netns-owner-restarted"));
    // the proxy takes connections all the same
    CHECK(at_address("127.0.0.1:8080", facts + probed("127.0.0.1:8080", R"("status": "ok")")) ==
          is_violated("netns-owner-restarted"));
    const Snapshot snapshot = read_facts(facts);
    const FactIndex index(snapshot);
    const auto address = parse_address_and_port("127.0.0.1:8080");
    const ProbeAnswer answer = answer_listener(*address, false, perspective_of(index), index);
    REQUIRE(answer.container != nullptr);
    CHECK(answer.container->id == "6666"); // the one to make anew
}

TEST_CASE("Podman gives a container the ports and addresses of the one whose network it has") {
    const std::string same = R"("networks": [{"name": "podman", "ipv4": "10.88.0.9"}],
        "ports": [{"port": 80, "proto": "tcp", "host_port": 8080, "host_ip": "127.0.0.1"}]})";
    const std::string facts =
        host_with(proxy_8080,
                  R"({"id": "6", "container": "6666", "readings": {"tcp_listeners": "ok"},
            "tcp_listeners": [{"addr": "0.0.0.0", "port": 80, "container": "6666"}]},
            {"id": "7", "container": "7777", "readings": {"tcp_listeners": "ok"},
            "tcp_listeners": []}])") +
        containers(R"({"id": "6666", "engine": "podman", "names": ["side"],
            "state": {"status": "running"}, "network_mode": "container:7777",
            "sandbox_netns": "6", )" +
                   same + R"(, {"id": "7777", "engine": "podman", "names": ["owner"],
            "state": {"status": "running"}, "network_mode": "bridge", "sandbox_netns": "7", )" +
                   same);
    CHECK(at_address("127.0.0.1:8080", facts) == is_violated("netns-owner-restarted"));
    CHECK(at_address("10.88.0.9:80", facts) == is_violated("netns-owner-restarted"));
}

TEST_CASE("facts that were read in nginx's container") {
    const auto read_there = [](const std::string& mode) {
        return R"("capture": {"netns": "5"}, "nginx": {"instances": [
            {"master_pid": 7, "netns": "5", "mntns": "6", "container": "5f1e"}]},
            "netns": [{"id": "5", "addresses": ["127.0.0.1/8", "172.18.0.2/16"],
            "readings": {"addresses": "ok", "tcp_listeners": "ok"}, "tcp_listeners": []}])" +
               containers(app("exited", web) + R"(, {"id": "5f1e", "engine": "docker",
            "names": ["web"], "state": {"status": "running"}, "network_mode": ")" +
                          mode + R"("})");
    };
    // what is published on the host means nothing in another network
    CHECK(at_address("127.0.0.1:8080", read_there("shop_default")) ==
          is_violated("container-loopback-target"));
    CHECK(at_address("127.0.0.1:8080", read_there("host")) == is_violated("container-not-running"));
}

TEST_CASE("listeners that may be of an engine which could not be asked") {
    struct Row {
        std::string what;
        std::string listener;
        std::string engine;
        Said said;
    };

    const std::string of_root = R"({"addr": "127.0.0.1", "port": 8080, "uid": 0})";
    const std::string of_other = R"({"addr": "127.0.0.1", "port": 8080, "uid": 1000})";
    const std::string of_program = R"({"addr": "127.0.0.1", "port": 8080, "comm": "node"})";
    const std::vector<Row> rows = {
        {"denied", of_root, "denied", is_unknown},
        {"in part", of_root, "partial", is_unknown},
        {"asked", of_root, "ok", is_satisfied},
        {"not there", of_root, "absent", is_satisfied},
        {"of another user", of_other, "denied", is_satisfied},
        {"of a program", of_program, "denied", is_satisfied},
    };
    for (const Row& row : rows) {
        CAPTURE(row.what);
        const std::string facts = host_with(row.listener) +
                                  R"(, "containers": {"engines": [{"name": "docker", "status": ")" +
                                  row.engine + R"("}], "items": []})";
        CHECK(at_address("127.0.0.1:8080", facts) == row.said);
    }
}

} // namespace upstream_lint::test
