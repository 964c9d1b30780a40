#pragma once

#include <arpa/inet.h>
#include <cstdint>
#include <cstring>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdexcept>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <utility>

namespace upstream_lint::test {

/// A socket that a test opens for real; closed at its end. What fails throws.
class TestSocket {
public:
    TestSocket(int family, int type) : fd_(::socket(family, type | SOCK_CLOEXEC, 0)) {
        require(fd_ >= 0, "socket()");
    }

    TestSocket(TestSocket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

    TestSocket(const TestSocket&) = delete;
    TestSocket& operator=(const TestSocket&) = delete;
    TestSocket& operator=(TestSocket&&) = delete;

    ~TestSocket() { close(); }

    void close() {
        if (fd_ >= 0)
            ::close(std::exchange(fd_, -1));
    }

    [[nodiscard]] int fd() const { return fd_; }

    TestSocket& set(int level, int option, int value) {
        require(::setsockopt(fd_, level, option, &value, sizeof value) == 0, "setsockopt()");
        return *this;
    }

    TestSocket& bind(const sockaddr* address, socklen_t size) {
        require(::bind(fd_, address, size) == 0, "bind()");
        return *this;
    }

    TestSocket& bind_path(const std::string& path) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        require(path.size() < sizeof address.sun_path, "a short path");
        path.copy(address.sun_path, path.size());
        return bind(reinterpret_cast<const sockaddr*>(&address), sizeof address); // NOLINT
    }

    /// To a port that the kernel chooses.
    TestSocket& bind_ipv4(const char* text) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        require(::inet_pton(AF_INET, text, &address.sin_addr) == 1, "inet_pton()");
        return bind(reinterpret_cast<const sockaddr*>(&address), sizeof address); // NOLINT
    }

    TestSocket& bind_ipv6(const char* text) {
        sockaddr_in6 address{};
        address.sin6_family = AF_INET6;
        require(::inet_pton(AF_INET6, text, &address.sin6_addr) == 1, "inet_pton()");
        return bind(reinterpret_cast<const sockaddr*>(&address), sizeof address); // NOLINT
    }

    TestSocket& listen(int backlog = 16) {
        require(::listen(fd_, backlog) == 0, "listen()");
        return *this;
    }

    [[nodiscard]] std::uint16_t port() const {
        sockaddr_storage address{};
        socklen_t size = sizeof address;
        require(::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size) == 0, // NOLINT
                "getsockname()");
        // both families have it in the same place
        sockaddr_in inet{};
        std::memcpy(&inet, &address, sizeof inet);
        return ntohs(inet.sin_port);
    }

    /// One that is connecting, without waiting for it.
    [[nodiscard]] static TestSocket connecting_to(std::uint16_t port) {
        TestSocket socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        ::connect(socket.fd(), reinterpret_cast<const sockaddr*>(&address), // NOLINT
                  sizeof address);
        return socket;
    }

    [[nodiscard]] static TestSocket connecting_to_path(const std::string& path) {
        TestSocket socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK);
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        path.copy(address.sun_path, sizeof address.sun_path - 1);
        ::connect(socket.fd(), reinterpret_cast<const sockaddr*>(&address), // NOLINT
                  sizeof address);
        return socket;
    }

private:
    static void require(bool holds, const char* what) {
        if (!holds)
            throw std::runtime_error(std::string(what) + ": " + std::strerror(errno));
    }

    int fd_;
};

} // namespace upstream_lint::test
