#include "value_generator.hpp"

#include "config/directive_table.hpp"
#include "support/replace_all.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace upstream_lint::differential {

namespace {

using Words = std::vector<std::string_view>;

/// Words for the arguments of one directive: `@N` is a new number, `@F` the folder.
struct Vocabulary {
    std::string_view directives; ///< separated by blanks
    std::string_view words;      ///< likewise; `h~` stands for `h` and a blank
};

constexpr auto vocabularies = std::to_array<Vocabulary>({
    {"listen",
     "127.0.0.1:2@N 127.0.0.1:21000 *:21000 21000 [::1]:21000 [::]:21000 unix:@F/s.sock unix: "
     "127.0.0.1 127.0.0.1:0 127.0.0.1:99999 127.0.0.1:21000-21003 127.0.0.1:21003-21000 1:2:3 "
     "[::1 [::g]:80 :80 127.0.0.1:80a 127.0.0.1/x default_server default bind ssl http2 spdy quic "
     "proxy_protocol reuseport deferred backlog=10 backlog=0 backlog=x rcvbuf=8k rcvbuf=x "
     "sndbuf=1m fastopen=5 fastopen=x ipv6only=on ipv6only=maybe so_keepalive=on so_keepalive=off "
     "so_keepalive=30m::10 so_keepalive=:: so_keepalive=x:1:1 setfib=1 accept_filter=x udp bogus"},
    {"server_name", "a.example b.example *.example .example www.* *.* *a.example a*b . * *. ~^a$ "
                    "~^(?<n@N>.)$ ~( ~ "
                    "\"\" a/b $hostname A.EXAMPLE www.*.com _"},
    {"server",
     "127.0.0.1 127.0.0.1:81 127.0.0.1:x unix:@F/u unix: [::1]:81 127.0.0.1/x weight=2 weight=0 "
     "weight=x max_fails=0 max_fails=x fail_timeout=5s fail_timeout=x max_conns=3 max_conns= "
     "backup "
     "down slow_start=5s resolve service=x drain route=a bogus"},
    {"proxy_pass",
     "http://127.0.0.1:81 http://127.0.0.1:81/ http://127.0.0.1:81/x https://127.0.0.1 "
     "HTTP://127.0.0.1 "
     "http://u0 http://u0/ http://u0:81 http://$host http://$host/x http://unix:@F/u:/ "
     "http://unix: "
     "http:// ftp://x 127.0.0.1:81 http://127.0.0.1:x http://[::1]:81/ http://[::1 $scheme://u0 u0 "
     "http://127.0.0.1:81/$uri ${x"},
    {"fastcgi_pass scgi_pass uwsgi_pass memcached_pass grpc_pass",
     "127.0.0.1:9000 127.0.0.1 unix:@F/u unix:@F/u:/x u0 u0:1 $host 127.0.0.1:9000/x [::1]:9 "
     "uwsgi://127.0.0.1:9 suwsgi://127.0.0.1:9 grpc://127.0.0.1:9 grpcs://127.0.0.1:9 :1 \"\" "
     "unix: "
     "127.0.0.1:99999 ${x"},
    {"return", "200 204 301 302 307 400 404 444 499 500 999 1000 -1 abc 2oo http://x/ "
               "https://x/$uri $scheme://x "
               "$host text \"\" ${x /x"},
    {"rewrite", "^/a$ ^/(.*)$ ( [ a{ ^/(?<n@N>.)$ /b /b$1 http://x/ \"\" /b? last break redirect "
                "permanent bogus "
                "$uri ${x $"},
    {"set", "$v $v@N $host $uri $http_x $args $limit_rate v $ ${v} value $v $1 ${x \"\""},
    {"error_page",
     "404 500 502 299 300 599 600 499 494 497 =200 = =abc =$x /x @n http://x/ $uri 404x \"\" ${x"},
    {"try_files", "$uri $uri/ /x =404 =x =999 =1000 @n \"\" ${x"},
    {"access_log error_log",
     "off @F/a.log @F/b.log stderr syslog:server=127.0.0.1 "
     "syslog:server=127.0.0.1,facility=local7,tag=x "
     "syslog:bogus=1 syslog: memory:1m memory:1 main combined f0 nope info warn debug emerg bogus "
     "buffer=4k buffer=0 buffer=x flush=5s flush=x gzip gzip=1 gzip=10 gzip=x if=$host if= if=x"},
    {"log_format", "f0 f1 combined escape=json escape=none escape=default escape=x $remote_addr "
                   "x$uri ${x $ \"\" $nope"},
    {"limit_req_zone limit_conn_zone", "$remote_addr $host x zone=z0:1m zone=z0:1k zone=z1:1m "
                                       "zone=z:x zone= zone=z zone=:1m rate=1r/s "
                                       "rate=0r/s rate=5r/m rate=x rate=1r/h sync bogus"},
    {"limit_req limit_conn", "zone=z0 zone=z1 zone=nope zone= burst=5 burst=0 burst=x nodelay "
                             "delay=3 delay=0 z0 z1 nope 1 0 "
                             "65536 x bogus"},
    {"proxy_cache_path fastcgi_cache_path scgi_cache_path uwsgi_cache_path",
     "@F/c@N levels=1:2 levels=1 levels=3:1 levels=x levels=1:2:2:2 keys_zone=k0:1m "
     "keys_zone=k1:1m "
     "keys_zone=k:1 keys_zone=k keys_zone= max_size=1g max_size=x min_free=1m inactive=1h "
     "inactive=x "
     "use_temp_path=off use_temp_path=x loader_files=1 loader_files=x loader_sleep=1 "
     "loader_threshold=x manager_files=1 manager_sleep=x purger=on bogus"},
    {"proxy_cache fastcgi_cache scgi_cache uwsgi_cache", "off k0 k1 nope $host ${x \"\""},
    {"proxy_cache_valid fastcgi_cache_valid scgi_cache_valid uwsgi_cache_valid",
     "200 302 404 any 1m 10s x 99 600 0 \"\""},
    {"expires", "off max epoch 30d -1 modified @12h @25h @x +1h modified@1h x \"\" $host ${x"},
    {"add_header add_trailer", "X-A v $uri ${x \"\" always bogus"},
    {"allow deny set_real_ip_from",
     "all unix: 127.0.0.1 127.0.0.0/8 127.0.0.1/8 10.0.0.0/33 ::1 ::/0 2001:db8::/32 x 1.2.3 \"\""},
    {"resolver",
     "127.0.0.1 127.0.0.1:53 [::1] 127.0.0.1:x valid=5s valid=x ipv6=off ipv6=on ipv6=x ipv4=off "
     "ipv4=x status_zone=z bogus= off"},
    {"keepalive_timeout", "0 65 65s 5x \"\" 75s"},
    {"open_file_cache open_log_file_cache",
     "off max=100 max=0 max=x inactive=5s inactive=x min_uses=1 min_uses=x valid=1m valid=x bogus"},
    {"ssl_session_cache",
     "off none builtin builtin:100 builtin:1 builtin:x shared:s0:1m shared:s0:1k "
     "shared:s0 shared::1m shared:s1:x bogus"},
    {"hash", "$host key consistent bogus ${x"},
    {"random", "two one least_conn least_time=header bogus"},
    {"keepalive", "8 0 x"},
    {"zone", "zz0 zz1 128k 1m 1k x \"\""},
    {"gzip_disable", "msie6 ~x [ degradation"},
    {"gzip_types sub_filter_types ssi_types charset_types addition_types", "text/plain text/html * "
                                                                           "text/plain x"},
    {"use", "epoll poll select kqueue bogus"},
    {"debug_connection", "127.0.0.1 127.0.0.0/8 unix: x"},
    {"valid_referers",
     "none blocked server_names *.example .example example.* ~x ~( a.example/x x*"},
    {"auth_basic", "off realm $host ${x"},
    {"satisfy", "all any none"},
    {"root alias", "@F @F/ html $document_root $realpath_root $host ${x \"\" /x$1"},
    {"disable_symlinks", "off on if_not_owner from=/x from= from=$uri bogus"},
    {"aio", "on off threads threads=default threads=p threads=$x bogus"},
    {"directio", "off 4m x"},
    {"user", "root nobody nogroup root"},
    {"worker_processes worker_priority", "auto 1 0 -5 +5 x -x 3x"},
    {"env", "TZ TZ=x =x \"\""},
    {"thread_pool", "default p@N threads=2 threads=0 threads=x max_queue=1 max_queue=x bogus"},
    {"worker_cpu_affinity", "auto 0101 1 2 x 01 \"\""},
    {"userid_expires", "off max 1d x"},
    {"proxy_redirect fastcgi_redirect", "off default / ~^/x ~( ~*x /b http://x/ $uri ${x"},
    {"proxy_cookie_path proxy_cookie_domain", "off / /b ~x ~( $uri ${x"},
    {"proxy_cookie_flags",
     "off a ~x ~( secure nosecure httponly samesite=lax samesite=x bogus ${x"},
    {"proxy_bind fastcgi_bind grpc_bind",
     "off 127.0.0.1 127.0.0.1:1 $remote_addr transparent x bogus"},
    {"proxy_store fastcgi_store", "on off $uri ${x @F/s"},
    {"proxy_ssl_protocols ssl_protocols", "SSLv2 SSLv3 TLSv1 TLSv1.1 TLSv1.2 TLSv1.3 TLSv1.4"},
    {"fastcgi_split_path_info", "^(.+)(/x)$ ^(.+)$ ( x"},
    {"secure_link secure_link_md5 secure_link_secret", "$arg_a,$arg_b $uri x ${x"},
    {"image_filter", "off test size rotate resize crop 90 180 91 100 - 0 x $arg_w ${x"},
    {"dav_methods", "PUT DELETE MKCOL COPY MOVE off GET"},
    {"dav_access proxy_store_access", "user:rw group:r all:r all:rw user:x group rw"},
    {"userid", "on off v1 log x"},
    {"charset source_charset override_charset", "off utf-8 koi8-r $charset x ${x"},
    {"mirror", "off /m @m $uri"},
    {"auth_request", "off /a $uri"},
    {"auth_request_set", "$v@N $host x $upstream_status ${x"},
    {"internal ip_hash least_conn break empty_gif stub_status", "x"},
    {"slice", "0 1m 1x"},
    {"proxy_method", "GET get $request_method ${x"},
    {"proxy_http_version", "1.0 1.1 2 x"},
    {"types_hash_max_size types_hash_bucket_size", "64 1024 0 x"},
    {"connection_pool_size request_pool_size", "256 255 272 4k 100 1 x"},
    {"large_client_header_buffers", "4 8k 0 x 64"},
    {"http2_chunk_size http2_recv_buffer_size", "8k 0 x 128k"},
    {"gzip_comp_level gunzip_buffers gzip_buffers gzip_window gzip_hash", "1 9 0 10 4 8k 64k x 7k"},
});

constexpr std::string_view generic =
    "on off ON yes 0 1 2 5 10 100 1k 4k 8K 1m 1g 5s 10ms 1h~30m 1d x \"\" $uri $host $nope ${x $1 "
    "127.0.0.1 127.0.0.1:81 unix:@F/u /x @F/x a=b ~x ~( text/html -1 99999999999999999999 off= "
    "http://127.0.0.1:81/";

/// What would ask the machine, run code, or change what other statements mean.
constexpr auto left_out = std::to_array<std::string_view>({
    "include",
    "load_module",
    "daemon",
    "pid",
    "lock_file",
    "working_directory",
    "perl",
    "perl_set",
    "perl_modules",
    "perl_require",
    "google_perftools_profiles",
    "ssl_engine",
    "ssl_certificate",
    "ssl_certificate_key",
    "ssl_conf_command",
    "xslt_stylesheet",
    "xml_entities",
    "geoip_country",
    "geoip_city",
    "geoip_org",
    "geoip_proxy",
    "events",
    "http",
    "stream",
    "mail",
    "worker_rlimit_core",
});

std::string_view words_of(std::string_view directive) {
    for (const Vocabulary& vocabulary : vocabularies) {
        const std::string padded = " " + std::string(vocabulary.directives) + " ";
        if (padded.find(" " + std::string(directive) + " ") != std::string::npos)
            return vocabulary.words;
    }
    return {};
}

Words split(std::string_view text) {
    Words parts;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        if (end != 0)
            parts.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return parts;
}

/// Words that the generic setter of that name takes, and some that it does not.
std::string_view words_for_setter(std::string_view setter) {
    if (setter == "ngx_conf_set_flag_slot")
        return "on off ON oFF yes 1 \"\"";
    if (setter == "ngx_conf_set_num_slot")
        return "0 1 5 100 65536 -1 x 1k 99999999999999999999 \"\"";
    if (setter == "ngx_conf_set_size_slot" || setter == "ngx_conf_set_off_slot")
        return "0 1 100 4k 8K 16k 1m 1M 1g 1G -1 x k 99999999999999999999 8796093022208m \"\"";
    if (setter == "ngx_conf_set_msec_slot" || setter == "ngx_conf_set_sec_slot")
        return "0 1 5s 1m 1h30m 1h~30m 30m1h 1y 1M 1ms 5x ms \"\" 99999999999999999999";
    if (setter == "ngx_conf_set_bufs_slot")
        return "1 2 8 0 4k 8k 0k x";
    return {};
}

class ValueGenerator {
public:
    ValueGenerator(Random& random, const GeneratorOptions& options, const ValueOptions& values) :
        random_(random), options_(options), values_(values) {}

