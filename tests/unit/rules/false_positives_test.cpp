#include "answers.hpp"
#include "support/main_name.hpp"
#include "upstream_lint/lint.hpp"

#include <string>

/// What looks broken and is not: a case for each situation.
namespace upstream_lint::test {

namespace {

std::string listeners(const std::string& list, const std::string& more = "") {
    return R"("capture": {"netns": "1"}, "netns": [{"id": "1", "addresses": ["127.0.0.1/8"],
        "readings": {"addresses": "ok", "tcp_listeners": "ok"}, "tcp_listeners": [)" +
           list + "]}]" + more;
}

std::string socket_of(const std::string& worker, const std::string& file) {
    return R"("capture": {"netns": "1", "mntns": "2", "coverage": {"namespaces": "ok"}},
        "nginx": {"instances": [{"netns": "1", "mntns": "2", "workers": [)" +
           worker + R"(]}]},
        "netns": [{"id": "1", "readings": {"unix_sockets": "ok"}, "unix_listeners": [
            {"path": "/srv/a.sock", "type": "stream", "listening": true,
             "vfs": {"dev": 1, "ino": 2}}]}],
        "paths": [{"mntns": "2", "path": "/run/a.sock", "status": "ok", "components": [
            {"path": "/run/a.sock", "type": "socket", "dev": 1, "ino": 2, )" +
           file + "}]}]";
}

Severity worst_of(const std::string& conf, const std::string& members) {
    MemoryFileSystem files;
    files.add(main_name, "events { }\nhttp {\n" + conf + "}\n");
    LoadOptions options;
    options.keep_blocks = true;
    const auto model = build_model(load_config(files, main_name, options));
    REQUIRE(model);
    Severity worst = Severity::info;
    for (const Finding& finding : check(*model, plan_check(*model), read_facts(members)).findings) {
        worst = std::max(worst, finding.severity);
    }
    return worst;
}

const std::string worker = R"({"uid": 33, "gid": 33})";
const std::string plain = R"("acl_status": "absent", )";

} // namespace

TEST_CASE("a socket that systemd holds for a service that does not run is a listener") {
    CHECK(at_address("127.0.0.1:80",
                     listeners(R"({"addr": "127.0.0.1", "port": 80, "pid": 1, "comm": "systemd"})",
                               R"(, "systemd": {"units": [{"id": "app.service",
                                   "active": "inactive"}]})")) == is_satisfied);
}

TEST_CASE("servers of a group that others stand in for are no error") {
    const std::string facts = listeners(R"({"addr": "127.0.0.1", "port": 1})");
    const std::string server = "server { location / { proxy_pass http://app; } }\n";
    const auto group = [&](const std::string& servers) {
        return worst_of("upstream app { " + servers + " }\n" + server, facts);
    };
    CHECK(group("server 127.0.0.1:1; server 127.0.0.1:2 backup;") == Severity::warning);
    CHECK(group("server 127.0.0.1:1; server 127.0.0.1:2;") == Severity::warning);
    CHECK(group("server 127.0.0.1:1; server 127.0.0.1:2 down;") == Severity::info);
    CHECK(group("server 127.0.0.1:2; server 127.0.0.1:1 backup;") == Severity::warning);
    CHECK(group("server 127.0.0.1:2;") == Severity::error);
}

TEST_CASE("a web server listens where a proxy asks, whatever else asks there") {
    const std::string facts =
        listeners(R"({"addr": "127.0.0.1", "port": 1, "pid": 7, "comm": "apache2"})");
    const std::string gateway = "location /php { fastcgi_pass 127.0.0.1:1; }\n";
    const std::string proxy = "location / { proxy_pass http://127.0.0.1:1; }\n";
    CHECK(worst_of("server { " + gateway + "}", facts) == Severity::warning);
    CHECK(worst_of("server { " + gateway + proxy + "}", facts) == Severity::info);
    CHECK(worst_of("server { " + proxy + gateway + "}", facts) == Severity::info);
}

TEST_CASE("a name with one address that answers is well") {
    CHECK(at_name("localhost", 80,
                  listeners(R"({"addr": "127.0.0.1", "port": 80})",
                            R"(, "dns": {"static": [{"perspective": "1", "name": "localhost",
                                "status": "ok", "addrs": ["::1", "127.0.0.1"]}]})")) ==
          is_satisfied);
}

TEST_CASE("what is in a namespace that was not read is not missing") {
    const std::string elsewhere = R"("nginx": {"instances": [{"netns": "9", "mntns": "8"}]}, )";
    CHECK(at_address("127.0.0.1:80", elsewhere + listeners("")) == is_unknown);
    CHECK(at_path("/run/a.sock", elsewhere + listeners("")) == is_unknown);
}

TEST_CASE("sockets are found by their files, not by what they are called") {
    CHECK(at_path("/run/a.sock", socket_of(worker, plain + R"("mode": "0666")")) == is_satisfied);
}

TEST_CASE("a proxy of an engine says nothing of a program behind it") {
    for (const std::string program : {"docker-proxy", "rootlessport", "pasta.avx2", "conmon"}) {
        CAPTURE(program);
        CHECK(at_address("127.0.0.1:80", listeners(R"({"addr": "0.0.0.0", "port": 80, "comm": ")" +
                                                   program + R"("})")) == is_unknown);
    }
}

TEST_CASE("an IPv6 wildcard listener may take IPv4") {
    const auto at_wildcard = [](const std::string& more) {
        return at_address("127.0.0.1:80", listeners(R"({"addr": "::", "port": 80)" + more + "}"));
    };
    CHECK(at_wildcard(R"(, "v6only": false)") == is_satisfied);
    CHECK(at_wildcard("") == is_unknown);
    CHECK(at_wildcard(R"(, "v6only": true)") == is_violated("listener-on-other-address"));
}

TEST_CASE("an address that no interface has may be of another machine") {
    CHECK(at_address("192.0.2.7:80", listeners("")) == is_unknown);
}

TEST_CASE("workers are judged by what they may") {
    const std::string closed = plain + R"("mode": "0600", "uid": 0, "gid": 0)";
    CHECK(at_path("/run/a.sock", socket_of(worker, closed)) == is_violated("socket-mode-denied"));
    CHECK(at_path("/run/a.sock", socket_of(R"({"uid": 0, "gid": 0, "cap_eff": "1ffffffffff"})",
                                           closed)) == is_satisfied);
    CHECK(at_path("/run/a.sock", socket_of(R"({"uid": 33, "gid": 33, "cap_eff": "2"})", closed)) ==
          is_satisfied);
    CHECK(at_path("/run/a.sock", socket_of("", closed)) == is_unknown);
}

TEST_CASE("access control lists decide, and nobody guesses those that were not read") {
    const auto with_list = [](const std::string& list) {
        return at_path("/run/a.sock",
                       socket_of(worker, R"("mode": "0660", "uid": 7, "gid": 7, )" + list));
    };
    CHECK(with_list(R"("acl_status": "denied")") == is_unknown);
    CHECK(with_list(R"("acl_status": "absent")") == is_violated("socket-mode-denied"));
    CHECK(with_list(R"("acl_status": "ok", "acl": [{"tag": "user", "id": 33, "permissions": 6},
        {"tag": "mask", "permissions": 6}])") == is_satisfied);
    CHECK(with_list(R"("acl_status": "ok", "acl": [{"tag": "user", "id": 33, "permissions": 6},
        {"tag": "mask", "permissions": 4}])") == is_violated("socket-mode-denied"));
}

TEST_CASE("workers that shut down are not asked") {
    const std::string both = R"({"uid": 99, "gid": 99, "shutting_down": true}, )" + worker;
    CHECK(at_path("/run/a.sock",
                  socket_of(both, plain + R"("mode": "0660", "uid": 33, "gid": 33)")) ==
          is_satisfied);
}

} // namespace upstream_lint::test
