#include "config/ascii.hpp"
#include "config/http_server.hpp"
#include "config/messages.hpp"
#include "config/script.hpp"
#include "config/suggestion.hpp"
#include "config/value.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace upstream_lint {

namespace {

constexpr std::string_view keepalive_prefix = "so_keepalive=";

constexpr std::array<std::string_view, 16> parameter_names = {
    "default_server", "bind",    "backlog=",  "rcvbuf=",       "sndbuf=", "deferred",
    "ipv6only=on",    "ssl",     "reuseport", "multipath",     "http2",   "quic",
    "so_keepalive=",  "setfib=", "fastopen=", "proxy_protocol"};

constexpr std::array<std::string_view, 13> stream_parameter_names = {
    "default_server", "udp", "bind",      "backlog=",      "rcvbuf=",   "sndbuf=",       "deferred",
    "ipv6only=on",    "ssl", "reuseport", "so_keepalive=", "fastopen=", "proxy_protocol"};

/// That a server says where it listens. Kept by the server.
struct HasListen {};

bool has_module(const Cycle& cycle, std::string_view name) {
    const auto module = find_module(name);
    return !module || cycle.build().modules.contains(*module);
}

/// What stands between two colons of `so_keepalive=IDLE:INTERVAL:COUNT`, which is taken off.
std::string_view next_part(std::string_view& rest) {
    const std::size_t colon = rest.find(':');
    const std::string_view part = rest.substr(0, colon);
    rest = colon == std::string_view::npos ? std::string_view() : rest.substr(colon + 1);
    return part;
}

/// Whether the three parts are fine and one is not zero.
bool is_keepalive(std::string_view value) {
    const auto parse_seconds = [](std::string_view part) {
        return part.empty() ? std::optional<std::int64_t>(0) : parse_time(part, TimeUnit::seconds);
    };
    const auto idle = parse_seconds(next_part(value));
    const auto interval = parse_seconds(next_part(value));
    const auto count = value.empty() ? std::optional<std::int64_t>(0) : parse_number(value);
    return idle && interval && count && (*idle != 0 || *interval != 0 || *count != 0);
}

/// The words behind the address.
class Parameters {
public:
    Parameters(Directive& directive, ListenOptions& options) :
        directive_(directive), options_(options), stream_(directive.scope().is_in_stream()),
        has_names_(!stream_ || !directive.cycle().before(1, 25, 5)) {}

    bool take(std::size_t word) {
        const std::string_view text = c_string(directive_[word]);
        if (is_flag(text)) {
            return true;
        }
        if (is_socket_flag(text)) {
            return socket_option();
        }
        const std::size_t equals = text.find('=');
        if (equals != std::string_view::npos) {
            return with_value(word, text.substr(0, equals + 1), text.substr(equals + 1));
        }
        return protocol(word, text);
    }

    /// What a socket for datagrams cannot have.
    bool check_datagram() {
        if (!options_.is_datagram) {
            return true;
        }
        const std::array<std::pair<bool, std::string_view>, 9> refused = {{
            {fastopen_ && has_names_, "fastopen"},
            {backlog_, "backlog"},
            {deferred_, "deferred"},
            {multipath_, "multipath"},
            {options_.ssl, "ssl"},
            {options_.http2, "http2"},
            {keepalive_, "so_keepalive"},
            {options_.proxy_protocol, "proxy_protocol"},
            {fastopen_, "fastopen"},
        }};
        const auto found =
            std::ranges::find(refused, true, &std::pair<bool, std::string_view>::first);
        if (found == refused.end()) {
            return true;
        }
        directive_.error(fmt::format("\"{}\" parameter is incompatible with \"{}\"", found->second,
                                     stream_ ? "udp" : "quic"),
                         Cause::conflict);
        return false;
    }

private:
    bool is_flag(std::string_view text) {
        const bool standard =
            (text == "default_server" && has_names_) || (text == "default" && !stream_);
        options_.default_server = options_.default_server || standard;
        options_.proxy_protocol = options_.proxy_protocol || text == "proxy_protocol";
        return standard || text == "proxy_protocol";
    }

    bool is_socket_flag(std::string_view text) {
        const bool deferred = text == "deferred" && has_names_;
        deferred_ = deferred_ || deferred;
        const bool multipath = text == "multipath" && !directive_.cycle().before(1, 29, 7);
        multipath_ = multipath_ || multipath;
        return text == "bind" || deferred || text == "reuseport" || multipath;
    }

