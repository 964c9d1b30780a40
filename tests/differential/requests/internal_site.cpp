// Files and directories, and all that sends a request on inside nginx.

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

constexpr auto internal_files = std::to_array<std::string_view>(
    {"html/index.html", "html/x.txt", "html/e.html", "html/a/index.html", "html/a/x.txt",
     "html/a/b/c.txt", "html/b/y.txt", "html/d/index.php", "html/a b.txt", "html/r/x.txt",
     "alt/index.html", "alt/x.txt", "alt/a/x.txt", "alt/files/x.txt", "alt/b/index.html",
     "alt/alias/x.txt", "html/files/deep/index.html", "html/n", "html/\xc3\xa9/index.html"});

constexpr auto internal_names =
    std::to_array<std::string_view>({"/", "/a", "/a/", "/a/b", "/b", "/b/", "/d", "/d/", "/e.html",
                                     "/x.txt", "/files/", "/alias", "/alias/", "/p/", "/n", "/r"});

constexpr auto internal_regexes = std::to_array<std::string_view>(
    {"\\.txt$", "^/r/(.*)$", "\\.php$", "^/alias(.*)$", "^/(?<dir>[ab])/(.*)$", "/$"});

constexpr auto internal_uris = std::to_array<std::string_view>(
    {"/x.txt", "/a/", "/e.html", "/missing", "/a/b", "/", "/p/x", "/b/", "/files/x.txt",
     "/internal", "/d/", "/a b.txt", "/index.html", "/r/x.txt"});

class InternalSite {
public:
    InternalSite(Random& random, const Surroundings& around) : random_(random), around_(around) {}

    Site make(std::size_t count) {
        begin_http(config_);
        redirects(15);
        server(" default_server", "a.example www.a.example");
        if (random_.chance(30))
            server("", "b.example");
        config_.close();
        Site site;
        site.configuration.files = {{"nginx.conf", config_.text()}};
        for (const std::string_view file : internal_files)
            site.configuration.files.push_back(
                {std::string(file), "file " + std::string(file) + '\n'});
        site.configuration.directories = {"html/empty", "alt/a/b"};
        site.configuration.links = {{"html/link", "a"}, {"html/dangling", "nowhere"}};
        RequestOddities oddities;
        oddities.path = 8;
        oddities.args = 35;
        oddities.invalid = 1;
        oddities.method = 25;
        oddities.bad_host = 1;
        RequestMaker maker(random_, paths(), {"a.example", "b.example", "www.a.example"}, oddities);
        while (site.requests.size() < count) {
            ClientRequest& request = site.requests.emplace_back(maker.make());
            request.connect = "127.0.0.1:" + std::to_string(around_.ports[0]);
            request.from = random_.pick(
                std::array{"127.0.0.1", "127.0.0.1", "127.0.0.2", "127.0.0.7", "127.0.1.3"});
        }
        return site;
    }

private:
    static std::vector<std::string> paths() {
        std::vector<std::string> paths(internal_names.begin(), internal_names.end());
        paths.insert(paths.end(), internal_uris.begin(), internal_uris.end());
        for (const std::string_view file : internal_files)
            paths.emplace_back(file.substr(file.find('/')));
        for (const char* path : {"/a/b/c.txt", "/alias/x.txt", "/link/x.txt", "/link", "/empty",
                                 "/empty/", "/dangling", "/n/", "/a/missing", "/missing.php"})
            paths.emplace_back(path);
        return paths;
    }

    std::string uri() { return std::string(random_.pick(internal_uris)); }

    std::string named() { return "@n" + std::to_string(random_.below(3)); }

    std::string echo() {
        return "http://127.0.0.1:" + std::to_string(random_.pick(around_.echo.http));
    }

    void server(const std::string& options, const std::string& name) {
        config_.open_tagged("server");
        config_.add("listen 127.0.0.1:" + std::to_string(around_.ports[0]) + options);
        config_.add("server_name " + name);
        config_.add(random_.chance(80) ? "root html" : "root alt");
        for (const char* variable : {"uri", "request_uri", "args", "request_method"})
            config_.add(std::string("proxy_set_header X-S-") + variable + " $" + variable);
        redirects(15);
        settings(20);
        if (random_.chance(8))
            config_.add(try_files());
        std::set<std::string> taken;
        if (random_.chance(70)) {
            taken.insert("/");
            config_.open_tagged("location /");
            body("/", 1, false);
        }
        const std::size_t count = random_.between(6, 12);
        for (std::size_t i = 0; i < count; ++i)
            location(taken, "", 1);
        helpers();
        config_.close();
    }

    void redirects(unsigned percent) {
        for (const char* name :
             {"server_name_in_redirect", "port_in_redirect", "absolute_redirect"})
            if (random_.chance(percent))
                config_.add(std::string(name) + (random_.chance(50) ? " on" : " off"));
    }

