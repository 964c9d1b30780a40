#include "requests/client.hpp"

#include "requests/sockets.hpp"

#include <array>
#include <cerrno>
#include <netinet/in.h>
#include <optional>
#include <sys/time.h>
#include <system_error>
#include <unistd.h>

#ifdef UPSTREAM_LINT_HAS_OPENSSL
#include <openssl/ssl.h>
#endif

namespace upstream_lint::differential {

namespace {

bool is_late() {
    return errno == EAGAIN;
}

/// The client's own address is chosen where the configuration may look at it.
void bind_from(const OpenFile& socket, const std::string& from) {
    const std::optional<SocketAddress> address = read_address(from + ":0");
    const int on = 1;
    ::setsockopt(socket.get(), IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof(on));
    if (!address || ::bind(socket.get(), address->get(), address->size) != 0)
        throw std::system_error(errno, std::generic_category(), "bind to " + from);
}

/// Reads and writes wait no longer.
void bound_waiting(const OpenFile& socket, std::chrono::milliseconds most) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(most);
    const std::chrono::microseconds rest = most - seconds;
    const timeval time{seconds.count(), rest.count()};
    ::setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &time, sizeof(time));
    ::setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &time, sizeof(time));
}

OpenFile connect_to(const ClientRequest& request, std::chrono::milliseconds patience) {
    const std::optional<SocketAddress> address = read_address(request.connect);
    if (!address)
        throw std::system_error(EINVAL, std::generic_category(), request.connect);
    OpenFile socket(::socket(address->family(), SOCK_STREAM | SOCK_CLOEXEC, 0));
    bound_waiting(socket, patience);
    if (address->family() == AF_INET)
        bind_from(socket, request.from);
    if (::connect(socket.get(), address->get(), address->size) != 0)
        return {};
    return socket;
}

RawAnswer exchange_plain(const OpenFile& socket, const std::string& bytes) {
    // nginx may close before it has read all: what it answered is there nevertheless.
    (void)::send(socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    RawAnswer answer{RawAnswer::Kind::ended, {}};
    std::array<char, 16384> buffer{};
    for (;;) {
        const ssize_t count = ::recv(socket.get(), buffer.data(), buffer.size(), 0);
        if (count > 0) {
            answer.bytes.append(buffer.data(), static_cast<std::size_t>(count));
        } else if (count == 0 || errno != EINTR) {
            if (count < 0 && is_late())
                answer.kind = RawAnswer::Kind::timed_out;
            return answer;
        }
    }
}

} // namespace

#ifdef UPSTREAM_LINT_HAS_OPENSSL

struct Client::Tls {
    struct Free {
        void operator()(SSL_CTX* one) const { SSL_CTX_free(one); }

        void operator()(SSL* one) const { SSL_free(one); }
    };

    std::unique_ptr<SSL_CTX, Free> context{SSL_CTX_new(TLS_client_method())};

    Tls() { SSL_CTX_set_options(context.get(), SSL_OP_IGNORE_UNEXPECTED_EOF); }

    [[nodiscard]] RawAnswer exchange(const OpenFile& socket, const ClientRequest& request) const {
        const std::unique_ptr<SSL, Free> session(SSL_new(context.get()));
        SSL_set_fd(session.get(), socket.get());
        // The macro for this casts away what it is given.
        if (request.sni)
            SSL_ctrl(session.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                     const_cast<char*>(request.sni->c_str()));
        if (SSL_connect(session.get()) != 1)
            return {RawAnswer::Kind::no_tls, {}};
        const std::string bytes = bytes_of(request);
        (void)SSL_write(session.get(), bytes.data(), static_cast<int>(bytes.size()));
        RawAnswer answer{RawAnswer::Kind::ended, {}};
        std::array<char, 16384> buffer{};
        for (;;) {
            const int count =
                SSL_read(session.get(), buffer.data(), static_cast<int>(buffer.size()));
            if (count <= 0) {
                if (SSL_get_error(session.get(), count) == SSL_ERROR_SYSCALL && is_late())
                    answer.kind = RawAnswer::Kind::timed_out;
                return answer;
            }
            answer.bytes.append(buffer.data(), static_cast<std::size_t>(count));
        }
    }
};

bool Client::has_tls() noexcept {
    return true;
}

#else

struct Client::Tls {
    static RawAnswer exchange(const OpenFile&, const ClientRequest&) {
        return {RawAnswer::Kind::no_tls, {}};
    }
};

bool Client::has_tls() noexcept {
    return false;
}

#endif

Client::Client(std::chrono::milliseconds patience) :
    patience_(patience), tls_(std::make_unique<Tls>()) {}

Client::~Client() = default;

RawAnswer Client::exchange(const ClientRequest& request) {
    const OpenFile socket = connect_to(request, patience_);
    if (!socket.is_open())
        return {RawAnswer::Kind::refused, {}};
    return request.tls ? tls_->exchange(socket, request)
                       : exchange_plain(socket, bytes_of(request));
}

} // namespace upstream_lint::differential
