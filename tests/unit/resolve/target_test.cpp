#include "resolve/target.hpp"
#include "support/read_model.hpp"

#include <doctest/doctest.h>
#include <string>
#include <vector>

namespace upstream_lint {
namespace {

using test::read_model;

const Model& groups() {
    static const Model model = read_model(
        "http { resolver 127.0.0.1;\n"
        "upstream Back { zone z 64k; server 127.0.0.1 weight=2; server a.example:81 backup;\n"
        "server unix:/run/b.sock down; server [::1]; server c.example resolve; }\n"
        "upstream gone { server 127.0.0.1:1 down; server 127.0.0.1:2 down; }\n"
        "server { listen 80; location /a { proxy_pass http://named.example; }\n"
        "location /b { fastcgi_pass named.example:9000; }\n"
        "location /c { scgi_pass unix:/run/c.sock; } } }\n"
        "stream { upstream back { server 127.0.0.1:5; } server { listen 53; proxy_pass back; }\n"
        "server { listen 54; proxy_pass named.example:55; } }");
    return model;
}

PassTarget target_of(PassKind kind, std::string_view text, bool is_literal = false) {
    return find_target(groups(), {.kind = kind, .text = text, .is_literal = is_literal});
}

/// `KIND TEXT: PEERS`, or what is logged.
std::string shown(const PassTarget& target) {
    if (target.failure)
        return target.failure->message + " " + std::to_string(target.failure->status);
    static constexpr const char* kinds[] = {"tcp", "unix", "upstream", "dynamic"};
    std::string text = kinds[static_cast<int>(target.target.kind)] + (" " + target.target.text);
    for (const Peer& peer : target.peers) {
        text += text.ends_with(target.target.text) ? ": " : ", ";
        text += peer.address;
        text += peer.weight != 1 ? " weight " + std::to_string(peer.weight) : "";
        text += peer.backup ? " backup" : "";
        text += peer.down ? " down" : "";
        text += peer.resolved == Peer::Resolved::runtime ? " runtime" : "";
    }
    return text;
}

TEST_CASE("a group answers its name, whatever its case, without a port") {
    constexpr const char* back = "upstream Back: 127.0.0.1:80 weight 2, a.example:81 backup, "
                                 "unix:/run/b.sock down, [::1]:80, c.example:80 runtime";
    CHECK(shown(target_of(PassKind::proxy, "http://back/x")) == back);
    CHECK(shown(target_of(PassKind::proxy, "HTTPS://BACK", true)) == back);
    CHECK(shown(target_of(PassKind::fastcgi, "Back")) == back);
    CHECK(shown(target_of(PassKind::grpc, "grpcs://back")) == back);
    CHECK(shown(target_of(PassKind::stream_proxy, "back")) == "upstream back: 127.0.0.1:5");
    CHECK(shown(target_of(PassKind::proxy, "http://back:80")) == "tcp back:80: back:80 runtime");
    // the path is compared with names, too, and has no port either
    CHECK(shown(target_of(PassKind::proxy, "http://unix:back")) == back);
    CHECK(shown(target_of(PassKind::proxy, "http://gone")) == "no live upstreams 502");
    CHECK(target_of(PassKind::proxy, "http://gone").peers.size() == 2);
}

TEST_CASE("addresses need nobody to look them up") {
    CHECK(shown(target_of(PassKind::proxy, "http://127.0.0.1")) ==
          "tcp 127.0.0.1:80: 127.0.0.1:80");
    CHECK(shown(target_of(PassKind::proxy, "https://[::1]/a")) == "tcp [::1]:443: [::1]:443");
    CHECK(shown(target_of(PassKind::uwsgi, "127.0.0.1:9000")) ==
          "tcp 127.0.0.1:9000: 127.0.0.1:9000");
    CHECK(shown(target_of(PassKind::proxy, "http://unix:/run/a.sock:/x")) ==
          "unix unix:/run/a.sock: unix:/run/a.sock");
    CHECK(shown(target_of(PassKind::fastcgi, "unix:/a:/b")) == "unix unix:/a:/b: unix:/a:/b");
    CHECK_FALSE(target_of(PassKind::proxy, "http://127.0.0.1").needs_resolver);
}

TEST_CASE("names are looked up at run time, unless a literal target has them already") {
    const PassTarget unknown = target_of(PassKind::proxy, "http://x.example:81/y");
    CHECK(shown(unknown) == "tcp x.example:81: x.example:81 runtime");
    CHECK(unknown.needs_resolver);
    CHECK(no_resolver(unknown, PassKind::proxy) ==
          PassFailure{"no resolver defined to resolve x.example", 502});
    CHECK(no_resolver(unknown, PassKind::stream_proxy).status == 500);
    const PassTarget known = target_of(PassKind::proxy, "http://NAMED.example/y");
    CHECK(shown(known) == "tcp NAMED.example:80: NAMED.example:80");
    CHECK_FALSE(known.needs_resolver);
    CHECK_FALSE(known.peers[0].directive.is_none());
    CHECK(target_of(PassKind::proxy, "https://named.example").needs_resolver);
    CHECK_FALSE(target_of(PassKind::scgi, "named.example:9000").needs_resolver);
    CHECK(target_of(PassKind::scgi, "named.example:9001").needs_resolver);
    CHECK_FALSE(target_of(PassKind::stream_proxy, "named.example:55").needs_resolver);
    CHECK(target_of(PassKind::stream_proxy, "named.example:80").needs_resolver);
    CHECK_FALSE(target_of(PassKind::proxy, "http://named.example", true).needs_resolver);
}

TEST_CASE("what is no target is refused with 500") {
    const std::vector<std::pair<PassKind, std::string>> proxies = {
        {PassKind::proxy, ""},
        {PassKind::proxy, "http://"},
        {PassKind::proxy, "127.0.0.1:80"},
        {PassKind::proxy, "ftp://a"},
    };
    for (const auto& proxy : proxies) {
        const std::string& text = proxy.second; // clang 14 captures no structured binding
        CAPTURE(text);
        CHECK(shown(target_of(proxy.first, text)) == "invalid URL prefix in \"" + text + "\" 500");
    }
    CHECK(shown(target_of(PassKind::proxy, "http://:80/")) == "no host in upstream \":80/\" 500");
    CHECK(shown(target_of(PassKind::proxy, "http://a:0/")) ==
          "invalid port in upstream \"a:0/\" 500");
    CHECK(shown(target_of(PassKind::proxy, "http://unix:")) ==
          "no path in the unix domain socket in upstream \"unix:\" 500");
    CHECK(shown(target_of(PassKind::fastcgi, "127.0.0.1:9000/x")) ==
          "invalid host in upstream \"127.0.0.1:9000/x\" 500");
    CHECK(shown(target_of(PassKind::grpc, "grpc://")) ==
          "invalid host in upstream \"grpc://\" 500");
    CHECK(shown(target_of(PassKind::fastcgi, "a.example")) ==
          "no port in upstream \"a.example\" 500");
    CHECK(shown(target_of(PassKind::stream_proxy, "127.0.0.1")) ==
          "no port in upstream \"127.0.0.1\" 500");
    CHECK(shown(target_of(PassKind::grpc, "[::1]")) == "no port in upstream \"[::1]\" 500");
}

TEST_CASE("the parts of a target that requests are made from") {
    const PassTarget plain = target_of(PassKind::proxy, "http://A.example/b?c");
    CHECK(plain.scheme == "http://");
    CHECK(plain.uri == "/b?c");
    CHECK(plain.host_header == "A.example");
    CHECK(plain.port == "80");
    CHECK_FALSE(plain.uses_tls);
    const PassTarget tls = target_of(PassKind::proxy, "Https://a:0443");
    CHECK(tls.uses_tls);
    CHECK(tls.scheme == "Https://");
    CHECK(tls.uri.empty());
    CHECK(tls.host_header == "a");
    CHECK(tls.port == "443");
    const PassTarget other = target_of(PassKind::proxy, "https://a:80?x");
    CHECK(other.host_header == "a:80");
    CHECK(other.port == "80");
    CHECK(other.uri == "/?x");
    CHECK(target_of(PassKind::proxy, "https://a:80?x", true).uri == "?x");
    const PassTarget socket = target_of(PassKind::proxy, "http://unix:/a:b");
    CHECK(socket.host_header == "localhost");
    CHECK(socket.port.empty());
    CHECK(socket.uri == "b");
    CHECK(target_of(PassKind::grpc, "grpc://a:50").host_header == "a:50");
    CHECK(target_of(PassKind::grpc, "a:50").scheme == "grpc://");
    CHECK(target_of(PassKind::uwsgi, "suwsgi://a:50").uses_tls);
}

} // namespace
} // namespace upstream_lint
