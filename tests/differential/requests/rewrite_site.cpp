// Rewrites, conditions and variables, and what they make of the request that is passed on.

#include "requests/config_text.hpp"
#include "requests/request_maker.hpp"
#include "requests/site.hpp"
#include "requests/variable_maps.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace upstream_lint::differential {

namespace {

constexpr auto rewrite_patterns = std::to_array<std::string_view>(
    {"^/a(.*)$", "^(/[^/]*)/(.*)$", "b", "(?i)/A", "^/(?<first>[^/]*)", "^/c/(.)(.*)", "^(.*)$",
     "/(b|d)/?", "\\.php$", "^/d", "^/r(\\d*)", " ", "\xc3\xa9"});

constexpr auto replacements = std::to_array<std::string_view>(
    {"/b$1", "/$2/$1?x=$1", "/c?", "/d?y=1", "/a/$1?", "/b/x", "/a", "/d/", "/r$1.php", "$1/",
     "/a%20b", "/\xc3\xa9$1", "/c/$1$is_args$args", "/b?$args&z=1?", "/d/$uri", "/$m0", "/$v0",
     "/a?u=$uri"});

constexpr auto redirections = std::to_array<std::string_view>(
    {"http://h.example/$1", "https://$host$request_uri?", "$scheme://z.example$uri", "//x/$1",
     "http://h.example/a?q=$arg_a", "https://h.example/?", "http://h.example/\xc3\xa9 x"});

constexpr auto values = std::to_array<std::string_view>({"x",
                                                         "$uri",
                                                         "$request_uri",
                                                         "$args",
                                                         "$arg_a",
                                                         "$host",
                                                         "$http_x_a",
                                                         "$cookie_b",
                                                         "$request_method",
                                                         "$scheme://$host$request_uri",
                                                         "$uri$is_args$args",
                                                         "$document_uri",
                                                         "$server_name:$server_port",
                                                         "$remote_addr",
                                                         "$m0",
                                                         "$m1",
                                                         "$m2",
                                                         "$m3",
                                                         "$m4",
                                                         "$g0",
                                                         "$g1",
                                                         "$s0",
                                                         "$v0",
                                                         "$v1",
                                                         "${v0}y",
                                                         "$v1/$v2",
                                                         "$http_host",
                                                         "$query_string",
                                                         "$request",
                                                         "$server_protocol",
                                                         "$http_user_agent",
                                                         "$http_cookie",
                                                         "$arg_x",
                                                         "$content_length",
                                                         "$http_x_empty",
                                                         "$arg_B",
                                                         "\"a b\"",
                                                         "\"\"",
                                                         "$request_filename",
                                                         "$1",
                                                         "$2$1",
                                                         "$first",
                                                         "$https",
                                                         "$content_type",
                                                         "$http_x_under",
                                                         "$arg_c",
                                                         "$server_addr",
                                                         "$realpath_root",
                                                         "$hostname",
                                                         "$http_referer",
                                                         "$http_x_forwarded_for",
                                                         "$limit_rate",
                                                         "$proxy_add_x_forwarded_for",
                                                         "$proxy_host",
                                                         "$proxy_port"});

constexpr auto rewrite_names = std::to_array<std::string_view>(
    {"/a", "/b", "/b/", "/c/", "/d", "/d/", "/", "/a/b", "/r", "/loop", "/c"});

/// How far a rewrite directive stands from its location.
enum class Level { server, location, condition };

class RewriteSite {
public:
    RewriteSite(Random& random, const Surroundings& around) : random_(random), around_(around) {}

