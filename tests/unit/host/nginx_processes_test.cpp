#include "support/temporary_folder.hpp"
#include "upstream_lint/collect.hpp"
#include "upstream_lint/nginx_build.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <string>
#include <unistd.h>

namespace upstream_lint::test {

namespace {

using namespace std::string_view_literals;

std::optional<NginxExecutable> read_executable(std::string_view bytes) {
    const auto build = build_from_text(bytes);
    if (!build)
        return std::nullopt;
    return NginxExecutable{to_string(build->version), build->prefix.value_or(""),
                           build->conf_path.value_or(""), std::string(configure_arguments(bytes))};
}

// A folder in which processes look as in /proc.
class FakeProc {
public:
    FakeProc() {
        folder_.write("stat", "cpu 1 2\nbtime 1700000000\nprocesses 9\n");
        process(1, 0, 0, "/sbin/init\0");
        folder_.write("nginx", "nginx version: nginx/1.22.1\0configure arguments: "
                               "--prefix=/usr/share/nginx --conf-path=/etc/nginx/nginx.conf\0"sv);
        folder_.write("bash", "\x7f"
                              "ELF of something else");
    }

    void process(int pid, int parent, int seconds, std::string_view command_line,
                 int uid = 0) const {
        const long ticks = seconds * ::sysconf(_SC_CLK_TCK);
        write(pid, "cmdline", command_line);
        write(pid, "stat",
              fmt::format("{} (a b) c) S {} 1 1 0 -1 4194560 1 1 0 0 1 1 0 0 20 0 1 0 {} 1 1\n",
                          pid, parent, ticks));
        write(pid, "status",
              fmt::format("Name:\tnginx\nPPid:\t{}\nUid:\t{}\t{}\t{}\t{}\nGid:\t33\t33\t33\t33\n"
                          "Groups:\t33 44 \nCapEff:\t00000000000004c0\n",
                          parent, uid, uid, uid, uid));
        write(pid, "cgroup", "0::/system.slice/nginx.service\n");
        write(pid, "attr/current", "unconfined\n");
        folder_.link(fmt::format("{}/ns/net", pid), "net:[4026531840]");
        folder_.link(fmt::format("{}/ns/mnt", pid), "mnt:[4026531832]");
    }

    void executable(int pid, const std::string& name) const {
        folder_.link(fmt::format("{}/exe", pid), folder_.at(name));
    }

    void write(int pid, std::string_view name, std::string_view text) const {
        folder_.write(fmt::format("{}/{}", pid, name), text);
    }

    void link(const std::string& name, const std::string& target) const {
        folder_.link(name, target);
    }

    [[nodiscard]] FoundInstances find() const {
        CollectOptions options;
        options.proc = folder_.path();
        options.read_executable = read_executable;
        return find_nginx_instances(options);
    }

