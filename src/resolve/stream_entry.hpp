#pragma once

#include "resolve/http_entry.hpp"
#include "resolve/stream_confs.hpp"
#include "resolve/stream_variables.hpp"
#include "resolve/target.hpp"

#include <optional>
#include <string>
#include <vector>

namespace upstream_lint {

/// Takes a connection to `tcp://` or `udp://` through the phases of `stream` to the end of its way,
/// in one branch of assumptions (src/stream/ngx_stream_handler.c, ngx_stream_init_connection;
/// src/stream/ngx_stream_core_module.c, ngx_stream_core_run_phases).
class StreamEntry {
public:
    StreamEntry(Evaluator& evaluator, StreamConfs& confs, ServerChoice& servers,
                const Request& request, const RequestUrl& url) :
        evaluator_(evaluator),
        confs_(confs), servers_(servers), input_(request), url_(url) {}

    [[nodiscard]] Answer walk() &&;

private:
    /// Whether the session goes on.
    enum class Next : std::uint8_t { go_on, end };

    [[nodiscard]] const Model& model() const { return confs_.values.model; }

    [[nodiscard]] const StreamServerConf& conf() { return confs_.server(session_.server); }

    void take_input();
    [[nodiscard]] ListenerId find_arrival();
    /// Nothing listens: ends the way, `no_listener`.
    void accept(ListenerId id);
    void begin_session(const Listener& listener);
    void run();
    void take_server(ServerId server, std::string detail);

    // the phases
    void take_real_ip();
    [[nodiscard]] Next set_variables();
    [[nodiscard]] Next check_access();
    [[nodiscard]] Next handshake();
    [[nodiscard]] Next preread();
    [[nodiscard]] Next choose_server();
    void answer();

    void proxy(const Value& text);
    void pass(const Value& text);
    void pass_to(const SocketAddress& address);
    [[nodiscard]] ListenerId find_opened(const SocketAddress& address);

    void add_step(Step::Kind kind, DirectiveRef directive, std::string detail);
    void fail(DirectiveRef directive, std::string reason);
    void close(Step::Kind kind, DirectiveRef directive, std::string reason);
    void decide_at_run_time(Step::Kind kind, DirectiveRef directive, std::string detail);
    [[nodiscard]] bool give_up(const Value& text);

    Evaluator& evaluator_;
    StreamConfs& confs_;
    ServerChoice& servers_;
    const Request& input_;
    const RequestUrl& url_;
    HttpConnection connection_;
    StreamConnection stream_;
    HttpRequest session_;
    std::vector<VariableValue> variables_;
    std::string passed_to_; // the value of `pass`, which addresses view
    int passes_ = 0;
    Answer answer_;
};

} // namespace upstream_lint
