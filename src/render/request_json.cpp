#include "config/url.hpp"
#include "resolve/http_entry.hpp"
#include "upstream_lint/render_route.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace upstream_lint {

namespace {

using Json = nlohmann::json;

constexpr std::string_view blanks = " \t\r";

/// Where the name of a field stands in a line that is JSON, as a column from 1; 1 where it is
/// written with escapes.
std::uint32_t column_of(std::string_view line, std::string_view field) {
    const std::string quoted = fmt::format("\"{}\"", field);
    for (std::size_t at = line.find(quoted); at != std::string_view::npos;
         at = line.find(quoted, at + 1)) {
        const std::size_t behind = line.find_first_not_of(blanks, at + quoted.size());
        const bool is_escaped = at > 0 && line[at - 1] == '\\';
        if (!is_escaped && behind != std::string_view::npos && line[behind] == ':') {
            return static_cast<std::uint32_t>(at + 1);
        }
    }
    return 1;
}

enum class Port { needed, optional };

bool is_socket(std::string_view text, Port port) {
    if (text.starts_with("unix:")) {
        return port == Port::optional || text.size() > std::string_view("unix:").size();
    }
    const auto address = parse_address_and_port(text);
    return address && (port == Port::optional || address->port != 0);
}

/// One line, read.
class RequestReader {
public:
    explicit RequestReader(const Json& object) : object_(object) {}

    /// Nothing when all is well.
    std::optional<FieldProblem> read(RouteRequest& request) {
        for (const auto& [name, value] : object_.items()) {
            if (auto message = read_field(name, value, request)) {
                return FieldProblem{name, *std::move(message)};
            }
        }
        if (!object_.contains("url")) {
            return FieldProblem{"", "a request needs a `url`"};
        }
        return find_problem(request.request);
    }

private:
    static std::optional<std::string> read_field(const std::string& name, const Json& value,
                                                 RouteRequest& route) {
        Request& request = route.request;
        if (name == "id") {
            return read_id(value, route.id);
        }
        if (name == "url") {
            return read_text(name, value, request.url);
        }
        if (name == "method") {
            return read_text(name, value, request.method);
        }
        if (name == "http") {
            return read_text(name, value, request.http);
        }
        if (name == "connect") {
            return read_text(name, value, request.connect.emplace());
        }
        if (name == "target") {
            return read_text(name, value, request.target.emplace());
        }
        if (name == "client") {
            return read_text(name, value, request.client.emplace());
        }
        if (name == "sni") {
            request.has_sni = !value.is_null();
            return value.is_null() ? std::nullopt : read_text(name, value, request.sni.emplace());
        }
        if (name == "headers") {
            return read_headers(value, request.headers.emplace());
        }
        return fmt::format("a request has no `{}`; it has id, method, url, http, connect, target, "
                           "sni, client and headers",
                           name);
    }

    static std::optional<std::string> read_text(std::string_view name, const Json& value,
                                                std::string& text) {
        if (!value.is_string()) {
            return fmt::format("`{}` is a text, not {}", name, value.type_name());
        }
        text = value.get<std::string>();
        return std::nullopt;
    }

    static std::optional<std::string> read_id(const Json& value, std::string& id) {
        if (!value.is_string() && !value.is_number() && !value.is_null()) {
            return fmt::format("`id` is a text or a number, not {}", value.type_name());
        }
        id = value.dump();
        return std::nullopt;
    }

    static std::optional<std::string> read_headers(const Json& value,
                                                   std::vector<HeaderField>& headers) {
        const auto is_pair = [](const Json& each) {
            return each.is_array() && each.size() == 2 && each[0].is_string() &&
                   each[1].is_string();
        };
        if (!value.is_array() || !std::ranges::all_of(value, is_pair)) {
            return "`headers` is a list of [name, value]";
        }
        for (const Json& each : value) {
            headers.push_back({each[0].get<std::string>(), each[1].get<std::string>()});
        }
        return std::nullopt;
    }

    const Json& object_;
};

/// nlohmann_json's text without its own number, place and what it read last.
std::string reason_of(const Json::exception& error) {
    std::string_view text = error.what();
    text.remove_prefix(std::min(text.find("] ") + 2, text.size()));
    if (text.starts_with("parse error")) {
        const std::size_t place_end = text.find(": ");
        text.remove_prefix(place_end == std::string_view::npos ? 0 : place_end + 2);
    }
    return std::string(text.substr(0, text.find("; last read")));
}

std::optional<RequestProblem> read_line(std::string_view line, std::uint32_t number,
                                        RouteRequest& request) {
    try {
        const Json object = Json::parse(line);
        if (!object.is_object()) {
            return RequestProblem{{number, 1}, "a request is a JSON object"};
        }
        if (auto problem = RequestReader(object).read(request)) {
            return RequestProblem{{number, column_of(line, problem->field)},
                                  std::move(problem->message)};
        }
    } catch (const Json::parse_error& error) {
        const std::size_t column = std::clamp<std::size_t>(error.byte, 1, line.size() + 1);
        return RequestProblem{{number, static_cast<std::uint32_t>(column)},
                              "not JSON: " + reason_of(error)};
    } catch (const Json::out_of_range& error) {
        return RequestProblem{{number, 1}, "not JSON: " + reason_of(error)};
    }
    return std::nullopt;
}

} // namespace

std::optional<FieldProblem> find_problem(const Request& request) {
    const auto url = parse_request_url(request.url);
    // a request of HTTP may be without a host
    const bool names_none =
        url && url->scheme.starts_with("http") && request.url.find(":///") == url->scheme.size();
    if (!url || (url->authority.empty() && !names_none) ||
        (url->has_wrong_port && !request.connect)) {
        return FieldProblem{"url", fmt::format("\"{}\" is no URL: it has to begin with http://, "
                                               "https://, tcp:// or udp:// and name a host",
                                               request.url)};
    }
    if (request.connect && !is_socket(*request.connect, Port::needed)) {
        return FieldProblem{"connect", fmt::format("\"{}\" is nothing to connect to: that is "
                                                   "ADDRESS:PORT or unix:/path",
                                                   *request.connect)};
    }
    if (request.client && !is_socket(*request.client, Port::optional)) {
        return FieldProblem{"client", fmt::format("\"{}\" is no address of a client: that is "
                                                  "ADDRESS, ADDRESS:PORT or unix:",
                                                  *request.client)};
    }
    return std::nullopt;
}

ParsedRequests parse_requests(std::string_view lines) {
    ParsedRequests parsed;
    for (std::uint32_t number = 1; !lines.empty(); ++number) {
        const std::size_t end = std::min(lines.find('\n'), lines.size());
        const std::string_view line = lines.substr(0, end);
        lines.remove_prefix(std::min(end + 1, lines.size()));
        if (line.find_first_not_of(blanks) == std::string_view::npos) {
            continue;
        }
        RouteRequest request;
        if (auto problem = read_line(line, number, request)) {
            parsed.problems.push_back(*std::move(problem));
        } else {
            parsed.requests.push_back(std::move(request));
        }
    }
    return parsed;
}

} // namespace upstream_lint
