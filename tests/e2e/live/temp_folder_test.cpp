#include "support/check_report.hpp"
#include "support/get.hpp"
#include "support/running_nginx.hpp"
#include "support/temporary_folder.hpp"

#include <chrono>
#include <csignal>
#include <doctest/doctest.h>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <string>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

namespace upstream_lint::test {

namespace {

using testing::RunningNginx;
namespace fs = std::filesystem;

constexpr std::uint16_t port = 18'100;
constexpr std::size_t large = 1'000'000; // more than all buffers, and than sockets take
constexpr uid_t somebody = 65534;

/// An nginx whose temporary folders have things happen to them after it made them: it is its own
/// upstream, which has a large file.
class TempFolders {
public:
    TempFolders() {
        ::chmod(folder_.path().c_str(), 0755);
        folder_.write("www/large", std::string(large, 'x'));
        fs::create_directory(folder_.at("way"));
        folder_.write(
            "nginx.conf",
            fmt::format("user www-data;\nworker_processes 1;\n"
                        "error_log {0}/error.log info;\nevents {{ }}\nhttp {{\n"
                        "access_log off;\nfastcgi_temp_path {0}/fastcgi;\n"
                        "uwsgi_temp_path {0}/uwsgi;\nscgi_temp_path {0}/scgi;\n"
                        "proxy_temp_path {0}/way/proxy;\n"
                        "client_body_temp_path {0}/body;\n"
                        "proxy_buffer_size 4k;\nproxy_buffers 2 4k;\n"
                        "proxy_busy_buffers_size 4k;\n"
                        "server {{\nlisten 127.0.0.1:{1};\n"
                        "location / {{ limit_rate 600k; proxy_pass http://127.0.0.1:{2}; }}\n"
                        "}}\nserver {{\nlisten 127.0.0.1:{2};\nroot {0}/www;\n"
                        "location /upload {{ return 204; }}\n}}\n}}\n",
                        folder_.path(), port, port + 1));
        // the files are older than the workers that run with them
        fs::last_write_time(configuration(),
                            fs::file_time_type::clock::now() - std::chrono::hours(1));
        nginx_ = std::make_unique<RunningNginx>("/usr/sbin/nginx", folder_.path(),
                                                RunningNginx::Processes::master_and_workers);
        REQUIRE(nginx_->is_ready());
        REQUIRE(get(port, "/large").text.size() > large);
    }

    [[nodiscard]] std::string at(const std::string& name) const { return folder_.at(name); }

    [[nodiscard]] std::string configuration() const { return folder_.at("nginx.conf"); }

    [[nodiscard]] std::string log() const {
        std::ifstream file(folder_.at("error.log"), std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }

    [[nodiscard]] std::string rules(const std::string& directive) const {
        const auto report = CheckReport::of(UPSTREAM_LINT_COMMAND, {"--config", configuration()});
        return joined(report.rules_at(line_beginning(configuration(), directive)));
    }

    /// Returns when nginx has its folders again.
    void reload(const std::string& name) const {
        std::ifstream file(folder_.at("nginx.pid"));
        pid_t master = 0;
        file >> master;
        REQUIRE(master > 0);
        REQUIRE(::kill(master, SIGHUP) == 0);
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
        const auto is_back = [&] {
            struct stat found {};

            return ::stat(folder_.at(name).c_str(), &found) == 0 && found.st_uid != 0 &&
                   found.st_uid != somebody;
        };
        while (!is_back() && std::chrono::steady_clock::now() < end) {
            std::this_thread::yield();
        }
        REQUIRE(is_back());
    }

private:
    TemporaryFolder folder_;
    std::unique_ptr<RunningNginx> nginx_;
};

const std::string responses = "proxy_temp_path";
const std::string bodies = "client_body_temp_path";
const std::string rule = "temp-dir-not-writable";

} // namespace

TEST_CASE("what keeps nginx from its temporary files is found, and cuts responses off") {
    const TempFolders folders;
    REQUIRE(folders.rules(responses).empty());
    REQUIRE(folders.rules(bodies).empty());

    const auto is_cut = [&](const std::string& log) {
        CHECK(folders.rules(responses) == rule);
        CHECK(folders.rules(bodies).empty());
        const std::size_t before = folders.log().size();
        const LiveAnswer answer = get(port, "/large");
        CHECK(answer.status == 200);
        CHECK(answer.text.size() < large);
        const std::string said = folders.log().substr(before);
        CHECK_MESSAGE(said.find(log) != std::string::npos, said);
        CHECK(said.find("while reading upstream") != std::string::npos);
    };
    const auto is_well = [&] {
        CHECK(folders.rules(responses).empty());
        CHECK(get(port, "/large").text.size() > large);
    };

    REQUIRE(::chown(folders.at("way/proxy").c_str(), somebody, somebody) == 0);
    is_cut("(13: Permission denied)");
    folders.reload("way/proxy");
    is_well();

    fs::remove_all(folders.at("way/proxy"));
    is_cut("(2: No such file or directory)");
    folders.reload("way/proxy");
    is_well();

    REQUIRE(::chmod(folders.at("way").c_str(), 0700) == 0);
    is_cut("(13: Permission denied)");
    REQUIRE(::chmod(folders.at("way").c_str(), 0755) == 0);
    is_well();
}

TEST_CASE("a folder for bodies that nginx may not write to makes uploads fail") {
    const TempFolders folders;
    const std::string body(large / 2, 'x');
    CHECK(post(port, "/upload", body).status == 204);
    REQUIRE(::chown(folders.at("body").c_str(), somebody, somebody) == 0);
    CHECK(folders.rules(bodies) == rule);
    CHECK(folders.rules(responses).empty());
    CHECK(post(port, "/upload", "small").status == 204);
    const std::size_t before = folders.log().size();
    CHECK(post(port, "/upload", body).status == 500);
    const std::string said = folders.log().substr(before);
    CHECK_MESSAGE(said.find("failed (13: Permission denied)") != std::string::npos, said);
    folders.reload("body");
    CHECK(folders.rules(bodies).empty());
    CHECK(post(port, "/upload", body).status == 204);
}

} // namespace upstream_lint::test