    GeneratedConfiguration run() {
        const std::size_t planted = random_.between(1, 5);
        for (std::size_t i = 0; i < planted; ++i)
            plant();
        GeneratedConfiguration result;
        result.files.push_back({"nginx.conf", main_file()});
        result.damage = "values";
        return result;
    }

private:
    // -- where ----------------------------------------------------------------------------------

    Context random_context() {
        constexpr std::array contexts = {
            Context::http,         Context::server,      Context::server,   Context::location,
            Context::location,     Context::location,    Context::upstream, Context::if_in_location,
            Context::if_in_server, Context::limit_except};
        if (options_.stream && random_.chance(20))
            return random_.pick(std::array{Context::stream, Context::stream_server,
                                           Context::stream_server, Context::stream_upstream});
        if (options_.mail && random_.chance(10))
            return random_.pick(std::array{Context::mail, Context::mail_server});
        if (random_.chance(12))
            return random_.chance(60) ? Context::main : Context::events;
        return random_.pick(contexts);
    }

    const std::vector<const DirectiveRow*>& rows_of(Context context) {
        auto& rows = rows_[static_cast<std::size_t>(context)];
        if (!rows.empty())
            return rows;
        for (const DirectiveRow& row : directive_rows()) {
            const bool lua = row.name.find("_by_lua") != std::string_view::npos ||
                             row.name.starts_with("js_") || row.name.starts_with("lua_");
            if (row.contexts.contains(context) && available(row, *values_.build) && !row.block &&
                row.name != "*" && !lua && values_.skipped_names->count(row.name) == 0 &&
                std::ranges::find(left_out, row.name) == left_out.end() &&
                row.name.find("_file") == std::string_view::npos &&
                row.name.find("certificate") == std::string_view::npos &&
                row.name.find("_temp_path") == std::string_view::npos)
                rows.push_back(&row);
        }
        return rows;
    }

