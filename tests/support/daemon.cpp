#include "support/daemon.hpp"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <system_error>
#include <thread>
#include <unistd.h>

namespace upstream_lint::testing {

namespace {

using namespace std::chrono_literals;
constexpr auto patience = 10s;
constexpr auto pause = 500ms; // between two signals

[[noreturn]] void become(const std::vector<std::string>& arguments, const std::string& log) {
    std::vector<char*> words;
    for (const std::string& argument : arguments) {
        words.push_back(const_cast<char*>(argument.c_str()));
    }
    words.push_back(nullptr);
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    const int nothing = ::open("/dev/null", O_RDONLY);
    const int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (::dup2(nothing, STDIN_FILENO) >= 0 && ::dup2(out, STDOUT_FILENO) >= 0 &&
        ::dup2(out, STDERR_FILENO) >= 0) {
        ::execv(words[0], words.data());
    }
    ::_exit(127);
}

} // namespace

Daemon::Daemon(const std::vector<std::string>& arguments, const std::string& log) {
    pid_ = ::fork();
    if (pid_ < 0) {
        throw std::system_error(errno, std::generic_category(), "fork");
    }
    if (pid_ == 0) {
        become(arguments, log);
    }
}

Daemon::~Daemon() {
    if (has_ended()) {
        return;
    }
    // nginx takes a signal between ngx_init_signals() and ngx_master_process_cycle() for one that
    // comes with the next
    const auto begin = std::chrono::steady_clock::now();
    auto next = begin;
    while (!has_ended()) {
        const auto now = std::chrono::steady_clock::now();
        if (now > begin + patience) {
            ::kill(pid_, SIGKILL);
            ::waitpid(pid_, nullptr, 0);
            return;
        }
        if (now >= next) {
            ::kill(pid_, SIGTERM);
            next = now + pause;
        }
        std::this_thread::sleep_for(5ms);
    }
}

bool Daemon::has_ended() {
    if (pid_ > 0 && ::waitpid(pid_, nullptr, WNOHANG) == pid_) {
        pid_ = -1;
    }
    return pid_ < 0;
}

} // namespace upstream_lint::testing
