// Facts of a host with many listeners: against the bare lists of the kernel, against `ss`, against
// a bare loop of connects; and how long silent targets are waited for. In a network namespace of
// its own.

#include "host/connect.hpp"
#include "host/socket_listing.hpp"
#include "measure.hpp"
#include "upstream_lint/collect.hpp"
#include "upstream_lint/config.hpp"
#include "upstream_lint/file_system.hpp"
#include "upstream_lint/lint.hpp"

#include <arpa/inet.h>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdexcept>
#include <string>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace upstream_lint::bench {
namespace {

using namespace std::chrono_literals;

constexpr int skipped = 77;
constexpr std::uint16_t first_port = 20'000;
constexpr std::uint16_t silent_port = 19'999;

void require(bool holds, const char* what) {
    if (!holds)
        throw std::runtime_error(what);
}

bool enter_own_network() {
    if (::unshare(CLONE_NEWNET) != 0)
        return false;
    const int socket = ::socket(AF_INET, SOCK_DGRAM, 0);
    ifreq request{};
    request.ifr_name[0] = 'l';
    request.ifr_name[1] = 'o';
    request.ifr_flags = IFF_UP;
    const bool is_up = ::ioctl(socket, SIOCSIFFLAGS, &request) == 0;
    ::close(socket);
    return is_up;
}

void allow_descriptors() {
    rlimit limit{};
    require(::getrlimit(RLIMIT_NOFILE, &limit) == 0, "getrlimit()");
    limit.rlim_cur = limit.rlim_max;
    require(::setrlimit(RLIMIT_NOFILE, &limit) == 0, "setrlimit()");
}

sockaddr_in loopback(std::uint16_t port, std::uint32_t address = INADDR_LOOPBACK) {
    sockaddr_in result{};
    result.sin_family = AF_INET;
    result.sin_port = htons(port);
    result.sin_addr.s_addr = htonl(address);
    return result;
}

template <typename Address> const sockaddr* general(const Address& address) {
    return reinterpret_cast<const sockaddr*>(&address);
}

void listen_on(int family, const sockaddr* address, socklen_t size, int backlog) {
    const int socket = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    require(socket >= 0, "socket()");
    require(::bind(socket, address, size) == 0, "bind()");
    require(::listen(socket, backlog) == 0, "listen()");
}

void listen_on_ports(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        const sockaddr_in address = loopback(static_cast<std::uint16_t>(first_port + i));
        listen_on(AF_INET, general(address), sizeof address, 4096);
    }
}

std::string path_of(const std::string& folder, std::size_t number) {
    return folder + "/" + std::to_string(number) + ".sock";
}

void listen_on_paths(const std::string& folder, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        path_of(folder, i).copy(address.sun_path, sizeof address.sun_path - 1);
        listen_on(AF_UNIX, general(address), sizeof address, 16);
    }
}

/// A process that holds sockets until this ends: one alone may not have as many descriptors.
class Holder {
public:
    explicit Holder(const std::function<void()>& listen) {
        std::array<int, 2> ready{};
        require(::pipe(ready.data()) == 0, "pipe()");
        process_ = ::fork();
        require(process_ >= 0, "fork()");
        if (process_ == 0)
            hold(listen, ready[1]);
        ::close(ready[1]);
        char word = 0;
        const bool is_ready = ::read(ready[0], &word, 1) == 1;
        ::close(ready[0]);
        require(is_ready, "listeners could not be made");
    }

    Holder(const Holder&) = delete;
    Holder& operator=(const Holder&) = delete;

    ~Holder() {
        ::kill(process_, SIGKILL);
        ::waitpid(process_, nullptr, 0);
    }

private:
    [[noreturn]] static void hold(const std::function<void()>& listen, int ready) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        try {
            listen();
            (void)!::write(ready, "1", 1);
        } catch (const std::exception& error) {
            std::fprintf(stderr, "%s\n", error.what());
        }
        ::close(ready);
        for (;;)
            ::pause();
    }

    pid_t process_ = -1;
};

std::string configuration(const std::string& folder, std::size_t targets) {
    std::string text = "user root;\nevents { }\nhttp {\nserver {\nlisten 80;\n";
    for (std::size_t i = 0; i < targets; ++i) {
        const std::size_t number = i / 2;
        const std::string target = i % 2 == 0 ? "127.0.0.1:" + std::to_string(first_port + number)
                                              : "unix:" + path_of(folder, number) + ":";
        text += "location /" + std::to_string(i) + "/ { proxy_pass http://" + target + "; }\n";
    }
    return text + "}\n}\n";
}

struct Subject {
    Model model;
    CheckPlan plan;
};

Subject subject(const std::string& folder, std::size_t targets) {
    MemoryFileSystem files;
    files.add("/nginx.conf", configuration(folder, targets));
    LoadOptions options;
    options.keep_blocks = true;
    auto model = build_model(load_config(files, "/nginx.conf", options));
    require(model.has_value(), "the configuration is refused");
    CheckPlan plan = plan_check(*model);
    return {*std::move(model), std::move(plan)};
}

