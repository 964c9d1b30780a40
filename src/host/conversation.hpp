#pragma once

#include "host/bounded.hpp"
#include "host/tls_session.hpp"
#include "upstream_lint/facts.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace upstream_lint {

/// What is to be said on a connection.
struct Script {
    Exchange exchange;
    const TlsContext* tls = nullptr; ///< of `exchange.tls`; outlives the conversation
    std::string request;             ///< what people call it; empty: none is sent
    std::string host;
    std::string bytes;    ///< of the request
    std::string left_out; ///< why there is none, where the protocol has one
};

/// Says it, from a handshake to the first answer, and reads no more than that takes. Between what
/// the network brings and what it is to take; it touches no socket.
class Conversation {
public:
    explicit Conversation(const Script& script);

    [[nodiscard]] bool is_over() const { return is_over_; }

    /// What is to be sent now.
    [[nodiscard]] std::string take_output();

    void take_input(std::string_view bytes);

    /// The peer will send nothing more; `code`: the errno that says so, 0: it closed the
    /// connection.
    void take_end(int code);

    /// Nobody waits any longer.
    void give_up();

    /// To be called once, when it is over: what it came to.
    void tell(ConnectFacts& facts);

private:
    void begin_request();
    void go_on();
    void look_at_reply(bool is_last);
    void end_reply(std::string error);
    void finish();

    const Script& script_;
    std::optional<TlsSession> tls_;
    std::optional<HandshakeFacts> handshake_;
    std::optional<ReplyFacts> reply_;
    std::string output_; // of plain text
    std::string answer_;
    Clock::time_point asked_at_;
    bool is_asked_ = false;
    bool is_over_ = false;
};

} // namespace upstream_lint
