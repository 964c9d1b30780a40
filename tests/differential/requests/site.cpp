#include "requests/site.hpp"

#include "nginx_message.hpp"

namespace upstream_lint::differential {

namespace {

bool is_host(const HeaderField& field) {
    return field.name.size() == 4 && (field.name[0] | 0x20) == 'h' &&
           (field.name[1] | 0x20) == 'o' && (field.name[2] | 0x20) == 's' &&
           (field.name[3] | 0x20) == 't';
}

} // namespace

std::string bytes_of(const ClientRequest& request) {
    std::string bytes = request.method + ' ' + request.target;
    if (request.http == "0.9")
        return bytes + "\r\n";
    bytes += " HTTP/" + request.http + "\r\n";
    for (const HeaderField& field : request.headers)
        bytes += field.name + ": " + field.value + "\r\n";
    return bytes + "\r\n" + request.body;
}

Request request_of(const ClientRequest& request) {
    Request result;
    // The authority is that of a client that sends no Host: there is none.
    result.url = request.tls ? "https://" : "http://";
    for (const HeaderField& field : request.headers)
        if (is_host(field) && result.url.ends_with("//"))
            result.url += field.value;
    result.url += '/';
    result.method = request.method;
    result.http = request.http;
    result.connect = request.connect;
    result.target = request.target;
    result.has_sni = request.sni.has_value();
    result.sni = request.sni;
    if (request.connect.starts_with('['))
        result.client = "::1";
    else if (request.connect.starts_with("unix:"))
        result.client = "unix:";
    else
        result.client = request.from;
    result.headers = request.headers;
    return result;
}

std::string description_of(const ClientRequest& request) {
    std::string text = escape(request.method + ' ' + request.target) + " HTTP/" + request.http +
                       " at " + request.connect + " from " + request.from;
    if (request.tls)
        text += request.sni ? " by TLS with SNI " + escape(*request.sni) : " by TLS without SNI";
    for (const HeaderField& field : request.headers)
        text += "\n    " + escape(field.name + ": " + field.value);
    return text;
}

} // namespace upstream_lint::differential
