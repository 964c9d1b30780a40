#include "cli/progress.hpp"

#include "upstream_lint/host.hpp"

#include <chrono>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace upstream_lint::cli {

namespace {

constexpr std::chrono::seconds patience{1};
constexpr const char* cleared = "\r\033[K";

} // namespace

Progress::Progress(std::string what) : what_(std::move(what)) {
    if (!is_terminal(STDERR_FILENO)) {
        return;
    }
    try {
        thread_ = std::thread([this] { run(); });
    } catch (const std::system_error&) { // NOLINT(bugprone-empty-catch)
        // no thread: nothing is shown
    }
}

Progress::~Progress() {
    end();
}

void Progress::show(std::string what) {
    const std::lock_guard lock(mutex_);
    what_ = std::move(what);
    changed_.notify_one();
}

void Progress::end() {
    {
        const std::lock_guard lock(mutex_);
        is_over_ = true;
        changed_.notify_one();
    }
    if (thread_.joinable()) {
        thread_.join();
    }
}

void Progress::run() {
    std::unique_lock lock(mutex_);
    if (changed_.wait_for(lock, patience, [this] { return is_over_; })) {
        return;
    }
    while (!is_over_) {
        (void)write_stream(STDERR_FILENO, cleared + ("nginx-upstream-lint: " + what_) + " ...");
        changed_.wait(lock);
    }
    (void)write_stream(STDERR_FILENO, cleared);
}

} // namespace upstream_lint::cli
