#include "configuration_generator.hpp"

#include "support/replace_all.hpp"
#include "upstream_lint/nginx_build.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <span>

namespace upstream_lint::differential {

namespace {

using test::replace_all;

enum class Repeat : std::uint8_t { once, often };

/// A directive with values that every nginx from 1.18 on accepts. `@N` becomes a number that was
/// not used before, `@F` the folder of the configuration.
struct Sample {
    ContextMask contexts;
    std::string_view text;
    Repeat repeat = Repeat::once;
};

constexpr ContextMask web = ContextMask(Context::http) | Context::server | Context::location;
constexpr ContextMask web_and_if = web | Context::if_in_location;
constexpr ContextMask server_up = ContextMask(Context::http) | Context::server;
constexpr ContextMask rewriting = ContextMask(Context::server) | Context::location |
                                  Context::if_in_server | Context::if_in_location;
constexpr ContextMask stream_both = ContextMask(Context::stream) | Context::stream_server;
constexpr ContextMask mail_both = ContextMask(Context::mail) | Context::mail_server;

constexpr auto samples = std::to_array<Sample>({
    {Context::main, "worker_processes 2"},
    {Context::main, "worker_rlimit_nofile 1024"},
    {Context::main, "error_log stderr notice", Repeat::often},
    {Context::main, "worker_shutdown_timeout 5s"},
    {Context::main, "timer_resolution 100ms"},
    {Context::main, "daemon off"},
    {Context::main, "master_process on"},
    {Context::main, "pcre_jit on"},
    {Context::main, "env TZ", Repeat::often},
    {Context::main, "worker_priority 0"},
    {Context::main, "thread_pool p@N threads=4 max_queue=100", Repeat::often},
    {Context::main, "worker_cpu_affinity auto"},
    {Context::main, "debug_points abort"},
    {Context::main, "include /dev/null", Repeat::often},

    {Context::events, "worker_connections 512"},
    {Context::events, "multi_accept on"},
    {Context::events, "use epoll"},
    {Context::events, "accept_mutex OFF"},
    {Context::events, "accept_mutex_delay 500ms"},

    {web_and_if, "sendfile on"},
    {web_and_if, "root /srv/www/$host"},
    {web_and_if, "error_page 404 =200 /404.html", Repeat::often},
    {web_and_if, "error_page 500 502 503 504 /50x.html", Repeat::often},
    {web_and_if, "add_header X-Frame-Options \"SAMEORIGIN; {x}\" always", Repeat::often},
    {web_and_if, "add_header X-A \"it's\"", Repeat::often},
    {web_and_if, "gzip on"},
    {web_and_if, "expires 30d"},
    {web_and_if, "access_log off"},
    {web_and_if, "limit_rate 10k"},
    {web_and_if, "charset utf-8"},
    {web, "tcp_nopush on"},
    {web, "tcp_nodelay off"},
    {web, "keepalive_timeout 65 60s"},
    {web, "keepalive_requests 10"},
    {web, "client_max_body_size 1m"},
    {web, "client_body_timeout 10"},
    {web, "client_body_buffer_size 16k"},
    {web, "gzip_types text/plain application/json"},
    {web, "gzip_min_length 1000"},
    {web, "log_not_found off"},
    {web, "index index.html index.htm"},
    {web, "autoindex on"},
    {web, "etag off"},
    {web, "default_type text/plain"},
    {web, "types_hash_max_size 2048"},
    {web, "server_tokens off"},
    {web, "proxy_set_header Host $host", Repeat::often},
    {web, "proxy_set_header X-Real-IP \"${remote_addr}\"", Repeat::often},
    {web, "proxy_set_header Connection \"\"", Repeat::often},
    {web, "proxy_http_version 1.1"},
    {web, "proxy_read_timeout 1m30s"},
    {web, "proxy_connect_timeout \"1m 30s\""},
    {web, "proxy_buffers 8 8k"},
    {web, "proxy_buffering off"},
    {web, "proxy_next_upstream error timeout http_502"},
    {web, "proxy_hide_header X-Powered-By", Repeat::often},
    {web, "proxy_cookie_path / \"/; secure; HTTPOnly\"", Repeat::often},
    {web, "fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name", Repeat::often},
    {web, "fastcgi_param QUERY_STRING a${query_string}b if_not_empty", Repeat::often},
    {web, "fastcgi_index index.php"},
    {web, "fastcgi_read_timeout 300"},
    {web, "uwsgi_param A b\\;c", Repeat::often},
    {web, "scgi_param A a#b", Repeat::often},
    {web, "resolver 127.0.0.1 valid=10s ipv6=off"},
    {web, "resolver_timeout 5s"},
    {web, "satisfy any"},
    {web, "allow 127.0.0.1", Repeat::often},
    {web, "allow 10.0.0.0/8", Repeat::often},
    {web, "deny all", Repeat::often},
    {web, "auth_basic \"closed \\\"site\\\"\""},
    {web, "directio 4m"},
    {web, "open_file_cache max=100 inactive=20s"},
    {web, "recursive_error_pages on"},
    {web, "sub_filter 'a;b' \"{c}\"", Repeat::often},
    {web, "sub_filter_once off"},
    {web, "ssi on"},
    {web, "if_modified_since before"},
    {web, "reset_timedout_connection on"},
    {web, "send_timeout 2"},
    {web, "port_in_redirect off"},
    {web, "aio threads"},
    {web, "set_real_ip_from 127.0.0.1", Repeat::often},
    {web, "real_ip_header X-Forwarded-For"},
    {web, "memcached_buffer_size 4k"},
    {web, "grpc_set_header A $host:$server_port", Repeat::often},
    {web, "limit_req_status 429"},
    {server_up, "ssl_protocols TLSv1.2"},
    {server_up, "ssl_session_cache shared:s@N:1m"},
    {server_up, "ssl_prefer_server_ciphers on"},
    {server_up, "ssl_ciphers HIGH:!aNULL:!MD5"},
    {server_up, "large_client_header_buffers 4 8k"},
    {server_up, "client_header_timeout 15s"},
    {server_up, "underscores_in_headers on"},
    {server_up, "merge_slashes off"},
    {server_up, "ignore_invalid_headers off"},
    {Context::http, "log_format f@N '$remote_addr - [$time_local] \"$request\" '\n'$status'",
     Repeat::often},
    {Context::http, "log_format j@N escape=json '{\"a\":\"$uri\"}'", Repeat::often},
    {Context::http, "server_names_hash_bucket_size 128"},
    {Context::http, "variables_hash_max_size 2048"},
    {Context::http, "limit_req_zone $binary_remote_addr zone=r@N:1m rate=1r/s", Repeat::often},
    {Context::http, "limit_conn_zone $server_name zone=c@N:1m", Repeat::often},
    {Context::server, "server_name s@N.example *.s@N.example s@N.*", Repeat::often},
    {Context::server, "server_name \"~^(?<user>[a-z]{2,3})\\.example$\"", Repeat::often},
    {Context::server, "server_name ''", Repeat::often},
    {Context::server, "listen 127.0.0.1:2@N", Repeat::often},
    {Context::server, "listen unix:@F/@N.s", Repeat::often},
    {rewriting, "set $v@N \"a b\"", Repeat::often},
    {rewriting, "set $v@N ${host}x", Repeat::often},
    {rewriting, "set $v@N \"\"", Repeat::often},
    {rewriting, "rewrite ^/a/(.*)$ /b/$1 last", Repeat::often},
    {rewriting, "rewrite \"^/a{1,2};$\" /b? permanent", Repeat::often},
    {rewriting, "rewrite (?i)\\.(png|jpe?g)$ /c break", Repeat::often},
    {rewriting, "return 301 https://$host$request_uri", Repeat::often},
    {rewriting, "return 200 \"a\\nb\\t\\\\c\\\"\"", Repeat::often},
    {rewriting, "return 204", Repeat::often},
    {rewriting, "break", Repeat::often},
    {ContextMask(Context::server) | Context::location, "try_files $uri $uri/ =404"},
    {ContextMask(Context::location) | Context::if_in_location | Context::limit_except,
     "proxy_pass http://127.0.0.1:8080"},
    {Context::location, "internal"},
    {Context::location, "limit_except GET {\n deny all;\n}"},
    {Context::limit_except, "deny all", Repeat::often},
    {Context::limit_except, "allow 127.0.0.1", Repeat::often},
    {Context::limit_except, "auth_basic off"},

    {Context::upstream, "server 127.0.0.1:81", Repeat::often},
    {Context::upstream, "server 127.0.0.1:82 weight=2 max_fails=3 fail_timeout=10s", Repeat::often},
    {Context::upstream, "server unix:@F/u.s", Repeat::often},
    {Context::upstream, "zone u@N 128k"},
    {Context::upstream, "least_conn"},

    {Context::stream, "log_format f@N '$remote_addr [$time_local]'", Repeat::often},
    {Context::stream, "variables_hash_max_size 2048"},
    {stream_both, "proxy_timeout 10m"},
    {stream_both, "proxy_connect_timeout 1s"},
    {stream_both, "preread_timeout 5s"},
    {stream_both, "preread_buffer_size 16k"},
    {stream_both, "tcp_nodelay on"},
    {stream_both, "allow 127.0.0.1", Repeat::often},
    {stream_both, "deny all", Repeat::often},
    {stream_both, "resolver 127.0.0.1"},
    {stream_both, "access_log off"},
    {stream_both, "ssl_preread on"},
    {stream_both, "proxy_buffer_size 16k"},
    {Context::stream_upstream, "server 127.0.0.1:83", Repeat::often},
    {Context::stream_upstream, "server unix:@F/v.s weight=5", Repeat::often},
    {Context::stream_upstream, "hash $remote_addr consistent"},

    {mail_both, "timeout 60s"},
    {mail_both, "auth_http_header X-Auth-Key \"secret string\"", Repeat::often},
    {mail_both, "pop3_capabilities TOP USER", Repeat::once},
    {mail_both, "xclient on"},
    {mail_both, "proxy_pass_error_message on"},
    {mail_both, "imap_auth plain login"},
    {mail_both, "server_name mail.example"},
});

/// Bodies of Lua blocks that end where they seem to: braces in strings, comments and long brackets.
constexpr auto lua_bodies = std::to_array<std::string_view>({
    " ngx.say('hello') ",
    "\n    local t = { a = { 1, 2, { 3 } }, b = \"}\" }\n    ngx.say(t.a[1])\n",
    "\n    -- a comment with } and \" and '\n    return\n",
    "\n    --[[ long } comment\n ]] --[==[ } ]] ]==] local x = [[ } ]] .. [=[ ]] } ]=]\n",
    " local s = '\\'}' .. \"\\\"}\" ",
    "\n    if a then for k, v in pairs({}) do print(k .. [[a]]) end end\n",
    " local a, b = t[t[1]], -1 --; ; {\n ",
    " local q = 'it' -- don't\n local r = { } ",
});

/// The raw words of a sample; blanks inside quotes belong to the word.
std::vector<std::string> split_words(std::string_view text) {
    std::vector<std::string> words;
    std::size_t at = 0;
    while (at < text.size()) {
        if (text[at] == ' ' || text[at] == '\n') {
            ++at;
            continue;
        }
        const std::size_t begin = at;
        const char quote = text[at] == '"' || text[at] == '\'' ? text[at++] : ' ';
        while (at < text.size() && text[at] != quote && !(quote == ' ' && text[at] == '\n'))
            at += text[at] == '\\' ? std::size_t{2} : std::size_t{1};
        if (quote != ' ')
            ++at;
        words.emplace_back(text.substr(begin, at - begin));
    }
    return words;
}

/// Which `include` a body takes: `geo` opened the name as it stands (ngx_http_geo_include) until
/// nginx 1.29.8, some data bodies know none.
enum class Includes : std::uint8_t { none, literal, any };

/// How a file is laid out.
struct Layout {
    std::string_view newline = "\n";
    std::string_view indent = "    ";
    unsigned comments = 5; ///< of a hundred places
    unsigned quotes = 3;   ///< of a hundred words that need none
    unsigned oddities = 5; ///< of a hundred separators
    bool one_line = false;
};

class Generator {
public:
    Generator(Random& random, const GeneratorOptions& options) :
        random_(random), options_(options) {}

