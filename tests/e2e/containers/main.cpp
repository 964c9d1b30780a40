#define DOCTEST_CONFIG_IMPLEMENT
#include "e2e/containers/cgroups.hpp"
#include "e2e/containers/empty_name_server.hpp"
#include "e2e/containers/running_engine.hpp"
#include "support/own_namespaces.hpp"
#include "support/temporary_folder.hpp"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <doctest/doctest.h>
#include <exception>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

using namespace upstream_lint::test;

constexpr int tries = 1000;
constexpr const char* name_server = "127.0.0.53";

int skip(const std::string& reason) {
    std::printf("skipped: %s\n", reason.c_str());
    std::fflush(stdout);
    return skipped_program;
}

/// Names are asked for in these namespaces, too.
bool replace_resolv_conf(const std::string& folder) {
    const auto used = std::filesystem::weakly_canonical("/etc/resolv.conf");
    std::filesystem::create_directories(used.parent_path());
    std::ofstream(used, std::ios::app).close();
    const std::string own = folder + "/resolv.conf";
    std::ofstream(own) << "nameserver " << name_server << '\n';
    return ::mount(own.c_str(), used.c_str(), nullptr, MS_BIND, nullptr) == 0;
}

/// In namespaces of its own, with a `/run` of its own.
int run_tests(int argc, char** argv, EngineKind kind, const std::string& folder) {
    if (!enter_own_namespaces() || ::mount("none", "/run", "tmpfs", 0, "mode=755") != 0 ||
        !replace_resolv_conf(folder)) {
        return skip("this machine or user may not make namespaces");
    }
    try {
        const EmptyNameServer names(name_server);
        Engine engine(kind, folder);
        set_running_engine(engine);
        const int status = doctest::Context(argc, argv).run();
        end_scenes();
        return status;
    } catch (const std::exception& failure) {
        return skip(failure.what());
    }
}

pid_t parent_of(const std::string& process) {
    std::ifstream file(process + "/stat");
    std::stringstream text;
    text << file.rdbuf();
    const std::string line = text.str();
    const std::size_t name_end = line.rfind(')');
    return name_end == std::string::npos || name_end + 4 > line.size()
               ? 0
               : std::atoi(line.c_str() + name_end + 4);
}

/// Ends what engines leave running when they are ended themselves.
void end_orphans() {
    for (int i = 0; i < tries; ++i) {
        std::error_code ignored;
        for (const auto& entry : std::filesystem::directory_iterator("/proc", ignored)) {
            const int process = std::atoi(entry.path().filename().c_str());
            if (process > 0 && parent_of(entry.path()) == ::getpid()) {
                ::kill(process, SIGKILL);
            }
        }
        pid_t ended = 0;
        while ((ended = ::waitpid(-1, nullptr, WNOHANG)) > 0) {
        }
        if (ended < 0) {
            return;
        }
        ::usleep(10'000);
    }
}

} // namespace

/// The first argument is the engine's name. What the engine starts is this process's to end: the
/// tests run in a child of it.
int main(int argc, char** argv) {
    const EngineKind kind =
        argc > 1 && std::string(argv[1]) == "podman" ? EngineKind::podman : EngineKind::docker;
    if (::geteuid() != 0) {
        return skip("engines want root");
    }
    if (const std::string part = missing_part(kind); !part.empty()) {
        return skip("there is no " + part);
    }
    const TemporaryFolder folder;
    ::chmod(folder.path().c_str(), 0755);
    const Cgroups cgroups(kind == EngineKind::docker ? "docker" : "libpod_parent");
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
    const pid_t child = ::fork();
    if (child == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        const int status = run_tests(argc, argv, kind, folder.path());
        std::fflush(stdout);
        std::_Exit(status);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    end_orphans();
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
