#include "resolve/builtin_variables.hpp"

#include "config/ascii.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <unordered_map>

namespace upstream_lint {

namespace {

using Found = std::optional<Value>;

constexpr std::string_view header_prefix = "http_";
constexpr std::string_view cookie_prefix = "cookie_";
constexpr std::string_view argument_prefix = "arg_";

bool is_named(std::string_view header, std::string_view variable) {
    return std::ranges::equal(header, variable,
                              [](char a, char b) { return (a == '-' ? '_' : to_lower(a)) == b; });
}

/// All headers of a name in one text, or nothing.
std::optional<std::string> joined_headers(const HttpConnection& connection,
                                          std::string_view variable, std::string_view separator) {
    std::optional<std::string> joined;
    for (const HeaderField& header : connection.headers) {
        if (!is_named(header.name, variable)) {
            continue;
        }
        if (joined) {
            joined->append(separator).append(header.value);
        } else {
            joined = header.value;
        }
    }
    return joined;
}

Found known_or_nothing(std::optional<std::string> text) {
    return text ? Found(Value{*std::move(text)}) : std::nullopt;
}

Found header(Evaluator& evaluator, HttpRequest& request, std::string_view name) {
    const HttpConnection& connection = *request.connection;
    const std::string_view wanted = name.substr(header_prefix.size());
    const std::string* const first = find_header(connection, wanted);
    if (first == nullptr) {
        return connection.headers_known ? Found() : unknown_variable(name);
    }
    if (wanted == "cookie") {
        return known_or_nothing(joined_headers(connection, wanted, "; "));
    }
    // lists of headers of one name came with 1.23.0
    const bool is_single = evaluator.confs().model.config().build().version < Version{1, 23, 0} &&
                           wanted != "x_forwarded_for";
    return is_single ? Value{*first} : known_or_nothing(joined_headers(connection, wanted, ", "));
}

Found host(Evaluator& evaluator, HttpRequest& request, std::string_view /*name*/) {
    return Value{request.host.empty() ? evaluator.confs().server(request.server).name
                                      : request.host};
}

/// ngx_http_parse_multi_header_lines
std::optional<std::string> find_cookie(std::string_view cookies, std::string_view name) {
    while (!cookies.empty()) {
        if (starts_ignoring_case(cookies, name) && cookies.size() >= name.size()) {
            std::string_view rest = cookies.substr(name.size());
            rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
            if (rest.starts_with('=')) {
                rest.remove_prefix(1);
                rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
                return std::string(rest.substr(0, rest.find(';')));
            }
        }
        const std::size_t end = cookies.find_first_of(";,");
        cookies.remove_prefix(end == std::string_view::npos ? cookies.size() : end + 1);
        cookies.remove_prefix(std::min(cookies.find_first_not_of(' '), cookies.size()));
    }
    return std::nullopt;
}

Found cookie(Evaluator& /*evaluator*/, HttpRequest& request, std::string_view name) {
    const HttpConnection& connection = *request.connection;
    bool is_sent = false;
    for (const HeaderField& each : connection.headers) {
        if (!is_named(each.name, "cookie")) {
            continue;
        }
        is_sent = true;
        if (auto found = find_cookie(each.value, name.substr(cookie_prefix.size()))) {
            return Value{*std::move(found)};
        }
    }
    return is_sent || connection.headers_known ? Found() : unknown_variable(name);
}

/// ngx_http_arg
std::optional<std::string> find_argument(std::string_view args, std::string_view name) {
    for (std::size_t at = 0; at + name.size() < args.size(); ++at) {
        const bool is_start = at == 0 || args[at - 1] == '&';
        if (is_start && starts_ignoring_case(args.substr(at), name) &&
            args[at + name.size()] == '=') {
            const std::string_view value = args.substr(at + name.size() + 1);
            return std::string(value.substr(0, value.find('&')));
        }
    }
    return std::nullopt;
}

Found argument(Evaluator& /*evaluator*/, HttpRequest& request, std::string_view name) {
    const std::string_view wanted = name.substr(argument_prefix.size());
    if (!request.args.known) {
        return unknown_variable(name);
    }
    return wanted.empty() ? Found() : known_or_nothing(find_argument(request.args.text, wanted));
}

Found content_length(Evaluator& /*evaluator*/, HttpRequest& request, std::string_view name) {
    if (const std::string* const value = find_header(*request.connection, "content_length")) {
        return Value{*value};
    }
    return request.connection->headers_known ? Found() : unknown_variable(name);
}

Found content_type(Evaluator& /*evaluator*/, HttpRequest& request, std::string_view name) {
    if (const std::string* const value = find_header(*request.connection, "content_type")) {
        return Value{*value};
    }
    return request.connection->headers_known ? Found() : unknown_variable(name);
}

Found remote_addr(Evaluator& /*evaluator*/, HttpRequest& request, std::string_view name) {
    const auto& client = request.connection->client;
    if (!client) {
        return unknown_variable(name);
    }
    if (client->family == AddressFamily::unix_socket) {
        return Value{"unix:"};
    }
    return Value{address_text(*client)};
}

Found remote_port(Evaluator& /*evaluator*/, HttpRequest& request, std::string_view name) {
    const HttpConnection& connection = *request.connection;
    if (connection.client && connection.client->family == AddressFamily::unix_socket) {
        return Value{};
    }
    return connection.has_client_port ? Value{fmt::to_string(connection.client->port)}
                                      : unknown_variable(name);
}

Found server_addr(Evaluator& /*evaluator*/, HttpRequest& request, std::string_view name) {
    const auto& local = request.connection->local;
    return local ? Value{address_text(*local)} : unknown_variable(name);
}

Found server_port(Evaluator& /*evaluator*/, HttpRequest& request, std::string_view /*name*/) {
    const std::uint16_t port = request.connection->local_port;
    return Value{port != 0 ? fmt::to_string(port) : std::string()};
}

Found server_protocol(Evaluator& /*evaluator*/, HttpRequest& request, std::string_view /*name*/) {
    const std::string& version = request.connection->http_version;
    if (version == "0.9") {
        return std::nullopt;
    }
    return Value{"HTTP/" + version + (version == "2" || version == "3" ? ".0" : "")};
}

Found scheme(Evaluator& /*evaluator*/, HttpRequest& request, std::string_view /*name*/) {
    return Value{request.connection->is_ssl ? "https" : "http"};
}

Found https(Evaluator& /*evaluator*/, HttpRequest& request, std::string_view /*name*/) {
    return Value{request.connection->is_ssl ? "on" : ""};
}

Found request_uri(Evaluator& /*evaluator*/, HttpRequest& request, std::string_view /*name*/) {
    return Value{request.unparsed_uri};
}

Found request_line(Evaluator& evaluator, HttpRequest& request, std::string_view name) {
    const auto protocol = server_protocol(evaluator, request, name);
    return Value{fmt::format("{} {}{}", request.main->method,
                             request.connection->request_line_target,
                             protocol ? " " + protocol->text : std::string())};
}

Found uri(Evaluator& /*evaluator*/, HttpRequest& request, std::string_view /*name*/) {
    return request.uri;
}

Found args(Evaluator& /*evaluator*/, HttpRequest& request, std::string_view /*name*/) {
    return request.args;
}

Found is_args(Evaluator& /*evaluator*/, HttpRequest& request, std::string_view name) {
    if (!request.args.known) {
        return unknown_variable(name);
    }
    return Value{request.args.text.empty() ? "" : "?"};
}

Found document_root(Evaluator& evaluator, HttpRequest& request, std::string_view /*name*/) {
    return evaluator.document_root(request);
}

/// Links are not followed: what is known of the files is not the same as what is on the disk.
Found realpath_root(Evaluator& evaluator, HttpRequest& request, std::string_view /*name*/) {
    Value root = evaluator.document_root(request);
    return root.text == "/" || !root.text.ends_with('/')
               ? root
               : Value{root.text.substr(0, root.text.size() - 1), root.known};
}

Found request_filename(Evaluator& evaluator, HttpRequest& request, std::string_view /*name*/) {
    const auto path = evaluator.map_uri_to_path(request);
    return path ? Found(path->whole) : std::nullopt;
}

Found server_name(Evaluator& evaluator, HttpRequest& request, std::string_view /*name*/) {
    return Value{evaluator.confs().server(request.server).name};
}

Found request_method(Evaluator& /*evaluator*/, HttpRequest& request, std::string_view /*name*/) {
    return Value{request.main->method};
}

Found nginx_version(Evaluator& evaluator, HttpRequest& /*request*/, std::string_view /*name*/) {
    const Version& version = evaluator.confs().model.config().build().version;
    return Value{fmt::format("{}.{}.{}", version.major, version.minor, version.patch)};
}

/// ngx_init_cycle keeps the name of the machine in lower case.
Found hostname(Evaluator& evaluator, HttpRequest& /*request*/, std::string_view name) {
    const auto& known = evaluator.confs().options.hostname;
    return known ? Value{lower(*known)} : unknown_variable(name);
}

Found limit_rate(Evaluator& /*evaluator*/, HttpRequest& /*request*/, std::string_view /*name*/) {
    return Value{"0"};
}

Found nothing(Evaluator& /*evaluator*/, HttpRequest& /*request*/, std::string_view /*name*/) {
    return std::nullopt;
}

/// `$proxy_add_x_forwarded_for` (ngx_http_proxy_add_x_forwarded_for_variable).
Found forwarded_for(Evaluator& evaluator, HttpRequest& request, std::string_view name) {
    const auto address = remote_addr(evaluator, request, "remote_addr");
    const auto before = joined_headers(*request.connection, "x_forwarded_for", ", ");
    if (!before && !request.connection->headers_known) {
        return unknown_variable(name);
    }
    Value value{before ? *before + ", " : std::string()};
    value += *address;
    return value;
}

/// `$fastcgi_script_name` and `$fastcgi_path_info` (ngx_http_fastcgi_split).
Found fastcgi_part(Evaluator& evaluator, HttpRequest& request, std::string_view name) {
    const LocationConf& conf = evaluator.confs().locations.of(request.location);
    const bool is_script = name == "fastcgi_script_name";
    if (!conf.fastcgi_split_path_info.empty()) {
        if (!request.uri.known) {
            return unknown_variable(name);
        }
        Matcher matcher(conf.fastcgi_split_path_info, Case::sensitive);
        if (matcher.match(request.uri.text) == Matcher::Outcome::matched) {
            const std::size_t number = is_script ? 1 : 2;
            const auto groups = matcher.groups();
            const auto group = number < groups.size() ? groups[number] : Matcher::Group();
            return Value{group.begin == Matcher::Group::none
                             ? std::string()
                             : request.uri.text.substr(group.begin, group.end - group.begin)};
        }
    }
    if (!is_script) {
        return Value{};
    }
    Value script = request.uri;
    if (conf.fastcgi_index != nullptr && script.text.ends_with('/')) {
        script.text += conf.fastcgi_index->value.constant();
    }
    return script;
}

Found proxy_host(Evaluator& /*evaluator*/, HttpRequest& request, std::string_view /*name*/) {
    return known_or_nothing(request.proxy_host);
}

Found proxy_port(Evaluator& /*evaluator*/, HttpRequest& request, std::string_view /*name*/) {
    return known_or_nothing(request.proxy_port);
}

const std::unordered_map<std::string_view, BuiltinVariable>& builtins() {
    static const std::unordered_map<std::string_view, BuiltinVariable> all = {
        {"host", {host}},
        {"content_length", {content_length}},
        {"content_type", {content_type}},
        {"remote_addr", {remote_addr}},
        {"remote_port", {remote_port}},
        {"server_addr", {server_addr}},
        {"server_port", {server_port}},
        {"server_protocol", {server_protocol}},
        {"scheme", {scheme}},
        {"https", {https}},
        {"request_uri", {request_uri}},
        {"request", {request_line}},
        {"uri", {uri, true}},
        {"document_uri", {uri, true}},
        {"query_string", {args, true}},
        {"args", {args, true}},
        {"is_args", {is_args, true}},
        {"document_root", {document_root, true}},
        {"realpath_root", {realpath_root, true}},
        {"request_filename", {request_filename, true}},
        {"server_name", {server_name}},
        {"request_method", {request_method, true}},
        {"nginx_version", {nginx_version}},
        {"hostname", {hostname}},
        {"limit_rate", {limit_rate, true}},
        {"proxy_host", {proxy_host, true}},
        {"proxy_port", {proxy_port, true}},
        {"proxy_add_x_forwarded_for", {forwarded_for}},
        {"fastcgi_script_name", {fastcgi_part, true}},
        {"fastcgi_path_info", {fastcgi_part, true}},
        // not set before an upstream has been asked
        {"upstream_addr", {nothing, true}},
        {"upstream_status", {nothing, true}},
        {"upstream_cache_status", {nothing, true}},
    };
    return all;
}

} // namespace

const BuiltinVariable* find_builtin_variable(std::string_view name) {
    const auto found = builtins().find(name);
    return found != builtins().end() ? &found->second : nullptr;
}

const BuiltinVariable* find_variable_family(std::string_view name) {
    static constexpr BuiltinVariable headers{header};
    static constexpr BuiltinVariable cookies{cookie};
    static constexpr BuiltinVariable arguments{argument, true};
    if (name.starts_with(header_prefix)) {
        return &headers;
    }
    if (name.starts_with(cookie_prefix)) {
        return &cookies;
    }
    return name.starts_with(argument_prefix) ? &arguments : nullptr;
}

const std::string* find_header(const HttpConnection& connection, std::string_view name) {
    const auto found = std::ranges::find_if(connection.headers, [&](const HeaderField& header) {
        return std::ranges::equal(header.name, name, [](char a, char b) {
            return (a == '-' ? '_' : to_lower(a)) == (b == '-' ? '_' : to_lower(b));
        });
    });
    return found != connection.headers.end() ? &found->value : nullptr;
}

Value unknown_variable(std::string_view name) {
    return {fmt::format("${}", name), false};
}

} // namespace upstream_lint