    bool socket_option() {
        options_.is_set = true;
        options_.bind = true;
        return true;
    }

    bool with_value(std::size_t word, std::string_view name, std::string_view value) {
        if (name == "fastopen=" && !(stream_ && directive_.cycle().before(1, 21, 0))) {
            fastopen_ = true;
            return parse_number(value) ? socket_option() : invalid(word, "fastopen");
        }
        if (name == "backlog=") {
            backlog_ = true;
            return parse_number(value).value_or(0) != 0 ? socket_option()
                                                        : invalid(word, "backlog");
        }
        if (name == "rcvbuf=" || name == "sndbuf=") {
            return parse_size(value) ? socket_option()
                                     : invalid(word, name.substr(0, name.size() - 1));
        }
        if (name == "accept_filter=" && has_names_) {
            // said at the level of errors, and then passed over
            directive_.warn(word, fmt::format("accept filters \"{}\" are not supported on this "
                                              "platform, ignored",
                                              directive_[word]));
            return true;
        }
        if (name == "ipv6only=" && value.starts_with('o')) {
            return ipv6only(word, value);
        }
        if (name == keepalive_prefix) {
            return keepalive(word, value);
        }
        return unknown(word);
    }

    bool ipv6only(std::size_t word, std::string_view value) {
        if (value == "on" || value == "off") {
            options_.is_dual_stack = value == "off";
            return socket_option();
        }
        directive_.emerg(word, fmt::format("invalid ipv6only flags \"{}\"", value));
        return false;
    }

    bool keepalive(std::size_t word, std::string_view value) {
        keepalive_ = true;
        if (value == "on" || value == "off" || is_keepalive(value)) {
            return socket_option();
        }
        directive_.emerg(word, fmt::format("invalid so_keepalive value: \"{}\"", value));
        return false;
    }

    bool protocol(std::size_t word, std::string_view text) {
        if (text == "ssl") {
            options_.ssl = true;
            directive_.scope().conf<SslListen>().place = directive_.place();
            return needs_module(word, "ssl", "ssl");
        }
        return stream_ ? stream_protocol(word, text) : http_protocol(word, text);
    }

    bool stream_protocol(std::size_t word, std::string_view text) {
        options_.is_datagram = options_.is_datagram || text == "udp";
        return text == "udp" || unknown(word);
    }

    bool http_protocol(std::size_t word, std::string_view text) {
        if (text == "http2") {
            options_.http2 = true;
            return needs_module(word, "http2", "v2") && warn_of_http2(word);
        }
        if (text == "quic" && !directive_.cycle().before(1, 25, 0)) {
            options_.is_datagram = true;
            return needs_module(word, "quic", "v3");
        }
        if (text == "spdy" && directive_.cycle().before(1, 21, 4)) {
            directive_.warn(word, "invalid parameter \"spdy\": ngx_http_spdy_module was superseded "
                                  "by ngx_http_v2_module");
            return true;
        }
        return unknown(word);
    }

    bool needs_module(std::size_t word, std::string_view parameter, std::string_view module) {
        const std::string name = fmt::format("ngx_{}_{}", stream_ ? "stream" : "http", module);
        if (has_module(directive_.cycle(), name)) {
            return true;
        }
        directive_.emerg(word,
                         fmt::format("the \"{}\" parameter requires {}_module", parameter, name),
                         Cause::module);
        return false;
    }

    bool warn_of_http2(std::size_t word) {
        if (!directive_.cycle().before(1, 25, 1)) {
            directive_.warn(word, "the \"listen ... http2\" directive is deprecated, use the "
                                  "\"http2\" directive instead");
        }
        return true;
    }

    bool invalid(std::size_t word, std::string_view what) {
        directive_.emerg(word, fmt::format("invalid {} \"{}\"", what, directive_[word]));
        return false;
    }

    bool unknown(std::size_t word) {
        const std::string_view text = directive_[word];
        Diagnostic& diagnostic =
            directive_.emerg(word, has_names_ ? fmt::format("invalid parameter \"{}\"", text)
                                              : fmt::format("the invalid \"{}\" parameter", text));
        const std::span<const std::string_view> known =
            stream_ ? std::span<const std::string_view>(stream_parameter_names) : parameter_names;
        const auto near = std::ranges::find_if(
            known, [&](std::string_view each) { return edit_distance(each, text, 2) <= 2; });
        if (near != known.end()) {
            diagnostic.notes.push_back(fmt::format("did you mean `{}`?", *near));
        }
        return false;
    }

