#include "resolve/stream_entry.hpp"

#include "model/letter_case.hpp"
#include "resolve/access_rules.hpp"
#include "resolve/listener_search.hpp"
#include "resolve/request_target.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace upstream_lint {

namespace {

using Handler = StreamServerConf::Handler;

constexpr int most_passes = 10; // NGX_STREAM_PASS_MAX_PASSES

/// `?sni=NAME` of the URL.
std::optional<std::string> name_in(const RequestUrl& url) {
    constexpr std::string_view key = "sni=";
    std::string_view args = url.target;
    args.remove_prefix(std::min(args.find('?'), args.size()));
    while (!args.empty()) {
        args.remove_prefix(1);
        const std::string_view argument = args.substr(0, args.find('&'));
        if (argument.starts_with(key)) {
            return std::string(argument.substr(key.size()));
        }
        args.remove_prefix(argument.size());
    }
    return std::nullopt;
}

std::string other_protocol(Protocol protocol) {
    return protocol == Protocol::http ? "HTTP is spoken here"
                                      : "`auth_http` says where a session of mail goes";
}

} // namespace

Answer StreamEntry::walk() && {
    take_input();
    const ListenerId listener = find_arrival();
    answer_.listener = listener;
    if (!listener.is_none()) {
        accept(listener);
        answer_.server = session_.server;
    }
    return std::move(answer_);
}

void StreamEntry::take_input() {
    stream_.is_datagram = url_.scheme == "udp";
    connection_.stream = &stream_;
    session_.connection = &connection_;
    session_.variables = &variables_;
    session_.main = &session_;
    if (input_.client) {
        connection_.client = parse_socket_address(*input_.client);
        connection_.has_client_port = connection_.client && connection_.client->port != 0;
    }
    if (!input_.has_sni) {
        return;
    }
    stream_.sni = input_.sni ? input_.sni : name_in(url_);
    if (!stream_.sni && !parse_address(url_.host)) {
        stream_.sni = url_.host; // addresses are not sent
    }
    if (stream_.sni && stream_.sni->empty()) {
        stream_.sni.reset();
    }
}

ListenerId StreamEntry::find_arrival() {
    std::optional<SocketAddress> address;
    if (input_.connect) {
        address = parse_socket_address(*input_.connect);
        if (!address) {
            return {};
        }
    } else if ((address = parse_address(url_.host))) {
        address->port = url_.port;
    }
    connection_.local_port = address ? address->port : url_.port;
    if (address && !address->is_wildcard()) {
        connection_.local = address;
    }
    const auto search = address ? &find_listener : &find_listener_on_port;
    Arrival arrival{.protocol = Protocol::stream,
                    .address = address.value_or(SocketAddress{.port = url_.port}),
                    .is_datagram = stream_.is_datagram};
    for (const Protocol protocol : {Protocol::stream, Protocol::http, Protocol::mail}) {
        arrival.protocol = protocol;
        const ListenerId found = search(model(), servers_, arrival, evaluator_.assumptions());
        if (!found.is_none()) {
            return found;
        }
    }
    return {};
}

void StreamEntry::accept(ListenerId id) {
    const Listener& listener = model().listener(id);
    connection_.listener = id;
    if (!connection_.local && listener.host.empty() && !listener.address.is_wildcard()) {
        connection_.local = listener.address;
    }
    add_step(Step::Kind::listener, listener.directive,
             listener.host.empty() ? socket_text(listener.address) : std::string(listener.host));
    take_server(listener.default_server, "default server");
    if (listener.protocol != Protocol::stream) {
        decide_at_run_time(Step::Kind::pass, {}, other_protocol(listener.protocol));
        return;
    }
    begin_session(listener);
    run();
}

void StreamEntry::begin_session(const Listener& listener) {
    variables_.clear();
    session_.captures = {};
    stream_.is_preread = false;
    stream_.has_proxy_protocol = listener.proxy_protocol;
}

void StreamEntry::take_server(ServerId server, std::string detail) {
    session_.server = server;
    session_.location = model().server(server).level;
    add_step(Step::Kind::server, model().server(server).block, std::move(detail));
}

void StreamEntry::run() {
    take_real_ip();
    using Phase = Next (StreamEntry::*)();
    for (const Phase phase : {&StreamEntry::set_variables, &StreamEntry::check_access,
                              &StreamEntry::handshake, &StreamEntry::preread}) {
        if ((this->*phase)() == Next::end) {
            return;
        }
    }
    answer();
}

