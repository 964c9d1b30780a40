#include "host/process_label.hpp"
#include "support/temporary_folder.hpp"
#include "upstream_lint/collect.hpp"

#include <chrono>
#include <doctest/doctest.h>

namespace upstream_lint::test {

namespace {

using namespace std::string_view_literals;

} // namespace

TEST_CASE("labels: as the kernel writes them") {
    const TemporaryFolder proc;
    proc.write("7/attr/current", "system_u:system_r:httpd_t:s0\0"sv);
    CHECK(read_process_label(proc.path(), "7") == "system_u:system_r:httpd_t:s0");
    proc.write("8/attr/current", "nginx (enforce)\n");
    CHECK(read_process_label(proc.path(), "8") == "nginx (enforce)");
    proc.write("9/attr/current", "");
    proc.write("9/attr/apparmor/current", "/usr/sbin/nginx (complain)\n");
    CHECK(read_process_label(proc.path(), "9") == "/usr/sbin/nginx (complain)");
    proc.write("10/attr/current", "unconfined\n");
    proc.write("10/attr/apparmor/current", "nginx (enforce)\n");
    CHECK(read_process_label(proc.path(), "10") == "unconfined");
    CHECK(read_process_label(proc.path(), "11").empty());
}

TEST_CASE("labels: those of a machine with SELinux are facts") {
    const TemporaryFolder folder;
    folder.write("proc/self/attr/current", "unconfined_u:unconfined_r:unconfined_t:s0\0"sv);
    folder.write("root/sys/fs/selinux/enforce", "1");
    CollectOptions options;
    options.provider_deadline = std::chrono::seconds(20);
    options.proc = folder.at("proc");
    options.root = folder.at("root");
    const Snapshot enforcing = collect_facts({}, options);
    CHECK(enforcing.label == "unconfined_u:unconfined_r:unconfined_t:s0");
    CHECK(enforcing.selinux_enforcing == true);
    folder.write("root/sys/fs/selinux/enforce", "0");
    CHECK(collect_facts({}, options).selinux_enforcing == false);
}

} // namespace upstream_lint::test
