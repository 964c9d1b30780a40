// Locations of all kinds, one in another, and what their names make of odd requests.

#include "requests/config_text.hpp"
#include "requests/request_maker.hpp"
#include "requests/site.hpp"

#include <array>
#include <set>
#include <string>
#include <string_view>

namespace upstream_lint::differential {

namespace {

constexpr auto suffixes =
    std::to_array<std::string_view>({"a", "b", "ab", "/", "/a", "/b", "/b/", "/a/", "/A", "a/",
                                     "/c.php", " b", "/\xc3\xa9", ".txt", "/a/b", "%41", "?b"});

constexpr auto location_patterns = std::to_array<std::string_view>(
    {"^/a", "b$", "\\.php$", "^/(a|b)/", "A", "/b/", "^/a/?$", " ", "\xc3\xa9", "^$", "/$", "ab",
     "^/(?<part>[^/]+)/", "/a", "^/[A-Z]", "b/.*a", "//", "\\.(php|txt)$", "%"});

enum class Parent { server, prefix, regex };

class LocationSite {
public:
    LocationSite(Random& random, const Surroundings& around) : random_(random), around_(around) {}

    Site make(std::size_t count) {
        begin_http(config_);
        const std::string listen = "listen 127.0.0.1:" + std::to_string(around_.ports[0]);
        server(listen + " default_server", "a.example");
        if (random_.chance(40))
            server(listen, "b.example");
        config_.close();
        Site site;
        site.configuration.files = {{"nginx.conf", config_.text()},
                                    {"html/index.html", "file html/index.html\n"},
                                    {"html/a/b", "file html/a/b\n"},
                                    {"html/a/index.html", "file html/a/index.html\n"},
                                    {"html/b/c.php", "file html/b/c.php\n"}};
        RequestMaker maker(random_, std::move(paths_), {"a.example", "b.example", "A.Example:81"});
        while (site.requests.size() < count) {
            site.requests.push_back(maker.make());
            site.requests.back().connect = "127.0.0.1:" + std::to_string(around_.ports[0]);
        }
        return site;
    }

private:
    void server(const std::string& listen, std::string_view name) {
        config_.open_tagged("server");
        config_.add(listen);
        config_.add("server_name " + std::string(name));
        if (random_.chance(25))
            config_.add("merge_slashes off");
        if (random_.chance(20))
            config_.add("absolute_redirect off");
        for (const char* variable : {"uri", "request_uri", "args", "host"})
            config_.add(std::string("proxy_set_header X-S-") + variable + " $" + variable);
        locations(Parent::server, "", 1);
        config_.close();
    }

    void locations(Parent parent, const std::string& outer, unsigned depth) {
        std::set<std::string> exact;
        std::set<std::string> prefixes;
        const std::size_t count =
            depth == 1 ? random_.between(4, 14) : random_.below(depth == 4 ? 2 : 4);
        for (std::size_t i = 0; i < count; ++i) {
            const std::size_t kind = random_.below(10);
            const bool nested_static = parent != Parent::regex || random_.chance(15);
            if (kind < 2 && nested_static)
                exact_location(outer, exact);
            else if (kind < 7 && nested_static)
                prefix_location(outer, prefixes, depth);
            else
                regex_location(depth);
        }
    }

    std::string name(const std::string& outer) {
        std::string name = outer;
        if (outer.empty() && random_.chance(94))
            name = '/';
        const std::size_t parts = random_.below(outer.empty() ? 3 : 2) + (outer.empty() ? 0 : 1);
        for (std::size_t i = 0; i < parts; ++i)
            name += random_.pick(suffixes);
        if (outer.empty() && name.starts_with("//") && random_.chance(80))
            name.erase(0, 1);
        return name;
    }

    void exact_location(const std::string& outer, std::set<std::string>& taken) {
        const std::string path = name(outer);
        if (!taken.insert(path).second)
            return;
        config_.open_tagged("location = " + word_of(path));
        content(path, true);
        config_.close();
    }

    void prefix_location(const std::string& outer, std::set<std::string>& taken, unsigned depth) {
        const std::string path = name(outer);
        // Without a modifier `@` and others would begin something else.
        if (!taken.insert(path).second)
            return;
        config_.open_tagged((random_.chance(25) ? "location ^~ " : "location ") + word_of(path));
        content(path, true);
        if (depth < 4)
            locations(Parent::prefix, path, depth + 1);
        config_.close();
    }

    void regex_location(unsigned depth) {
        const std::string pattern(random_.pick(location_patterns));
        config_.open_tagged((random_.chance(35) ? "location ~* " : "location ~ ") +
                            word_of(pattern));
        content("/" + std::string(random_.pick(suffixes)), false);
        if (pattern.find("<part>") != std::string::npos)
            config_.add("proxy_set_header X-S-part $part");
        if (depth < 4 && random_.chance(40))
            locations(Parent::regex, pattern, depth + 1);
        config_.close();
    }

    std::string upstream() {
        return "proxy_pass http://127.0.0.1:" + std::to_string(random_.pick(around_.echo.http));
    }

    /// `path`: one that may lead here.
    void content(const std::string& path, bool may_have_uri) {
        constexpr auto uris = std::to_array<std::string_view>(
            {"/", "/x", "/x/", "/x/y?z=1", "/%20", "/x?", "/\xc3\xa9/", "/a%2Fb", "?q"});
        constexpr auto answers = std::to_array<std::string_view>(
            {"return 200 text", "return 204", "return 403", "return 301 /new$uri", "return 404 x",
             "return 302 http://h.example$request_uri", "return 307 $uri?$args", "return 444"});
        paths_.push_back(path);
        const std::size_t choice = random_.below(100);
        if (choice < 40)
            config_.add(upstream());
        else if (choice < 65 && may_have_uri)
            config_.add(upstream() + std::string(random_.pick(uris)));
        else if (choice < 85)
            config_.add(random_.pick(answers));
    }

    Random& random_;
    const Surroundings& around_;
    ConfigText config_;
    std::vector<std::string> paths_ = {"/"};
};

} // namespace

Site location_site(Random& random, const Surroundings& around, std::size_t count) {
    return LocationSite(random, around).make(count);
}

} // namespace upstream_lint::differential