/// ngx_stream_realip_handler: what stands in front of the data is not known.
void StreamEntry::take_real_ip() {
    if (!stream_.has_proxy_protocol || conf().real_ip_from.empty()) {
        return;
    }
    const auto& client = connection_.client;
    const bool is_trusted =
        !client || std::ranges::any_of(conf().real_ip_from, [&](const Cidr& network) {
            return is_in_network(*client, network);
        });
    if (is_trusted) {
        connection_.client.reset();
        connection_.has_client_port = false;
    }
}

/// ngx_stream_set_handler
StreamEntry::Next StreamEntry::set_variables() {
    for (const StreamSet& set : conf().sets) {
        Value value = evaluator_.evaluate(session_, set.value);
        add_step(Step::Kind::set, set.directive, value.text);
        variables_.resize(std::max(variables_.size(), confs_.values.names.size()));
        variables_[set.variable] = {std::move(value), VariableValue::State::valid, false};
    }
    return Next::go_on;
}

/// ngx_stream_access_handler
StreamEntry::Next StreamEntry::check_access() {
    if (!conf().access_script.is_none()) {
        decide_at_run_time(Step::Kind::access, conf().access_script,
                           "a script decides about access");
        return Next::end;
    }
    if (conf().access == nullptr) {
        return Next::go_on;
    }
    const auto rule = std::ranges::find_if(*conf().access, [&](const AccessRule& each) {
        return is_client_in(each, connection_.client, evaluator_.assumptions());
    });
    if (rule == conf().access->end()) {
        return Next::go_on;
    }
    if (rule->deny) {
        close(Step::Kind::access, rule->directive, "denied");
        return Next::end;
    }
    add_step(Step::Kind::access, rule->directive, "allowed");
    return Next::go_on;
}

/// ngx_stream_ssl_handler
StreamEntry::Next StreamEntry::handshake() {
    if (!model().listener(connection_.listener).ssl || stream_.is_handshaked) {
        return Next::go_on;
    }
    stream_.is_handshaked = true;
    return choose_server();
}

/// ngx_stream_ssl_preread_handler. What stands inside of TLS is taken for no second handshake.
StreamEntry::Next StreamEntry::preread() {
    if (conf().prereads && !stream_.is_datagram && !stream_.is_handshaked) {
        stream_.is_preread = true;
        if (choose_server() == Next::end) {
            return Next::end;
        }
    }
    if (!conf().preread_script.is_none()) {
        decide_at_run_time(Step::Kind::pass, conf().preread_script,
                           "a script reads what the client sends");
        return Next::end;
    }
    return Next::go_on;
}

/// ngx_stream_ssl_servername, ngx_stream_ssl_preread_servername
StreamEntry::Next StreamEntry::choose_server() {
    const auto host = stream_.sni ? valid_host(*stream_.sni) : std::nullopt;
    if (!host) {
        return Next::go_on;
    }
    ServerMatch match = servers_.find_server(connection_.listener, *host);
    if (!match.if_hostname.is_none() &&
        evaluator_.assumptions().holds(fmt::format("the machine's name is {}", *host),
                                       fmt::format("the machine's name is not {}", *host))) {
        match = {.kind = ServerMatch::Kind::name, .server = match.if_hostname};
    }
    if (match.kind == ServerMatch::Kind::failed) {
        fail(match.name->directive, "the pattern goes back too often");
        return Next::end;
    }
    if (match.kind == ServerMatch::Kind::by_default) {
        return Next::go_on; // the server that is there stays
    }
    if (match.name != nullptr) {
        HttpRegex& regex = confs_.values.regexes.find(match.name->text, case_of(*match.name));
        (void)evaluator_.match(session_, regex, {*host});
    }
    take_server(match.server, "SNI " + *host);
    return Next::go_on;
}

void StreamEntry::answer() {
    const StreamServerConf& conf = this->conf();
    const Value text = evaluator_.evaluate(session_, conf.value);
    switch (conf.handler) {
    case Handler::proxy:
        proxy(text);
        return;
    case Handler::return_text:
        add_step(Step::Kind::return_code, conf.directive, text.text);
        answer_.outcome.kind = Outcome::Kind::return_code;
        return;
    case Handler::pass:
        pass(text);
        return;
    case Handler::none:
        fail(model().server(session_.server).block, "no handler for server");
        return;
    case Handler::script:
        decide_at_run_time(Step::Kind::pass, conf.directive, "a script answers");
    }
}

