#include "e2e/services/backend.hpp"

#include "support/test_socket.hpp"

#include <array>
#include <cstdlib>
#include <string_view>
#include <sys/stat.h>

namespace upstream_lint::test {

namespace {

constexpr int handed_over = 3; // SD_LISTEN_FDS_START

[[noreturn]] void answer_all(int listener) {
    constexpr std::string_view response =
        "HTTP/1.0 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    for (;;) {
        const int connection = ::accept(listener, nullptr, nullptr);
        if (connection < 0) {
            std::exit(1); // NOLINT(concurrency-mt-unsafe)
        }
        std::array<char, 4096> request{};
        (void)::recv(connection, request.data(), request.size(), 0);
        (void)::send(connection, response.data(), response.size(), MSG_NOSIGNAL);
        ::close(connection);
    }
}

} // namespace

void serve_forever(const std::string& path) {
    if (path.empty()) {
        answer_all(handed_over);
    }
    ::unlink(path.c_str());
    TestSocket socket(AF_UNIX, SOCK_STREAM);
    socket.bind_path(path).listen();
    ::chmod(path.c_str(), 0666);
    answer_all(socket.fd());
}

} // namespace upstream_lint::test