    Site make(std::size_t count) {
        begin_http(config_);
        add_variable_maps(config_, random_, around_.echo.http);
        config_.open("upstream u0");
        config_.add("server " + echo());
        config_.add("server " + echo() + " backup");
        config_.close();
        server(" default_server", "a.example");
        if (random_.chance(30))
            server("", "b.example");
        config_.close();
        Site site;
        site.configuration.files = {{"nginx.conf", config_.text()},
                                    {"html/index.html", "file html/index.html\n"},
                                    {"html/a/b", "file html/a/b\n"},
                                    {"html/b/index.html", "file html/b/index.html\n"},
                                    {"html/c/d", "file html/c/d\n"}};
        RequestOddities oddities;
        oddities.path = 12;
        oddities.args = 60;
        oddities.header = 50;
        oddities.bad_host = 1;
        oddities.invalid = 1;
        RequestMaker maker(
            random_,
            {"/a", "/a/b", "/b", "/b/", "/b/x", "/c/", "/c/d/e", "/d", "/d/x", "/r12", "/x.php",
             "/loop", "/a/c.php", "/r7.php", "/d/b/a"},
            {"a.example", "b.example", "www.x", "x.b.example", "B.Example:81", "q.a.example"},
            oddities);
        while (site.requests.size() < count) {
            ClientRequest& request = site.requests.emplace_back(maker.make());
            request.connect = "127.0.0.1:" + std::to_string(around_.ports[0]);
            request.from = random_.pick(
                std::array{"127.0.0.1", "127.0.0.1", "127.0.0.2", "127.0.0.7", "127.0.1.3"});
        }
        return site;
    }

private:
    [[nodiscard]] std::string echo() {
        return "127.0.0.1:" + std::to_string(random_.pick(around_.echo.http));
    }

    std::string value() { return std::string(random_.pick(values)); }

    void server(const std::string& options, const std::string& name) {
        config_.open_tagged("server");
        config_.add("listen 127.0.0.1:" + std::to_string(around_.ports[0]) + options);
        config_.add("server_name " + name);
        config_.add("root html");
        // Every variable that is used has to be set somewhere.
        for (const char* variable : {"v0", "v1", "v2"})
            if (random_.chance(60) || !has_variables_)
                config_.add("set $" + std::string(variable) + ' ' + settable());
        if (!has_variables_)
            config_.add("rewrite ^/(?<first>[^/]+)/never/ /never");
        has_variables_ = true;
        if (random_.chance(30))
            program(Level::server, 2);
        headers();
        const std::size_t count = random_.between(5, 10);
        std::vector<std::string> taken;
        for (std::size_t i = 0; i < count; ++i)
            location(taken, "", 1);
        config_.close();
    }

    /// A value that no variable of its own goes into, else it would depend on itself.
    std::string settable() {
        std::string chosen;
        do
            chosen = value();
        while (chosen.find("proxy") != std::string::npos);
        return chosen;
    }

    // -- programs ---------------------------------------------------------------------------------

    void program(Level level, std::size_t most) {
        const std::size_t count = random_.below(most + 1);
        for (std::size_t i = 0; i < count; ++i)
            directive(level);
    }

    void directive(Level level) {
        const std::size_t choice = random_.below(100);
        if (choice < 35)
            rewrite(level);
        else if (choice < 55)
            config_.add("set $v" + std::to_string(random_.below(3)) + ' ' + settable());
        else if (choice < 60)
            config_.add(random_.chance(50) ? "set $args \"s=1&$args\"" : "set $args $arg_a");
        else if (choice < 85 && level != Level::condition)
            condition(level);
        else if (choice < 90)
            config_.add("break");
        else if (choice < 97 && level != Level::server)
            give_back();
    }

    void rewrite(Level level) {
        constexpr auto flags =
            std::to_array<std::string_view>({"", " last", " break", " break", " last"});
        const std::string pattern = word_of(random_.pick(rewrite_patterns));
        if (random_.chance(12)) {
            config_.add("rewrite " + pattern + ' ' + word_of(random_.pick(redirections)) +
                        (random_.chance(40) ? "" : " permanent"));
            return;
        }
        const std::string replacement = word_of(random_.pick(replacements));
        std::string flag(random_.pick(flags));
        if (random_.chance(8))
            flag = random_.chance(50) ? " redirect" : " permanent";
        // A round without an end is worth seeing, but not most of the time.
        if (level != Level::server && flag != " break" && random_.chance(50))
            flag = " break";
        config_.add("rewrite " + pattern + ' ' + replacement + flag);
    }

