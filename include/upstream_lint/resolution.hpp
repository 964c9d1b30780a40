#pragma once

#include "upstream_lint/file_system.hpp"
#include "upstream_lint/model.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace upstream_lint {

struct HeaderField {
    std::string name;
    std::string value;

    friend bool operator==(const HeaderField&, const HeaderField&) = default;
};

/// A request as a client sends it. What is absent and not said to have a default is not known.
struct Request {
    /// `http://HOST[:PORT]/...`, `https://`; with an empty HOST no Host is sent. Of `stream`
    /// `tcp://ADDRESS:PORT`, `udp://`, with `?sni=NAME` where TLS is spoken.
    std::string url;
    std::string method = "GET";
    std::string http = "1.1";           ///< `0.9`, `1.0`, `1.1`, `2`, `3`
    std::optional<std::string> connect; ///< `ADDRESS:PORT`, `unix:/path` it arrives at; none: the
                                        ///< wildcard listener of the URL's port, IPv4 before IPv6
    std::optional<std::string> target;  ///< the raw request target, instead of the URL's
    bool has_sni = true;                ///< false: the client names no server
    std::optional<std::string> sni;     ///< none: the URL's host
    std::optional<std::string> client;  ///< its address, with or without a port
    /// None: nothing is known but Host, which is the URL's; else all that are sent, and Host is the
    /// URL's unless it is among them.
    std::optional<std::vector<HeaderField>> headers;
};

/// Where a pass directive leads.
struct Target {
    enum class Kind : std::uint8_t {
        tcp,
        unix_socket,
        upstream, ///< a group of `upstream { }`
        dynamic,  ///< has variables whose values are not known
    };

    Kind kind = Kind::tcp;
    std::string text; ///< `127.0.0.1:80`, `name:80`, `unix:/path`, the group's name

    friend bool operator==(const Target&, const Target&) = default;
};

/// One address of a target, or a name that stands for some.
struct Peer {
    enum class Resolved : std::uint8_t {
        load,    ///< by nginx when it loads the configuration, once
        runtime, ///< by `resolver`, again and again
    };

    std::string address; ///< `127.0.0.1:80`, `name:80`, `unix:/path`
    std::uint32_t weight = 1;
    bool backup = false;
    bool down = false;
    Resolved resolved = Resolved::load;
    DirectiveRef directive; ///< the `server` of the group, or the pass directive

    friend bool operator==(const Peer&, const Peer&) = default;
};

/// Something that nginx does on the way of a request.
struct Step {
    enum class Kind : std::uint8_t {
        listener,
        server,
        rewrite,
        set,
        if_condition,
        location,
        redirect,
        internal_redirect,
        named,
        try_files,
        index,
        error_page,
        limit_except,
        access,
        auth_request,
        mirror,
        pass,
        return_code,
        static_file,
    };

    Kind kind = Kind::listener;
    DirectiveRef directive; ///< none: nothing stands for it in the configuration
    std::string uri;        ///< behind it
    std::string detail;

    friend bool operator==(const Step&, const Step&) = default;
};

/// How the way of a request ends.
struct Outcome {
    enum class Kind : std::uint8_t {
        proxy,
        fastcgi,
        uwsgi,
        scgi,
        grpc,
        memcached,
        tunnel,
        stream,
        return_code,
        redirect,
        static_file,
        close,
        error,
        runtime, ///< a script, the upstream's answer or something unknown decides
        no_listener,
    };

    Kind kind = Kind::no_listener;
    std::optional<int> status;               ///< what nginx itself sends
    std::optional<std::string> redirect;     ///< the exact value of `Location`
    std::optional<std::string> upstream_uri; ///< the request target, `:path` or key
    std::optional<Target> target;
    std::vector<Peer> peers;

    friend bool operator==(const Outcome&, const Outcome&) = default;
};

/// What an upstream is sent.
struct UpstreamRequest {
    std::optional<std::string> method;
    std::optional<std::string> host;
    std::vector<HeaderField> headers; ///< that the configuration sets
    std::vector<HeaderField> params;  ///< of FastCGI, uWSGI, SCGI
};

enum class Certainty : std::uint8_t {
    exact,       ///< nothing was assumed
    conditional, ///< the branches cover all cases
    unknown,
};

struct Answer;

/// A request that nginx makes itself beside the client's.
struct SideRequest {
    enum class Kind : std::uint8_t { auth_request, mirror, post_action };

    Kind kind = Kind::auth_request;
    std::string uri;
    std::shared_ptr<const Answer> answer;

    /// Whether it is the same request; not, whether it is answered alike.
    friend bool operator==(const SideRequest& a, const SideRequest& b) {
        return a.kind == b.kind && a.uri == b.uri;
    }
};

/// What follows from some assumptions.
struct Branch {
    std::vector<std::string> assumptions;
    ServerId server;
    LocationId location;
    LocationId block; ///< as in Answer
    Outcome outcome;
};

/// Where a request goes, and how.
struct Answer {
    ListenerId listener;
    ServerId server;     ///< whose configuration answers in the end
    LocationId location; ///< the same; none: the server level answers
    LocationId block;    ///< the `if` or `limit_except` block whose configuration answers; or none
    std::vector<Step> steps;
    Outcome outcome;
    UpstreamRequest request;
    std::vector<SideRequest> side;
    Certainty certainty = Certainty::exact;
    std::vector<std::string> assumptions; ///< of the only branch; or what is not known
    std::vector<Branch> branches;         ///< when there are several
};

struct RouterOptions {
    /// What file tests read; null: files are not known. Has to outlive the router.
    const FileSystem* files = nullptr;
    /// What relative paths of files are relative to (`-p`); ends in `/`.
    std::string prefix = "/etc/nginx/";
    /// The name of the machine that nginx runs on: `$hostname`.
    std::optional<std::string> hostname;
    std::size_t max_branches = 64;
};

/// Finds the ways of requests through a configuration, as nginx would go them. Views a Model, which
/// has to outlive it. Not to be used by two threads at once: make one for each.
class Router {
public:
    explicit Router(const Model& model, const RouterOptions& options = {});
    Router(Router&&) noexcept;
    ~Router();

    /// Never throws for anything in the request.
    [[nodiscard]] Answer route(const Request& request);

private:
    class Resolver;

    std::unique_ptr<Resolver> resolver_;
};

} // namespace upstream_lint