    // -- what -----------------------------------------------------------------------------------

    std::string word(const DirectiveRow& row) {
        Words pool = split(words_of(row.name));
        if (pool.empty())
            pool = split(words_for_setter(row.setter));
        if (pool.empty())
            pool.assign(row.words.begin(), row.words.end());
        if (pool.empty() || random_.chance(8))
            pool = split(generic);
        std::string text(random_.pick(pool));
        text = test::replace_all(std::move(text), "h~", "h ");
        if (text.find("@N") != std::string::npos)
            text = test::replace_all(std::move(text), "@N", std::to_string(1000 + next_number_++));
        text = test::replace_all(std::move(text), "@F", options_.folder);
        if (text.find_first_of(" ;{}()") != std::string::npos && !text.starts_with('"') &&
            (text.find('{') == std::string::npos || !text.starts_with("${")))
            text = '"' + text + '"';
        return text;
    }

    std::size_t random_count(const DirectiveRow& row) {
        std::vector<std::size_t> counts;
        for (std::size_t count = 0; count < 5; ++count)
            if (row.arguments.accepts(count))
                counts.push_back(count);
        return counts.empty() ? 1 : random_.pick(counts);
    }

    std::string statement(const DirectiveRow& row) {
        std::string text(row.name);
        for (std::size_t count = random_count(row); count > 0; --count)
            text += ' ' + word(row);
        return text + ";\n";
    }