    void give_back() {
        constexpr auto answers =
            std::to_array<std::string_view>({"return 200 \"v0=$v0\"",
                                             "return 204",
                                             "return 301 /to$uri",
                                             "return 403",
                                             "return 404",
                                             "return 302 http://h.example$request_uri",
                                             "return 303 $scheme://q/$v1",
                                             "return 307 $uri$is_args$args",
                                             "return 308 /x",
                                             "return http://h.example/$arg_a",
                                             "return https://h.example$uri",
                                             "return 400",
                                             "return 410 gone",
                                             "return 444",
                                             "return 500",
                                             "return 503 \"busy $host\"",
                                             "return 301 \"\"",
                                             "return 302 ?$args",
                                             "return $scheme://h.example/$m0",
                                             "return 301 $v0",
                                             "return 408",
                                             "return 499",
                                             "return 201 created",
                                             "return 405",
                                             "return 416",
                                             "return 302 //x/$1",
                                             "return 600",
                                             "return 304",
                                             "return 100",
                                             "return 302"});
        config_.add(random_.pick(answers));
    }

    void condition(Level level) {
        constexpr auto conditions =
            std::to_array<std::string_view>({"($arg_a)",
                                             "($arg_a = 1)",
                                             "($arg_a != 1)",
                                             "($request_method = POST)",
                                             "($request_method ~ ^(GET|HEAD)$)",
                                             "($http_x_a)",
                                             "($http_x_a ~ ^/(.*))",
                                             "($host ~* ^B\\.)",
                                             "($uri ~ /b/(?<inner>.*))",
                                             "($uri !~ a)",
                                             "($http_user_agent ~* MOZ)",
                                             "($http_user_agent !~* curl)",
                                             "(-f $request_filename)",
                                             "(!-f $request_filename)",
                                             "(-d $document_root/b)",
                                             "(-e $request_filename)",
                                             "(!-e $document_root$uri)",
                                             "(-x $request_filename)",
                                             "(!-d $request_filename)",
                                             "($v0 = x)",
                                             "($v1)",
                                             "($cookie_b = 2)",
                                             "($m0 = A)",
                                             "($g0 = one)",
                                             "($s0 != rest)",
                                             "($args ~ a=(\\d))",
                                             "( $arg_b )",
                                             "( $m2 = $v0 )",
                                             "($scheme = http)",
                                             "($uri ~ \"^/(a|b) ?\")",
                                             "($arg_a = \"\")",
                                             "($v2 = 0)",
                                             "($m3)",
                                             "($server_port = 81)"});
        const std::string words = "if " + std::string(random_.pick(conditions));
        // In a server it has no settings of its own.
        if (level == Level::server)
            config_.open(words);
        else
            config_.open_tagged(words);
        program(Level::condition, 2);
        if (level == Level::location && random_.chance(45))
            content("/", false, true);
        else if (level == Level::server && random_.chance(40))
            give_back();
        config_.close();
    }

    // -- locations --------------------------------------------------------------------------------

    void location(std::vector<std::string>& taken, const std::string& outer, unsigned depth) {
        constexpr auto regexes = std::to_array<std::string_view>(
            {"~ ^/r(.*)", "~* \\.php$", "~ ^/(?<first>b)/", "~ /d/", "~ ^/a/(.*)\\.(.*)$"});
        if (depth == 1 && random_.chance(30)) {
            config_.open_tagged("location " + std::string(random_.pick(regexes)));
            body("/r", false, depth);
            return;
        }
        const std::string name = outer + std::string(random_.pick(rewrite_names));
        const bool exact = random_.chance(15);
        if (std::ranges::count(taken, (exact ? "=" : "") + name) != 0)
            return;
        taken.push_back((exact ? "=" : "") + name);
        config_.open_tagged(std::string("location ") +
                            (exact                ? "= "
                             : random_.chance(15) ? "^~ "
                                                  : "") +
                            name);
        body(name, true, exact ? 9 : depth);
    }

    void body(const std::string& name, bool may_have_uri, unsigned depth) {
        program(Level::location, 4);
        if (random_.chance(25))
            headers();
        content(name, may_have_uri, false);
        if (depth < 3 && may_have_uri && random_.chance(20)) {
            std::vector<std::string> taken;
            location(taken, name, depth + 1);
        }
        config_.close();
    }