double list_bare() {
    return time_of(cpu_seconds, [] {
        NetworkNamespace space;
        list_sockets_by_netlink(space, 5s);
        keep(space.tcp_listeners.size() + space.unix_sockets.size());
    });
}

double check_all(const Subject& of) {
    return time_of(cpu_seconds, [&] {
        CollectOptions options;
        options.provider_deadline = 20s;
        CollectRequest request;
        request.plan = &of.plan.probes;
        request.users = {"root"};
        const Snapshot facts = collect_facts(request, options);
        const upstream_lint::Report report = check(of.model, of.plan, facts);
        for (const TargetVerdict& target : report.targets)
            require(target.verdict == Verdict::satisfied, "a listener was not found");
        keep(report.targets.size());
    });
}

std::vector<ConnectTarget> targets_at(std::size_t count) {
    std::vector<ConnectTarget> targets;
    for (std::size_t i = 0; i < count; ++i) {
        const std::string text = "127.0.0.1:" + std::to_string(first_port + i);
        targets.push_back({text, parse_address_and_port(text), ""});
    }
    return targets;
}

double connect_each(std::size_t count) {
    return time_of(cpu_seconds, [count] {
        for (std::size_t i = 0; i < count; ++i) {
            const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
            const sockaddr_in address = loopback(static_cast<std::uint16_t>(first_port + i));
            require(::connect(socket, general(address), sizeof address) == 0, "connect()");
            ::close(socket);
        }
    });
}

double connect_probes(const std::vector<ConnectTarget>& targets) {
    return time_of(cpu_seconds, [&] {
        for (const ConnectFacts& answer : connect_to(targets, "", {5s, 5s, Clock::now() + 20s}))
            require(answer.error.empty() && answer.reading.is_complete(), "a probe failed");
    });
}

/// A listener that lets nobody in: its queue is full.
class SilentListener {
public:
    SilentListener() :
        holder_([] {
            const sockaddr_in any = loopback(silent_port, INADDR_ANY);
            listen_on(AF_INET, general(any), sizeof any, 0);
            for (int i = 0; i < 2; ++i) {
                const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
                const sockaddr_in address = loopback(silent_port);
                (void)::connect(socket, general(address), sizeof address);
            }
        }) {}

private:
    Holder holder_;
};

double wait_for_silent(std::size_t count, std::chrono::milliseconds deadline) {
    std::vector<ConnectTarget> targets;
    for (std::size_t i = 0; i < count; ++i) {
        const std::string text = "127.0." + std::to_string(1 + i / 250) + "." +
                                 std::to_string(1 + i % 250) + ":" + std::to_string(silent_port);
        targets.push_back({text, parse_address_and_port(text), ""});
    }
    return time_of(wall_seconds, [&] {
        for (const ConnectFacts& answer :
             connect_to(targets, "", {deadline, deadline, Clock::now() + 20s}))
            require(answer.reading.status == ReadStatus::timeout, "somebody answered");
    });
}

int run(const Arguments& arguments) {
    Report report;
    allow_descriptors();
    if (!enter_own_network()) {
        report.note("facts", "skipped: no network namespace may be made here");
        return skipped;
    }
    const std::size_t count = arguments.has("--quick") ? 2'000 : 10'000;
    const TemporaryFolder folder;
    const Holder ports([count] { listen_on_ports(count); });
    const Holder paths([&] { listen_on_paths(folder.path(), count); });
    const Subject all = subject(folder.path(), count);

    const Best facts = take_turns(
        15, [&] { return check_all(all); }, list_bare);
    report.at_most("facts and check / the kernel's lists, CPU", facts.ratio(), 10, 5, "times");
    if (run_process({"ss", "-V"}).status == 0) {
        const Best lists = take_turns(
            9,
            [] {
                return run_process({"ss", "-tulpn"}).cpu;
            },
            list_bare);
        report.at_least("ss -tulpn / the kernel's lists, CPU", lists.ratio(), 10, 20, "times");
    } else {
        report.note("ss -tulpn / the kernel's lists, CPU", "skipped: no ss here");
    }
    const auto targets = targets_at(count);
    const Best connects = take_turns(
        3, [&] { return connect_probes(targets); }, [&] { return connect_each(count); });
    report.at_most("probes / bare connects, CPU", connects.ratio(), 2, 1.5, "times");

    const SilentListener silent;
    constexpr std::chrono::milliseconds deadline = 500ms;
    const double one = wait_for_silent(1, deadline);
    report.at_most("one silent target / its deadline", one / 0.5, 1.2, 1.05, "times");
    report.at_most("1000 silent targets / one", wait_for_silent(1'000, deadline) / one, 1.2, 1.05,
                   "times");
    return report.status();
}

} // namespace
} // namespace upstream_lint::bench

int main(int argc, char** argv) {
    return upstream_lint::bench::run_program(argc, argv, upstream_lint::bench::run);
}
