#include "host/netlink.hpp"

#if UPSTREAM_LINT_HAS_MNL

#include <cerrno>
#include <libmnl/libmnl.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <memory>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <optional>
#include <span>
#include <sys/socket.h>
#include <sys/time.h>
#include <vector>

namespace upstream_lint {

namespace {

// The kernel fills no more than 32 KiB at a time (net/netlink/af_netlink.c, netlink_dump).
constexpr std::size_t buffer_size = std::size_t{32} * 1024;
constexpr std::size_t alignment = NLMSG_ALIGNTO;
// What changed meanwhile is asked for again.
constexpr int max_tries = 3;

// A unix or UDP socket without a peer counts as closed.
constexpr std::uint32_t waiting_states = 1U << TCP_LISTEN | 1U << TCP_CLOSE;

struct SocketCloser {
    void operator()(mnl_socket* socket) const { ::mnl_socket_close(socket); }
};

using NetlinkSocket = std::unique_ptr<mnl_socket, SocketCloser>;

Error failure(int code) {
    return system_error(code, "sock_diag", "netlink");
}

void ask_inet(nlmsghdr* header, const SocketDump& wanted) {
    void* room = ::mnl_nlmsg_put_extra_header(header, sizeof(inet_diag_req_v2));
    auto* request = static_cast<inet_diag_req_v2*>(room);
    request->sdiag_family = static_cast<std::uint8_t>(wanted.family);
    request->sdiag_protocol = static_cast<std::uint8_t>(wanted.protocol);
    request->idiag_states = wanted.protocol == IPPROTO_TCP ? 1U << TCP_LISTEN : waiting_states;
}

void ask_unix(nlmsghdr* header) {
    void* room = ::mnl_nlmsg_put_extra_header(header, sizeof(unix_diag_req));
    auto* request = static_cast<unix_diag_req*>(room);
    request->sdiag_family = AF_UNIX;
    request->udiag_states = waiting_states;
    request->udiag_show = UDIAG_SHOW_NAME | UDIAG_SHOW_VFS | UDIAG_SHOW_RQLEN;
}

class Dump {
public:
    explicit Dump(NetlinkSocket socket) : socket_(std::move(socket)), buffer_(buffer_size) {}

    Result<DumpedSockets> run(const SocketDump& wanted) {
        nlmsghdr* header = ::mnl_nlmsg_put_header(buffer_.data());
        header->nlmsg_type = SOCK_DIAG_BY_FAMILY;
        header->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
        if (wanted.family == AF_UNIX)
            ask_unix(header);
        else
            ask_inet(header, wanted);
        if (::mnl_socket_sendto(socket_.get(), header, header->nlmsg_len) < 0)
            return failure(errno);
        while (!is_over_) {
            const ssize_t got =
                ::mnl_socket_recvfrom(socket_.get(), buffer_.data(), buffer_.size());
            if (got < 0 && errno == EINTR)
                continue;
            if (got < 0)
                return failure(errno);
            if (const int code = take(static_cast<int>(got)); code != 0)
                return failure(code);
        }
        return std::move(dumped_);
    }

private:
    // The errno value that the kernel sent, or 0.
    int take(int size) {
        // each message begins where the one before ends, rounded up (NLMSG_ALIGN)
        dumped_.messages.resize((dumped_.messages.size() + alignment - 1) / alignment * alignment);
        const auto* bytes = reinterpret_cast<const std::uint8_t*>(buffer_.data()); // NOLINT
        dumped_.messages.insert(dumped_.messages.end(), bytes, bytes + size);
        const auto* message = reinterpret_cast<const nlmsghdr*>(buffer_.data()); // NOLINT
        for (; ::mnl_nlmsg_ok(message, size); message = ::mnl_nlmsg_next(message, &size)) {
            if ((message->nlmsg_flags & NLM_F_DUMP_INTR) != 0)
                dumped_.is_consistent = false;
            if (message->nlmsg_type == NLMSG_ERROR || message->nlmsg_type == NLMSG_DONE) {
                is_over_ = true;
                return sent_error(message);
            }
        }
        return 0;
    }

    // Both kinds begin with a negative errno value.
    static int sent_error(const nlmsghdr* message) {
        if (::mnl_nlmsg_get_payload_len(message) < sizeof(int))
            return 0;
        return -*static_cast<const int*>(::mnl_nlmsg_get_payload(message));
    }

    NetlinkSocket socket_;
    std::vector<char> buffer_;
    DumpedSockets dumped_;
    bool is_over_ = false;
};

Result<DumpedSockets> dump_once(const SocketDump& wanted, std::chrono::milliseconds deadline) {
    NetlinkSocket socket(::mnl_socket_open2(NETLINK_SOCK_DIAG, SOCK_CLOEXEC));
    if (!socket)
        return failure(errno);
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(deadline);
    const std::chrono::microseconds rest = deadline - seconds;
    const timeval patience{seconds.count(), rest.count()};
    ::setsockopt(::mnl_socket_get_fd(socket.get()), SOL_SOCKET, SO_RCVTIMEO, &patience,
                 sizeof patience);
    return Dump(std::move(socket)).run(wanted);
}

} // namespace

Result<DumpedSockets> dump_sockets(const SocketDump& wanted, std::chrono::milliseconds deadline) {
    Result<DumpedSockets> dumped = dump_once(wanted, deadline);
    for (int tried = 1; tried < max_tries && dumped && !dumped->is_consistent; ++tried)
        dumped = dump_once(wanted, deadline);
    return dumped;
}

} // namespace upstream_lint

#else

#include <cerrno>

namespace upstream_lint {

Result<DumpedSockets> dump_sockets(const SocketDump& /*wanted*/,
                                   std::chrono::milliseconds /*deadline*/) {
    return Error{ENOSYS, "sock_diag", "netlink", "this build was made without libmnl"};
}

} // namespace upstream_lint

#endif
