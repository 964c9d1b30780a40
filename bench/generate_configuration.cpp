#include "generate_configuration.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace upstream_lint::bench {
namespace {

constexpr std::array<std::string_view, 48> nouns{
    "acorn",   "amber",  "anchor",  "apron",   "bakery", "barrel", "basin",  "beacon",
    "bramble", "bridge", "bucket",  "cabin",   "candle", "canyon", "cellar", "cinder",
    "clover",  "copper", "cradle",  "dahlia",  "delta",  "ember",  "fennel", "ferry",
    "flint",   "garden", "ginger",  "granite", "harbor", "hazel",  "indigo", "juniper",
    "kettle",  "lagoon", "lantern", "maple",   "meadow", "nettle", "orchid", "pebble",
    "quarry",  "raven",  "saffron", "thicket", "tulip",  "valley", "willow", "yarrow"};
constexpr std::array<std::string_view, 5> zones{"test", "example", "shop.example", "intra.test",
                                                "example.org"};
constexpr std::array<std::string_view, 6> remarks{
    "written by the roll-out job, edits get lost",
    "old clients ask for this path until spring",
    "this one streams: no buffers, please {see the wiki}",
    "the slash at the end is needed; without it the prefix stays",
    "\"temporary\" since the move",
    "health checks come every second",
};
constexpr std::array<std::string_view, 5> proxy_lines{
    "proxy_http_version 1.1",
    "proxy_set_header Host $host",
    "proxy_set_header X-Real-IP $remote_addr",
    "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for",
    "proxy_set_header X-Forwarded-Proto $scheme",
};
constexpr std::array<std::string_view, 9> fastcgi_lines{
    "fastcgi_param QUERY_STRING $query_string",
    "fastcgi_param REQUEST_METHOD $request_method",
    "fastcgi_param CONTENT_TYPE $content_type",
    "fastcgi_param CONTENT_LENGTH $content_length",
    "fastcgi_param REQUEST_URI $request_uri",
    "fastcgi_param DOCUMENT_ROOT $document_root",
    "fastcgi_param SERVER_PROTOCOL $server_protocol",
    "fastcgi_param REMOTE_ADDR $remote_addr",
    "fastcgi_param SERVER_NAME $server_name",
};
constexpr std::size_t ports = 8;
constexpr std::size_t locations = 7; // besides `/`

/// splitmix64: the same sequence with every standard library.
class Random {
public:
    explicit Random(std::uint64_t seed) : state_(seed) {}

    std::size_t below(std::size_t bound) {
        state_ += 0x9e3779b97f4a7c15U;
        std::uint64_t mixed = state_;
        mixed = (mixed ^ (mixed >> 30U)) * 0xbf58476d1ce4e5b9U;
        mixed = (mixed ^ (mixed >> 27U)) * 0x94d049bb133111ebU;
        return static_cast<std::size_t>((mixed ^ (mixed >> 31U)) % bound);
    }

    bool chance(unsigned percent) { return below(100) < percent; }

    template <typename List> auto pick(const List& list) -> decltype(*std::begin(list)) {
        return list[below(std::size(list))];
    }

private:
    std::uint64_t state_;
};

/// Appends directives to a text, indented or not.
class Writer {
public:
    Writer(std::string& text, bool minified, std::size_t depth = 0) :
        text_(text), minified_(minified), depth_(depth) {}

    template <typename... Parts> void directive(const Parts&... parts) {
        indent();
        (append(parts), ...);
        text_ += minified_ ? ";" : ";\n";
    }

    template <typename... Parts> void open(const Parts&... parts) {
        indent();
        (append(parts), ...);
        // `${` would go on with the word
        text_ += !minified_ ? " {\n" : text_.ends_with('$') ? " {" : "{";
        ++depth_;
    }

    void close() {
        --depth_;
        indent();
        text_ += minified_ ? "}" : "}\n";
    }

    template <typename... Parts> void comment(const Parts&... parts) {
        if (minified_)
            return;
        indent();
        text_ += "# ";
        (append(parts), ...);
        text_ += '\n';
    }

    void empty_line() {
        if (!minified_)
            text_ += '\n';
    }

private:
    void indent() {
        if (!minified_)
            text_.append(4 * depth_, ' ');
    }

    void append(std::string_view part) { text_ += part; }

