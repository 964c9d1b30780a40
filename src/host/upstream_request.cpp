#include "host/upstream_request.hpp"

#include "upstream_lint/version.hpp"

#include <cstdint>
#include <fmt/format.h>
#include <string_view>

namespace upstream_lint {

namespace {

constexpr std::uint8_t begin_request = 1;
constexpr std::uint8_t params = 4;
constexpr std::uint8_t standard_input = 5;

void add_record(std::string& bytes, std::uint8_t type, std::string_view content) {
    const auto size = static_cast<std::uint16_t>(content.size());
    const std::uint8_t header[] = {1,
                                   type,
                                   0,
                                   1,
                                   static_cast<std::uint8_t>(size >> 8U),
                                   static_cast<std::uint8_t>(size & 0xffU),
                                   0,
                                   0};
    bytes.append(std::begin(header), std::end(header));
    bytes += content;
}

void add_length(std::string& bytes, std::size_t length) {
    constexpr std::size_t longest_short = 127;
    if (length <= longest_short) {
        bytes += static_cast<char>(length);
        return;
    }
    for (const unsigned shift : {24U, 16U, 8U, 0U})
        bytes += static_cast<char>((length >> shift & 0xffU) | (shift == 24U ? 0x80U : 0U));
}

void add_param(std::string& bytes, std::string_view name, std::string_view value) {
    add_length(bytes, name.size());
    add_length(bytes, value.size());
    bytes += name;
    bytes += value;
}

} // namespace

RequestBytes http_request(const std::string& uri, const std::string& host,
                          const std::string& http_version) {
    const std::string line = fmt::format("HEAD {} HTTP/{}", uri, http_version);
    return {line, fmt::format("{}\r\nHost: {}\r\nConnection: close\r\n"
                              "User-Agent: nginx-upstream-lint/{}\r\n\r\n",
                              line, host, version)};
}

RequestBytes http2_preface() {
    constexpr std::string_view settings("\0\0\0\4\0\0\0\0\0", 9);
    return {"preface of HTTP/2", std::string("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").append(settings)};
}

RequestBytes fastcgi_request(const std::string& path) {
    constexpr std::string_view responder("\0\1\0\0\0\0\0\0", 8);
    // no folder of that name: PHP does not look for a script further up
    const std::string script =
        path.empty() ? "/nginx-upstream-lint-asks-for-nothing/none.php" : path;
    std::string content;
    add_param(content, "GATEWAY_INTERFACE", "CGI/1.1");
    add_param(content, "SERVER_PROTOCOL", "HTTP/1.0");
    add_param(content, "SERVER_SOFTWARE", "nginx-upstream-lint");
    add_param(content, "REMOTE_ADDR", "127.0.0.1");
    add_param(content, "REQUEST_METHOD", "HEAD");
    add_param(content, "QUERY_STRING", "");
    add_param(content, "REQUEST_URI", script);
    add_param(content, "SCRIPT_NAME", script);
    add_param(content, "SCRIPT_FILENAME", script);
    std::string bytes;
    add_record(bytes, begin_request, responder);
    add_record(bytes, params, content);
    add_record(bytes, params, "");
    add_record(bytes, standard_input, "");
    return {"HEAD " + script, bytes};
}

} // namespace upstream_lint