    GeneratedConfiguration run() {
        result_.files.push_back({"nginx.conf", {}});
        result_.files.front().text = main_file();
        return std::move(result_);
    }

private:
    // -- text ---------------------------------------------------------------------------------

    Layout random_layout() {
        constexpr std::array<std::string_view, 4> indents = {"    ", "  ", "\t", ""};
        Layout layout;
        if (random_.chance(15))
            layout.newline = "\r\n";
        layout.indent = random_.pick(indents);
        if (random_.chance(20))
            layout.comments = 30;
        if (random_.chance(10))
            layout.quotes = 60;
        if (random_.chance(15))
            layout.oddities = 40;
        layout.one_line = random_.chance(8);
        return layout;
    }

    std::string comment() {
        constexpr std::array<std::string_view, 12> texts = {
            "# note",
            "#",
            "# } { ; \" '",
            "#listen 80; }",
            "# it's \"open",
            "# $x ${y",
            "## \\",
            "# \xc3\xa4\xf0\x9f\x98\x80 \xff",
            "#\ttab\r",
            "# content_by_lua_block {",
            "# include missing.conf;",
            "# }",
        };
        if (random_.chance(3))
            return "# " + std::string(random_.between(3000, 4090), 'c');
        return std::string(random_.pick(texts));
    }