    void append(std::size_t number) { text_ += std::to_string(number); }

    std::string& text_;
    bool minified_;
    std::size_t depth_;
};

class Host {
public:
    Host(const GeneratorOptions& options, std::size_t number) :
        options_(options), number_(number), random_(number * 2'654'435'761U + 17) {
        name_.append(random_.pick(nouns)).append("-").append(random_.pick(nouns));
        name_.append(std::to_string(number)).append(".").append(random_.pick(zones));
        backend_ = "http://pool_" + std::to_string(number);
    }

    [[nodiscard]] const std::string& name() const { return name_; }

    void write(Writer& out) {
        kind_ = random_.below(4);
        if (random_.chance(30))
            out.comment(name_, ": ", random_.pick(remarks));
        upstream(out);
        out.open("server");
        head(out);
        root_location(out);
        for (std::size_t i = 0; i < locations; ++i)
            location(out, i);
        out.close();
        out.empty_line();
    }

private:
    std::size_t port() { return 21'000 + random_.below(9'000); }

    void upstream(Writer& out) {
        constexpr std::array<std::string_view, 5> extras{
            "", "", " weight=3", " max_fails=2 fail_timeout=15s", " backup"};
        out.open("upstream pool_", number_);
        if (random_.chance(30))
            out.directive("least_conn");
        out.directive("server 127.0.0.1:", port());
        for (std::size_t i = random_.below(3); i != 0; --i) {
            if (random_.chance(25))
                out.directive("server unix:/run/site/", number_, "-", i, ".sock");
            else
                out.directive("server 127.0.0.1:", port(), " ", random_.pick(extras));
        }
        if (random_.chance(40))
            out.directive("keepalive ", std::size_t{8} << random_.below(4));
        out.close();
    }

    void head(Writer& out) {
        const bool first_on_port = number_ < ports;
        out.directive("listen 127.0.0.1:", std::size_t{options_.first_port} + number_ % ports,
                      first_on_port ? " default_server" : "");
        out.directive("server_name ", name_, random_.chance(70) ? " www." + name_ : "",
                      random_.chance(10) ? " *.cdn." + name_ : "");
        out.directive("root /srv/sites/", number_, "/public");
        out.directive("index index.html", kind_ == 2 ? " index.php" : "");
        if (random_.chance(20))
            out.directive("access_log logs/access.log short buffer=16k");
        if (random_.chance(30))
            out.directive("client_max_body_size ", std::size_t{1} << random_.below(8), "m");
        if (random_.chance(30))
            out.directive(
                "add_header Content-Security-Policy \"default-src 'self'; img-src * data:; "
                "font-src 'self' https://fonts",
                random_.below(50), ".example\" always");
        if (random_.chance(30))
            out.directive("add_header X-Content-Type-Options nosniff");
        out.empty_line();
    }

    void root_location(Writer& out) {
        out.open("location /");
        if (kind_ < 2) {
            out.directive("proxy_pass ", backend_);
            proxy_headers(out);
        } else {
            out.directive("try_files $uri $uri/ ",
                          kind_ == 2 ? "/index.php?$query_string" : "=404");
        }
        out.close();
    }

    void proxy_headers(Writer& out) {
        if (options_.style == Style::includes) {
            out.directive("include snippets/proxy.conf");
            return;
        }
        for (const std::string_view line : proxy_lines)
            out.directive(line);
    }

    void location(Writer& out, std::size_t i) {
        std::string path = "/" + std::string(random_.pick(nouns)) + std::to_string(i) + "/";
        if (random_.chance(40))
            path.append(random_.pick(nouns)).append("/");
        // in percent: to a backend, files, exact, regular expression, PHP, rewrites, nested
        constexpr std::array<std::array<unsigned, 7>, 3> shares{{
            {60, 15, 10, 8, 0, 2, 5},
            {5, 25, 8, 12, 35, 15, 0},
            {5, 50, 10, 20, 0, 10, 5},
        }};
        const auto& share = shares.at(kind_ < 2 ? 0 : kind_ - 1);
        std::size_t rest = random_.below(100);
        std::size_t form = 0;
        while (form + 1 < share.size() && rest >= share.at(form))
            rest -= share.at(form++);
        switch (form) {
        case 0:
            return to_backend(out, path);
        case 1:
            return files(out, path);
        case 2:
            return exact(out, path);
        case 3:
            return expression(out, path);
        case 4:
            return php(out, path);
        case 5:
            return rewrites(out, path);
        default:
            return nested(out, path);
        }
    }

