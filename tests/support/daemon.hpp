#pragma once

#include <string>
#include <sys/types.h>
#include <vector>

namespace upstream_lint::testing {

/// A program in the background, ended with this object or with the thread that started it.
class Daemon {
public:
    /// Starts `arguments[0]`; what it prints goes to the file `log`. Throws std::system_error where
    /// no process can be made.
    Daemon(const std::vector<std::string>& arguments, const std::string& log);
    ~Daemon();

    Daemon(const Daemon&) = delete;
    Daemon& operator=(const Daemon&) = delete;

    [[nodiscard]] bool has_ended();

private:
    pid_t pid_ = -1;
};

} // namespace upstream_lint::testing
