#include "e2e/containers/recorder.hpp"

#include <array>
#include <filesystem>
#include <poll.h>
#include <sstream>
#include <sys/stat.h>

namespace upstream_lint::test {

namespace {

/// Sends on what has come; empty: it is the end.
std::string moved(int from, int to) {
    std::array<char, 65536> buffer{};
    const ssize_t size = ::recv(from, buffer.data(), buffer.size(), 0);
    if (size <= 0) {
        return {};
    }
    std::string bytes(buffer.data(), static_cast<std::size_t>(size));
    for (std::size_t sent = 0; sent < bytes.size();) {
        const ssize_t part = ::send(to, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
        if (part <= 0) {
            return {};
        }
        sent += static_cast<std::size_t>(part);
    }
    return bytes;
}

TestSocket listener_at(const std::string& path) {
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    ::unlink(path.c_str());
    TestSocket listener(AF_UNIX, SOCK_STREAM);
    listener.bind_path(path).listen(64);
    ::chmod(path.c_str(), 0600);
    return listener;
}

} // namespace

Recorder::Recorder(const std::string& path, std::string engine_socket) :
    engine_socket_(std::move(engine_socket)), listener_(listener_at(path)) {
    acceptor_ = std::thread([this] { accept_all(); });
}

Recorder::~Recorder() {
    ::shutdown(listener_.fd(), SHUT_RDWR);
    acceptor_.join();
    for (std::thread& connection : connections_) {
        connection.join();
    }
}

std::vector<std::string> Recorder::requests() {
    const std::scoped_lock lock(mutex_);
    std::vector<std::string> lines;
    std::istringstream text(asked_);
    for (std::string line; std::getline(text, line);) {
        if (line.find(" HTTP/1.") != std::string::npos) {
            lines.push_back(line);
        }
    }
    return lines;
}

void Recorder::accept_all() {
    for (;;) {
        const int client = ::accept4(listener_.fd(), nullptr, nullptr, SOCK_CLOEXEC);
        if (client < 0) {
            return;
        }
        const std::scoped_lock lock(mutex_);
        connections_.emplace_back([this, client] { pass_on(client); });
    }
}

void Recorder::pass_on(int client) {
    const TestSocket engine = TestSocket::connecting_to_path(engine_socket_);
    ::fcntl(engine.fd(), F_SETFL, 0);
    for (;;) {
        std::array<pollfd, 2> ends = {pollfd{client, POLLIN, 0}, pollfd{engine.fd(), POLLIN, 0}};
        if (::poll(ends.data(), ends.size(), -1) < 0) {
            break;
        }
        if (ends[1].revents != 0 && moved(engine.fd(), client).empty()) {
            break;
        }
        if (ends[0].revents != 0) {
            const std::string bytes = moved(client, engine.fd());
            const std::scoped_lock lock(mutex_);
            asked_ += bytes;
            if (bytes.empty()) {
                break;
            }
        }
    }
    ::close(client);
}

} // namespace upstream_lint::test