    void to_backend(Writer& out, const std::string& path) {
        if (random_.chance(15))
            out.comment(random_.pick(remarks));
        out.open("location ", path);
        const std::size_t target = random_.below(10);
        if (target < 6)
            out.directive("proxy_pass ", backend_, random_.chance(50) ? path : "");
        else if (target < 9)
            out.directive("proxy_pass http://127.0.0.1:", port(), random_.chance(50) ? path : "");
        else
            out.directive("proxy_pass http://unix:/run/site/", number_, ".sock:", path);
        if (random_.chance(30))
            proxy_headers(out);
        if (random_.chance(30))
            out.directive("proxy_read_timeout ", 5 + random_.below(200), "s");
        if (random_.chance(20))
            out.directive("proxy_buffering off");
        out.close();
    }

    void files(Writer& out, const std::string& path) {
        constexpr std::array<std::string_view, 4> ages{"12h", "30d", "max", "1w"};
        out.open("location ", random_.chance(50) ? "^~ " : "", path);
        if (random_.chance(50))
            out.directive("alias /srv/sites/", number_, path);
        else
            out.directive("root /srv/sites/", number_, "/public");
        out.directive("expires ", random_.pick(ages));
        if (random_.chance(40))
            out.directive("add_header Cache-Control \"public, max-age=",
                          3600 * (1 + random_.below(700)), ", immutable\"");
        out.close();
    }

    void exact(Writer& out, std::string path) {
        constexpr std::array<std::string_view, 3> answers{"fine", "up\\n", R"(it says: \"up\")"};
        path.pop_back();
        out.open("location = ", path);
        out.directive("access_log off");
        out.directive("return 200 \"", random_.pick(answers), "\"");
        out.close();
    }

    void expression(Writer& out, const std::string& path) {
        constexpr std::array<std::string_view, 3> endings{"css|js|map", "gif|jpe?g|png|svg|webp",
                                                          "eot|otf|ttf|woff2?"};
        switch (random_.below(4)) {
        case 0:
            out.open("location ~* \\.(", random_.pick(endings), ")$");
            out.directive("expires max");
            out.directive("log_not_found off");
            break;
        case 1:
            out.open("location ~ \"^", path, "[0-9a-f]{", 4 + random_.below(28), "}/(.+)$\"");
            out.directive("proxy_pass ", backend_, "/$1");
            break;
        case 2:
            out.open("location ~ /\\.(?!well-known", path, ")");
            out.directive("deny all");
            break;
        default:
            out.open("location ~ ^", path, "(?<part>", random_.pick(nouns), "|",
                     random_.pick(nouns), ")/(?<tail>.*)$");
            out.directive("try_files /$part/$tail /$part/index.html =404");
            break;
        }
        out.close();
    }

    void php(Writer& out, const std::string& path) {
        out.open("location ~ ^", path, ".+\\.php(/|$)");
        out.directive("fastcgi_split_path_info ^(.+\\.php)(/.+)$");
        out.directive("fastcgi_pass unix:/run/php/pool-", number_, ".sock");
        out.directive("fastcgi_index index.php");
        out.directive("fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name");
        if (random_.chance(35)) {
            if (options_.style == Style::includes) {
                out.directive("include snippets/fastcgi.conf");
            } else {
                for (const std::string_view line : fastcgi_lines)
                    out.directive(line);
            }
        }
        out.close();
    }

    void rewrites(Writer& out, const std::string& path) {
        out.open("location ", path);
        if (random_.chance(50)) {
            out.open("if ($request_method !~ ^(GET|HEAD|POST)$)");
            out.directive("return 405");
            out.close();
        }
        out.directive("rewrite ^", path, "([a-z0-9_-]+)/?$ ", path,
                      "index.php?page=$1&site=", number_, " last");
        out.directive("return 404");
        out.close();
    }

    void nested(Writer& out, const std::string& path) {
        out.open("location ", path);
        out.directive("root /srv/sites/", number_, "/public");
        out.open("location ", path, random_.pick(nouns), "/");
        out.directive("internal");
        out.directive("proxy_pass http://127.0.0.1:", port());
        out.close();
        out.close();
    }

