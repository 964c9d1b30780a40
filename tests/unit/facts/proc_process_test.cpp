#include "facts/proc_process.hpp"

#include <doctest/doctest.h>
#include <string>

namespace upstream_lint {

TEST_CASE("credentials are those that files are judged by") {
    const auto parsed = parse_proc_status("Name:\tnginx\nUid:\t0\t1\t2\t33\nGid:\t0\t1\t2\t34\n"
                                          "Groups:\t33 1000 \nCapEff:\t000001ffffffffff\n");
    CHECK(parsed.reading.is_complete());
    CHECK(parsed.value.uid == 33);
    CHECK(parsed.value.gid == 34);
    CHECK(parsed.value.groups == std::vector<std::uint32_t>{33, 1000});
    CHECK(parsed.value.capabilities == 0x1ffffffffffU);
}

TEST_CASE("credentials that are not all there are partial") {
    for (const char* text :
         {"", "Uid:\t1\t1\t1\t1\n", "Uid:\t1\t1\t1\t1\nGid:\t1\t1\t1\t1\nGroups:\t\nCapEff:\t0",
          "Uid:\t1\t1\t1\t1\nGid:\t1\t1\t1\nGroups:\t\nCapEff:\t0\n",
          "Uid:\t1\t1\t1\t1\nGid:\t1\t1\t1\t1\nGroups:\tx\nCapEff:\t0\n"}) {
        CAPTURE(text);
        CHECK(parse_proc_status(text).reading.status == ReadStatus::partial);
    }
    const auto no_groups =
        parse_proc_status("Uid:\t1\t1\t1\t1\nGid:\t1\t1\t1\t1\nGroups:\t \nCapEff:\t0\n");
    CHECK(no_groups.reading.is_complete());
    CHECK(no_groups.value.groups.empty());
}

TEST_CASE("a process' start is found behind any command") {
    const std::string fields =
        " S 1 2 2 0 -1 4194560 10 0 0 0 1 2 0 0 20 0 1 0 123456 1000 200 18446744073709551615\n";
    CHECK(parse_proc_stat_start("812 (nginx)" + fields) == 123456);
    CHECK(parse_proc_stat_start("812 (a) S 1 (b\n))" + fields) == 123456);
    CHECK_FALSE(parse_proc_stat_start("812 nginx" + fields));
    CHECK_FALSE(parse_proc_stat_start("812 (nginx) S 1 2"));
    CHECK_FALSE(
        parse_proc_stat_start("812 (nginx) S 1 2 2 0 -1 4194560 10 0 0 0 1 2 0 0 20 0 1 0 12"));
    CHECK_FALSE(parse_proc_stat_start(""));
}

TEST_CASE("the group of the hierarchy that says most is taken") {
    CHECK(parse_proc_cgroup("0::/system.slice/a.service\n") == "/system.slice/a.service");
    CHECK(parse_proc_cgroup("9:cpu,cpuacct:/docker/x\n1:name=systemd:/a:b\n0::/\n") == "/a:b");
    CHECK(parse_proc_cgroup("9:pids:/docker/x\n1:name=systemd:/\n0::/\n") == "/docker/x");
    CHECK(parse_proc_cgroup("9:pids:/\n0::/\n") == "/");
    CHECK(parse_proc_cgroup("0::/a.service (deleted)\n") == "/a.service");
    CHECK(parse_proc_cgroup("").empty());
    CHECK(parse_proc_cgroup("0:").empty());
}

TEST_CASE("groups tell units and containers") {
    const std::string id(64, 'a');
    const auto owner = [](const std::string& path) { return owner_of_cgroup(path); };
    CHECK(owner("/system.slice/php8.2-fpm.service") == CgroupOwner{"php8.2-fpm.service", ""});
    CHECK(owner("/system.slice/system-app.slice/app@1.service/worker") ==
          CgroupOwner{"app@1.service", ""});
    CHECK(owner("/system.slice/docker-" + id + ".scope") == CgroupOwner{"", id});
    CHECK(owner("/docker/" + id) == CgroupOwner{"", id});
    CHECK(owner("/docker/" + id + "/system.slice/x.service") == CgroupOwner{"", id});
    CHECK(owner("/machine.slice/libpod-" + id + ".scope/container") == CgroupOwner{"", id});
    CHECK(owner("/system.slice/app.service/libpod-payload-" + id) ==
          CgroupOwner{"app.service", id});
    CHECK(owner("/machine.slice/libpod-conmon-" + id + ".scope") ==
          CgroupOwner{"libpod-conmon-" + id + ".scope", ""});
    CHECK(owner("/user.slice/user-1000.slice/user@1000.service/app.slice/web.service") ==
          CgroupOwner{"web.service", "", true});
    CHECK(owner("/user.slice/user-1000.slice/session-3.scope") ==
          CgroupOwner{"session-3.scope", ""});
    CHECK(owner("/system.slice/_cpu.service") == CgroupOwner{"cpu.service", ""});
    CHECK(owner("/docker-" + id.substr(1) + ".scope") ==
          CgroupOwner{"docker-" + id.substr(1) + ".scope", ""});
    CHECK(owner("/") == CgroupOwner{});
    CHECK(owner("") == CgroupOwner{});
}

TEST_CASE("mounts are read") {
    const auto parsed = parse_mountinfo(
        "36 35 98:0 /mnt1 /mnt\\0402 rw,noatime master:1 shared:2 - ext3 /dev/root rw,errors=x\n"
        "37 35 0:5 / /run\\134x rw - tmpfs tmp\\1fs rw\n");
    CHECK(parsed.reading.is_complete());
    REQUIRE(parsed.value.size() == 2);
    CHECK(parsed.value[0] == Mount{"/mnt 2", "/mnt1", "ext3", "/dev/root"});
    CHECK(parsed.value[1] == Mount{"/run\\x", "/", "tmpfs", "tmp\\1fs"});
}

TEST_CASE("mounts that are cut or odd are partial") {
    for (const char* text : {"", "36 35 98:0 /mnt1 /mnt2 rw\n", "36 35 98:0 / / rw - ext3 x rw",
                             "36 35 98:0 / x rw - ext3 x rw\n", "x\n"}) {
        CAPTURE(text);
        const auto parsed = parse_mountinfo(text);
        CHECK(parsed.reading.status == ReadStatus::partial);
        CHECK(parsed.value.empty());
    }
}

} // namespace upstream_lint