    // -- what may stand at every level ------------------------------------------------------------

    void settings(unsigned percent) {
        constexpr auto indexes = std::to_array<std::string_view>(
            {"index x.txt index.html", "index index.php index.html", "index missing /a/x.txt",
             "index $arg_a.html index.html", "index missing", "index x.txt /x.txt",
             "index a/../x.txt"});
        if (random_.chance(percent))
            error_pages();
        if (random_.chance(percent / 2))
            config_.add("recursive_error_pages on");
        if (random_.chance(percent / 2))
            config_.add(random_.pick(indexes));
        if (random_.chance(percent / 4))
            config_.add("autoindex on");
        if (random_.chance(percent / 3))
            access();
        if (random_.chance(percent / 5))
            config_.add(random_.chance(75) ? "satisfy any" : "satisfy all");
        if (random_.chance(percent / 3))
            config_.add("auth_request " + std::string(random_.pick(std::array{
                                              "/auth-ok", "/auth-ok", "/auth-403", "/auth-401",
                                              "/auth-proxy", "off", "/auth-500", "/x.txt"})));
        if (random_.chance(percent / 5))
            config_.add(random_.chance(70) ? "mirror /mirror" : "mirror off");
        if (random_.chance(percent / 8))
            config_.add("client_max_body_size 2");
        if (random_.chance(percent / 8)) {
            config_.add("auth_basic realm");
            config_.add("auth_basic_user_file html/x.txt");
        }
    }

    void error_pages() {
        constexpr auto codes = std::to_array<std::string_view>(
            {"404", "403 404", "405", "500 502 503", "404 =200", "404 =", "403 =404",
             "403 404 405 =", "401", "413", "400", "404 =204", "404 =302", "301",
             "503 =", "302 =200", "404 =301"});
        const std::size_t count = random_.between(1, 2);
        for (std::size_t i = 0; i < count; ++i) {
            std::string to = random_.chance(30) ? named() : uri();
            const std::size_t choice = random_.below(10);
            if (choice == 0)
                to = "http://h.example$uri?$args";
            else if (choice == 1)
                to = "$uri.html";
            else if (choice == 2)
                to += "?from=$uri";
            else if (choice == 3)
                to = "https://h.example/fixed";
            config_.add("error_page " + std::string(random_.pick(codes)) + ' ' + word_of(to));
        }
    }

    void access() {
        constexpr auto rules = std::to_array<std::string_view>(
            {"deny all", "allow 127.0.0.1", "deny 127.0.0.2", "allow 127.0.0.0/24",
             "deny 127.0.0.0/30", "allow all", "deny 10.0.0.0/8", "deny unix:"});
        const std::size_t count = random_.between(1, 3);
        for (std::size_t i = 0; i < count; ++i)
            config_.add(random_.pick(rules));
    }

    std::string try_files() {
        constexpr auto lists = std::to_array<std::string_view>(
            {"$uri $uri/", "$uri", "$uri/", "/nope$uri $uri.txt", "x.txt", "$uri $uri/index.html",
             "/a$uri $document_uri", "$uri/x.txt /b/", "\"/a b.txt\"", "$arg_x $uri",
             "$request_uri", "/$1 $uri"});
        const std::string list = "try_files " + std::string(random_.pick(lists)) + ' ';
        switch (random_.below(6)) {
        case 0:
            return list + std::string(random_.pick(std::array{"=404", "=503", "=200", "=403"}));
        case 1:
            return list + named();
        case 2:
            return list + word_of(uri() + "?t=$uri");
        case 3:
            return list + word_of(uri() + "?$args");
        case 4:
            return list + (random_.chance(30) ? "x.txt" : "$uri");
        default:
            return list + word_of(uri());
        }
    }

    // -- locations --------------------------------------------------------------------------------

    void location(std::set<std::string>& taken, const std::string& outer, unsigned depth) {
        if (depth == 1 && random_.chance(22)) {
            config_.open_tagged("location ~ " + std::string(random_.pick(internal_regexes)));
            body("", depth, true);
            return;
        }
        const std::string name =
            depth == 1
                ? std::string(random_.pick(internal_names))
                : outer + std::string(random_.pick(std::array{"/x.txt", "b", "/b/", "x.txt", "/"}));
        const bool exact = random_.chance(18);
        if (!taken.insert((exact ? "=" : "") + name).second)
            return;
        config_.open_tagged(std::string("location ") + (exact ? "= " : "") +
                            (!exact && random_.chance(15) ? "^~ " : "") + name);
        body(name, exact ? 9 : depth, false);
    }

    void body(const std::string& name, unsigned depth, bool is_regex) {
        settings(18);
        if (random_.chance(7))
            config_.add("internal");
        place(name, is_regex);
        content(is_regex);
        if (random_.chance(12))
            limit();
        if (random_.chance(15))
            condition();
        if (depth < 3 && !is_regex && random_.chance(25)) {
            std::set<std::string> taken;
            location(taken, name, depth + 1);
        }
        config_.close();
    }

