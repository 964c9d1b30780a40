#include "measure.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <exception>
#include <fcntl.h>
#include <filesystem>
#include <stdexcept>
#include <sys/resource.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

namespace upstream_lint::bench {
namespace {

double seconds(const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
}

double used(const rusage& usage) {
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

constexpr int not_started = 127;

} // namespace

double cpu_seconds() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return used(usage);
}

double wall_seconds() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

ProcessUse run_process(const std::vector<std::string>& command) {
    std::vector<char*> words;
    words.reserve(command.size() + 1);
    for (const std::string& word : command)
        words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    const pid_t child = ::fork();
    if (child < 0)
        return {};
    if (child == 0) {
        const int nowhere = ::open("/dev/null", O_RDWR);
        for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
            ::dup2(nowhere, fd);
        ::execvp(words.front(), words.data());
        ::_exit(not_started);
    }
    int status = 0;
    rusage usage{};
    while (::wait4(child, &status, 0, &usage) < 0) {
        if (errno != EINTR)
            return {};
    }
    const bool ended = WIFEXITED(status) && WEXITSTATUS(status) != not_started;
    return {ended ? WEXITSTATUS(status) : -1, used(usage),
            static_cast<std::size_t>(usage.ru_maxrss) * 1024};
}

TemporaryFolder::TemporaryFolder() :
    path_((std::filesystem::temp_directory_path() / "upstream-lint-bench-XXXXXX").string()) {
    if (::mkdtemp(path_.data()) == nullptr)
        throw std::system_error(errno, std::generic_category(), path_);
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

void Report::at_least(std::string_view name, double value, double demand, double goal,
                      std::string_view unit) {
    row(name, value, ">=", demand, goal, unit, value >= demand, value >= goal);
}

void Report::at_most(std::string_view name, double value, double demand, double goal,
                     std::string_view unit) {
    row(name, value, "<=", demand, goal, unit, value <= demand, value <= goal);
}

void Report::note(std::string_view name, std::string_view text) const {
    std::printf("%-46.*s %.*s\n", static_cast<int>(name.size()), name.data(),
                static_cast<int>(text.size()), text.data());
    std::fflush(stdout);
}

void Report::row(std::string_view name, double value, const char* relation, double demand,
                 double goal, std::string_view unit, bool met, bool reached) {
    failed_ = failed_ || !met;
    std::printf("%-46.*s %9.2f %-11.*s %s %7.2f  goal %7.2f  %s%s\n", static_cast<int>(name.size()),
                name.data(), value, static_cast<int>(unit.size()), unit.data(), relation, demand,
                goal, met ? "PASS" : "FAIL", reached ? ", goal reached" : "");
    std::fflush(stdout);
}

bool Arguments::has(std::string_view flag) const {
    return std::find(words_.begin(), words_.end(), flag) != words_.end();
}

std::string Arguments::value(std::string_view option, std::string_view otherwise) const {
    const auto found = std::find(words_.begin(), words_.end(), option);
    return found != words_.end() && found + 1 != words_.end() ? *(found + 1)
                                                              : std::string(otherwise);
}

int run_program(int argc, char** argv, int (*run)(const Arguments&)) {
    try {
        return run(Arguments(argc, argv));
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
}

} // namespace upstream_lint::bench
