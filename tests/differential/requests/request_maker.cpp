#include "requests/request_maker.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace upstream_lint::differential {

namespace {

using Names = std::initializer_list<std::string_view>;

constexpr auto segments = std::to_array<std::string_view>(
    {"a", "b", "ab", "A", "c.php", "x.txt", "index.html", "a b", "\xc3\xa9", "d", "%41", "a?b"});

std::size_t random_slash(Random& random, const std::string& target) {
    const std::size_t slash = target.find('/', random.below(target.size() + 1));
    return slash == std::string::npos ? target.find('/') : slash;
}

} // namespace

RequestMaker::RequestMaker(Random& random, std::vector<std::string> paths,
                           std::vector<std::string> hosts, RequestOddities oddities) :
    random_(random),
    paths_(std::move(paths)), hosts_(std::move(hosts)), oddities_(oddities) {}

std::string RequestMaker::path() {
    std::string path = random_.chance(90) ? random_.pick(paths_) : "/";
    if (!path.starts_with('/'))
        path.insert(0, "/");
    switch (random_.below(12)) {
    case 0:
    case 1:
        path += '/';
        break;
    case 2:
        path.pop_back();
        break;
    case 3:
    case 4:
        path.append(path.ends_with('/') ? "" : "/").append(random_.pick(segments));
        break;
    case 5:
        path += random_.pick(segments);
        break;
    case 6:
        path.append("/").append(random_.pick(segments)).append("/").append(random_.pick(segments));
        break;
    default:
        break;
    }
    return path.empty() ? "/" : path;
}

/// What has to be encoded is; the rest now and then.
std::string RequestMaker::encoded(std::string_view path) {
    std::string target;
    for (const char c : path) {
        const auto byte = static_cast<unsigned char>(c);
        const bool needed = byte <= 0x20 || byte == 0x7f || c == '%' || c == '?' || c == '#';
        const unsigned chance = byte >= 0x80 ? 50 : oddities_.path / 12;
        if (!needed && !random_.chance(chance)) {
            target += c;
            continue;
        }
        const std::string_view digits =
            random_.chance(50) ? "0123456789abcdef" : "0123456789ABCDEF";
        (target += '%').append({digits[byte >> 4U], digits[byte & 15U]});
    }
    return target;
}

/// The same path, or almost, in other words.
void RequestMaker::bend(std::string& target) {
    const std::size_t slash = random_slash(random_, target);
    if (slash == std::string::npos)
        return;
    switch (random_.below(10)) {
    case 0:
    case 1:
        target.insert(slash, "/");
        break;
    case 2:
        target.insert(slash, "/.");
        break;
    case 3:
        target.insert(slash, "/x/..");
        break;
    case 4:
        target.insert(slash, "/%2e%2E/y/.." + std::string(random_.chance(50) ? "/z/%2e." : ""));
        break;
    case 5:
        target.replace(slash, 1, random_.chance(50) ? "%2F" : "%2f");
        break;
    case 6:
        target += random_.chance(50) ? "/." : "/..";
        break;
    case 7:
        target.insert(slash, "/.//");
        break;
    case 8:
        std::ranges::transform(target, target.begin(), [](char c) {
            return c >= 'a' && c <= 'c' ? static_cast<char>(c - 0x20) : c;
        });
        break;
    default:
        target.insert(slash, "/.x");
        break;
    }
    if (!target.starts_with('/'))
        target.insert(0, "/");
}

void RequestMaker::break_target(std::string& target) {
    constexpr auto endings = std::to_array<std::string_view>(
        {"%", "%4", "%zz", "%00", "%g0", "/../../../..", "/..%2f../..", "\x01", " x", "\x7f"});
    if (random_.chance(15))
        target = random_.pick(std::array{"*", "x", "", "a/b", "//", "http:/x", "http://", "?x"});
    else
        target += random_.pick(endings);
}

std::string RequestMaker::args() {
    constexpr auto some = std::to_array<std::string_view>(
        {"a=1", "a=2&b=3", "b=x%20y", "a", "", "a=1?b=2", "x=/a/b", "A=9", "a=%zz", "b=%2Fq&a=7",
         "name=a.example", "c=\xc3\xa9", "a=&b=", "&a=5", "xa=1&a=6"});
    return '?' + std::string(random_.pick(some));
}

std::string RequestMaker::spell(std::string_view path) {
    std::string target = encoded(path);
    while (random_.chance(oddities_.path))
        bend(target);
    if (random_.chance(oddities_.invalid))
        break_target(target);
    if (random_.chance(oddities_.args))
        target += args();
    if (random_.chance(oddities_.path / 7))
        target += random_.chance(50) ? "#f" : "#f?a=8";
    return target;
}

void RequestMaker::add_host(ClientRequest& request) {
    const std::string host = random_.pick(hosts_);
    if (!random_.chance(oddities_.bad_host)) {
        request.headers.push_back({"Host", host});
        return;
    }
    constexpr auto broken = std::to_array<std::string_view>(
        {"", "a/b", "a..b", ".", "[::1", "a b", "a:b:c", "a.example:80:81", "\x01"});
    switch (random_.below(3)) {
    case 0:
        return;
    case 1:
        request.headers.push_back({"Host", host});
        request.headers.push_back({"Host", random_.pick(hosts_)});
        return;
    default:
        request.headers.push_back({"Host", std::string(random_.pick(broken))});
    }
}

void RequestMaker::add_headers(ClientRequest& request) {
    constexpr auto fields = std::to_array<std::pair<std::string_view, std::string_view>>(
        {{"X-A", "1"},
         {"X-A", "b"},
         {"x-a", "/a"},
         {"X-B", "a.example"},
         {"Cookie", "a=1; b=2"},
         {"Cookie", "b=/b"},
         {"User-Agent", "curl/8"},
         {"User-Agent", "Mozilla/5.0"},
         {"Referer", "http://a.example/x"},
         {"X-Forwarded-For", "10.0.0.1"},
         {"X_Under", "1"},
         {"X-Empty", ""}});
    while (random_.chance(oddities_.header)) {
        const auto& [name, value] = random_.pick(fields);
        request.headers.push_back({std::string(name), std::string(value)});
    }
}

ClientRequest RequestMaker::make() {
    constexpr auto methods = std::to_array<std::string_view>(
        {"POST", "HEAD", "PUT", "DELETE", "OPTIONS", "POST", "HEAD", "PATCH", "PROPFIND", "MKCOL"});
    ClientRequest request;
    request.target = spell(path());
    if (random_.chance(oddities_.method))
        request.method = random_.pick(methods);
    else if (random_.chance(oddities_.invalid / 2))
        request.method = random_.pick(std::array{"TRACE", "CONNECT", "get", "G-T", "FOO_BAR"});
    if (random_.chance(oddities_.http_1_0))
        request.http = random_.chance(85) ? "1.0" : "0.9";
    if (random_.chance(oddities_.absolute) && request.target.starts_with('/'))
        request.target.insert(0, "http://" + random_.pick(hosts_));
    if (request.http == "0.9") {
        request.method = "GET";
        return request;
    }
    add_host(request);
    if (request.http == "1.1")
        request.headers.push_back({"Connection", "close"});
    add_headers(request);
    if (request.method == "POST" || request.method == "PUT") {
        request.body = "q=1";
        request.headers.push_back({"Content-Length", "3"});
    }
    return request;
}

} // namespace upstream_lint::differential
