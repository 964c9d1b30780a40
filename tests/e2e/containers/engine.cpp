#include "e2e/containers/engine.hpp"

#include "support/process.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <thread>
#include <unistd.h>

namespace upstream_lint::test {

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
constexpr auto patience = 30s;

template <typename Condition> bool is_met_in_time(Condition condition) {
    const auto end = std::chrono::steady_clock::now() + patience;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > end) {
            return false;
        }
        std::this_thread::sleep_for(20ms);
    }
    return true;
}

void write(const std::string& path, const std::string& text) {
    std::ofstream(path) << text;
}

std::string tail(const std::string& path) {
    constexpr std::size_t most = 2000;
    std::ifstream file(path);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    return text.substr(text.size() - std::min(most, text.size()));
}

} // namespace

std::string missing_part(EngineKind kind) {
    std::vector<std::string> parts = {"/usr/sbin/nginx", "/usr/bin/setpriv", "/usr/bin/busybox",
                                      "/usr/bin/ip",     "/usr/bin/tar",     "/usr/sbin/runc"};
    if (kind == EngineKind::docker) {
        parts.insert(parts.end(), {"/usr/sbin/dockerd", "/usr/bin/docker"});
    } else {
        parts.insert(parts.end(), {"/usr/bin/podman", "/usr/lib/podman/netavark",
                                   "/usr/lib/podman/aardvark-dns"});
    }
    const auto found = std::ranges::find_if(
        parts, [](const std::string& part) { return ::access(part.c_str(), X_OK) != 0; });
    return found == parts.end() ? "" : *found;
}

Engine::Engine(EngineKind kind, std::string folder) :
    kind_(kind), folder_(std::move(folder)), socket_("/run/engine.sock") {
    start_daemon();
    await_daemon();
    import_images();
    run({"run", "--rm", busybox_image, "true"});
}

Engine::~Engine() {
    try {
        const std::string all = run({"ps", "-aq"});
        std::vector<std::string> words = {"rm", "-f"};
        for (std::size_t at = 0; at < all.size();) {
            const std::size_t end = std::min(all.find('\n', at), all.size());
            words.push_back(all.substr(at, end - at));
            at = end + 1;
        }
        if (words.size() > 2) {
            run(words);
        }
    } catch (const std::exception&) {
        // the processes are ended by who started this program's
    }
}

std::string Engine::usual_socket() const {
    return is_docker() ? "/run/docker.sock" : "/run/podman/podman.sock";
}

std::string Engine::first_network() const {
    return is_docker() ? "bridge" : "podman";
}

std::vector<std::string> Engine::command() const {
    if (is_docker()) {
        return {"/usr/bin/docker", "--host", "unix://" + socket_};
    }
    return {"/usr/bin/podman"};
}

void Engine::start_daemon() {
    const std::string log = folder_ + "/engine.log";
    if (is_docker()) {
        write(folder_ + "/daemon.json",
              fmt::format(R"({{"deprecated-key-path": "{}/key.json"}})", folder_));
        daemon_ = std::make_unique<testing::Daemon>(
            std::vector<std::string>{"/usr/sbin/dockerd",
                                     "--config-file=" + folder_ + "/daemon.json",
                                     "--data-root=" + folder_ + "/data", "--exec-root=/run/docker",
                                     "--pidfile=/run/docker.pid", "--host=unix://" + socket_,
                                     "--exec-opt=native.cgroupdriver=cgroupfs"},
            log);
        return;
    }
    // its own runtime refuses cgroups of both versions, and limits above this process's
    write(
        folder_ + "/containers.conf",
        fmt::format("[engine]\ncgroup_manager=\"cgroupfs\"\nevents_logger=\"file\"\n"
                    "runtime=\"runc\"\ntmp_dir=\"/run/libpod\"\n"
                    "[containers]\nlog_driver=\"k8s-file\"\n"
                    "default_ulimits=[\"nofile=1024:1024\",\"nproc=4096:4096\"]\n"
                    "[network]\nnetwork_backend=\"netavark\"\nnetwork_config_dir=\"{}/networks\"\n",
                    folder_));
    write(folder_ + "/storage.conf",
          fmt::format("[storage]\ndriver=\"overlay\"\nrunroot=\"/run/containers/storage\"\n"
                      "graphroot=\"{}/data\"\n",
                      folder_));
    ::setenv("CONTAINERS_CONF", (folder_ + "/containers.conf").c_str(), 1);
    ::setenv("CONTAINERS_STORAGE_CONF", (folder_ + "/storage.conf").c_str(), 1);
    daemon_ = std::make_unique<testing::Daemon>(
        std::vector<std::string>{"/usr/bin/podman", "system", "service", "--time=0",
                                 "unix://" + socket_},
        log);
}

