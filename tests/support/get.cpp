#include "support/get.hpp"

#include "support/test_socket.hpp"

#include <cstdlib>
#include <poll.h>
#include <string_view>

namespace upstream_lint::test {

namespace {

constexpr int patience = 10'000; // milliseconds

void wait_until(const TestSocket& socket, short events) {
    pollfd waiting{.fd = socket.fd(), .events = events, .revents = 0};
    (void)::poll(&waiting, 1, patience);
}

void send_all(const TestSocket& socket, std::string_view text) {
    while (!text.empty()) {
        wait_until(socket, POLLOUT);
        const ssize_t size = ::send(socket.fd(), text.data(), text.size(), MSG_NOSIGNAL);
        if (size <= 0) {
            return; // whoever has heard enough answers all the same
        }
        text.remove_prefix(static_cast<std::size_t>(size));
    }
}

LiveAnswer ask(std::uint16_t port, std::string_view request) {
    const TestSocket socket = TestSocket::connecting_to(port);
    send_all(socket, request);
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

} // namespace

LiveAnswer get(std::uint16_t port, const std::string& path) {
    return ask(port, "GET " + path + " HTTP/1.0\r\nHost: live.example\r\n\r\n");
}

LiveAnswer post(std::uint16_t port, const std::string& path, const std::string& body) {
    return ask(port, "POST " + path + " HTTP/1.0\r\nHost: live.example\r\nContent-Length: " +
                         std::to_string(body.size()) + "\r\n\r\n" + body);
}

} // namespace upstream_lint::test
