#pragma once

#include "nginx_message.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace upstream_lint::differential {

enum class ExitKind : std::uint8_t {
    exited,
    signalled, ///< `code` is the signal
    timed_out,
    not_started, ///< `code` is an errno value
};

struct ProcessResult {
    ExitKind kind = ExitKind::not_started;
    int code = 0;
    std::string standard_output;
    std::string standard_error;
};

/// Runs a program with an empty standard input and the C locale, and waits for its end.
/// `arguments[0]` is the program's path. A program that takes longer than `timeout` is killed.
[[nodiscard]] ProcessResult run_process(const std::vector<std::string>& arguments,
                                        std::chrono::milliseconds timeout);

/// The nginx that is asked.
struct NginxCommand {
    std::string binary;
    std::string modules;            ///< folder of the dynamic modules
    std::string prefix;             ///< `-p`, with a final slash
    std::vector<std::string> stems; ///< modules to load, in this order
};

struct NginxAnswer {
    enum class Status : std::uint8_t { accepted, refused, crashed, timed_out, unreadable };
    Status status = Status::unreadable;
    std::optional<Refusal> refusal; ///< set when refused
    std::string output;             ///< everything on standard error
};

/// `nginx -t` over `main_file`, an absolute path.
[[nodiscard]] NginxAnswer ask_nginx(const NginxCommand& nginx, const std::string& main_file);

/// What `nginx -V` prints; empty when the program cannot be run.
[[nodiscard]] std::string nginx_version_text(const std::string& binary);

/// Stems of the dynamic modules in a folder, those that others need first.
[[nodiscard]] std::vector<std::string> module_stems(const std::string& folder);

/// Moves this process to a network of its own where the loopback interface is up, so that listening
/// sockets disturb nobody and no name is looked up elsewhere. False where that is not permitted.
bool leave_network();

} // namespace upstream_lint::differential
