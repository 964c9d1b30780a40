#include "support/backends.hpp"

#include <array>
#include <cerrno>
#include <filesystem>
#include <sys/mount.h>
#include <sys/stat.h>
#include <system_error>
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
    for (const std::string& path : mounted_) {
        ::umount2(path.c_str(), MNT_DETACH); // else the folder could not be removed
    }
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

void Backends::mount(const std::string& source, const std::string& path) {
    if (::mount(source.c_str(), path.c_str(), nullptr, MS_BIND, nullptr) != 0) {
        throw std::system_error(errno, std::generic_category(), "mount " + path);
    }
    mounted_.push_back(path);
}

void Backends::serve(TestSocket listener) {
    const int descriptor = keep(std::move(listener)).fd();
    served_.push_back(descriptor);
    servers_.emplace_back([descriptor] { answer_all(descriptor); });
}

} // namespace upstream_lint::test
