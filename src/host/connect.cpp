#include "host/connect.hpp"

#include "host/descriptor.hpp"
#include "host/open_below.hpp"
#include "host/proc_files.hpp"
#include "host/socket_address.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>

namespace upstream_lint {

namespace {

constexpr std::size_t max_at_once = 1024;
// Descriptors that others of this process may need meanwhile.
constexpr std::size_t spared_descriptors = 64;

std::size_t connections_at_once() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur <= 2 * spared_descriptors)
        return spared_descriptors / 2;
    return std::min<std::size_t>(max_at_once, limit.rlim_cur - spared_descriptors);
}

class Connection {
public:
    Connection(const ConnectTarget& target, const std::string& root,
               std::chrono::milliseconds deadline) :
        begin_(Clock::now()),
        end_(begin_ + deadline) {
        facts_.target = target.text;
        facts_.reading = complete_reading("connect");
        if (target.address)
            start(to_system(*target.address));
        else
            start(target.path, root);
    }

    [[nodiscard]] bool is_over() const { return is_over_; }

    [[nodiscard]] int descriptor() const { return socket_.get(); }

    [[nodiscard]] Clock::time_point end() const { return end_; }

    // The kernel has something to say.
    void look() {
        int code = 0;
        socklen_t size = sizeof code;
        if (::getsockopt(socket_.get(), SOL_SOCKET, SO_ERROR, &code, &size) != 0)
            code = errno;
        finish(code);
    }

    void give_up() {
        facts_.reading.status = ReadStatus::timeout;
        facts_.reading.reason = "no answer in time";
        close();
    }

    [[nodiscard]] ConnectFacts take() { return std::move(facts_); }

private:
    void start(const SystemAddress& address) {
        if (open(address.storage.ss_family))
            begin(address.get(), address.size);
    }

    void start(const std::string& path, const std::string& root) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::string name = path;
        Descriptor file;
        if (!root.empty()) {
            file = open_below(root, path);
            if (!file.is_open()) {
                // the kernel does not know openat2(2): nothing is said of the target
                if (errno == ENOSYS)
                    could_not("openat2()", errno);
                else
                    finish(errno);
                return;
            }
            name = fmt::format("/proc/self/fd/{}", file.get());
        }
        if (name.size() >= sizeof address.sun_path) {
            finish(ENAMETOOLONG);
            return;
        }
        name.copy(address.sun_path, name.size());
        if (open(AF_UNIX))
            begin(reinterpret_cast<const sockaddr*>(&address), sizeof address); // NOLINT
    }

    bool open(int family) {
        socket_ = Descriptor(::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
        if (!socket_.is_open())
            could_not("socket()", errno);
        return socket_.is_open();
    }

    void begin(const sockaddr* address, socklen_t size) {
        if (::connect(socket_.get(), address, size) == 0)
            finish(0);
        else if (errno != EINPROGRESS)
            finish(errno);
    }

    void could_not(const char* operation, int code) {
        facts_.reading =
            failed_reading(system_error(code, operation, facts_.target), facts_.reading.source);
        if (facts_.reading.status == ReadStatus::absent)
            facts_.reading.status = ReadStatus::unsupported;
        close();
    }

    void finish(int code) {
        if (code != 0)
            facts_.error = errno_name(code);
        const std::chrono::duration<double, std::milli> passed = Clock::now() - begin_;
        facts_.milliseconds = passed.count();
        close();
    }

    void close() {
        is_over_ = true;
        socket_ = Descriptor();
    }

    ConnectFacts facts_;
    Descriptor socket_;
    Clock::time_point begin_;
    Clock::time_point end_;
    bool is_over_ = false;
};

int milliseconds_until(Clock::time_point end) {
    const auto rest = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now());
    return static_cast<int>(std::clamp<std::int64_t>(rest.count(), 0, 60'000));
}

// Connections begin in turn, so the oldest of them ends first.
void wait_for_some(std::vector<Connection*>& open, Clock::time_point end) {
    std::vector<pollfd> watched;
    watched.reserve(open.size());
    for (const Connection* connection : open)
        watched.push_back({connection->descriptor(), POLLOUT, 0});
    const Clock::time_point until = std::min(open.front()->end(), end);
    ::poll(watched.data(), watched.size(), milliseconds_until(until));
    const Clock::time_point now = Clock::now();
    for (std::size_t i = 0; i < open.size(); ++i) {
        if (watched[i].revents != 0)
            open[i]->look();
        else if (now >= open[i]->end() || now >= end)
            open[i]->give_up();
    }
    std::erase_if(open, [](const Connection* connection) { return connection->is_over(); });
}

ConnectFacts untried(const ConnectTarget& target) {
    ConnectFacts facts;
    facts.target = target.text;
    facts.reading = {ReadStatus::timeout, "connect", "not tried in time"};
    return facts;
}

} // namespace

std::vector<ConnectFacts> connect_to(const std::vector<ConnectTarget>& targets,
                                     const std::string& root, std::chrono::milliseconds deadline,
                                     Clock::time_point end) {
    const std::size_t at_once = connections_at_once();
    std::vector<Connection> connections;
    connections.reserve(targets.size()); // they are pointed at
    std::vector<Connection*> open;
    const auto may_start = [&] {
        return connections.size() < targets.size() && Clock::now() < end;
    };
    while (!open.empty() || may_start()) {
        while (open.size() < at_once && may_start()) {
            connections.emplace_back(targets[connections.size()], root, deadline);
            if (!connections.back().is_over())
                open.push_back(&connections.back());
        }
        if (!open.empty())
            wait_for_some(open, end);
    }
    std::vector<ConnectFacts> answers;
    answers.reserve(targets.size());
    for (Connection& connection : connections)
        answers.push_back(connection.take());
    while (answers.size() < targets.size())
        answers.push_back(untried(targets[answers.size()]));
    return answers;
}

} // namespace upstream_lint