/// ngx_stream_proxy_handler
void StreamEntry::proxy(const Value& text) {
    const DirectiveRef directive = conf().directive;
    if (give_up(text)) {
        return;
    }
    const PassTarget target = find_target(
        model(), {PassKind::stream_proxy, text.text, !conf().value.has_variables, directive});
    if (target.failure) {
        fail(directive, target.failure->message);
        return;
    }
    if (target.needs_resolver && !conf().has_resolver) {
        fail(directive, no_resolver(target, PassKind::stream_proxy).message);
        return;
    }
    add_step(Step::Kind::pass, directive, text.text);
    answer_.outcome.kind = Outcome::Kind::stream;
    answer_.outcome.target = target.target;
    answer_.outcome.peers = target.peers;
}

/// ngx_stream_pass_handler
void StreamEntry::pass(const Value& text) {
    const DirectiveRef directive = conf().directive;
    if (give_up(text)) {
        return;
    }
    const bool keeps_data = stream_.is_datagram || (stream_.is_handshaked && conf().prereads);
    if (keeps_data) {
        fail(directive, "cannot pass connection with preread data");
        return;
    }
    passed_to_ = text.text;
    const Url url = parse_url(passed_to_, {});
    if (!url.error.empty()) {
        fail(directive, fmt::format("{} in pass \"{}\"", url.error, passed_to_));
    } else if (!url.address) {
        fail(directive, fmt::format("no addresses in pass \"{}\"", passed_to_));
    } else if (url.address->family != AddressFamily::unix_socket && !url.has_port) {
        fail(directive, fmt::format("no port in pass \"{}\"", passed_to_));
    } else if (++passes_ > most_passes) {
        fail(directive, "stream pass cycle");
    } else {
        add_step(Step::Kind::pass, directive, passed_to_);
        pass_to(*url.address);
    }
}

/// It sees the address as the one that the connection arrived at.
void StreamEntry::pass_to(const SocketAddress& address) {
    connection_.local = address;
    connection_.local_port = address.port;
    const ListenerId found = find_opened(address);
    if (found.is_none()) {
        close(Step::Kind::pass, conf().directive,
              fmt::format("port not found for \"{}\"", socket_text(address)));
    } else {
        accept(found);
    }
}

/// The first listener that nginx opened there, whatever it is for (ngx_stream_pass_match). Old
/// versions take those for UDP, too: 1.26.3 does, 1.30.6 does not.
ListenerId StreamEntry::find_opened(const SocketAddress& address) {
    const auto find = [&](Protocol protocol, bool is_datagram) {
        const ListenerId found = find_listener(model(), servers_, {protocol, address, is_datagram},
                                               evaluator_.assumptions());
        const bool is_same_family =
            !found.is_none() && model().listener(found).address.family == address.family;
        return is_same_family ? found : ListenerId();
    };
    ListenerId found = find(Protocol::stream, false);
    if (model().config().build().version < Version{1, 27, 0}) {
        found = std::min(found, find(Protocol::stream, true)); // none is the greatest
    }
    if (!found.is_none()) {
        return found;
    }
    const ListenerId http = find(Protocol::http, false);
    return http.is_none() ? find(Protocol::mail, false) : http;
}

void StreamEntry::add_step(Step::Kind kind, DirectiveRef directive, std::string detail) {
    answer_.steps.push_back({kind, directive, {}, std::move(detail)});
}

void StreamEntry::fail(DirectiveRef directive, std::string reason) {
    add_step(Step::Kind::pass, directive, std::move(reason));
    answer_.outcome.kind = Outcome::Kind::error;
}

void StreamEntry::close(Step::Kind kind, DirectiveRef directive, std::string reason) {
    add_step(kind, directive, std::move(reason));
    answer_.outcome.kind = Outcome::Kind::close;
}

void StreamEntry::decide_at_run_time(Step::Kind kind, DirectiveRef directive, std::string detail) {
    add_step(kind, directive, std::move(detail));
    answer_.outcome.kind = Outcome::Kind::runtime;
}

/// Whether a pass leads where nobody knows.
bool StreamEntry::give_up(const Value& text) {
    if (text.known) {
        return false;
    }
    add_step(Step::Kind::pass, conf().directive, text.text);
    answer_.outcome.kind = Outcome::Kind::stream;
    answer_.outcome.target = Target{Target::Kind::dynamic, text.text};
    evaluator_.assumptions().give_up(text.text);
    return true;
}

} // namespace upstream_lint
