#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <sys/types.h>
#include <thread>

namespace upstream_lint::testing {

/// An nginx that answers requests, ended with this object or with the program.
class RunningNginx {
public:
    enum class Processes {
        one,
        master_and_workers, ///< as it runs on a host
    };

    /// Starts `binary` with `folder` as its prefix and the `nginx.conf` there, and waits until it
    /// listens or gives up. Throws std::system_error where no process can be made.
    RunningNginx(const std::string& binary, const std::string& folder,
                 Processes processes = Processes::one);
    ~RunningNginx();

    RunningNginx(const RunningNginx&) = delete;
    RunningNginx& operator=(const RunningNginx&) = delete;

    /// False: it refused the configuration, or ended.
    [[nodiscard]] bool is_ready() const noexcept { return ready_; }

    /// Whether it ends within that time.
    [[nodiscard]] bool ends_within(std::chrono::milliseconds time);

    /// What it has written to its error log since the last call.
    [[nodiscard]] std::string take_log();

private:
    void read_log();

    Processes processes_;
    pid_t pid_ = -1;
    int log_end_ = -1;
    bool ready_ = false;
    std::thread reader_;
    std::mutex mutex_; // of what follows
    std::condition_variable changed_;
    std::string log_;
    bool listens_ = false;
    bool ended_ = false;
};

} // namespace upstream_lint::testing
