#include "e2e/services/box.hpp"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <functional>
#include <iterator>
#include <stdexcept>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <system_error>
#include <thread>
#include <unistd.h>

namespace upstream_lint::test {

namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds patience{60};
constexpr std::chrono::milliseconds pause{20};

void require(bool holds, const std::string& what) {
    if (!holds) {
        throw std::system_error(errno, std::generic_category(), what);
    }
}

std::string text_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

bool waits_for(const std::function<bool()>& holds) {
    const auto end = Clock::now() + patience;
    while (!holds()) {
        if (Clock::now() > end) {
            return false;
        }
        std::this_thread::sleep_for(pause);
    }
    return true;
}

/// The first process of a PID namespace below `parent`; 0: none.
pid_t find_init(pid_t parent) {
    std::ifstream children(fmt::format("/proc/{0}/task/{0}/children", parent));
    for (pid_t child = 0; children >> child;) {
        const std::string status = text_of(fmt::format("/proc/{}/status", child));
        const std::size_t ids = status.find("NSpid:");
        const std::string line = ids == std::string::npos
                                     ? std::string()
                                     : status.substr(ids, status.find('\n', ids) - ids);
        if (line.ends_with("\t1") && text_of(fmt::format("/proc/{}/comm", child)) == "systemd\n") {
            return child;
        }
        if (const pid_t below = find_init(child); below != 0) {
            return below;
        }
    }
    return 0;
}

/// The control groups that systemd-nspawn makes are empty when it has ended.
void remove_groups(const fs::path& group) {
    std::error_code ignored;
    for (const fs::directory_entry& entry : fs::directory_iterator(group, ignored)) {
        if (entry.is_directory(ignored)) {
            remove_groups(entry.path());
        }
    }
    ::rmdir(group.c_str());
}

void remove_groups() {
    std::ifstream own("/proc/self/cgroup");
    for (std::string line; std::getline(own, line);) {
        const std::string path = line.substr(line.rfind(':') + 1);
        for (const char* const hierarchy : {"/systemd", "/unified", ""}) {
            for (const char* const group : {"/payload", "/supervisor"}) {
                remove_groups(std::string("/sys/fs/cgroup") + hierarchy +
                              (path == "/" ? "" : path) + group);
            }
        }
    }
}

[[noreturn]] void become(std::vector<std::string> arguments, const std::string& console) {
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);                          // it powers the box off
    const int nothing = ::open("/dev/null", O_RDWR | O_CLOEXEC); // NOLINT
    const int log =
        ::open(console.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600); // NOLINT
    ::dup2(nothing, STDIN_FILENO);
    ::dup2(log, STDOUT_FILENO);
    ::dup2(log, STDERR_FILENO);
    std::vector<char*> words;
    for (std::string& argument : arguments) {
        words.push_back(argument.data());
    }
    words.push_back(nullptr);
    ::execv(words.front(), words.data());
    ::_exit(127);
}

} // namespace

Box::Box() {
    const std::string layer = folder_.at("layer");
    fs::create_directory(layer);
    // gone with the mount namespace of this program
    require(::mount("tmpfs", layer.c_str(), "tmpfs", 0, nullptr) == 0, "mount tmpfs");
    for (const char* const name : {"up", "work", "root"}) {
        fs::create_directory(layer + "/" + name);
        ::chmod((layer + "/" + name).c_str(), 0755);
    }
    const std::string options = fmt::format("lowerdir=/,upperdir={0}/up,workdir={0}/work", layer);
    require(::mount("overlay", root().c_str(), "overlay", 0, options.c_str()) == 0,
            "mount overlay");
    write("/etc/machine-id", "");
}

Box::~Box() {
    if (nspawn_ > 0) {
        ::kill(nspawn_, SIGTERM);
        while (::waitpid(nspawn_, nullptr, 0) < 0 && errno == EINTR) {
        }
        remove_groups();
    }
    ::umount2(root().c_str(), MNT_DETACH);
    ::umount2(folder_.at("layer").c_str(), MNT_DETACH);
}

void Box::write(const std::string& path, const std::string& text) const {
    const fs::path file = root() + path;
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
}

void Box::link(const std::string& path, const std::string& target) const {
    const fs::path file = root() + path;
    fs::create_directories(file.parent_path());
    fs::remove(file);
    fs::create_symlink(target, file);
}

bool Box::boot(const std::vector<std::string>& bound) {
    std::vector<std::string> words = {"/usr/bin/systemd-nspawn",
                                      "-D",
                                      root(),
                                      "--boot",
                                      "--register=no",
                                      "--keep-unit",
                                      "--private-network",
                                      fmt::format("--machine=upstream-lint-{}", ::getpid()),
                                      "--link-journal=no",
                                      "--console=pipe"};
    for (const std::string& file : bound) {
        words.push_back("--bind-ro=" + file);
    }
    words.emplace_back("systemd.unit=multi-user.target");
    nspawn_ = ::fork();
    require(nspawn_ >= 0, "fork");
    if (nspawn_ == 0) {
        become(words, folder_.at("console"));
    }
    bool has_ended = false;
    const bool has_bus = waits_for([&] {
        has_ended = ::waitpid(nspawn_, nullptr, WNOHANG) == nspawn_;
        if (has_ended) {
            nspawn_ = -1;
            return true;
        }
        systemd_ = find_init(nspawn_);
        return systemd_ != 0 &&
               fs::is_socket(fmt::format("/proc/{}/root/run/dbus/system_bus_socket", systemd_));
    });
    if (!has_bus || has_ended) {
        return false;
    }
    // `degraded`: units failed, as some are meant to
    return waits_for([this] {
        const std::string state = run({"/usr/bin/systemctl", "is-system-running"}).out;
        return state == "running\n" || state == "degraded\n";
    });
}

testing::ProcessResult Box::run(const std::vector<std::string>& words) const {
    std::vector<std::string> all = {"/usr/bin/nsenter", "-t", std::to_string(systemd_), "-a"};
    all.insert(all.end(), words.begin(), words.end());
    return testing::run_process(all);
}

std::string Box::console() const {
    return text_of(folder_.at("console"));
}

} // namespace upstream_lint::test
