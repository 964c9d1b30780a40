// Servers: where they listen, what they are called, and what a Host or an SNI makes of it.

#include "requests/config_text.hpp"
#include "requests/request_maker.hpp"
#include "requests/site.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace upstream_lint::differential {

namespace {

constexpr auto server_name_words = std::to_array<std::string_view>(
    {"a.example",        "b.example",     "*.example",     ".example",  "www.*",
     "*.b.example",      ".a.example",    "www.example.*", "B.EXAMPLE", "a.example.",
     "a.b.example",      "localhost",     "127.0.0.1",     "_",         "*.EXAMPLE",
     "x.example",        "www.a.example", "a.*",           "[::1]",     "a.example:8000",
     "*.www.example.org"});

/// The named captures are the same in all: a variable has one meaning in a configuration.
constexpr auto server_name_patterns = std::to_array<std::string_view>(
    {"~^(?<sub>.+)\\.example$", "~^www\\.(.*)$", "~EXAMPLE", "~^(?<sub>[^.]+)\\.(?<rest>.+)$",
     "~^a", "~^$", "~\\.org$", "~^(?<sub>x|b)\\."});

constexpr auto hosts = std::to_array<std::string_view>({"a.example",
                                                        "b.example",
                                                        "x.example",
                                                        "www.a.example",
                                                        "www.x",
                                                        "A.EXAMPLE",
                                                        "a.example.",
                                                        "a.example:81",
                                                        "a.example.:81",
                                                        "www.example.org",
                                                        "a.b.example",
                                                        "127.0.0.1",
                                                        "[::1]:8000",
                                                        "localhost",
                                                        "nope",
                                                        "x.www.a.example",
                                                        "X.b.example:1",
                                                        "_",
                                                        "a.",
                                                        "www.example.org.",
                                                        "example",
                                                        "b.example:",
                                                        "q.a.example",
                                                        "a.example:8000"});

/// Something to connect to.
struct Door {
    std::string listen;  ///< of `listen`
    std::string address; ///< to connect to
    bool tls = false;
};

std::string without_port(const std::string& host) {
    return host.starts_with('[') ? "" : host.substr(0, host.find(':'));
}

class ServerSite {
public:
    ServerSite(Random& random, const Surroundings& around) : random_(random), around_(around) {}

    Site make(std::size_t count) {
        collect_doors();
        begin_http(config_);
        if (has_tls()) {
            config_.add("ssl_certificate " + around_.certificate);
            config_.add("ssl_certificate_key " + around_.certificate + ".key");
        }
        redirect_settings();
        const std::size_t servers = random_.between(2, 7);
        for (std::size_t i = 0; i < servers; ++i)
            server(i);
        config_.close();
        Site site;
        site.configuration.files = {{"nginx.conf", config_.text()},
                                    {"html/index.html", "file html/index.html\n"},
                                    {"html/dir/index.html", "file html/dir/index.html\n"}};
        RequestOddities oddities;
        oddities.path = 8;
        oddities.bad_host = 5;
        RequestMaker maker(random_, {"/", "/passed", "/dir", "/passed/x", "/gone", "/dir/"},
                           {hosts.begin(), hosts.end()}, oddities);
        while (site.requests.size() < count)
            site.requests.push_back(request(maker));
        return site;
    }

private:
    [[nodiscard]] bool has_tls() const { return !around_.certificate.empty(); }

    [[nodiscard]] std::string port(std::size_t index) const {
        return std::to_string(around_.ports[index]);
    }

    void add_door(const std::string& listen, std::initializer_list<std::string> addresses,
                  bool tls = false) {
        choices_.push_back(listen);
        for (const std::string& address : addresses)
            doors_.push_back({listen, address, tls});
    }

    /// The addresses of which the servers choose some.
    void collect_doors() {
        const std::string plain = ':' + port(0);
        add_door("127.0.0.1" + plain, {"127.0.0.1" + plain});
        add_door("127.0.0.2" + plain, {"127.0.0.2" + plain});
        if (random_.chance(60))
            add_door(random_.chance(50) ? port(0) : "*" + plain,
                     {"127.0.0.1" + plain, "127.0.0.3" + plain});
        if (random_.chance(40))
            add_door("127.0.0.1:" + port(1), {"127.0.0.1:" + port(1)});
        if (random_.chance(40))
            add_door("unix:" + around_.folder + "/n.sock", {"unix:" + around_.folder + "/n.sock"});
        if (around_.ports.size() > 4 && random_.chance(30))
            add_door("127.0.0.1", {"127.0.0.1:80"});
        if (around_.has_ipv6)
            collect_ipv6_doors();
        if (has_tls() && random_.chance(70)) {
            add_door("127.0.0.1:" + port(2) + " ssl", {"127.0.0.1:" + port(2)}, true);
            add_door(port(2) + " ssl", {"127.0.0.1:" + port(2), "127.0.0.5:" + port(2)}, true);
        }
    }

