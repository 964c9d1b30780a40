#pragma once

#include "support/daemon.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace upstream_lint::test {

/// A dnsmasq on loopback, which reads no file. It refuses what its options do not tell it.
class NameServer {
public:
    static constexpr const char* program = "/usr/sbin/dnsmasq";

    /// Waits until it takes connections. Throws std::runtime_error with its log where it ends.
    NameServer(const std::string& address, std::uint16_t port,
               const std::vector<std::string>& options, const std::string& log);

private:
    testing::Daemon daemon_;
};

} // namespace upstream_lint::test
