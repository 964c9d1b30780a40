#pragma once

#include "config/url.hpp"
#include "resolve/location_conf.hpp"
#include "resolve/script.hpp"
#include "upstream_lint/resolution.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace upstream_lint {

/// A text as far as it is known. Where it is not, the names of variables stand in it.
struct Value {
    std::string text;
    bool known = true;

    [[nodiscard]] bool empty() const noexcept { return known && text.empty(); }

    Value& operator+=(const Value& other) {
        text += other.text;
        known = known && other.known;
        return *this;
    }
};

/// A URI and its arguments, which begin behind the first `?` (ngx_http_split_args).
[[nodiscard]] inline std::pair<Value, Value> split_args(const Value& uri) {
    const std::size_t question = uri.text.find('?');
    if (question == std::string::npos) {
        return {uri, {}};
    }
    return {{uri.text.substr(0, question), uri.known}, {uri.text.substr(question + 1), uri.known}};
}

/// nginx: ngx_http_variable_value_t
struct VariableValue {
    enum class State : std::uint8_t { unset, valid, not_found };

    Value value;
    State state = State::unset;
    bool no_cacheable = false;
};

/// What a regular expression matched last (ngx_http_request_t.captures).
struct Captures {
    Value subject;
    std::vector<Matcher::Group> groups;
    std::string unknown_pattern; ///< of an unknown subject
};

struct StreamConnection;

/// Where a request comes in.
struct HttpConnection {
    ListenerId listener;
    std::optional<SocketAddress> local; ///< none: a wildcard's, or not known
    std::uint16_t local_port = 0;
    bool is_unix = false;
    bool is_ssl = false;
    std::optional<SocketAddress> client; ///< none: not known
    bool has_client_port = false;
    std::string http_version; ///< as in Request
    bool headers_known = true;
    std::vector<HeaderField> headers;         ///< those that nginx takes
    std::string request_line_target;          ///< as sent
    const StreamConnection* stream = nullptr; ///< of a session of `stream`
};

/// A request on its way (ngx_http_request_t).
struct HttpRequest {
    static constexpr int max_uri_changes = 10;

    const HttpConnection* connection = nullptr;
    std::vector<VariableValue>* variables = nullptr; ///< shared with subrequests
    HttpRequest* main = nullptr;                     ///< itself, or the request whose part it is
    int subrequests_left = 50;

    ServerId server;
    LocationId location; ///< whose configuration counts
    std::string host;    ///< `headers_in.server`
    std::string method = "GET";
    Value uri;
    Value args;
    char byte_before_uri = '\0'; ///< where `try_files` made it
    std::string unparsed_uri;
    std::int64_t content_length = -1; ///< -1: none
    bool is_body_read = false;        ///< then it is not discarded any more
    Captures captures;

    bool is_quoted_uri = false;
    bool has_plus_in_uri = false;
    bool has_space_in_uri = false;
    bool is_unparsed_valid = false; ///< `valid_unparsed_uri`
    bool is_location_valid = true;
    bool is_uri_changed = false;
    bool is_internal = false;
    bool is_in_error_page = false;
    bool adds_uri_to_alias = false;
    /// A value became longer between the two times that nginx computes it: versions that look for
    /// that answer 500, others write over their memory.
    bool has_no_buffer_space = false;
    /// A URI is shorter than the part of it that is replaced: nginx takes what stands behind it.
    bool reads_beyond_uri = false;
    bool is_answered = false; ///< nothing is sent any more, as while `post_action` is at work
    /// A condition was not met: nginx ends the connection unless it answers at once.
    bool has_failed_condition = false;
    int uri_changes_left = max_uri_changes + 1;

    ContentHandler content_handler = ContentHandler::none;
    DirectiveRef content_directive;
    std::optional<int> error_status; ///< replaces that of what answers (`err_status`)
    int access_code = 0; ///< lasts beyond an error page, where another check ended the phase
    std::optional<Value> location_header;
    std::optional<std::string> proxy_host; ///< `$proxy_host`, once a `proxy_pass` is at work
    std::optional<std::string> proxy_port;
};

} // namespace upstream_lint