    void collect_ipv6_doors() {
        if (random_.chance(30))
            add_door("[::1]:" + port(0), {"[::1]:" + port(0)});
        if (random_.chance(20))
            add_door("[::]:" + port(0), {"[::1]:" + port(0)});
        if (random_.chance(25))
            add_door("[::]:" + port(3) + " ipv6only=off",
                     {"[::1]:" + port(3), "127.0.0.1:" + port(3)});
    }

    void redirect_settings() {
        for (const char* name :
             {"server_name_in_redirect", "port_in_redirect", "absolute_redirect"})
            if (random_.chance(20))
                config_.add(std::string(name) + (random_.chance(50) ? " on" : " off"));
    }

    void server(std::size_t index) {
        config_.open_tagged("server");
        listen();
        const std::size_t lines = random_.below(3);
        for (std::size_t i = 0; i < lines; ++i)
            server_names();
        redirect_settings();
        if (has_tls() && around_.version >= Version{1, 19, 4} && random_.chance(8))
            config_.add("ssl_reject_handshake on");
        for (const char* variable : {"server_name", "host", "http_host", "server_port",
                                     "server_addr", "scheme", "remote_addr", "https"})
            config_.add("proxy_set_header X-S-" + std::string(variable) + " $" + variable);
        if (has_sub_)
            config_.add("proxy_set_header X-S-sub \"$sub\"");
        config_.add("proxy_set_header X-S-one \"$1\"");
        config_.add("root html");
        locations(index);
        config_.close();
    }

    void listen() {
        std::set<std::string> taken;
        const std::size_t count = random_.between(1, 3);
        for (std::size_t i = 0; i < count; ++i) {
            const std::string door = random_.pick(choices_);
            const std::string address = door.substr(0, door.find(' '));
            // `*:80` and `80` are one address.
            if (!taken.insert(address.starts_with('*') ? address.substr(2) : address).second)
                continue;
            used_.insert(door);
            // Options of the socket may stand once.
            const bool again = !addresses_.insert(address).second;
            std::string words = again && door.ends_with("off") ? address : door;
            // A listener speaks TLS when one of its servers says so.
            if (again && door.ends_with(" ssl") && random_.chance(20))
                words = address;
            if (random_.chance(25) && defaults_.insert(address).second)
                words += random_.chance(80) ? " default_server" : " default";
            config_.add("listen " + words);
        }
    }

    void server_names() {
        std::string line = "server_name";
        const std::size_t count = random_.between(1, 4);
        for (std::size_t i = 0; i < count; ++i) {
            if (random_.chance(4)) {
                line += " \"\"";
                continue;
            }
            const bool is_pattern = random_.chance(25);
            const std::string name(is_pattern ? random_.pick(server_name_patterns)
                                              : random_.pick(server_name_words));
            has_sub_ = has_sub_ || name.find("<sub>") != std::string::npos;
            line += ' ' + word_of(name);
        }
        config_.add(line);
    }

    void locations(std::size_t index) {
        const std::string upstream =
            "http://127.0.0.1:" + std::to_string(random_.pick(around_.echo.http));
        const std::string mark = std::to_string(index);
        if (random_.chance(80)) {
            config_.open_tagged("location /");
            if (random_.chance(60))
                config_.add("proxy_pass " + upstream);
            else
                config_.add("return 302 /moved/" + mark + "/$server_name/$host/$1$request_uri");
            config_.close();
        }
        config_.open_tagged("location /passed/");
        config_.add("proxy_pass " + upstream + "/to/" + mark + '/');
        config_.close();
        if (random_.chance(50)) {
            config_.open_tagged("location /gone");
            config_.add(std::string("return 301 ") + (has_sub_ ? "/$sub" : "") + "/gone");
            config_.close();
        }
        config_.open_tagged("location /dir");
        config_.close();
    }

    ClientRequest request(RequestMaker& maker) {
        ClientRequest request = maker.make();
        const Door& door = random_.pick(doors_);
        // Where nobody listens there is little to see.
        if (used_.count(door.listen) == 0 && !random_.chance(4))
            return this->request(maker);
        request.connect = door.address;
        request.tls = door.tls;
        if (request.tls)
            name_server(request);
        return request;
    }

    void name_server(ClientRequest& request) {
        std::string name;
        if (!request.headers.empty() && random_.chance(70))
            name = without_port(request.headers.front().value);
        else if (random_.chance(80))
            name = without_port(std::string(random_.pick(hosts)));
        if (!name.empty())
            request.sni = name;
    }

    Random& random_;
    const Surroundings& around_;
    ConfigText config_;
    std::vector<std::string> choices_;
    std::vector<Door> doors_;
    std::set<std::string> used_;      // of the choices
    std::set<std::string> addresses_; // that some server listens on
    std::set<std::string> defaults_;  // that have a default server
    bool has_sub_ = false;
};

} // namespace

Site server_site(Random& random, const Surroundings& around, std::size_t count) {
    return ServerSite(random, around).make(count);
}

} // namespace upstream_lint::differential
