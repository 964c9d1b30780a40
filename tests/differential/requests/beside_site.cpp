// Requests beside the client's, what may refuse it, and the protocols that other sites leave out.

#include "requests/config_text.hpp"
#include "requests/request_maker.hpp"
#include "requests/site.hpp"

#include <array>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace upstream_lint::differential {

namespace {

constexpr auto beside_files = std::to_array<std::string_view>(
    {"html/index.html", "html/x.txt", "html/a/index.html", "html/a/x.txt", "html/b/y.txt"});

constexpr auto beside_names = std::to_array<std::string_view>(
    {"/", "/a", "/a/", "/b", "/b/", "/x.txt", "/d/", "/k", "/g/", "/m", "/w/"});

constexpr auto answer_codes = std::to_array<std::string_view>(
    {"200", "204", "201", "202", "301", "302", "304", "400", "401", "403", "404", "408", "416",
     "444", "499", "500", "502", "503"});

constexpr auto beside_uris = std::to_array<std::string_view>(
    {"/x.txt", "/a/", "/missing", "/b/y.txt", "/inner", "/m", "/auth/x"});

class BesideSite {
public:
    BesideSite(Random& random, const Surroundings& around) : random_(random), around_(around) {}

    Site make(std::size_t count) {
        begin_http(config_);
        has_memcached_ = random_.chance(50);
        server(" default_server", "a.example");
        if (random_.chance(30))
            server("", "b.example");
        config_.close();
        Site site;
        site.configuration.files = {{"nginx.conf", config_.text()}};
        for (const std::string_view file : beside_files)
            site.configuration.files.push_back(
                {std::string(file), "file " + std::string(file) + '\n'});
        RequestOddities oddities;
        oddities.path = 6;
        oddities.args = 30;
        oddities.invalid = 1;
        oddities.method = 35;
        oddities.http_1_0 = 15;
        oddities.bad_host = 6;
        RequestMaker maker(random_, paths(), {"a.example", "b.example"}, oddities);
        while (site.requests.size() < count) {
            ClientRequest& request = site.requests.emplace_back(maker.make());
            // What memcached answers is cut, too, so that nginx may answer 416.
            if (!has_memcached_ && random_.chance(15) && request.http != "0.9")
                add_conditions(request);
            request.connect = "127.0.0.1:" + std::to_string(around_.ports[0]);
            request.from = random_.pick(std::array{"127.0.0.1", "127.0.0.2", "127.0.1.3"});
        }
        return site;
    }

private:
    /// Dates are far before or behind those of the files, whose tags nobody knows.
    void add_conditions(ClientRequest& request) {
        constexpr auto conditions = std::to_array<std::pair<std::string_view, std::string_view>>(
            {{"If-Modified-Since", "Fri, 01 Jan 2100 00:00:00 GMT"},
             {"If-Modified-Since", "Mon, 28 Sep 1970 06:00:00 GMT"},
             {"If-None-Match", "*"},
             {"If-None-Match", "\"x\""},
             {"If-Match", "*"},
             {"If-Match", "\"x\""},
             {"If-Unmodified-Since", "Mon, 28 Sep 1970 06:00:00 GMT"},
             {"If-Unmodified-Since", "Fri, 01 Jan 2100 00:00:00 GMT"}});
        constexpr auto ranges = std::to_array<std::string_view>(
            {"bytes=0-0", "bytes=0-", "bytes=-1", "bytes=5-3", "bytes=99-", "bytes=0-1,3-4",
             "bytes=0-9999", "bytes=x", "bytes=1", "lines=1-2", "bytes= 1 - 2 ", "bytes=0-0,",
             "bytes=-0", "bytes=0-3,0-30", "bytes=-9999", "bytes=5-99999999999999999999",
             "bytes=1-2,4-5,7-8", "BYTES=1-2"});
        if (random_.chance(60)) {
            const auto& [name, value] = random_.pick(conditions);
            request.headers.push_back({std::string(name), std::string(value)});
        }
        if (random_.chance(60)) {
            request.headers.push_back({"Range", std::string(random_.pick(ranges))});
            if (random_.chance(20))
                request.headers.push_back({"If-Range", "\"x\""});
        }
    }

    static std::vector<std::string> paths() {
        std::vector<std::string> paths(beside_names.begin(), beside_names.end());
        paths.insert(paths.end(), beside_uris.begin(), beside_uris.end());
        for (const std::string_view file : beside_files)
            paths.emplace_back(file.substr(file.find('/')));
        return paths;
    }

    std::string uri() { return std::string(random_.pick(beside_uris)); }

    std::string echo() {
        return "http://127.0.0.1:" + std::to_string(random_.pick(around_.echo.http));
    }

