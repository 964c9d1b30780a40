#pragma once

#include "support/test_socket.hpp"

#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace upstream_lint::test {

/// Stands before the socket of an engine, passes on everything, and keeps what it was asked.
class Recorder {
public:
    /// Only its owner may connect to `path`, as to the sockets of engines.
    Recorder(const std::string& path, std::string engine_socket);
    ~Recorder();

    Recorder(const Recorder&) = delete;
    Recorder& operator=(const Recorder&) = delete;

    /// The first lines of all requests so far.
    [[nodiscard]] std::vector<std::string> requests();

private:
    void accept_all();
    void pass_on(int client);

    std::string engine_socket_;
    TestSocket listener_;
    std::mutex mutex_; // of what follows
    std::string asked_;
    std::vector<std::thread> connections_;
    std::thread acceptor_;
};

} // namespace upstream_lint::test
