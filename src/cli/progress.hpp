#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

namespace upstream_lint::cli {

/// One line on standard error that says what takes so long, once it has taken a second; nothing
/// where standard error is no terminal. The line is gone when this ends.
class Progress {
public:
    explicit Progress(std::string what);
    ~Progress();

    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    /// What is done from now on.
    void show(std::string what);

    /// Before anything else is printed.
    void end();

private:
    void run();

    std::mutex mutex_; // of what follows
    std::condition_variable changed_;
    std::string what_;
    bool is_over_ = false;
    std::thread thread_;
};

} // namespace upstream_lint::cli
