#include "requests/echo.hpp"

#include "requests/echo_protocols.hpp"
#include "requests/sockets.hpp"

#include <array>
#include <cerrno>
#include <cstddef>
#include <map>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace upstream_lint::differential {

namespace {

/// A request on its way in.
struct Connection {
    OpenFile socket;
    std::size_t listener = 0;
    std::string bytes;
    bool answered = false; ///< what still comes is read, so that the answer is not lost
};

void watch(const OpenFile& poll, int fd) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = fd;
    if (::epoll_ctl(poll.get(), EPOLL_CTL_ADD, fd, &event) != 0)
        throw std::system_error(errno, std::generic_category(), "epoll_ctl");
}

/// False when the other side has ended.
bool read_some(Connection& connection) {
    std::array<char, 16384> buffer{};
    const ssize_t count = ::read(connection.socket.get(), buffer.data(), buffer.size());
    if (count > 0)
        connection.bytes.append(buffer.data(), static_cast<std::size_t>(count));
    return count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR));
}

/// The answers are far smaller than the buffer of a new socket, so that one call takes them.
void write_all(const Connection& connection, const std::string& text) {
    (void)::send(connection.socket.get(), text.data(), text.size(), MSG_NOSIGNAL);
}

struct EchoPlace {
    std::string peer;
    EchoProtocol protocol;
};

std::vector<EchoPlace> all_of(const EchoPlaces& places) {
    const auto local = [](std::uint16_t port) { return "127.0.0.1:" + std::to_string(port); };
    std::vector<EchoPlace> all;
    for (const std::uint16_t port : places.http)
        all.push_back({local(port), EchoProtocol::http});
    all.push_back({"unix:" + places.socket, EchoProtocol::http});
    all.push_back({local(places.fastcgi), EchoProtocol::fastcgi});
    all.push_back({local(places.scgi), EchoProtocol::scgi});
    all.push_back({local(places.uwsgi), EchoProtocol::uwsgi});
    all.push_back({local(places.memcached), EchoProtocol::memcached});
    all.push_back({local(places.grpc), EchoProtocol::grpc});
    return all;
}

} // namespace

std::vector<std::string> peers_of(const EchoPlaces& places) {
    std::vector<std::string> peers;
    for (EchoPlace& place : all_of(places))
        peers.push_back(std::move(place.peer));
    return peers;
}

Echo::Echo(const EchoPlaces& places) {
    for (const EchoPlace& place : all_of(places))
        listeners_.push_back({listen_at(place.peer).release(), place.peer, place.protocol});
    wake_ = ::eventfd(0, EFD_CLOEXEC);
    thread_ = std::thread([this] { run(); });
}

Echo::~Echo() {
    ::eventfd_write(wake_, 1);
    thread_.join();
    ::close(wake_);
    for (const Listener& listener : listeners_)
        ::close(listener.socket);
}

std::vector<EchoedRequest> Echo::take_requests() {
    const std::scoped_lock lock(mutex_);
    return std::exchange(requests_, {});
}

void Echo::run() {
    const OpenFile poll(::epoll_create1(EPOLL_CLOEXEC));
    std::map<int, std::size_t> listeners;
    std::map<int, Connection> connections;
    watch(poll, wake_);
    for (std::size_t i = 0; i < listeners_.size(); ++i) {
        watch(poll, listeners_[i].socket);
        listeners.emplace(listeners_[i].socket, i);
    }
    const auto accept_one = [&](int socket, std::size_t listener) {
        OpenFile accepted(::accept4(socket, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
        if (!accepted.is_open())
            return;
        const int fd = accepted.get();
        watch(poll, fd);
        connections.emplace(fd, Connection{std::move(accepted), listener, {}, false});
    };
    const auto serve = [&](Connection& connection) {
        if (!read_some(connection))
            return false;
        if (connection.answered)
            return true;
        const Listener& listener = listeners_[connection.listener];
        auto request = read_request(listener.protocol, connection.bytes);
        if (!request)
            return true;
        request->peer = listener.peer;
        {
            const std::scoped_lock lock(mutex_);
            requests_.push_back(*request);
        }
        write_all(connection, answer_to(listener.protocol, *request));
        ::shutdown(connection.socket.get(), SHUT_WR);
        connection.answered = true;
        return true;
    };
    for (;;) {
        std::array<epoll_event, 64> events{};
        const int count =
            ::epoll_wait(poll.get(), events.data(), static_cast<int>(events.size()), -1);
        for (int i = 0; i < count; ++i) {
            const int fd = events[static_cast<std::size_t>(i)].data.fd;
            if (fd == wake_)
                return;
            if (const auto listener = listeners.find(fd); listener != listeners.end())
                accept_one(fd, listener->second);
            else if (const auto found = connections.find(fd);
                     found != connections.end() && !serve(found->second))
                connections.erase(found);
        }
    }
}

} // namespace upstream_lint::differential
