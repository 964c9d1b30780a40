#pragma once

#include "support/process.hpp"
#include "support/temporary_folder.hpp"

#include <string>
#include <sys/types.h>
#include <vector>

namespace upstream_lint::test {

/// A machine in namespaces (systemd-nspawn): the files of this one, with a layer of its own above
/// them, and a systemd. Powered off at its end.
class Box {
public:
    /// Mounts its files; nothing runs yet.
    Box();
    Box(const Box&) = delete;
    Box& operator=(const Box&) = delete;
    ~Box();

    /// Writes a file of the box. Before it is booted, or after.
    void write(const std::string& path, const std::string& text) const;
    void link(const std::string& path, const std::string& target) const;

    /// Starts systemd, with files of this machine under other names (`FROM:TO`), and waits until
    /// nothing is being started any more. False where it does not come up within a minute.
    [[nodiscard]] bool boot(const std::vector<std::string>& bound);

    /// Runs a program in the box.
    [[nodiscard]] testing::ProcessResult run(const std::vector<std::string>& words) const;

    /// Its systemd, as this machine counts processes.
    [[nodiscard]] pid_t systemd() const { return systemd_; }

    /// What systemd-nspawn has printed.
    [[nodiscard]] std::string console() const;

private:
    [[nodiscard]] std::string root() const { return folder_.at("layer/root"); }

    TemporaryFolder folder_;
    pid_t nspawn_ = -1;
    pid_t systemd_ = -1;
};

} // namespace upstream_lint::test