    void plant() {
        const Context context = random_context();
        const auto& rows = rows_of(context);
        if (rows.empty())
            return;
        // the directives whose words are known deserve more than their share
        const DirectiveRow* row = random_.pick(rows);
        for (int tries = 0; tries < 3 && words_of(row->name).empty() && random_.chance(60); ++tries)
            row = random_.pick(rows);
        std::string& here = planted_[static_cast<std::size_t>(context)];
        here += statement(*row);
        if (random_.chance(7))
            here += statement(*row);
    }

    // -- around ---------------------------------------------------------------------------------

    const std::string& at(Context context) { return planted_[static_cast<std::size_t>(context)]; }

    bool has(Context context) { return !at(context).empty(); }

    std::string location() {
        constexpr std::array<std::string_view, 10> heads = {
            "/", "/a/", "= /a", "^~ /b", "~ \\.c$", "~* (?<n>d)$", "@n", "\"\"", "~ (", "!~ /x"};
        std::string text = "location " +
                           std::string(random_.chance(60) ? heads[0] : random_.pick(heads)) +
                           " {\n" + at(Context::location);
        if (has(Context::if_in_location))
            text += std::string(condition()) + " {\n" + at(Context::if_in_location) + "}\n";
        if (has(Context::limit_except))
            text += "limit_except " + std::string(random_.chance(80) ? "GET" : "BOGUS") + " {\n" +
                    at(Context::limit_except) + "}\n";
        return text + "}\n";
    }

