#pragma once

#include "support/test_socket.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace upstream_lint::test {

/// Bytes of a connection until `end` stands in them or the other side closes; at most ten seconds.
inline std::string receive_until(int connection, std::string_view end) {
    std::string text;
    while (text.find(end) == std::string::npos) {
        std::array<char, 4096> bytes{};
        const ssize_t count = ::recv(connection, bytes.data(), bytes.size(), 0);
        if (count <= 0)
            break;
        text.append(bytes.data(), static_cast<std::size_t>(count));
    }
    return text;
}

inline void send_all(int connection, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(connection, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0)
            return;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
}

/// Waits until the other side closes.
inline void wait_for_end(int connection) {
    (void)receive_until(connection, std::string_view("\0never\0", 7));
}

/// Closing will reset the connection.
inline void reset_at_close(int connection) {
    const linger at_once{1, 0};
    ::setsockopt(connection, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

/// Someone who listens at 127.0.0.1 and serves one connection after the other until its end.
class Peer {
public:
    using Serve = std::function<void(int connection)>;

    explicit Peer(Serve serve) : listener_(AF_INET, SOCK_STREAM), serve_(std::move(serve)) {
        constexpr int many = 256;
        listener_.bind_ipv4("127.0.0.1").listen(many);
        thread_ = std::thread([this] { run(); });
    }

    Peer(const Peer&) = delete;
    Peer& operator=(const Peer&) = delete;

    ~Peer() {
        ::shutdown(listener_.fd(), SHUT_RDWR);
        thread_.join();
    }

    [[nodiscard]] std::uint16_t port() const { return listener_.port(); }

    [[nodiscard]] int connections() const { return connections_; }

private:
    void run() {
        for (;;) {
            const int connection = ::accept4(listener_.fd(), nullptr, nullptr, SOCK_CLOEXEC);
            if (connection < 0)
                return;
            ++connections_;
            const timeval patience{10, 0};
            ::setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
            serve_(connection);
            ::close(connection);
        }
    }

    TestSocket listener_;
    Serve serve_;
    std::atomic<int> connections_ = 0;
    std::thread thread_;
};

} // namespace upstream_lint::test
