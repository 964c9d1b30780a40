#include "resolve/target.hpp"

#include "config/ascii.hpp"
#include "config/url.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <span>
#include <utility>

namespace upstream_lint {

namespace {

constexpr int internal_server_error = 500;
constexpr int bad_gateway = 502;
constexpr std::uint16_t http_port = 80;
constexpr std::uint16_t https_port = 443;

struct Scheme {
    std::string_view prefix;
    bool uses_tls = false;
    std::uint16_t default_port = 0;
};

constexpr std::array<Scheme, 2> proxy_schemes = {
    {{"http://", false, http_port}, {"https://", true, https_port}}};
constexpr std::array<Scheme, 2> uwsgi_schemes = {{{"uwsgi://"}, {"suwsgi://", true}}};
constexpr std::array<Scheme, 2> grpc_schemes = {{{"grpc://"}, {"grpcs://", true}}};

std::span<const Scheme> schemes_of(PassKind kind) {
    switch (kind) {
    case PassKind::proxy:
        return proxy_schemes;
    case PassKind::uwsgi:
        return uwsgi_schemes;
    case PassKind::grpc:
        return grpc_schemes;
    default:
        return {};
    }
}

/// What the error log calls it where no scheme stands in front.
std::string_view default_scheme(PassKind kind) {
    switch (kind) {
    case PassKind::fastcgi:
        return "fastcgi://";
    case PassKind::uwsgi:
        return "uwsgi://";
    case PassKind::scgi:
        return "scgi://";
    case PassKind::grpc:
        return "grpc://";
    case PassKind::memcached:
        return "memcached://";
    default:
        return {};
    }
}

bool is_unix(const Url& url) {
    return url.address && url.address->family == AddressFamily::unix_socket;
}

std::string with_port(std::string_view host, std::uint16_t port) {
    return port == 0 ? std::string(host) : fmt::format("{}:{}", host, port);
}

/// An address as nginx prints it, or a name with its port.
std::string address_of(const Url& url) {
    return url.address ? socket_text(*url.address) : with_port(url.host, url.port);
}

/// nginx's own methods ask no server that is down.
bool are_all_down(const Upstream& group) {
    const bool is_own = group.balancer != "fair" && !group.balancer.starts_with("balancer_by_lua");
    return is_own && !group.servers.empty() &&
           std::ranges::all_of(group.servers, &UpstreamServer::down);
}

class TargetSearch {
public:
    TargetSearch(const Model& model, const Pass& pass) :
        model_(model), pass_(pass),
        protocol_(pass.kind == PassKind::stream_proxy ? Protocol::stream : Protocol::http) {}

    PassTarget run() && {
        if (!take_scheme()) {
            fail(fmt::format("invalid URL prefix in \"{}\"", pass_.text), internal_server_error);
            return std::move(found_);
        }
        url_ = parse_url(rest_, {.uri_part = pass_.kind == PassKind::proxy,
                                 .default_port = scheme_.default_port});
        if (!url_.error.empty()) {
            fail(fmt::format("{} in upstream \"{}\"", url_.error, rest_), internal_server_error);
            return std::move(found_);
        }
        take_uri();
        take_host();
        find_peers();
        return std::move(found_);
    }

private:
    void fail(std::string message, int status) {
        found_.failure = PassFailure{std::move(message), status};
    }

    /// False where one has to stand and does not.
    bool take_scheme() {
        rest_ = pass_.text;
        found_.scheme = default_scheme(pass_.kind);
        const auto schemes = schemes_of(pass_.kind);
        const auto known = std::ranges::find_if(schemes, [&](const Scheme& each) {
            return rest_.size() > each.prefix.size() && starts_ignoring_case(rest_, each.prefix);
        });
        if (known == schemes.end()) {
            return pass_.kind != PassKind::proxy;
        }
        scheme_ = *known;
        found_.uses_tls = scheme_.uses_tls;
        found_.scheme = rest_.substr(0, scheme_.prefix.size());
        rest_.remove_prefix(scheme_.prefix.size());
        return true;
    }

    void take_uri() {
        const bool lacks_path = !pass_.is_literal && url_.uri.starts_with('?');
        found_.uri = (lacks_path ? "/" : "") + std::string(url_.uri);
    }

