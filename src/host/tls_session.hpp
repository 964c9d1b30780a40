#pragma once

#include "upstream_lint/facts.hpp"
#include "upstream_lint/file_system.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace upstream_lint {

/// What nginx prepares once to speak TLS to an upstream (ngx_http_proxy_set_ssl): versions,
/// ciphers, the certificates that are trusted. Never a key.
class TlsContext {
public:
    /// Reads the files that `settings` names.
    TlsContext(const UpstreamTls& settings, const FileSystem& files);

    /// Why no handshake can be made; complete where one can.
    [[nodiscard]] const Reading& reading() const;

    [[nodiscard]] const UpstreamTls& settings() const;

private:
    friend class TlsSession;
    struct State;
    std::shared_ptr<State> state_;
};

/// The client's side of TLS, between bytes of the network and bytes of the protocol above it. It
/// touches no socket. Errors are in nginx's words (ngx_ssl_error).
class TlsSession {
public:
    enum class State : std::uint8_t { shaking_hands, made, failed };

    explicit TlsSession(const TlsContext& context);
    TlsSession(const TlsSession&) = delete;
    TlsSession& operator=(const TlsSession&) = delete;
    ~TlsSession();

    /// What came from the network.
    void take_input(std::string_view bytes);

    /// The peer will send nothing more: `code` is the errno that says so, or 0.
    void take_end(int code);

    /// What is to be sent.
    [[nodiscard]] std::string take_output();

    [[nodiscard]] State state() const;

    /// What is known of the handshake.
    [[nodiscard]] const HandshakeFacts& facts() const;

    void write(std::string_view text);

    /// What can be read now. Nothing more comes once `has_ended`.
    [[nodiscard]] std::string read();
    [[nodiscard]] bool has_ended() const;

    /// Why it ended, as nginx logs it; empty: it was closed.
    [[nodiscard]] const std::string& read_error() const;

    /// Takes leave: what is to be sent then says that nothing follows.
    void close();

private:
    struct Connection;
    std::unique_ptr<Connection> connection_;
};

} // namespace upstream_lint
