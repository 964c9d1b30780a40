#include "e2e/names/name_server.hpp"

#include <arpa/inet.h>
#include <chrono>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <netinet/in.h>
#include <stdexcept>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace upstream_lint::test {

namespace {

using namespace std::chrono_literals;
constexpr auto pause = 5ms;

std::vector<std::string> words(const std::string& address, std::uint16_t port,
                               const std::vector<std::string>& options) {
    std::vector<std::string> all = {NameServer::program,
                                    "--keep-in-foreground",
                                    "--conf-file=/dev/null",
                                    "--pid-file=",
                                    "--user=root",
                                    "--no-hosts",
                                    "--no-resolv",
                                    "--bind-interfaces",
                                    "--listen-address=" + address,
                                    fmt::format("--port={}", port)};
    all.insert(all.end(), options.begin(), options.end());
    return all;
}

bool takes_connections(const std::string& address, std::uint16_t port) {
    sockaddr_in place{};
    place.sin_family = AF_INET;
    place.sin_port = htons(port);
    ::inet_pton(AF_INET, address.c_str(), &place.sin_addr);
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const bool is_made =
        ::connect(socket, reinterpret_cast<const sockaddr*>(&place), sizeof place) == 0; // NOLINT
    ::close(socket);
    return is_made;
}

} // namespace

NameServer::NameServer(const std::string& address, std::uint16_t port,
                       const std::vector<std::string>& options, const std::string& log) :
    daemon_(words(address, port, options), log) {
    while (!takes_connections(address, port)) {
        if (daemon_.has_ended()) {
            std::ifstream file(log);
            throw std::runtime_error("dnsmasq ended: " +
                                     std::string(std::istreambuf_iterator<char>(file), {}));
        }
        std::this_thread::sleep_for(pause);
    }
}

} // namespace upstream_lint::test