    /// White space between statements, comments among it.
    void gap(std::string& out, const Layout& layout, std::size_t depth) {
        if (layout.one_line && !random_.chance(layout.comments)) {
            out += ' ';
            return;
        }
        if (random_.chance(layout.comments)) {
            if (!out.empty())
                out += ' ';
            out += comment();
        }
        out += out.empty() ? std::string_view{} : layout.newline;
        if (random_.chance(4))
            out += layout.newline;
        for (std::size_t i = 0; i < depth; ++i)
            out += layout.indent;
    }

    void separator(std::string& out, const Layout& layout) {
        constexpr std::array<std::string_view, 7> odd = {"  ", "\t",       "\n",     "\r\n ",
                                                         "\r", " # why\n", "\n#}\n "};
        if (random_.chance(layout.oddities))
            out += random_.pick(odd);
        else
            out += ' ';
    }

    /// The same word, perhaps spelled another way.
    std::string spelled(const std::string& word, const Layout& layout) {
        const bool plain =
            !word.empty() && word.find_first_of("\"'\\ \t\r\n;{}#()") == std::string::npos;
        if (!plain || !random_.chance(layout.quotes))
            return word;
        const char quote = random_.chance(50) ? '"' : '\'';
        return quote + word + quote;
    }

    std::string statement_words(const std::vector<std::string>& words, const Layout& layout) {
        std::string out;
        for (const std::string& word : words) {
            if (!out.empty())
                separator(out, layout);
            out += spelled(word, layout);
        }
        return out;
    }

