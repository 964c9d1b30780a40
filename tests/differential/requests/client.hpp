#pragma once

#include "requests/site.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace upstream_lint::differential {

/// What came back over a connection until its end.
struct RawAnswer {
    enum class Kind : std::uint8_t {
        ended,     ///< by the other side; `bytes` may be empty
        refused,   ///< nobody listens there
        no_tls,    ///< the handshake failed
        timed_out, ///< nothing came any more
    };

    Kind kind = Kind::timed_out;
    std::string bytes;
};

/// Sends requests, one connection each.
class Client {
public:
    /// Waits no longer than `patience` for the next bytes.
    explicit Client(std::chrono::milliseconds patience);
    ~Client();

    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    [[nodiscard]] RawAnswer exchange(const ClientRequest& request);

    /// Whether it was built with a TLS library.
    [[nodiscard]] static bool has_tls() noexcept;

private:
    struct Tls;
    std::chrono::milliseconds patience_;
    std::unique_ptr<Tls> tls_;
};

} // namespace upstream_lint::differential
