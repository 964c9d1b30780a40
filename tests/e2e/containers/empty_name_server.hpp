#pragma once

#include "support/test_socket.hpp"

#include <string>
#include <thread>

namespace upstream_lint::test {

/// A name server that knows no name at all: engines ask it for what is no container's.
class EmptyNameServer {
public:
    /// At port 53 of an address of IPv4.
    explicit EmptyNameServer(const std::string& address);
    ~EmptyNameServer();

    EmptyNameServer(const EmptyNameServer&) = delete;
    EmptyNameServer& operator=(const EmptyNameServer&) = delete;

private:
    void answer_all() const;

    TestSocket socket_;
    std::thread server_;
};

} // namespace upstream_lint::test
