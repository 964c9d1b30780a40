#include "nginx_process.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <spawn.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace upstream_lint::differential {

namespace {

using Clock = std::chrono::steady_clock;

struct Pipe {
    int read = -1;
    int write = -1;

    Pipe() {
        std::array<int, 2> ends{-1, -1};
        if (::pipe2(ends.data(), O_CLOEXEC) == 0) {
            read = ends[0];
            write = ends[1];
        }
    }

    ~Pipe() {
        close(read);
        close(write);
    }

    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;

    static void close(int& end) {
        if (end >= 0)
            ::close(end);
        end = -1;
    }
};

/// Reads what is there; false at the end.
bool drain(int end, std::string& out) {
    std::array<char, 8192> buffer{};
    const ssize_t count = ::read(end, buffer.data(), buffer.size());
    if (count > 0)
        out.append(buffer.data(), static_cast<std::size_t>(count));
    return count > 0 || (count < 0 && errno == EINTR);
}

/// The order in which nginx can load them: these are needed by others.
int load_rank(std::string_view stem) {
    if (stem == "ndk_http_module")
        return 0;
    if (stem == "ngx_stream_module")
        return 1;
    return stem == "ngx_mail_module" ? 2 : 3;
}

} // namespace

ProcessResult run_process(const std::vector<std::string>& arguments,
                          std::chrono::milliseconds timeout) {
    ProcessResult result;
    Pipe out;
    Pipe err;
    std::vector<char*> words;
    words.reserve(arguments.size() + 1);
    for (const std::string& argument : arguments)
        words.push_back(const_cast<char*>(argument.c_str())); // posix_spawn does not write there
    words.push_back(nullptr);
    std::string path = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";
    std::string locale = "LC_ALL=C";
    // Without it the leak check of a sanitizer build of ours would fail under ptrace-like limits.
    const std::array<char*, 3> environment = {path.data(), locale.data(), nullptr};

    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, out.write, 1);
    posix_spawn_file_actions_adddup2(&actions, err.write, 2);
    pid_t pid = 0;
    const int error = posix_spawn(&pid, arguments.front().c_str(), &actions, nullptr, words.data(),
                                  environment.data());
    posix_spawn_file_actions_destroy(&actions);
    Pipe::close(out.write);
    Pipe::close(err.write);
    if (error != 0) {
        result.code = error;
        return result;
    }

    const Clock::time_point deadline = Clock::now() + timeout;
    bool late = false;
    std::array<pollfd, 2> ends{{{out.read, POLLIN, 0}, {err.read, POLLIN, 0}}};
    while (ends[0].fd >= 0 || ends[1].fd >= 0) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
        if (left <= 0) {
            late = true;
            break;
        }
        if (::poll(ends.data(), ends.size(), static_cast<int>(left)) < 0 && errno != EINTR)
            break;
        if (ends[0].revents != 0 && !drain(out.read, result.standard_output))
            ends[0].fd = -1;
        if (ends[1].revents != 0 && !drain(err.read, result.standard_error))
            ends[1].fd = -1;
    }
    if (late)
        ::kill(pid, SIGKILL);
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    if (late) {
        result.kind = ExitKind::timed_out;
    } else if (WIFSIGNALED(status)) {
        result.kind = ExitKind::signalled;
        result.code = WTERMSIG(status);
    } else {
        result.kind = ExitKind::exited;
        result.code = WEXITSTATUS(status);
    }
    return result;
}

NginxAnswer ask_nginx(const NginxCommand& nginx, const std::string& main_file) {
    // The pid file is made even by a test.
    std::string global = "pid nginx.pid; error_log stderr;";
    for (const std::string& stem : nginx.stems)
        global += " load_module " + nginx.modules + "/" + stem + ".so;";
    const ProcessResult result =
        run_process({nginx.binary, "-t", "-p", nginx.prefix, "-c", main_file, "-g", global},
                    std::chrono::seconds(10));
    NginxAnswer answer;
    answer.output = result.standard_error;
    switch (result.kind) {
    case ExitKind::exited:
        if (result.code == 0) {
            answer.status = NginxAnswer::Status::accepted;
        } else {
            answer.refusal = find_refusal(result.standard_error);
            answer.status =
                answer.refusal ? NginxAnswer::Status::refused : NginxAnswer::Status::unreadable;
        }
        break;
    case ExitKind::signalled:
        answer.status = NginxAnswer::Status::crashed;
        break;
    case ExitKind::timed_out:
        answer.status = NginxAnswer::Status::timed_out;
        break;
    case ExitKind::not_started:
        answer.output = std::strerror(result.code);
        break;
    }
    return answer;
}

std::string nginx_version_text(const std::string& binary) {
    const ProcessResult result = run_process({binary, "-V"}, std::chrono::seconds(10));
    return result.kind == ExitKind::exited && result.code == 0 ? result.standard_error : "";
}

std::vector<std::string> module_stems(const std::string& folder) {
    std::vector<std::string> stems;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error))
        if (entry.path().extension() == ".so")
            stems.push_back(entry.path().stem().string());
    std::sort(stems.begin(), stems.end(), [](const std::string& left, const std::string& right) {
        const int left_rank = load_rank(left);
        const int right_rank = load_rank(right);
        return left_rank != right_rank ? left_rank < right_rank : left < right;
    });
    return stems;
}

bool leave_network() {
    if (::unshare(CLONE_NEWNET) != 0)
        return false;
    const int socket = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (socket < 0)
        return false;
    ifreq request{};
    std::memcpy(request.ifr_name, "lo", 3);
    request.ifr_flags = IFF_UP | IFF_RUNNING;
    const bool up = ::ioctl(socket, SIOCSIFFLAGS, &request) == 0;
    ::close(socket);
    return up;
}

} // namespace upstream_lint::differential