    std::string_view condition() {
        constexpr std::array<std::string_view, 12> conditions = {
            "if ($host)",       "if ($host = x)", "if ($host ~ ^a)",  "if ($host ~ ()",
            "if (!-f $uri)",    "if (-f$uri)",    "if ($host == x)",  "if (host)",
            "if ($host != x )", "if ( $nope )",   "if ($host !~* x)", "if ($)"};
        return random_.chance(60) ? conditions[0] : random_.pick(conditions);
    }

    std::string http() {
        std::string text = at(Context::http);
        for (const std::string_view kind : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"})
            text += options_.own_temp_paths
                        ? std::string(kind) + "_temp_path temp/" + std::string(kind) + ";\n"
                        : std::string();
        if (has(Context::upstream) || random_.chance(30))
            text += "upstream u0 {\n" + at(Context::upstream) +
                    (random_.chance(90) ? "server 127.0.0.1:90;\n" : "") + "}\n";
        text += "server {\n";
        if (random_.chance(80))
            text += "listen 127.0.0.1:21000;\n";
        text += at(Context::server);
        if (has(Context::if_in_server))
            text += std::string(condition()) + " {\n" + at(Context::if_in_server) + "}\n";
        text += location();
        if (random_.chance(15))
            text += location();
        text += "}\n";
        if (random_.chance(12))
            text += "server {\nlisten 127.0.0.1:21000;\nserver_name a.example;\n}\n";
        return "http {\n" + text + "}\n";
    }

    std::string stream() {
        std::string text = at(Context::stream);
        if (has(Context::stream_upstream))
            text += "upstream u0 {\n" + at(Context::stream_upstream) + "server 127.0.0.1:90;\n}\n";
        text += "server {\nlisten 127.0.0.1:21001;\n" + at(Context::stream_server);
        if (random_.chance(80))
            text += "proxy_pass 127.0.0.1:84;\n";
        return "stream {\n" + text + "}\n}\n";
    }

    std::string mail() {
        return "mail {\nauth_http 127.0.0.1:9000/auth;\n" + at(Context::mail) +
               "server {\nlisten 127.0.0.1:21002;\nprotocol imap;\n" + at(Context::mail_server) +
               "}\n}\n";
    }

    std::string main_file() {
        std::string text = at(Context::main) + "events {\n" + at(Context::events) + "}\n";
        text += http();
        if (has(Context::stream) || has(Context::stream_server) || has(Context::stream_upstream))
            text += stream();
        if (has(Context::mail) || has(Context::mail_server))
            text += mail();
        return text;
    }

    Random& random_;
    const GeneratorOptions& options_;
    const ValueOptions& values_;
    std::array<std::vector<const DirectiveRow*>, context_count> rows_;
    std::array<std::string, context_count> planted_;
    std::size_t next_number_ = 0;
};

} // namespace

GeneratedConfiguration generate_values(Random& random, const GeneratorOptions& options,
                                       const ValueOptions& values) {
    return ValueGenerator(random, options, values).run();
}

} // namespace upstream_lint::differential