    /// ngx_http_proxy_set_vars, ngx_http_grpc_eval
    void take_host() {
        if (pass_.kind != PassKind::proxy && pass_.kind != PassKind::grpc) {
            return;
        }
        if (is_unix(url_)) {
            found_.host_header = "localhost";
            return;
        }
        const bool is_default = pass_.kind == PassKind::proxy && url_.port == scheme_.default_port;
        found_.host_header = url_.host;
        found_.port = std::to_string(url_.port);
        if (url_.has_port && !is_default) {
            found_.host_header += fmt::format(":{}", url_.port_text);
            found_.port = url_.port_text;
        }
        if (pass_.kind == PassKind::grpc) {
            found_.port.clear();
        }
    }

    void find_peers() {
        found_.target = {is_unix(url_) ? Target::Kind::unix_socket : Target::Kind::tcp,
                         address_of(url_)};
        const UpstreamId known = find_upstream();
        if (!known.is_none()) {
            take_upstream(known);
            return;
        }
        if (url_.port == 0 && !is_unix(url_)) {
            fail(fmt::format("no port in upstream \"{}\"", url_.host), internal_server_error);
            return;
        }
        found_.needs_resolver = !url_.address && !pass_.is_literal;
        found_.peers.push_back(peer_at(found_.target.text, pass_.directive));
        found_.peers.back().resolved =
            found_.needs_resolver ? Peer::Resolved::runtime : Peer::Resolved::load;
    }

    /// The first that nginx takes for the same: when it loads, and then for each request.
    [[nodiscard]] UpstreamId find_upstream() const {
        const bool has_port = url_.has_port || is_unix(url_);
        const bool is_strict = protocol_ == Protocol::stream;
        if (pass_.is_literal && !is_strict && url_.port == 0) {
            const auto namesakes = model_.find_upstreams(protocol_, url_.host);
            return namesakes.empty() ? UpstreamId() : namesakes.front();
        }
        const UpstreamId same_port = model_.find_upstream(protocol_, url_.host, url_.port);
        const bool takes_any = pass_.is_literal ? !is_strict : !has_port;
        return takes_any ? std::min(same_port, model_.find_upstream(protocol_, url_.host, 0))
                         : same_port; // none is the greatest
    }

    static Peer peer_at(std::string address, DirectiveRef directive) {
        Peer peer;
        peer.address = std::move(address);
        peer.directive = directive;
        return peer;
    }

    void take_upstream(UpstreamId id) {
        const Upstream& upstream = model_.upstream(id);
        found_.upstream = id;
        if (upstream.is_implied) {
            take_implied(upstream);
            return;
        }
        found_.target = {Target::Kind::upstream, std::string(upstream.name)};
        for (const UpstreamServer& server : upstream.servers) {
            found_.peers.push_back(peer_of(server));
        }
        if (are_all_down(upstream)) {
            fail("no live upstreams", bad_gateway);
        }
    }

    /// What a pass directive stands for was looked up when nginx loaded.
    void take_implied(const Upstream& upstream) {
        found_.target.kind = upstream.is_unix ? Target::Kind::unix_socket : Target::Kind::tcp;
        if (upstream.is_unix) {
            found_.target.text = fmt::format("unix:{}", upstream.name);
        } else if (upstream.port != url_.port) {
            found_.target.text = with_port(upstream.name, upstream.port);
        }
        found_.peers.push_back(
            peer_at(found_.target.text, pass_.is_literal ? pass_.directive : upstream.directive));
    }

    [[nodiscard]] Peer peer_of(const UpstreamServer& server) const {
        const std::uint16_t default_port =
            protocol_ == Protocol::stream || !server.service.empty() ? 0 : http_port;
        const Url url = parse_url(server.address, {.default_port = default_port});
        Peer peer = peer_at(address_of(url), server.directive);
        peer.weight = server.weight;
        peer.backup = server.backup;
        peer.down = server.down;
        peer.resolved =
            server.resolve && !url.address ? Peer::Resolved::runtime : Peer::Resolved::load;
        return peer;
    }

    const Model& model_;
    const Pass& pass_;
    Protocol protocol_;
    Scheme scheme_;
    std::string_view rest_; ///< behind the scheme
    Url url_;
    PassTarget found_;
};

} // namespace

PassTarget find_target(const Model& model, const Pass& pass) {
    return TargetSearch(model, pass).run();
}

PassFailure no_resolver(const PassTarget& target, PassKind kind) {
    const std::string_view text = target.target.text;
    return {fmt::format("no resolver defined to resolve {}", text.substr(0, text.rfind(':'))),
            kind == PassKind::stream_proxy ? internal_server_error : bad_gateway};
}

} // namespace upstream_lint
