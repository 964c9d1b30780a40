#pragma once

#include "resolve/evaluator.hpp"
#include "resolve/http_phases.hpp"
#include "resolve/server_choice.hpp"
#include "upstream_lint/resolution.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace upstream_lint {

/// The parts of a URL.
struct RequestUrl {
    std::string scheme; ///< in lower case
    std::string authority;
    std::string host; ///< IPv6 without brackets
    std::uint16_t port = 0;
    bool has_wrong_port = false;
    std::string target; ///< path and arguments, `/` where there is none
};

/// Nothing of what is no URL.
[[nodiscard]] std::optional<RequestUrl> parse_request_url(std::string_view text);

/// Takes a request from the connection to the phases, in one branch of assumptions
/// (src/http/ngx_http_request.c, ngx_http_process_request_line and what follows it).
class HttpEntry {
public:
    HttpEntry(Evaluator& evaluator, ServerChoice& servers, const Request& request,
              const RequestUrl& url) :
        evaluator_(evaluator),
        confs_(evaluator.confs()), servers_(servers), input_(request), url_(url) {}

    [[nodiscard]] Answer walk() &&;

private:
    [[nodiscard]] const Version& version() const { return confs_.model.config().build().version; }

    /// False where nothing listens.
    [[nodiscard]] bool connect();
    [[nodiscard]] ListenerId find_arrival();
    void take_client();
    void take_headers();
    void greet();
    [[nodiscard]] bool is_handshake_rejected();
    /// Why the version of HTTP ends the connection before there is a request.
    [[nodiscard]] std::optional<std::string> refused_protocol() const;
    [[nodiscard]] bool takes_http2() const;
    [[nodiscard]] bool is_closed_at_once();
    [[nodiscard]] HttpPhases::Result receive();
    [[nodiscard]] bool takes_connect(std::string_view target) const;
    [[nodiscard]] std::optional<std::string> process_headers();
    [[nodiscard]] std::optional<std::string> take_header_lines(bool& has_host);
    [[nodiscard]] std::optional<std::string> take_length();
    [[nodiscard]] std::optional<std::string> process_host(const std::string& value);
    [[nodiscard]] std::optional<std::string> set_virtual_server(const std::string& host);
    [[nodiscard]] HttpPhases::Result refuse(int status, std::string reason);
    void take_server(ServerId server, std::string detail);

    Evaluator& evaluator_;
    HttpConfs& confs_;
    ServerChoice& servers_;
    const Request& input_;
    const RequestUrl& url_;
    HttpConnection connection_;
    HttpRequest request_;
    std::vector<VariableValue> variables_;
    std::vector<HeaderField> sent_headers_;
    std::optional<std::string> sni_; // that has chosen a server
    std::vector<Step> steps_;
    int refused_status_ = 400;
};

} // namespace upstream_lint
