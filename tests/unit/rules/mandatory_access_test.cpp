#include "answers.hpp"
#include "rules/mandatory_access.hpp"

#include <fmt/format.h>
#include <string>

namespace upstream_lint::test {

namespace {

const std::string of_httpd = "system_u:system_r:httpd_t:s0";
const std::string free_of_rules = "unconfined_u:unconfined_r:unconfined_t:s0-s0:c0.c1023";
const std::string enforcing = R"("mac": {"selinux": {"enforcing": true}}, )";
const std::string permissive = R"("mac": {"selinux": {"enforcing": false}}, )";

/// At a socket that listens, with what connecting to it came to: who connected has a uid and a
/// label, the worker a label.
std::string facts(const std::string& mac, int uid, const std::string& own,
                  const std::string& of_worker, const std::string& errno_name,
                  const std::string& mode = "0666") {
    return mac + fmt::format(
                     R"("capture": {{"netns": "1", "mntns": "2", "uid": {}, "label": "{}",
                               "coverage": {{"namespaces": "ok"}}}},
               "nginx": {{"instances": [{{"netns": "1", "mntns": "2", "workers": [
                   {{"uid": 33, "gid": 33, "mac": {{"label": "{}"}}}}]}}]}},
               "netns": [{{"id": "1", "readings": {{"unix_sockets": "ok"}}, "unix_listeners": [
                   {{"path": "/a", "type": "stream", "listening": true,
                     "vfs": {{"dev": 1, "ino": 2}}}}]}}],
               "paths": [{{"mntns": "2", "path": "/a", "status": "ok", "components": [
                   {{"path": "/a", "type": "socket", "dev": 1, "ino": 2, "mode": "{}",
                     "acl_status": "absent"}}]}}],
               "probes": [{{"perspective": "1", "target": "unix:/a", "status": "ok",
                            "connect": {{"errno": "{}"}}}}])",
                     uid, own, of_worker, mode, errno_name);
}

Said at_socket(const std::string& members) {
    return at_path("/a", members);
}

const Said by_selinux = is_violated("selinux-socket");
const Said by_apparmor = is_violated("apparmor-denied");
const std::string nginx = "nginx (enforce)";

} // namespace

TEST_CASE("labels of SELinux have a type") {
    CHECK(selinux_type(of_httpd) == "httpd_t");
    CHECK(selinux_type("system_u:object_r:var_run_t") == "var_run_t");
    CHECK(selinux_type(nginx).empty());
    CHECK(selinux_type("").empty());
}

TEST_CASE("what modes allow and SELinux refuses to a process that speaks for nginx") {
    CHECK(at_socket(facts(enforcing, 0, free_of_rules, of_httpd, "EACCES")) == by_selinux);
    CHECK(at_socket(facts(enforcing, 0, of_httpd, of_httpd, "EACCES")) == by_selinux);
    CHECK(at_socket(facts(enforcing, 0, of_httpd, of_httpd, "EACCES", "0600")) ==
          is_violated("socket-mode-denied"));
}

TEST_CASE("a refusal of somebody else accuses nobody") {
    // confined otherwise than nginx
    CHECK(at_socket(facts(enforcing, 0, "system_u:system_r:container_t:s0", of_httpd, "EACCES")) ==
          is_unknown);
    CHECK(at_socket(facts(enforcing, 0, "", of_httpd, "EACCES")) == is_unknown);
    CHECK(at_socket(facts(enforcing, 0, of_httpd, "", "EACCES")) == is_unknown);
    CHECK(at_socket(facts(permissive, 0, of_httpd, of_httpd, "EACCES")) == is_unknown);
    CHECK(at_socket(facts("", 0, of_httpd, of_httpd, "EACCES")) == is_unknown);
    // whose modes are not those of the workers
    CHECK(at_socket(facts(enforcing, 1000, free_of_rules, of_httpd, "EACCES")) == is_satisfied);
    CHECK(at_socket(facts(enforcing, 0, of_httpd, of_httpd, "EAGAIN")) == is_satisfied);
}

TEST_CASE("what a profile of AppArmor refuses to a process in it") {
    CHECK(at_socket(facts("", 0, nginx, nginx, "EACCES")) == by_apparmor);
    CHECK(at_socket(facts("", 0, "nginx (kill)", "nginx (kill)", "EACCES")) == by_apparmor);
    CHECK(at_socket(facts("", 0, "nginx (complain)", "nginx (complain)", "EACCES")) == is_unknown);
    CHECK(at_socket(facts("", 0, "unconfined", nginx, "EACCES")) == is_unknown);
    CHECK(at_socket(facts("", 0, "snap.tool (enforce)", nginx, "EACCES")) == is_unknown);
    CHECK(at_socket(facts("", 0, "", nginx, "EACCES")) == is_unknown);
    CHECK(at_socket(facts("", 1000, nginx, nginx, "EACCES")) == is_satisfied);
}

} // namespace upstream_lint::test