    void before_terminator(std::string& out, const Layout& layout) {
        if (random_.chance(layout.oddities / 3))
            separator(out, layout);
    }

    std::string simple(std::string_view text, const Layout& layout) {
        std::string out = statement_words(split_words(text), layout);
        before_terminator(out, layout);
        return out + ';';
    }

    std::string number() { return std::to_string(1000 + next_number_++); }

    std::string fill(std::string_view text) {
        std::string out(text);
        if (out.find("@N") != std::string::npos)
            out = replace_all(std::move(out), "@N", number());
        return replace_all(std::move(out), "@F", options_.folder);
    }

    // -- blocks -------------------------------------------------------------------------------

    /// A block with its body made by `statements`, one of which may be moved to an included file.
    std::string block(std::string_view head, std::vector<std::string> statements, Includes includes,
                      const Layout& layout, std::size_t depth) {
        std::string out = statement_words(split_words(head), layout);
        if (random_.chance(layout.oddities))
            separator(out, layout);
        else if (random_.chance(90) || out.back() == '$')
            out += ' ';
        out += '{';
        if (includes != Includes::none)
            move_to_include(statements, includes, layout);
        for (const std::string& statement : statements) {
            gap(out, layout, depth + 1);
            out += statement;
        }
        if (random_.chance(95) || (!statements.empty() && out.back() != ';' && out.back() != '}'))
            gap(out, layout, depth);
        return out + '}';
    }

    /// Replaces a run of statements by an `include` of a new file that has them.
    void move_to_include(std::vector<std::string>& statements, Includes includes,
                         const Layout& layout) {
        if (!random_.chance(22) || result_.files.size() > 12)
            return;
        const std::size_t begin = random_.below(statements.size() + 1);
        const std::size_t end = random_.between(begin, statements.size());
        const auto at = [&](std::size_t index) {
            return statements.begin() + static_cast<std::ptrdiff_t>(index);
        };
        const std::vector<std::string> moved(at(begin), at(end));
        statements.erase(at(begin), at(end));
        statements.insert(at(begin), include_of(moved, includes, layout));
    }

