#include "support/running_nginx.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <string_view>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

namespace upstream_lint::testing {

namespace {

using namespace std::chrono_literals;

/// Written when the sockets are open already (ngx_init_cycle, ngx_event_module_init).
constexpr std::string_view ready_message = "event method";

/// One process alone may miss a SIGTERM just before it waits (ngx_single_process_cycle), and has
/// nothing to put in order; a master has workers to end.
int end_signal(RunningNginx::Processes processes) {
    return processes == RunningNginx::Processes::one ? SIGKILL : SIGTERM;
}

[[noreturn]] void become(const std::vector<char*>& words, int log_end, int signal) {
    ::prctl(PR_SET_PDEATHSIG, signal);
    const int nothing = ::open("/dev/null", O_RDWR);
    ::dup2(nothing, STDIN_FILENO);
    ::dup2(nothing, STDOUT_FILENO);
    ::dup2(log_end, STDERR_FILENO);
    std::array<char*, 1> environment = {nullptr};
    ::execve(words.front(), words.data(), environment.data());
    ::_exit(127);
}

} // namespace

RunningNginx::RunningNginx(const std::string& binary, const std::string& folder,
                           Processes processes) :
    processes_(processes) {
    std::array<int, 2> ends{-1, -1};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        throw std::system_error(errno, std::generic_category(), "pipe");
    const std::string master = processes == Processes::one ? "off" : "on";
    std::vector<std::string> arguments = {binary,
                                          "-p",
                                          folder + '/',
                                          "-c",
                                          folder + "/nginx.conf",
                                          "-g",
                                          "daemon off; master_process " + master +
                                              "; pid nginx.pid; error_log stderr info;"};
    std::vector<char*> words;
    for (std::string& argument : arguments)
        words.push_back(argument.data());
    words.push_back(nullptr);
    pid_ = ::fork();
    if (pid_ == 0)
        become(words, ends[1], end_signal(processes));
    ::close(ends[1]);
    log_end_ = ends[0];
    if (pid_ < 0)
        throw std::system_error(errno, std::generic_category(), "fork");
    reader_ = std::thread([this] { read_log(); });
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return listens_ || ended_; });
    ready_ = !ended_;
}

RunningNginx::~RunningNginx() {
    // a master too may miss one just before it waits (ngx_master_process_cycle)
    while (pid_ > 0 && ::waitpid(pid_, nullptr, WNOHANG) == 0) {
        ::kill(pid_, end_signal(processes_));
        static_cast<void>(ends_within(500ms));
    }
    reader_.join(); // its end of the pipe is closed with the process
    ::close(log_end_);
}

bool RunningNginx::ends_within(std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, time, [this] { return ended_; });
}

std::string RunningNginx::take_log() {
    const std::scoped_lock lock(mutex_);
    return std::exchange(log_, {});
}

void RunningNginx::read_log() {
    std::array<char, 8192> buffer{};
    for (;;) {
        const ssize_t count = ::read(log_end_, buffer.data(), buffer.size());
        if (count < 0 && errno == EINTR)
            continue;
        const std::scoped_lock lock(mutex_);
        if (count <= 0)
            ended_ = true;
        else
            log_.append(buffer.data(), static_cast<std::size_t>(count));
        listens_ = listens_ || log_.find(ready_message) != std::string::npos;
        changed_.notify_all();
        if (ended_)
            return;
    }
}

} // namespace upstream_lint::testing