    void server(const std::string& options, const std::string& name) {
        has_common_action_ = false;
        config_.open_tagged("server");
        config_.add("listen 127.0.0.1:" + std::to_string(around_.ports[0]) + options);
        config_.add("server_name " + name);
        config_.add("root html");
        for (const char* module : {"proxy", "grpc"})
            for (const char* variable : {"uri", "args", "request_method", "v", "w"})
                config_.add(std::string(module) + "_set_header X-S-" + variable + " \"$" +
                            variable + '"');
        config_.add("set $memcached_key \"" +
                    std::string(random_.pick(
                        std::array{"$uri", "$request_uri", "$uri?$args", "$arg_a", "k $uri"})) +
                    '"');
        // Both have to be there, whatever the locations say.
        config_.add("auth_request_set $v \"\"");
        config_.add("auth_request_set $w \"\"");
        settings(25, true);
        std::set<std::string> taken;
        const std::size_t count = random_.between(4, 9);
        for (std::size_t i = 0; i < count; ++i)
            location(taken);
        asked();
        beside();
        config_.close();
    }

    // -- what may stand at every level ------------------------------------------------------------

    void settings(unsigned percent, bool is_server = false) {
        if (random_.chance(percent * 2))
            auth_request();
        if (random_.chance(percent))
            mirrors();
        if (random_.chance(percent / 3)) {
            has_common_action_ = has_common_action_ || is_server;
            config_.add("post_action " +
                        std::string(random_.pick(
                            std::array{"/after/a", "/after/b", "@after", "/x.txt", "@nowhere"})));
        }
        if (random_.chance(percent))
            error_pages();
        if (random_.chance(percent / 3))
            config_.add("recursive_error_pages on");
        if (random_.chance(percent))
            access();
        if (random_.chance(percent))
            config_.add(random_.chance(70) ? "satisfy any" : "satisfy all");
        if (random_.chance(percent / 4)) {
            config_.add("auth_basic realm");
            config_.add("auth_basic_user_file html/x.txt");
        }
        if (random_.chance(percent / 5))
            config_.add("client_max_body_size 2");
        if (random_.chance(percent / 5))
            config_.add("if_modified_since " +
                        std::string(random_.pick(std::array{"off", "exact", "before"})));
        if (random_.chance(percent / 5))
            config_.add("etag off");
        if (random_.chance(percent / 4))
            config_.add("max_ranges " + std::string(random_.pick(std::array{"0", "1", "2"})));
    }

    void auth_request() {
        constexpr auto ways = std::to_array<std::string_view>(
            {"/auth/ok", "/auth/proxy", "/auth/file", "/auth/try", "/auth/rewrite", "/auth/page",
             "/auth/small", "/auth/none", "off", "/auth/set", "/x.txt", "/auth/grpc"});
        config_.add("auth_request " + (random_.chance(35)
                                           ? "/auth/" + std::string(random_.pick(answer_codes))
                                           : std::string(random_.pick(ways))));
        constexpr auto values = std::to_array<std::string_view>(
            {"$uri", "$args", "$request_uri", "x$v", "$request_method", "$arg_a", "$document_uri",
             "$w-$v", "$inner", "fixed"});
        for (const char* name : {"$v", "$w"})
            if (random_.chance(30))
                config_.add(std::string("auth_request_set ") + name + " \"" +
                            std::string(random_.pick(values)) + '"');
    }

    void mirrors() {
        constexpr auto ways = std::to_array<std::string_view>(
            {"/beside/a", "/beside/b", "/beside/file", "/beside/rewrite", "/beside/page",
             "/beside/return", "/beside/a?q=1", "/beside/key", "/beside/grpc"});
        const std::size_t count = random_.between(1, 2);
        if (random_.chance(12)) {
            config_.add("mirror off");
            return;
        }
        for (std::size_t i = 0; i < count; ++i)
            config_.add("mirror " +
                        std::string(random_.chance(2) ? "/beside/close" : random_.pick(ways)));
        if (random_.chance(25))
            config_.add("mirror_request_body off");
    }

    void error_pages() {
        constexpr auto some = std::to_array<std::string_view>(
            {"401", "403", "404", "401 403", "500", "500 502", "405", "413", "403 =200",
             "401 =", "404 =403", "301 302", "403 =401", "412", "416", "412 =200"});
        config_.add("error_page " + std::string(random_.pick(some)) + ' ' +
                    (random_.chance(25) ? "@page" : uri()));
    }

    void access() {
        constexpr auto rules = std::to_array<std::string_view>(
            {"deny all", "allow 127.0.0.1", "deny 127.0.0.2", "allow 127.0.0.0/24", "allow all"});
        const std::size_t count = random_.between(1, 3);
        for (std::size_t i = 0; i < count; ++i)
            config_.add(random_.pick(rules));
    }

    // -- locations --------------------------------------------------------------------------------

    void location(std::set<std::string>& taken) {
        const std::string name(random_.pick(beside_names));
        const bool exact = random_.chance(20);
        if (!taken.insert((exact ? "=" : "") + name).second)
            return;
        config_.open_tagged(std::string("location ") + (exact ? "= " : "") + name);
        settings(20);
        content();
        if (random_.chance(20))
            limit();
        if (random_.chance(12)) {
            config_.open_tagged("if ($arg_a)");
            if (random_.chance(60))
                config_.add(random_.chance(50) ? "proxy_pass " + echo()
                                               : std::string("return 403"));
            config_.close();
        }
        config_.close();
    }