    std::string join(std::span<const std::string> statements) {
        const Layout layout = random_layout();
        std::string out;
        for (const std::string& statement : statements) {
            gap(out, layout, 0);
            out += statement;
        }
        switch (random_.below(5)) {
        case 0:
            break;
        case 1:
            out += " # end without newline";
            break;
        default:
            out += layout.newline;
        }
        return out;
    }

    std::string include_of(const std::vector<std::string>& moved, Includes includes,
                           const Layout& layout) {
        const std::string id = number();
        const auto add = [&](const std::string& path, std::span<const std::string> part) {
            result_.files.push_back({path, join(part)});
        };
        const std::span<const std::string> all = moved;
        const std::size_t half = moved.size() / 2;
        // The forms from the fifth on have no wildcard.
        switch (includes == Includes::literal ? random_.between(4, 9) : random_.below(10)) {
        case 4:
            add("a b/" + id + ".conf", all);
            return "include \"a b/" + id + ".conf\";";
        case 1:
            add("conf.d/" + id + "-a.conf", all.first(half));
            add("conf.d/" + id + "-b.conf", all.subspan(half));
            add("conf.d/." + id + "-hidden.conf", {});
            result_.files.back().text = "hidden { \"";
            return simple("include conf.d/" + id + "-*.conf", layout);
        case 2:
            add("conf.d/" + id + "/a.conf", all.first(half));
            add("conf.d/" + id + "/B", all.subspan(half));
            return "include conf.d/" + id + "/?*;";
        case 3:
            add("conf.d/" + id + ".c", all);
            return "include conf.d/" + id + ".[abc];";
        case 5:
            add("deep/x/../x/" + id, {});
            result_.files.back().path = "deep/x/" + id;
            result_.files.back().text = join(all);
            return "include deep/x/../x/./" + id + ";";
        case 6:
            add("real-" + id, all);
            result_.links.emplace_back("link-" + id, "real-" + id);
            return "include link-" + id + ";";
        case 0: { // nothing matches: no error, and the statements stay here
            std::string out = "include conf.d/" + id + "-none*.conf;";
            for (const std::string& statement : moved)
                out += "\n" + statement;
            return out;
        }
        case 7:
            add(id + ".conf", all);
            return simple("include " + options_.folder + "/" + id + ".conf", layout);
        default:
            add(id + ".conf", all);
            return simple("include " + id + ".conf", layout);
        }
    }

    // -- contexts -----------------------------------------------------------------------------

    /// Some samples of the context in random order.
    std::vector<std::string> simple_statements(Context context, std::size_t most,
                                               const Layout& layout) {
        std::vector<std::string> statements;
        std::vector<const Sample*> fitting;
        for (const Sample& sample : samples)
            if (sample.contexts.contains(context))
                fitting.push_back(&sample);
        std::set<std::string_view> names;
        const std::size_t count = random_.below(most + 1);
        for (std::size_t i = 0; i < count && !fitting.empty(); ++i) {
            const Sample& sample = *random_.pick(fitting);
            const std::string_view name = sample.text.substr(0, sample.text.find(' '));
            if (!names.insert(name).second && sample.repeat == Repeat::once)
                continue;
            if (sample.text.ends_with('}'))
                statements.push_back(fill(sample.text));
            else
                statements.push_back(simple(fill(sample.text), layout));
        }
        return statements;
    }

    void shuffle(std::vector<std::string>& statements) {
        for (std::size_t i = statements.size(); i > 1; --i)
            std::swap(statements[i - 1], statements[random_.below(i)]);
    }

    std::string long_word() {
        return "add_header X-Long \"" + std::string(random_.between(3900, 4085), 'w') + "\";";
    }

    std::string main_file() {
        const Layout layout = random_layout();
        std::vector<std::string> statements = main_statements(layout, 0);
        move_to_include(statements, Includes::any, layout);
        return join(statements);
    }

    std::vector<std::string> main_statements(const Layout& layout, std::size_t depth) {
        std::vector<std::string> statements = simple_statements(Context::main, 6, layout);
        statements.push_back(block("events", simple_statements(Context::events, 4, layout),
                                   Includes::any, layout, depth));
        if (random_.chance(90))
            statements.push_back(http(layout, depth));
        if (options_.stream && random_.chance(45))
            statements.push_back(stream(layout, depth));
        if (options_.mail && random_.chance(25))
            statements.push_back(mail(layout, depth));
        shuffle(statements);
        return statements;
    }

