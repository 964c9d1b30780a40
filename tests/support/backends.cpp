#include "support/backends.hpp"

#include <array>
#include <filesystem>
#include <sys/stat.h>
#include <utility>

namespace upstream_lint::test {

namespace {

void answer_all(int listener) {
    constexpr std::string_view response =
        "HTTP/1.0 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    for (;;) {
        const int connection = ::accept(listener, nullptr, nullptr);
        if (connection < 0) {
            return;
        }
        std::array<char, 4096> request{};
        (void)::recv(connection, request.data(), request.size(), 0);
        (void)::send(connection, response.data(), response.size(), MSG_NOSIGNAL);
        ::close(connection);
    }
}

} // namespace

Backends::Backends() {
    ::chmod(folder_.path().c_str(), 0755);
    kept_.reserve(1000); // references stay good
}

Backends::~Backends() {
    for (const int listener : served_) {
        ::shutdown(listener, SHUT_RDWR);
    }
    for (std::thread& server : servers_) {
        server.join();
    }
}

std::string Backends::path(const std::string& name) {
    std::filesystem::create_directories(folder_.at(name));
    ::chmod(folder_.at(name).c_str(), 0755);
    return folder_.at(name) + "/app.sock";
}

TestSocket& Backends::keep(TestSocket socket) {
    kept_.push_back(std::move(socket));
    return kept_.back();
}

void Backends::serve(TestSocket listener) {
    const int descriptor = keep(std::move(listener)).fd();
    served_.push_back(descriptor);
    servers_.emplace_back([descriptor] { answer_all(descriptor); });
}

} // namespace upstream_lint::test