    void content() {
        const std::size_t choice = random_.below(100);
        if (choice < 30)
            config_.add("proxy_pass " + echo() + (random_.chance(50) ? "" : "/to/"));
        else if (choice < 40 && has_memcached_)
            config_.add("memcached_pass 127.0.0.1:" + std::to_string(around_.echo.memcached));
        else if (choice < 47)
            config_.add("grpc_pass " + std::string(random_.chance(50) ? "grpc://" : "") +
                        "127.0.0.1:" + std::to_string(around_.echo.grpc));
        else if (choice < 50)
            config_.add("fastcgi_pass 127.0.0.1:" + std::to_string(around_.echo.fastcgi));
        else if (choice < 55)
            config_.add("return " + std::string(random_.pick(answer_codes)));
        else if (choice < 60)
            config_.add("return 200 text");
        else if (choice < 66)
            config_.add("try_files $uri " + uri());
        else if (choice < 72)
            config_.add("rewrite ^ " + uri() + (random_.chance(50) ? " last" : " break"));
        else if (choice < 75)
            config_.add("empty_gif");
    }

    void limit() {
        config_.open("limit_except " +
                     std::string(random_.pick(std::array{"GET", "POST", "GET POST", "PUT"})));
        const std::size_t choice = random_.below(4);
        if (choice == 0)
            config_.add("proxy_pass " + echo());
        else if (choice == 1)
            config_.add("deny all");
        else
            access();
        config_.close();
    }

    /// What `auth_request` leads to.
    void asked() {
        for (const std::string_view code : answer_codes) {
            config_.open_tagged("location = /auth/" + std::string(code));
            // nginx ends these two with the `post_action` of what was asked, whose answer counts
            // then: nothing that a configuration does on purpose.
            const bool acts = has_common_action_ && (code == "408" || code == "499");
            config_.add("return " + std::string(acts ? "403" : code));
            config_.close();
        }
        constexpr auto bodies = std::to_array<std::pair<std::string_view, std::string_view>>(
            {{"ok", "return 204"},
             {"file", "alias html/x.txt"},
             {"try", "try_files /nothing /auth/403"},
             {"rewrite", "rewrite ^ /auth/200 last"},
             {"small", "client_max_body_size 1"},
             {"set", "set $inner $uri; return 200"}});
        for (const auto& [name, body] : bodies) {
            config_.open_tagged("location = /auth/" + std::string(name));
            config_.add(body);
            config_.close();
        }
        config_.open_tagged("location = /auth/proxy");
        config_.add("proxy_pass " + echo() + (random_.chance(50) ? "/check" : ""));
        if (random_.chance(50))
            config_.add("proxy_pass_request_body off");
        config_.close();
        config_.open_tagged("location = /auth/page");
        config_.add("error_page 403 " +
                    std::string(random_.pick(std::array{"=200 /x.txt", "= /auth/ok", "/auth/proxy",
                                                        "=401 @page", "/auth/401"})));
        config_.add("return 403");
        config_.close();
    }

    /// What the others lead to.
    void beside() {
        for (const char* name : {"/beside/a", "/beside/b", "/after/a", "/inner"}) {
            config_.open_tagged(std::string("location = ") + name);
            if (random_.chance(40))
                config_.add("internal");
            config_.add("proxy_pass " + echo() +
                        std::string(random_.pick(std::array{"", "/to", "$request_uri"})));
            config_.close();
        }
        const std::string grpc = "grpc_pass 127.0.0.1:" + std::to_string(around_.echo.grpc);
        const auto bodies = std::to_array<std::pair<std::string_view, std::string_view>>(
            {{"/auth/grpc", grpc},
             {"/beside/grpc", grpc},
             {"/beside/file", "alias html/x.txt"},
             {"/beside/rewrite", "rewrite ^ /beside/a last"},
             {"/beside/page", "error_page 404 /beside/b; return 404"},
             {"/beside/return", "return 200"},
             {"/beside/close", "return 444"}});
        for (const auto& [name, body] : bodies) {
            config_.open_tagged("location = " + std::string(name));
            config_.add(body);
            config_.close();
        }
        config_.open_tagged("location = /beside/key");
        config_.add("memcached_pass 127.0.0.1:" + std::to_string(around_.echo.memcached));
        config_.close();
        config_.open_tagged("location = /after/b");
        config_.add("rewrite ^ /beside/b last");
        config_.close();
        for (const char* name : {"@after", "@page"}) {
            config_.open_tagged(std::string("location ") + name);
            config_.add(random_.chance(60) ? "proxy_pass " + echo() : "return 403");
            config_.close();
        }
    }

    Random& random_;
    const Surroundings& around_;
    ConfigText config_;
    bool has_memcached_ = false;
    bool has_common_action_ = false; ///< a server's `post_action`, which all its locations have
};

} // namespace

Site beside_site(Random& random, const Surroundings& around, std::size_t count) {
    return BesideSite(random, around).make(count);
}

} // namespace upstream_lint::differential