    void content(const std::string& name, bool may_have_uri, bool in_condition) {
        const std::size_t choice = random_.below(100);
        if (choice < 25)
            config_.add("proxy_pass http://" + (random_.chance(70) ? echo() : "u0"));
        else if (choice < 45 && may_have_uri)
            pass_with_uri();
        else if (choice < 70)
            pass_with_variables();
        else if (choice < 80)
            other_protocol(in_condition);
        else if (choice < 88 && !in_condition)
            give_back();
        if (!in_condition && name != "/" && random_.chance(10))
            limit();
    }

    void pass_with_uri() {
        constexpr auto uris = std::to_array<std::string_view>(
            {"/", "/x", "/x/", "/x?y=1", "/%20/", "/x/?", "/\xc3\xa9"});
        if (random_.chance(15)) {
            config_.add("proxy_pass http://unix:" + around_.echo.socket +
                        (random_.chance(50) ? ":/s/" : ""));
            return;
        }
        config_.add("proxy_pass http://" + (random_.chance(70) ? echo() : "u0") +
                    std::string(random_.pick(uris)));
    }

    void pass_with_variables() {
        constexpr auto rests = std::to_array<std::string_view>(
            {"$uri", "$request_uri", "/x$uri", "$uri$is_args$args", "/$1", "/$v0", "$v1",
             "/fixed$v2", "?q=$arg_a", "/$m0?$args", "", "", "/$first", "/ $uri"});
        const std::string rest(random_.pick(rests));
        if (random_.chance(35))
            config_.add("proxy_pass " + word_of("http://$to" + rest));
        else if (random_.chance(20))
            config_.add("proxy_pass " + word_of("$scheme://u0" + rest));
        else
            config_.add("proxy_pass " +
                        word_of("http://" + echo() + (rest.empty() ? "$v0" : rest)));
    }

    /// Parameters are taken from the location in a condition.
    void other_protocol(bool in_condition) {
        constexpr auto params = std::to_array<std::string_view>(
            {"SCRIPT_FILENAME $document_root$fastcgi_script_name",
             "SCRIPT_NAME $fastcgi_script_name", "PATH_INFO $fastcgi_path_info",
             "QUERY $query_string", "URI $request_uri", "V $v0-$v1", "HOST $http_host",
             "EMPTY \"\"", "M $m0", "DOC $document_uri"});
        const auto add = [&](const std::string& module, std::uint16_t port) {
            config_.add(module + "_pass 127.0.0.1:" + std::to_string(port));
            return module + "_param XS_";
        };
        const std::size_t choice = random_.below(10);
        std::string param;
        if (choice < 6)
            param = add("fastcgi", around_.echo.fastcgi);
        else if (choice < 8)
            param = add("scgi", around_.echo.scgi);
        else
            param = add("uwsgi", around_.echo.uwsgi);
        const std::size_t count = in_condition ? 0 : random_.between(1, 4);
        for (std::size_t i = 0; i < count; ++i)
            config_.add(param + std::string(random_.pick(params)));
    }

    void limit() {
        config_.open("limit_except " + std::string(random_.chance(50) ? "GET" : "POST PUT"));
        if (random_.chance(60))
            config_.add("proxy_pass http://" + echo());
        else
            config_.add("deny all");
        config_.close();
    }

    /// They replace those of the level around.
    void headers() {
        const std::size_t count = random_.between(1, 5);
        for (std::size_t i = 0; i < count; ++i) {
            config_.add("proxy_set_header X-S-" + std::to_string(i) + ' ' + value());
        }
        constexpr auto hosts = std::to_array<std::string_view>(
            {"$host", "$http_host", "$proxy_host", "fixed.example", "$host:$server_port", "$v0"});
        if (random_.chance(40))
            config_.add("proxy_set_header Host " + std::string(random_.pick(hosts)));
        if (random_.chance(8))
            config_.add(std::string("proxy_method ") + (random_.chance(50) ? "PUT" : "$arg_x"));
        if (random_.chance(15))
            config_.add("proxy_http_version 1.1");
    }

    Random& random_;
    const Surroundings& around_;
    ConfigText config_;
    bool has_variables_ = false;
};

} // namespace

Site rewrite_site(Random& random, const Surroundings& around, std::size_t count) {
    return RewriteSite(random, around).make(count);
}

} // namespace upstream_lint::differential