void Engine::await_daemon() {
    const auto answers = [&] {
        return ::access(socket_.c_str(), F_OK) == 0 && testing::run_process({[&] {
                                                           auto words = command();
                                                           words.emplace_back("version");
                                                           return words;
                                                       }()})
                                                               .status == 0;
    };
    if (!is_met_in_time([&] { return daemon_->has_ended() || answers(); }) ||
        daemon_->has_ended()) {
        throw std::runtime_error("the engine does not start: " + tail(folder_ + "/engine.log"));
    }
}

void Engine::import_images() const {
    const fs::path busybox = folder_ + "/busybox";
    fs::create_directories(busybox / "bin");
    fs::create_directories(busybox / "www");
    fs::copy_file("/usr/bin/busybox", busybox / "bin/busybox");
    for (const char* const name : {"sh", "sleep", "httpd", "tail", "true", "false"}) {
        fs::create_symlink("busybox", busybox / "bin" / name);
    }
    write(busybox / "www/index.html", "well\n");
    import_image(busybox, busybox_image);

    const fs::path machine = folder_ + "/machine";
    for (const char* const name : {"usr", "etc", "run", "tmp", "var/lib/nginx", "var/log/nginx"}) {
        fs::create_directories(machine / name);
    }
    for (const char* const name : {"bin", "sbin", "lib", "lib64"}) {
        fs::create_symlink(std::string("usr/") + name, machine / name);
    }
    for (const char* const name : {"/etc/passwd", "/etc/group"}) {
        fs::copy_file(name, machine.string() + name);
    }
    import_image(machine, machine_image);
}

void Engine::import_image(const std::string& root, const char* image) const {
    const std::string archive = root + ".tar";
    const auto packed =
        testing::run_process({"/usr/bin/tar", "-C", root, "-c", "-f", archive, "."});
    if (packed.status != 0) {
        throw std::runtime_error("tar: " + packed.err);
    }
    run({"import", archive, image});
}

std::string Engine::run(const std::vector<std::string>& words) const {
    std::vector<std::string> all = command();
    all.insert(all.end(), words.begin(), words.end());
    auto result = testing::run_process(all);
    if (result.status != 0) {
        throw std::runtime_error(
            fmt::format("{}: {}{}", fmt::join(words, " "), result.out, result.err));
    }
    while (result.out.ends_with('\n')) {
        result.out.pop_back();
    }
    return result.out;
}

void Engine::start(const std::string& name, const std::vector<std::string>& options,
                   const std::vector<std::string>& command, const std::string& image) const {
    std::vector<std::string> words = {"run", "-d", "--name", name};
    words.insert(words.end(), options.begin(), options.end());
    words.push_back(image);
    words.insert(words.end(), command.begin(), command.end());
    run(words);
}

std::string Engine::inspect(const std::string& name, const std::string& format) const {
    return run({"inspect", "-f", format, name});
}

void Engine::await(const std::string& name, const std::string& format,
                   const std::vector<std::string>& wanted) const {
    std::string last;
    const bool is_met = is_met_in_time([&] {
        last = inspect(name, format);
        return std::ranges::find(wanted, last) != wanted.end();
    });
    if (!is_met) {
        throw std::runtime_error(
            fmt::format("{} of {} is {}, not {}", format, name, last, fmt::join(wanted, " or ")));
    }
}

std::string Engine::address(const std::string& name, const std::string& network) const {
    return inspect(
        name, fmt::format("{{{{(index .NetworkSettings.Networks \"{}\").IPAddress}}}}", network));
}

} // namespace upstream_lint::test
