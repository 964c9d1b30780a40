#include "e2e/live/system_calls.hpp"

#include <algorithm>
#include <cctype>
#include <set>
#include <sstream>

namespace upstream_lint::test {

namespace {

// Whatever their arguments are, they leave everything outside the process as it was.
const std::set<std::string_view> harmless = {"access",
                                             "arch_prctl",
                                             "bind",
                                             "brk",
                                             "capget",
                                             "clock_gettime",
                                             "clock_nanosleep",
                                             "close",
                                             "dup",
                                             "dup3",
                                             "epoll_create1",
                                             "epoll_ctl",
                                             "epoll_pwait",
                                             "epoll_wait",
                                             "eventfd2",
                                             "exit",
                                             "exit_group",
                                             "faccessat",
                                             "faccessat2",
                                             "fcntl",
                                             "fgetxattr",
                                             "fstat",
                                             "fstatfs",
                                             "futex",
                                             "getcwd",
                                             "getdents64",
                                             "getegid",
                                             "geteuid",
                                             "getgid",
                                             "getgroups",
                                             "getpeername",
                                             "getpgrp",
                                             "getpid",
                                             "getppid",
                                             "getrandom",
                                             "getrlimit",
                                             "getsockname",
                                             "getsockopt",
                                             "gettid",
                                             "getuid",
                                             "getxattr",
                                             "lgetxattr",
                                             "lseek",
                                             "lstat",
                                             "madvise",
                                             "membarrier",
                                             "mmap",
                                             "mprotect",
                                             "mremap",
                                             "munmap",
                                             "nanosleep",
                                             "newfstatat",
                                             "pipe2",
                                             "poll",
                                             "ppoll",
                                             "prctl",
                                             "pread64",
                                             "read",
                                             "readlink",
                                             "readlinkat",
                                             "readv",
                                             "recvfrom",
                                             "recvmmsg",
                                             "recvmsg",
                                             "restart_syscall",
                                             "rseq",
                                             "rt_sigaction",
                                             "rt_sigprocmask",
                                             "rt_sigreturn",
                                             "sched_getaffinity",
                                             "sched_yield",
                                             "set_robust_list",
                                             "set_tid_address",
                                             "setns",
                                             "setsockopt",
                                             "shutdown",
                                             "sigaltstack",
                                             "socket",
                                             "socketpair",
                                             "stat",
                                             "statfs",
                                             "statx",
                                             "sysinfo",
                                             "uname"};

bool has(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

bool has_any(std::string_view text, std::initializer_list<std::string_view> parts) {
    return std::ranges::any_of(parts, [text](std::string_view part) { return has(text, part); });
}

bool is_reading_open(std::string_view call) {
    return has_any(call, {"O_RDONLY", "O_PATH"}) &&
           !has_any(call, {"O_CREAT", "O_TRUNC", "O_WRONLY", "O_RDWR", "O_TMPFILE"});
}

// Standard output and error, and what wakes up a thread of its own.
bool is_own_write(std::string_view arguments) {
    return arguments.starts_with("1<") || arguments.starts_with("2<") ||
           has(arguments.substr(0, arguments.find(',')), "eventfd");
}

// Requests for lists to the kernel, GET to an engine, and the words of a D-Bus client.
bool is_question(std::string_view arguments) {
    if (has(arguments.substr(0, arguments.find(',')), "NETLINK")) {
        return has(arguments, "NLM_F_REQUEST") && has_any(arguments, {"NLM_F_DUMP", "0x300"});
    }
    return has_any(arguments, {"\"GET /", "\"\\0AUTH EXTERNAL", "\"l\\1\\"});
}

bool is_harmless(std::string_view name, std::string_view arguments) {
    if (harmless.contains(name)) {
        return true;
    }
    if (name == "open" || name == "openat" || name == "openat2") {
        return is_reading_open(arguments);
    }
    if (name == "write" || name == "writev") {
        return is_own_write(arguments);
    }
    if (name == "sendto" || name == "sendmsg" || name == "sendmmsg") {
        return is_question(arguments);
    }
    if (name == "connect") {
        return has_any(arguments, {"sa_family=AF_UNIX", "sa_family=AF_NETLINK"});
    }
    if (name == "clone" || name == "clone3") {
        return has(arguments, "CLONE_THREAD");
    }
    if (name == "prlimit64") {
        return has(arguments, ", NULL, {");
    }
    return name == "ioctl" && has_any(arguments, {"TCGETS", "TIOCGWINSZ", "FIONREAD", "FIONBIO"});
}

std::string_view without_process(std::string_view line) {
    line.remove_prefix(std::min(line.find_first_not_of("0123456789"), line.size()));
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    return line;
}

} // namespace

std::vector<std::string> calls_that_touch(std::string_view trace) {
    std::vector<std::string> found;
    std::istringstream lines{std::string(trace)};
    bool has_begun = false;
    for (std::string line; std::getline(lines, line);) {
        const std::string_view call = without_process(line);
        if (call.empty() || call.starts_with("<...") || call.starts_with("+++")) {
            continue;
        }
        const std::size_t parenthesis = std::min(call.find('('), call.size());
        const std::string_view name = call.substr(0, parenthesis);
        const bool is_its_own_start = name == "execve" && !has_begun;
        has_begun = true;
        if (!is_its_own_start &&
            !is_harmless(name, call.substr(std::min(parenthesis + 1, call.size())))) {
            found.push_back(line);
        }
    }
    return found;
}

} // namespace upstream_lint::test
