#include "answers.hpp"

#include <string>
#include <vector>

namespace upstream_lint::test {

namespace {

std::string looked_up(const std::string& end) {
    return R"("capture": {"netns": "1"}, "netns": [{"id": "1", "addresses": ["127.0.0.1/8", "::1/128"],
        "readings": {"addresses": "ok", "tcp_listeners": "ok"},
        "tcp_listeners": [{"addr": "127.0.0.1", "port": 3000}]}],
        "dns": {"static": [{"perspective": "1", "name": "app", )" +
           end + "}]}";
}

/// nginx in a container of the network `nets`, and a container that is called `app` there.
std::string with_app(const std::string& own_mode, const std::string& own_nets,
                     const std::string& status, const std::string& nets,
                     const std::string& asked = R"("status": "absent", "error": "EAI_NONAME")") {
    return R"("capture": {"netns": "1"}, "nginx": {"instances": [{"netns": "5", "container": "5f1e"}]},
        "netns": [{"id": "5", "container": "5f1e"}],
        "dns": {"static": [{"perspective": "5", "name": "app", )" +
           asked + R"(}]},
        "containers": {"engines": [{"name": "docker", "status": "ok"}], "items": [
            {"id": "5f1e", "names": ["web"], "project": "shop", "state": {"status": "running"},
             "network_mode": ")" +
           own_mode + R"(", "sandbox_netns": "5", "networks": [)" + own_nets + R"(]},
            {"id": "7a2b", "names": ["shop-app-1"], "project": "shop", "service": "app",
             "state": {"status": ")" +
           status + R"("}, "networks": [)" + nets + "]}]}";
}

const std::string shop = R"({"name": "shop_default", "id": "a1", "dns_names": ["app"]})";
const std::string own = R"({"name": "shop_default", "id": "a1"})";
const std::string blog = R"({"name": "blog_default", "id": "b2", "dns_names": ["app"]})";
const std::string bridge = R"({"name": "bridge", "id": "b0"})";

} // namespace

TEST_CASE("names that nginx looks up when it loads") {
    struct Row {
        std::string what;
        std::string end;
        Said said;
    };

    const std::vector<Row> rows = {
        {"one that answers", R"("status": "ok", "addrs": ["127.0.0.1"])", is_satisfied},
        {"one of two answers", R"("status": "ok", "addrs": ["::1", "127.0.0.1"])", is_satisfied},
        {"none answers", R"("status": "ok", "addrs": ["127.0.0.2"])",
         is_violated("listener-on-other-address")},
        {"one is elsewhere", R"("status": "ok", "addrs": ["127.0.0.2", "198.51.100.1"])",
         is_unknown},
        {"nobody knows it", R"("status": "absent", "error": "EAI_NONAME")",
         is_violated("host-not-found-at-load")},
        {"it takes too long", R"("status": "timeout")", is_unknown},
        {"it fails for now", R"("status": "unsupported", "error": "EAI_AGAIN")", is_unknown},
    };
    for (const Row& row : rows) {
        CAPTURE(row.what);
        CHECK(at_name("app", 3000, looked_up(row.end)) == row.said);
    }
    CHECK(at_name("other", 3000, looked_up(R"("status": "absent")")) == is_unknown);
    CHECK(at_name("app", 0, looked_up(R"("status": "ok", "addrs": ["198.51.100.1"])")) ==
          is_satisfied);
}

TEST_CASE("names of containers that nobody knows") {
    CHECK(at_name("app", 80, with_app("shop_default", own, "exited", shop)) ==
          is_violated("container-not-running"));
    CHECK(at_name("app", 80, with_app("shop_default", own, "running", blog)) ==
          is_violated("no-shared-network"));
    CHECK(at_name("app", 80, with_app("bridge", bridge, "running", bridge)) ==
          is_violated("default-bridge-no-dns"));
    CHECK(at_name("app", 80, with_app("host", "", "running", shop)) ==
          is_violated("network-mode-host-breaks-names"));
    CHECK(at_name("app", 80, with_app("container:gone", "", "running", shop)) ==
          is_violated("host-not-found-at-load"));
    CHECK(at_name("app", 80, with_app("shop_default", own, "running", shop)) ==
          is_violated("host-not-found-at-load"));
    CHECK(at_name("app", 80,
                  with_app("shop_default", own, "running", blog, R"("status": "timeout")")) ==
          is_unknown);
}

} // namespace upstream_lint::test