    std::string http(const Layout& layout, std::size_t depth) {
        std::vector<std::string> statements = simple_statements(Context::http, 8, layout);
        if (options_.own_temp_paths)
            for (const std::string_view kind : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"})
                statements.push_back(std::string(kind) + "_temp_path temp/" + std::string(kind) +
                                     ";");
        for (std::size_t i = random_.below(4); i > 0; --i)
            statements.push_back(data_block(false, layout, depth + 1));
        for (std::size_t i = random_.below(3); i > 0; --i)
            statements.push_back(upstream(Context::upstream, layout, depth + 1));
        for (std::size_t i = random_.between(1, 3); i > 0; --i)
            statements.push_back(server(layout, depth + 1));
        if (options_.lua && random_.chance(40))
            statements.push_back(lua_block("init_worker_by_lua_block"));
        if (random_.chance(5))
            statements.push_back(long_word());
        shuffle(statements);
        return block("http", std::move(statements), Includes::any, layout, depth);
    }

    std::string upstream(Context context, const Layout& layout, std::size_t depth) {
        std::vector<std::string> statements = simple_statements(context, 4, layout);
        shuffle(statements);
        statements.emplace_back("server 127.0.0.1:90;");
        return block("upstream u" + number(), std::move(statements), Includes::any, layout, depth);
    }

    std::string server(const Layout& layout, std::size_t depth) {
        std::vector<std::string> statements = simple_statements(Context::server, 8, layout);
        statements.push_back("listen unix:" + options_.folder + "/" + number() + ".s;");
        for (std::size_t i = random_.below(4); i > 0; --i)
            statements.push_back(location("/", layout, depth + 1));
        if (random_.chance(25))
            statements.push_back(condition(Context::if_in_server, layout, depth + 1));
        if (random_.chance(10))
            statements.push_back(types_block(layout, depth + 1));
        if (options_.lua && random_.chance(20))
            statements.push_back(lua_block("rewrite_by_lua_block"));
        if (random_.chance(5))
            statements.push_back(long_word());
        shuffle(statements);
        return block("server", std::move(statements), Includes::any, layout, depth);
    }

    std::string location(const std::string& prefix, const Layout& layout, std::size_t depth) {
        std::string head = "location ";
        std::string inner;
        switch (random_.below(8)) {
        case 0:
            head += "~ \\.x" + number() + "$";
            break;
        case 1:
            head += "~* \"^" + prefix + "n[0-9]{2};" + number() + "\"";
            break;
        case 2:
            head += "= " + prefix + "e" + number();
            break;
        case 3:
            head += "^~ " + prefix + "c" + number();
            break;
        case 4:
            if (prefix == "/") {
                head += "@n" + number();
                break;
            }
            [[fallthrough]];
        default:
            inner = prefix + "p" + number() + "/";
            head += inner;
        }
        std::vector<std::string> statements = simple_statements(Context::location, 7, layout);
        if (!inner.empty() && depth < 6)
            for (std::size_t i = random_.chance(25) ? random_.between(1, 2) : 0; i > 0; --i)
                statements.push_back(location(inner, layout, depth + 1));
        if (random_.chance(25))
            statements.push_back(condition(Context::if_in_location, layout, depth + 1));
        if (options_.lua && random_.chance(60))
            statements.push_back(lua_block("content_by_lua_block"));
        shuffle(statements);
        return block(head, std::move(statements), Includes::any, layout, depth);
    }

    std::string condition(Context context, const Layout& layout, std::size_t depth) {
        constexpr std::array<std::string_view, 7> conditions = {
            "($request_method = POST)",
            "($http_cookie ~* \"id=([^;]+)(?:;|$)\")",
            "( $host != \"a b\" )",
            "($args)",
            "(!-f $request_filename)",
            "($uri ~ ^/a\\ b)",
            "($host = 'x')",
        };
        // The words of a condition are cut by blanks and quotes, so it is not respelled.
        std::string out = "if " + std::string(random_.pick(conditions));
        std::vector<std::string> statements = simple_statements(context, 3, layout);
        const std::string body = block("x", std::move(statements), Includes::any, layout, depth);
        return out + body.substr(body.find_first_not_of("x\"'"));
    }

    std::string lua_block(std::string_view name) {
        return std::string(name) + (random_.chance(80) ? " {" : "{") +
               std::string(random_.pick(lua_bodies)) + "}";
    }

    std::string types_block(const Layout& layout, std::size_t depth) {
        std::vector<std::string> statements = {"text/html html htm;", "image/x@ x;",
                                               "'application/x y' \"a.b\" c;"};
        shuffle(statements);
        statements.resize(random_.below(4));
        return block("types", std::move(statements), Includes::any, layout, depth);
    }

    std::string data_block(bool in_stream, const Layout& layout, std::size_t depth) {
        std::vector<std::string> statements;
        const std::string_view source = in_stream ? "$remote_addr" : "$host";
        switch (random_.below(in_stream ? 3 : 5)) {
        case 0:
            statements = {
                "default 0;", "a.example 1;", "\"b c\" 'x;y';", "\"~^d{2};\" ${server_port}x;",
                "'' \"\";",   "hostnames;",   "\\default ~;",   "*.e.example a};"};
            if (!in_stream)
                statements.emplace_back("~*f$ $uri;");
            shuffle(statements);
            statements.resize(random_.below(statements.size() + 1));
            return block("map " + std::string(source) + " $m" + number(), std::move(statements),
                         Includes::any, layout, depth);
        case 1:
            statements = {"default 0;",         "127.0.0.0/8 1;",    "10.1.0.0/16 \"a b\";",
                          "192.168.1.1 '{;}';", "2001:db8::/32 v6;", "delete 10.9.0.0/16;"};
            shuffle(statements);
            statements.resize(random_.below(statements.size() + 1));
            return block("geo $g" + number(), std::move(statements),
                         options_.geo_patterns ? Includes::any : Includes::literal, layout, depth);
        case 2:
            statements = {"10% one;", "20.5% \"two;\";", "* '';"};
            statements.resize(random_.below(statements.size() + 1));
            return block("split_clients \"" + std::string(source) + ";x\" $s" + number(),
                         std::move(statements), Includes::none, layout, depth);
        case 3:
            return types_block(layout, depth);
        default:
            return block("charset_map a" + number() + " b" + number(), {"80 E2;", "95 A1 ;"},
                         Includes::none, layout, depth);
        }
    }

    std::string stream(const Layout& layout, std::size_t depth) {
        std::vector<std::string> statements = simple_statements(Context::stream, 5, layout);
        for (std::size_t i = random_.below(3); i > 0; --i)
            statements.push_back(data_block(true, layout, depth + 1));
        for (std::size_t i = random_.below(3); i > 0; --i)
            statements.push_back(upstream(Context::stream_upstream, layout, depth + 1));
        for (std::size_t i = random_.below(3); i > 0; --i) {
            std::vector<std::string> body = simple_statements(Context::stream_server, 4, layout);
            body.push_back("listen unix:" + options_.folder + "/" + number() + ".s;");
            body.emplace_back(random_.chance(50) ? "proxy_pass 127.0.0.1:84;" : "return \"a;b\";");
            shuffle(body);
            statements.push_back(
                block("server", std::move(body), Includes::any, layout, depth + 1));
        }
        shuffle(statements);
        return block("stream", std::move(statements), Includes::any, layout, depth);
    }

    std::string mail(const Layout& layout, std::size_t depth) {
        std::vector<std::string> statements = simple_statements(Context::mail, 4, layout);
        statements.emplace_back("auth_http 127.0.0.1:9000/auth;");
        for (std::size_t i = random_.below(3); i > 0; --i) {
            constexpr std::array<std::string_view, 3> protocols = {"imap", "pop3", "smtp"};
            std::vector<std::string> body = simple_statements(Context::mail_server, 3, layout);
            body.push_back("listen unix:" + options_.folder + "/" + number() + ".s;");
            body.push_back("protocol " + std::string(random_.pick(protocols)) + ";");
            shuffle(body);
            statements.push_back(
                block("server", std::move(body), Includes::any, layout, depth + 1));
        }
        shuffle(statements);
        return block("mail", std::move(statements), Includes::any, layout, depth);
    }

    Random& random_;
    const GeneratorOptions& options_;
    GeneratedConfiguration result_;
    std::size_t next_number_ = 0;
};

} // namespace

GeneratedConfiguration generate_configuration(Random& random, const GeneratorOptions& options) {
    return Generator(random, options).run();
}

} // namespace upstream_lint::differential