    void place(const std::string& name, bool is_regex) {
        const std::size_t choice = random_.below(100);
        if (choice < 12)
            config_.add("root alt");
        else if (choice < 17)
            config_.add("root html/a");
        else if (choice < 20)
            config_.add("root html/$arg_x");
        else if (choice < 40)
            config_.add("alias " + around_.folder + alias(name, is_regex));
    }

    std::string alias(const std::string& name, bool is_regex) {
        if (is_regex)
            return std::string(
                random_.pick(std::array{"/alt/$1", "/html/a/$1", "/alt/files/x.txt", "/alt/$2"}));
        if (random_.chance(20))
            return std::string(random_.pick(std::array{"/html/x.txt", "/alt/x.txt", "/alt"}));
        return name.ends_with('/') ? "/alt/files/" : "/alt/a";
    }

    void content(bool is_regex) {
        constexpr auto answers = std::to_array<std::string_view>(
            {"return 404", "return 403", "return 500", "return 204", "return 302 /x.txt",
             "return 503", "return 405", "return 404 text", "return 200 ok", "return 413",
             "return 444", "return 301 /a", "return 401", "return 400"});
        const std::size_t choice = random_.below(100);
        if (choice < 28)
            config_.add(try_files());
        else if (choice < 38)
            config_.add(random_.pick(answers));
        else if (choice < 48)
            config_.add("proxy_pass " + echo() + (is_regex || random_.chance(50) ? "" : "/to/"));
        else if (choice < 56)
            config_.add("rewrite ^/(.*)$ " + word_of(uri()) +
                        std::string(random_.pick(std::array{" last", " break", ""})));
        else if (choice < 58)
            config_.add("empty_gif");
        else if (choice < 60)
            config_.add("stub_status");
        // A handler of its own is asked before files are tried.
        if (choice >= 38 && choice < 48 && random_.chance(30))
            config_.add(try_files());
    }

    void limit() {
        config_.open("limit_except " +
                     std::string(random_.pick(std::array{"GET", "POST", "GET POST", "HEAD"})));
        if (random_.chance(30))
            config_.add("proxy_pass " + echo());
        else
            access();
        config_.close();
    }

    void condition() {
        constexpr auto conditions = std::to_array<std::string_view>(
            {"($arg_a = 1)", "($request_method = POST)", "(-f $request_filename)",
             "(!-e $request_filename)", "(-d $request_filename)", "($uri ~ x)"});
        config_.open_tagged("if " + std::string(random_.pick(conditions)));
        const std::size_t choice = random_.below(6);
        if (choice == 0)
            config_.add("return 404");
        else if (choice == 1)
            config_.add("rewrite ^ " + word_of(uri()) + " last");
        else if (choice == 2)
            config_.add("error_page 404 =200 " + word_of(uri()));
        else if (choice == 3)
            config_.add("proxy_pass " + echo());
        else if (choice == 4)
            config_.add("root alt");
        config_.close();
    }

    /// What the others lead to.
    void helpers() {
        for (const char* number : {"0", "1", "2"}) {
            if (random_.chance(15))
                continue;
            config_.open_tagged(std::string("location @n") + number);
            named_content();
            config_.close();
        }
        for (const char* code : {"ok", "403", "401", "500"}) {
            config_.open_tagged(std::string("location = /auth-") + code);
            if (random_.chance(50))
                config_.add("internal");
            config_.add(std::string("return ") + (code[0] == 'o' ? "204" : code));
            config_.close();
        }
        for (const char* name : {"/auth-proxy", "/mirror"}) {
            config_.open_tagged(std::string("location = ") + name);
            config_.add("proxy_pass " + echo());
            config_.close();
        }
        config_.open_tagged("location = /internal");
        config_.add("internal");
        config_.add(random_.chance(50) ? "return 200 inside" : "proxy_pass " + echo());
        config_.close();
    }

    void named_content() {
        settings(12);
        switch (random_.below(7)) {
        case 0:
            config_.add("return 200 named");
            break;
        case 1:
            config_.add("rewrite ^ " + word_of(uri()) + (random_.chance(60) ? " last" : " break"));
            break;
        case 2:
            config_.add(try_files());
            break;
        case 3:
            config_.add("root alt");
            break;
        case 4:
            config_.add("return 404");
            break;
        default:
            config_.add("proxy_pass " + echo());
        }
    }

    Random& random_;
    const Surroundings& around_;
    ConfigText config_;
};

} // namespace

Site internal_site(Random& random, const Surroundings& around, std::size_t count) {
    return InternalSite(random, around).make(count);
}

} // namespace upstream_lint::differential
