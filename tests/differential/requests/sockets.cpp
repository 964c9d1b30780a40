#include "requests/sockets.hpp"

#include <arpa/inet.h>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <netinet/in.h>
#include <sys/un.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace upstream_lint::differential {

namespace {

template <typename Address> SocketAddress socket_address(const Address& address) {
    SocketAddress result;
    std::memcpy(&result.storage, &address, sizeof(address));
    result.size = sizeof(address);
    return result;
}

std::optional<SocketAddress> unix_address(std::string_view path) {
    sockaddr_un address{};
    if (path.size() >= sizeof(address.sun_path))
        return std::nullopt;
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, path.size());
    return socket_address(address);
}

std::optional<SocketAddress> ipv4_address(const std::string& host, std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    if (::inet_pton(AF_INET, host.c_str(), &address.sin_addr) != 1)
        return std::nullopt;
    return socket_address(address);
}

std::optional<SocketAddress> ipv6_address(const std::string& host, std::uint16_t port) {
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    address.sin6_port = htons(port);
    if (::inet_pton(AF_INET6, host.c_str(), &address.sin6_addr) != 1)
        return std::nullopt;
    return socket_address(address);
}

OpenFile bind_to(const std::string& text) {
    const std::optional<SocketAddress> address = read_address(text);
    if (!address)
        return {};
    OpenFile file(::socket(address->family(), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    const int on = 1;
    ::setsockopt(file.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (::bind(file.get(), address->get(), address->size) != 0)
        return {};
    return file;
}

} // namespace

OpenFile& OpenFile::operator=(OpenFile&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
}

OpenFile::~OpenFile() {
    if (fd_ >= 0)
        ::close(fd_);
}

int OpenFile::release() noexcept {
    const int fd = fd_;
    fd_ = -1;
    return fd;
}

std::optional<SocketAddress> read_address(std::string_view text) {
    if (text.starts_with("unix:"))
        return unix_address(text.substr(5));
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos)
        return std::nullopt;
    std::uint16_t port = 0;
    std::from_chars(text.data() + colon + 1, text.data() + text.size(), port);
    const std::string host(text.substr(0, colon));
    if (host.starts_with('[') && host.ends_with(']'))
        return ipv6_address(host.substr(1, host.size() - 2), port);
    return ipv4_address(host, port);
}

OpenFile listen_at(const std::string& address) {
    OpenFile file = bind_to(address);
    if (!file.is_open() || ::listen(file.get(), 511) != 0)
        throw std::system_error(errno, std::generic_category(), "listening at " + address);
    return file;
}

bool is_free(const std::string& address) {
    return bind_to(address).is_open();
}

} // namespace upstream_lint::differential