    Directive& directive_;
    ListenOptions& options_;
    bool stream_;
    bool has_names_; ///< not so in `stream` before 1.25.5
    bool fastopen_ = false;
    bool backlog_ = false;
    bool deferred_ = false;
    bool multipath_ = false;
    bool keepalive_ = false;
};

bool take_parameters(Directive& directive, ListenOptions& options) {
    Parameters parameters(directive, options);
    for (std::size_t i = 2; i <= directive.size(); ++i) {
        if (!parameters.take(i)) {
            return false;
        }
    }
    return parameters.check_datagram();
}

/// Every port of a range is an address of its own.
void add_ports(Directive& directive, const Url& url, ListenOptions options) {
    const std::uint32_t first = url.address->port;
    const std::uint32_t last = std::max<std::uint32_t>(first, url.last_port);
    options.address = *url.address;
    if (options.address.family == AddressFamily::unix_socket) {
        options.text = directive[1];
    }
    for (std::uint32_t port = first; port <= last; ++port) {
        options.address.port = static_cast<std::uint16_t>(port);
        if (!add_listen(directive.cycle(), directive.scope(), options)) {
            return;
        }
    }
}

bool is_name_invalid(std::string_view name) {
    return (name.starts_with('*') && (name.size() < 3 || name[1] != '.')) || name == ".";
}

bool add_regex_name(Directive& directive, std::size_t word, ServerNames& names) {
    const std::string_view pattern = directive[word].substr(1);
    if (pattern.empty()) {
        directive.emerg(word, fmt::format("empty regex in server name \"{}\"", directive[word]));
        return false;
    }
    const bool has_upper =
        std::ranges::any_of(pattern, [](char c) { return c >= 'A' && c <= 'Z'; });
    const Regex* const regex = script::compile_regex(
        directive, word, pattern, has_upper ? Case::insensitive : Case::sensitive, true);
    if (regex == nullptr) {
        return false;
    }
    names.has_captures = regex->captures() > 0;
    return true;
}

bool add_name(Directive& directive, std::size_t word, ServerNames& names) {
    const std::string_view name = directive[word];
    if (is_name_invalid(name)) {
        directive.emerg(word, fmt::format("server name \"{}\" is invalid", name))
            .notes.emplace_back("`*` may stand for whole labels at the beginning or the end");
        return false;
    }
    if (c_string(name).find('/') != std::string_view::npos) {
        directive.warn(word, fmt::format("server name \"{}\" has suspicious symbols", name))
            .notes.emplace_back("a name of a host is compared, not an address of a page");
    }
    names.any = true;
    if (name.starts_with('~')) {
        return add_regex_name(directive, word, names);
    }
    const std::string_view folded = directive.cycle().keep(lower(name));
    if (c_string(folded) != "$hostname") {
        names.names.push_back({folded, directive.place(word)});
    }
    return true;
}

} // namespace

void set_listen(Directive& directive) {
    (void)directive.scope().conf<HasListen>();
    const std::uint16_t default_port = directive.scope().is_in_stream() ? 0 : 80;
    const Url url = parse_url(directive[1], {.listen = true, .default_port = default_port});
    if (!url.error.empty()) {
        directive.emerg(
            1, fmt::format("{} in \"{}\" of the \"listen\" directive", url.error, directive[1]));
        return;
    }
    ListenOptions options{.place = directive.place(), .directive = directive.statement()};
    if (take_parameters(directive, options) && url.address) {
        add_ports(directive, url, options);
    }
}

void set_server_name(Directive& directive) {
    auto& names = directive.scope().conf<ServerNames>();
    for (std::size_t i = 1; i <= directive.size(); ++i) {
        if (!add_name(directive, i, names)) {
            return;
        }
    }
}

void require_listen(Cycle& cycle, Scope& server, const Place& /*brace*/) {
    if (server.find<HasListen>() == nullptr && !cycle.is_partial()) {
        cycle.report(Level::emerg, "no \"listen\" is defined for server", cycle.place(server),
                     Cause::missing);
    }
}

void add_default_listen(Cycle& cycle, Scope& server, const Place& brace) {
    if (server.find<HasListen>() != nullptr || cycle.is_partial()) {
        return;
    }
    SocketAddress address;
    address.port = 80;
    Place place = cycle.place(server);
    place.at = brace.at;
    (void)add_listen(cycle, server, {.address = address, .place = place});
}

} // namespace upstream_lint
