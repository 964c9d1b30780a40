#include "host/connect.hpp"

#include "host/descriptor.hpp"
#include "host/open_below.hpp"
#include "host/proc_files.hpp"
#include "host/socket_address.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <map>
#include <memory>
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
    Connection(const ConnectTarget& target, const Script* script, const std::string& root,
               const ConnectLimits& limits) :
        script_(script),
        begin_(Clock::now()), end_(begin_ + limits.connect), answer_time_(limits.answer) {
        facts_.target = target.text;
        facts_.reading = complete_reading("connect");
        if (script != nullptr)
            facts_.exchange = script->exchange;
        if (target.address)
            start(to_system(*target.address));
        else
            start(target.path, root);
    }

    [[nodiscard]] bool is_over() const { return is_over_; }

    [[nodiscard]] int descriptor() const { return socket_.get(); }

    [[nodiscard]] Clock::time_point end() const { return end_; }

    /// What poll(2) is to wait for.
    [[nodiscard]] short awaited() const {
        if (!conversation_)
            return POLLOUT;
        return output_.empty() ? POLLIN : POLLIN | POLLOUT;
    }

    // The kernel has something to say.
    void look() {
        if (conversation_) {
            receive();
            talk();
            return;
        }
        int code = 0;
        socklen_t size = sizeof code;
        if (::getsockopt(socket_.get(), SOL_SOCKET, SO_ERROR, &code, &size) != 0)
            code = errno;
        finish_connecting(code);
    }

    void give_up() {
        if (conversation_) {
            conversation_->give_up();
            talk();
            return;
        }
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
                    finish_connecting(errno);
                return;
            }
            name = fmt::format("/proc/self/fd/{}", file.get());
        }
        if (name.size() >= sizeof address.sun_path) {
            finish_connecting(ENAMETOOLONG);
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
            finish_connecting(0);
        else if (errno != EINPROGRESS)
            finish_connecting(errno);
    }

    void could_not(const char* operation, int code) {
        facts_.reading =
            failed_reading(system_error(code, operation, facts_.target), facts_.reading.source);
        if (facts_.reading.status == ReadStatus::absent)
            facts_.reading.status = ReadStatus::unsupported;
        close();
    }

    void finish_connecting(int code) {
        if (code != 0)
            facts_.error = errno_name(code);
        const std::chrono::duration<double, std::milli> passed = Clock::now() - begin_;
        facts_.milliseconds = passed.count();
        if (code != 0 || script_ == nullptr) {
            close();
            return;
        }
        end_ = Clock::now() + answer_time_;
        conversation_ = std::make_unique<Conversation>(*script_);
        talk();
    }

    // Sends what there is to send, as much as the kernel takes.
    void talk() {
        output_ += conversation_->take_output();
        while (!output_.empty()) {
            const ssize_t sent =
                ::send(socket_.get(), output_.data(), output_.size(), MSG_NOSIGNAL);
            if (sent < 0) {
                // whoever does not read any more may still have said why
                if (errno != EAGAIN && errno != EINTR)
                    output_.clear();
                break;
            }
            output_.erase(0, static_cast<std::size_t>(sent));
        }
        if (conversation_->is_over()) {
            conversation_->tell(facts_);
            close();
        }
    }

    void receive() {
        constexpr std::size_t at_once = 4096;
        std::array<char, at_once> bytes{};
        const ssize_t count = ::recv(socket_.get(), bytes.data(), bytes.size(), 0);
        if (count > 0)
            conversation_->take_input({bytes.data(), static_cast<std::size_t>(count)});
        else if (count == 0)
            conversation_->take_end(0);
        else if (errno != EAGAIN && errno != EINTR)
            conversation_->take_end(errno);
    }

    void close() {
        is_over_ = true;
        conversation_.reset();
        socket_ = Descriptor();
    }

    ConnectFacts facts_;
    const Script* script_;
    Descriptor socket_;
    Clock::time_point begin_;
    Clock::time_point end_;
    std::chrono::milliseconds answer_time_;
    std::unique_ptr<Conversation> conversation_; // none while it connects
    std::string output_;                         // that the kernel has not taken yet
    bool is_over_ = false;
};

int milliseconds_until(Clock::time_point end) {
    const auto rest = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now());
    return static_cast<int>(std::clamp<std::int64_t>(rest.count(), 0, 60'000));
}

void wait_for_some(std::vector<Connection*>& open, Clock::time_point end) {
    std::vector<pollfd> watched;
    watched.reserve(open.size());
    Clock::time_point until = end;
    for (const Connection* connection : open) {
        watched.push_back({connection->descriptor(), connection->awaited(), 0});
        until = std::min(until, connection->end());
    }
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
    if (target.script)
        facts.exchange = target.script->exchange;
    return facts;
}

// What is said to the targets, with what their handshakes need, each made once.
class Scripts {
public:
    Scripts(const std::vector<ConnectTarget>& targets, const std::string& root) {
        const auto files = files_below(root);
        scripts_.reserve(targets.size()); // they are pointed at
        for (const ConnectTarget& target : targets) {
            scripts_.push_back(target.script);
            if (!target.script || !target.script->exchange.tls)
                continue;
            const UpstreamTls& settings = *target.script->exchange.tls;
            scripts_.back()->tls = &contexts_.try_emplace(settings, settings, *files).first->second;
        }
    }

    [[nodiscard]] const Script* at(std::size_t index) const {
        return scripts_[index] ? &*scripts_[index] : nullptr;
    }

private:
    std::map<UpstreamTls, TlsContext> contexts_;
    std::vector<std::optional<Script>> scripts_;
};

} // namespace

std::vector<ConnectFacts> connect_to(const std::vector<ConnectTarget>& targets,
                                     const std::string& root, const ConnectLimits& limits) {
    const std::size_t at_once = connections_at_once();
    const Scripts scripts(targets, root);
    std::vector<Connection> connections;
    connections.reserve(targets.size()); // they are pointed at
    std::vector<Connection*> open;
    const auto may_start = [&] {
        return connections.size() < targets.size() && Clock::now() < limits.end;
    };
    while (!open.empty() || may_start()) {
        while (open.size() < at_once && may_start()) {
            const std::size_t next = connections.size();
            connections.emplace_back(targets[next], scripts.at(next), root, limits);
            if (!connections.back().is_over())
                open.push_back(&connections.back());
        }
        if (!open.empty())
            wait_for_some(open, limits.end);
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
