#include "support/get.hpp"

#include "support/test_socket.hpp"

#include <cstdlib>
#include <poll.h>

namespace upstream_lint::test {

namespace {

constexpr int patience = 10'000; // milliseconds

void wait_until(const TestSocket& socket, short events) {
    pollfd waiting{.fd = socket.fd(), .events = events, .revents = 0};
    (void)::poll(&waiting, 1, patience);
}

} // namespace

LiveAnswer get(std::uint16_t port, const std::string& path) {
    const TestSocket socket = TestSocket::connecting_to(port);
    wait_until(socket, POLLOUT);
    const std::string request = "GET " + path + " HTTP/1.0\r\nHost: live.example\r\n\r\n";
    (void)::send(socket.fd(), request.data(), request.size(), MSG_NOSIGNAL);
    LiveAnswer answer;
    for (char buffer[4096];;) { // NOLINT
        wait_until(socket, POLLIN);
        const ssize_t size = ::recv(socket.fd(), buffer, sizeof buffer, 0);
        if (size <= 0) {
            break;
        }
        answer.text.append(buffer, static_cast<std::size_t>(size));
    }
    if (const std::size_t blank = answer.text.find(' '); blank != std::string::npos) {
        answer.status = std::atoi(answer.text.c_str() + blank);
    }
    return answer;
}

} // namespace upstream_lint::test
