#include "e2e/containers/empty_name_server.hpp"

#include <array>

namespace upstream_lint::test {

namespace {

constexpr std::size_t header_size = 12;
constexpr unsigned char response = 0x80;
constexpr unsigned char no_such_name = 0x83; // recursion available, NXDOMAIN

} // namespace

EmptyNameServer::EmptyNameServer(const std::string& address) : socket_(AF_INET, SOCK_DGRAM) {
    sockaddr_in place{};
    place.sin_family = AF_INET;
    place.sin_port = htons(53);
    if (::inet_pton(AF_INET, address.c_str(), &place.sin_addr) != 1) {
        throw std::runtime_error("no address: " + address);
    }
    socket_.bind(reinterpret_cast<const sockaddr*>(&place), sizeof place); // NOLINT
    server_ = std::thread([this] { answer_all(); });
}

EmptyNameServer::~EmptyNameServer() {
    ::shutdown(socket_.fd(), SHUT_RDWR);
    server_.join();
}

void EmptyNameServer::answer_all() const {
    for (;;) {
        std::array<unsigned char, 512> message{};
        sockaddr_in client{};
        socklen_t client_size = sizeof client;
        auto* const to = reinterpret_cast<sockaddr*>(&client); // NOLINT
        const ssize_t size =
            ::recvfrom(socket_.fd(), message.data(), message.size(), 0, to, &client_size);
        if (size < static_cast<ssize_t>(header_size)) {
            return;
        }
        message[2] |= response;
        message[3] = no_such_name;
        (void)::sendto(socket_.fd(), message.data(), static_cast<std::size_t>(size), 0, to,
                       client_size);
    }
}

} // namespace upstream_lint::test