    [[nodiscard]] std::string at(std::string_view name) const { return folder_.at(name); }

private:
    TemporaryFolder folder_;
};

} // namespace

TEST_CASE("instances: the program of its command line where the executable may not be read") {
    const FakeProc proc;
    const std::string title = fmt::format("nginx: master process {}\0", proc.at("nginx"));
    proc.process(50, 1, 10, title);
    CHECK(proc.find().instances.at(0).configuration.empty());
    proc.link("self/ns/mnt", "mnt:[4026531832]");
    const NginxInstance instance = proc.find().instances.at(0);
    CHECK(instance.executable == proc.at("nginx"));
    CHECK(instance.configuration == "/etc/nginx/nginx.conf");
    CHECK(instance.version == "1.22.1");
}

TEST_CASE("instances: a master with its workers") {
    const FakeProc proc;
    proc.process(50, 1, 10, "nginx: master process /usr/sbin/nginx -g daemon on;\0\0\0"sv);
    proc.executable(50, "nginx");
    proc.process(51, 50, 20, "nginx: worker process\0"sv, 33);
    proc.process(52, 50, 12, "nginx: worker process is shutting down\0"sv, 33);
    proc.process(53, 50, 12, "nginx: cache manager process\0"sv, 33);
    proc.process(60, 1, 12, "php-fpm: master process\0"sv);
    const FoundInstances found = proc.find();
    CHECK(found.reading.is_complete());
    REQUIRE(found.instances.size() == 1);
    const NginxInstance& instance = found.instances[0];
    CHECK(instance.master_pid == 50);
    CHECK(instance.executable == proc.at("nginx"));
    CHECK(instance.version == "1.22.1");
    CHECK(instance.configuration == "/etc/nginx/nginx.conf");
    CHECK(instance.prefix == "/usr/share/nginx");
    CHECK(instance.global_directives == "daemon on;");
    CHECK(instance.unit == "nginx.service");
    CHECK(instance.container.empty());
    CHECK(instance.network_namespace == "4026531840");
    CHECK(instance.mount_namespace == "4026531832");
    CHECK(instance.started_at == 1700000010);
    REQUIRE(instance.workers.size() == 2);
    CHECK(instance.workers[0].pid == 51);
    CHECK(instance.workers[0].started_at == 1700000020);
    CHECK_FALSE(instance.workers[0].is_shutting_down);
    CHECK(instance.workers[0].credentials.uid == 33);
    CHECK(instance.workers[0].credentials.groups == std::vector<std::uint32_t>{33, 44});
    CHECK(instance.workers[0].credentials.capabilities == 0x4c0);
    CHECK(instance.workers[0].credentials.label == "unconfined");
    CHECK(instance.workers[1].is_shutting_down);
}

TEST_CASE("instances: paths of the command line") {
    const FakeProc proc;
    proc.process(50, 1, 0, "nginx: master process nginx -p site -c conf/x.conf\0"sv);
    proc.executable(50, "nginx");
    proc.link("50/cwd", "/home/me");
    const FoundInstances found = proc.find();
    REQUIRE(found.instances.size() == 1);
    CHECK(found.instances[0].prefix == "/home/me/site");
    CHECK(found.instances[0].configuration == "/home/me/site/conf/x.conf");
    CHECK(found.instances[0].workers.empty());
}

TEST_CASE("instances: what only calls itself nginx is none") {
    const FakeProc proc;
    proc.process(50, 1, 0, "nginx: master process nginx -c /evil\0"sv);
    proc.executable(50, "bash");
    CHECK(proc.find().instances.empty());
}

TEST_CASE("instances: an executable that may not be read") {
    const FakeProc proc;
    proc.process(50, 1, 0, "nginx: master process nginx -c /x.conf\0"sv);
    const FoundInstances found = proc.find();
    REQUIRE(found.instances.size() == 1);
    CHECK(found.instances[0].version.empty());
    CHECK(found.instances[0].configuration == "/x.conf");
    CHECK(found.instances[0].prefix.empty());
}

TEST_CASE("instances: one process without a master, and commands") {
    const FakeProc proc;
    proc.process(50, 1, 0, "/usr/sbin/nginx\0-c\0/x y.conf\0"sv, 7);
    proc.executable(50, "nginx");
    proc.process(51, 1, 0, "/usr/sbin/nginx\0-t\0-c\0/z.conf\0"sv);
    proc.executable(51, "nginx");
    const FoundInstances found = proc.find();
    REQUIRE(found.instances.size() == 1);
    CHECK(found.instances[0].configuration == "/x y.conf");
    REQUIRE(found.instances[0].workers.size() == 1);
    CHECK(found.instances[0].workers[0].credentials.uid == 7);
}

TEST_CASE("instances: namespaces that may not be read stand for one process alone") {
    const FakeProc proc;
    proc.write(60, "cmdline", "nginx: master process nginx\0"sv);
    proc.write(60, "stat", "60 (nginx) S 1 1 1 0 -1 4194560 1 1 0 0 1 1 0 0 20 0 1 0 5 1 1\n");
    proc.write(60, "net/unix", "Num Path\n0: 1 /other\n");
    const FoundInstances found = proc.find();
    REQUIRE(found.instances.size() == 1);
    CHECK(found.instances[0].network_namespace == "pid:60");
    CHECK(found.instances[0].mount_namespace == "pid:60");
}

TEST_CASE("instances: hidden processes and no processes at all") {
    const TemporaryFolder folder;
    CollectOptions options;
    options.proc = folder.at("none");
    CHECK(find_nginx_instances(options).reading.status == ReadStatus::absent);
    folder.write("77/cmdline", "x");
    options.proc = folder.path();
    CHECK(find_nginx_instances(options).reading.status == ReadStatus::partial);
}

} // namespace upstream_lint::test
