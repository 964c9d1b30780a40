#include "requests/our_side.hpp"

#include "our_answer.hpp"
#include "upstream_lint/host.hpp"
#include "upstream_lint/routes.hpp"

#include <algorithm>
#include <array>
#include <unistd.h>
#include <utility>

namespace upstream_lint::differential {

namespace {

/// As nginx takes it (src/core/ngx_cycle.c, ngx_init_cycle).
std::string name_of_machine() {
    std::array<char, 256> name{};
    if (::gethostname(name.data(), name.size() - 1) != 0)
        return "";
    std::string text = name.data();
    std::ranges::transform(text, text.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
    });
    return text;
}

/// The part of a URL in front of its path, and the path with what follows.
std::pair<std::string, std::string> split_url(const std::string& url) {
    const std::size_t authority = url.find("://") + 3;
    const std::size_t path = std::min(url.find('/', authority), url.size());
    return {url.substr(authority, path - authority), path == url.size() ? "/" : url.substr(path)};
}

/// The same request on the wire. It arrives at an address that no listener names, unless it has to
/// be one.
ClientRequest client_request(const Request& request, const Listener& listener) {
    const auto [authority, target] = split_url(request.url);
    ClientRequest client;
    client.tls = listener.ssl;
    client.method = request.method;
    client.target = target;
    client.http = request.http;
    const std::string port = ':' + std::to_string(listener.address.port);
    if (!listener.address.is_wildcard())
        client.connect = request.connect.value_or(socket_text(listener.address));
    else
        client.connect =
            (listener.address.family == AddressFamily::inet6 ? "[::1]" : "127.0.0.77") + port;
    if (!authority.empty())
        client.headers = {{"Host", authority}};
    if (request.headers)
        client.headers = *request.headers;
    client.headers.push_back({"Connection", "close"});
    const std::string host = authority.substr(0, authority.find(':'));
    const bool is_address = host.find_first_not_of("0123456789.") == std::string::npos;
    if (client.tls && !is_address) // addresses are not sent
        client.sni = request.sni.value_or(host);
    return client;
}

} // namespace

OurSide::OurSide(const std::string& folder, const NginxBuild& build,
                 std::vector<std::string> peers) :
    files_(real_file_system()),
    peers_(std::move(peers)) {
    LoadOptions options;
    options.build = build;
    options.context = Context::main;
    options.prefix = folder + '/';
    options.keep_blocks = true;
    options.threads = 1;
    Config config = load_config(*files_, folder + "/nginx.conf", options);
    if (const auto refusals = refusals_of(config); !refusals.empty())
        problem_ = "refused: " + describe(refusals.front());
    model_ = build_model(std::move(config));
    options_.files = files_.get();
    options_.prefix = options.prefix;
    options_.hostname = name_of_machine();
    if (model_)
        router_.emplace(*model_, options_);
    else if (problem_.empty())
        problem_ = "no model";
}

Predicted OurSide::predict(const ClientRequest& request) {
    Predicted predicted =
        differential::predict(router_->route(request_of(request)), *model_, peers_);
    // Whether a condition holds may depend on what is not known of a file.
    predicted.may_branch =
        predicted.may_branch || std::ranges::any_of(request.headers, [](const HeaderField& header) {
            return header.name.starts_with("If-");
        });
    if (predicted.file)
        if (const auto bytes = files_->read(*predicted.file))
            predicted.body = bytes->view();
    return predicted;
}

/// IPv6 has one address on this machine, which another listener may have.
bool OurSide::is_hidden(const Listener& listener) const {
    return listener.address.family == AddressFamily::inet6 && listener.address.is_wildcard() &&
           std::ranges::any_of(model_->listeners(), [&](const Listener& other) {
               return other.address.family == AddressFamily::inet6 &&
                      other.address.port == listener.address.port && !other.address.is_wildcard();
           });
}

const RouteList& OurSide::routes() {
    if (!routes_) {
        RouteListOptions options;
        options.router = options_;
        routes_ = find_routes(*model_, options);
    }
    return *routes_;
}

std::set<std::string> OurSide::unreachable_blocks() {
    std::set<std::string> tags;
    for (const Route& route : routes().routes)
        if (const auto tag = tag_of(*model_, route.block.is_none() ? route.location : route.block);
            tag && route.reach == Reach::never)
            tags.insert(*tag);
    // a block without a tag of its own has that of the one around
    for (const Route& route : routes().routes)
        if (const auto tag = tag_of(*model_, route.block.is_none() ? route.location : route.block);
            tag && route.reach != Reach::never)
            tags.erase(*tag);
    return tags;
}

std::vector<ExpectedWay> OurSide::examples() {
    std::vector<ExpectedWay> ways;
    for (const Route& route : routes().routes) {
        if (!route.example || !route.example->assumptions.empty() || !route.why.empty() ||
            !route.other_targets.empty())
            continue;
        const Request& request = route.example->request;
        const Answer answer = router_->route(request);
        if (answer.listener.is_none() || request.http == "3" ||
            is_hidden(model_->listener(answer.listener)))
            continue;
        // a mirror can close the connection when the upstream has the request already
        if (answer.outcome.kind == Outcome::Kind::close)
            continue;
        ExpectedWay way;
        way.request = client_request(request, model_->listener(answer.listener));
        // an `if` without a pass directive takes over that of its location, and has its own tag
        const LocationId block = answer.block.is_none() ? route.block : answer.block;
        way.tag = tag_of(*model_, block.is_none() ? route.location : block);
        bool is_answered = false;
        for (const RouteTarget& target : route.targets)
            for (const Peer& peer : target.peers) {
                way.peers.push_back(peer.address);
                is_answered =
                    is_answered || std::ranges::find(peers_, peer.address) != peers_.end();
            }
        if (is_answered)
            ways.push_back(std::move(way));
    }
    return ways;
}

} // namespace upstream_lint::differential
