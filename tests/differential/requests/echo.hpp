#pragma once

#include "upstream_lint/resolution.hpp"

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace upstream_lint::differential {

/// What an upstream was sent.
struct EchoedRequest {
    std::string peer;   ///< where it arrived: `127.0.0.1:PORT`, `unix:/path`
    std::string method; ///< empty where the protocol has none of its own
    std::string target; ///< of memcached the key; empty of FastCGI, SCGI and uWSGI
    std::string http;   ///< `1.0`
    /// As sent; of gRPC in lower case, with Host for `:authority`; of FastCGI, SCGI and uWSGI the
    /// parameters.
    std::vector<HeaderField> headers;

    /// The value of the first header of that name, whatever the case of its letters.
    [[nodiscard]] std::optional<std::string> header(std::string_view name) const;
};

/// The header of an answer that tells what the upstream was sent; its body tells the same.
inline constexpr std::string_view echo_header = "X-Echo";

/// Reads the value of echo_header, or such a body. Nothing when it is not one.
[[nodiscard]] std::optional<EchoedRequest> read_echo(std::string_view value);

enum class EchoProtocol : std::uint8_t { http, fastcgi, scgi, uwsgi, memcached, grpc };

/// Where upstreams wait, on 127.0.0.1 and at one socket.
struct EchoPlaces {
    std::vector<std::uint16_t> http;
    std::uint16_t fastcgi = 0;
    std::uint16_t scgi = 0;
    std::uint16_t uwsgi = 0;
    std::uint16_t memcached = 0;
    std::uint16_t grpc = 0;
    std::string socket; ///< a path; HTTP
};

/// All of them: `127.0.0.1:PORT`, `unix:/path`.
[[nodiscard]] std::vector<std::string> peers_of(const EchoPlaces& places);

/// Upstreams that answer every request with 200 and what they were sent. They run in a thread of
/// their own until the end.
class Echo {
public:
    /// Throws std::system_error where an address is taken.
    explicit Echo(const EchoPlaces& places);
    ~Echo();

    Echo(const Echo&) = delete;
    Echo& operator=(const Echo&) = delete;

    /// Those that have arrived since the last call.
    [[nodiscard]] std::vector<EchoedRequest> take_requests();

private:
    struct Listener {
        int socket = -1;
        std::string peer;
        EchoProtocol protocol = EchoProtocol::http;
    };

    void run();

    std::vector<Listener> listeners_;
    std::mutex mutex_;
    std::vector<EchoedRequest> requests_; // under mutex_
    int wake_ = -1;                       // readable: to end
    std::thread thread_;
};

} // namespace upstream_lint::differential