    const GeneratorOptions& options_;
    std::size_t number_;
    Random random_;
    std::string name_;
    std::string backend_;
    std::size_t kind_ = 0; // below 2: a proxy; 2: PHP; 3: files
};

void write_tables(Writer& out, std::size_t servers) {
    out.open("map $http_upgrade $connection_header");
    out.directive("default upgrade");
    out.directive("'' close");
    out.close();
    out.open("map $uri $moved_to");
    out.directive("default ''");
    Random random(4711);
    for (std::size_t i = 0; i < std::min<std::size_t>(servers, 150); ++i)
        out.directive("/was/", random.pick(nouns), "/", i, " /", random.pick(nouns), "/");
    out.close();
    out.open("geo $inside");
    out.directive("default 0");
    out.directive("127.0.0.0/8 1");
    out.directive("192.168.0.0/16 1");
    out.close();
    out.empty_line();
}

void write_head(Writer& out, std::size_t servers) {
    out.comment("made for measuring: ", servers, " virtual hosts");
    out.directive("worker_processes 1");
    out.directive("pid nginx.pid");
    out.directive("error_log stderr warn");
    out.empty_line();
    out.open("events");
    out.directive("worker_connections 1024");
    out.close();
    out.empty_line();
    out.open("http");
    out.directive("include mime.types");
    out.directive("default_type application/octet-stream");
    out.directive("log_format short '$remote_addr [$time_local] \"$request\" $status "
                  "\"$http_user_agent\"'");
    out.directive("access_log off");
    out.directive("sendfile on");
    out.directive("keepalive_timeout 60");
    for (const std::string_view name : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"})
        out.directive(name, "_temp_path temp/", name);
    // large enough for nginx to find a hash without collisions at its first try
    std::size_t size = 512;
    while (size < servers * 2)
        size *= 2;
    out.directive("server_names_hash_max_size ", size);
    out.directive("server_names_hash_bucket_size 512");
    out.directive("proxy_headers_hash_max_size 1024");
    out.directive("proxy_headers_hash_bucket_size 128");
    out.empty_line();
    write_tables(out, servers);
}

template <typename Lines> std::string snippet(const Lines& lines) {
    std::string text = "# shared by all hosts\n";
    for (const std::string_view line : lines)
        text.append(line).append(";\n");
    return text;
}

} // namespace

void generate_configuration(const GeneratorOptions& options, const TakeFile& take) {
    take("mime.types", "types {\n    text/html html htm;\n    text/css css;\n"
                       "    application/javascript js;\n    image/png png;\n}\n");
    std::string text;
    text.reserve(options.servers * 2300 + 16'000);
    Writer out(text, options.style == Style::minified);
    write_head(out, options.servers);
    if (options.style == Style::includes) {
        take("snippets/proxy.conf", snippet(proxy_lines));
        take("snippets/fastcgi.conf", snippet(fastcgi_lines));
        out.directive("include hosts/*.conf");
    }
    for (std::size_t i = 0; i < options.servers; ++i) {
        Host host(options, i);
        if (options.style != Style::includes) {
            host.write(out);
            continue;
        }
        std::string file;
        Writer file_out(file, false);
        host.write(file_out);
        take("hosts/" + host.name() + ".conf", file);
    }
    out.close();
    take("nginx.conf", text);
}

std::string generate_main_file(const GeneratorOptions& options) {
    std::string main_file;
    generate_configuration(options, [&](std::string_view path, std::string_view text) {
        if (path == "nginx.conf")
            main_file = text;
    });
    return main_file;
}

void write_configuration(const GeneratorOptions& options, const std::string& folder) {
    namespace fs = std::filesystem;
    for (const char* name : {"logs", "temp", "hosts", "snippets"})
        fs::create_directories(fs::path(folder) / name);
    generate_configuration(options, [&](std::string_view path, std::string_view text) {
        std::ofstream file(fs::path(folder) / path, std::ios::binary);
        file.write(text.data(), static_cast<std::streamsize>(text.size()));
        file.flush();
        if (!file)
            throw std::runtime_error("cannot write " + std::string(path) + " below " + folder);
    });
}

} // namespace upstream_lint::bench
