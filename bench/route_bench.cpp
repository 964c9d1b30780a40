// What finding the way of a request costs: its lookups against other structures, the whole way
// against one of them, and building the model and listing all ways against reading.

#include "generate_configuration.hpp"
#include "measure.hpp"
#include "model/server_names.hpp"
#include "model/static_locations.hpp"
#include "nginx_location_tree.hpp"
#include "regex/matcher.hpp"
#include "upstream_lint/config.hpp"
#include "upstream_lint/resolution.hpp"
#include "upstream_lint/routes.hpp"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <cstdint>
#include <cstdio>
#include <pcre2.h>
#include <random>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace upstream_lint::bench {
namespace {

constexpr int rounds = 9;
constexpr std::string_view main_name = "/etc/nginx/nginx.conf";

std::vector<std::uint32_t> shuffled(std::size_t count) {
    std::vector<std::uint32_t> order(count);
    for (std::uint32_t i = 0; i < count; ++i)
        order[i] = i;
    std::shuffle(order.begin(), order.end(), std::mt19937(1));
    return order;
}

void measure_names(std::size_t count, Report& report) {
    std::vector<std::string> names;
    for (const std::uint32_t i : shuffled(count))
        names.push_back("host" + std::to_string(i) + ".example.org");
    ServerNameTable table;
    std::unordered_map<std::string_view, std::uint32_t> map;
    for (std::uint32_t i = 0; i < names.size(); ++i) {
        (void)table.add(names[i], i);
        map.emplace(names[i], i);
    }
    const auto order = shuffled(count);
    std::vector<std::string> asked;
    for (const std::uint32_t i : order)
        asked.push_back(names[i]);
    const auto in_table = [&] {
        for (const std::string& name : asked)
            keep(table.find(name));
    };
    const auto in_map = [&] {
        for (const std::string& name : asked)
            keep(map.find(name)->second);
    };
    const Best best = take_turns(
        rounds, [&] { return time_of(cpu_seconds, in_table); },
        [&] { return time_of(cpu_seconds, in_map); });
    report.at_most("server name / unordered_map", best.ratio(), 1.2, 1, "times");
}

/// Half of the names stand below another one.
std::vector<std::string> location_names(std::size_t count) {
    std::vector<std::string> names;
    for (std::size_t i = 0; names.size() < count; ++i) {
        names.push_back("/app" + std::to_string(i) + "/");
        names.push_back("/app" + std::to_string(i) + "/static/");
    }
    return names;
}

/// Seconds for one lookup.
double measure_locations(std::size_t count, Report& report) {
    const std::vector<std::string> names = location_names(count);
    std::vector<StaticLocations::Entry> entries;
    NginxLocationTree tree;
    for (std::uint32_t i = 0; i < names.size(); ++i) {
        entries.push_back({.name = names[i], .prefix = i});
        tree.add(names[i], i);
    }
    tree.build();
    const StaticLocations locations(std::move(entries));
    std::vector<std::string> uris;
    for (const std::uint32_t i : shuffled(names.size()))
        uris.push_back(names[i] + "index.html");
    for (const std::string& uri : uris) {
        if (locations.find(uri).location != tree.find(uri)) {
            std::fprintf(stderr, "the structures do not find the same\n");
            return 0;
        }
    }
    const auto ours = [&] {
        for (const std::string& uri : uris)
            keep(locations.find(uri).location);
    };
    const auto nginx = [&] {
        for (const std::string& uri : uris)
            keep(tree.find(uri));
    };
    const Best best = take_turns(
        rounds, [&] { return time_of(cpu_seconds, ours); },
        [&] { return time_of(cpu_seconds, nginx); });
    report.at_most("prefix location / nginx's tree", best.ratio(), 1.2, 1, "times");
    return best.first / static_cast<double>(uris.size());
}

void measure_regexes(Report& report) {
    constexpr std::string_view pattern = "\\.(?:css|js|png|jpe?g|gif|ico|svg|woff2?)$";
    int error = 0;
    std::size_t offset = 0;
    pcre2_code* const code = ::pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()),
                                             pattern.size(), 0, &error, &offset, nullptr);
    pcre2_match_data* const data = ::pcre2_match_data_create_from_pattern(code, nullptr);
    Matcher matcher(pattern, Case::sensitive);
    std::vector<std::string> uris;
    for (std::size_t i = 0; i < 20'000; ++i)
        uris.push_back("/assets/app" + std::to_string(i) + (i % 2 == 0 ? "/main.css" : "/page"));
    const auto ours = [&] {
        for (const std::string& uri : uris)
            keep(matcher.match(uri) == Matcher::Outcome::matched ? 1U : 0U);
    };
    const auto bare = [&] {
        for (const std::string& uri : uris)
            keep(::pcre2_match(code, reinterpret_cast<PCRE2_SPTR>(uri.data()), uri.size(), 0, 0,
                               data, nullptr) > 0
                     ? 1U
                     : 0U);
    };
    const Best best = take_turns(
        rounds, [&] { return time_of(cpu_seconds, ours); },
        [&] { return time_of(cpu_seconds, bare); });
    report.at_most("regular expression / pcre2_match", best.ratio(), 1.5, 1.2, "times");
    ::pcre2_match_data_free(data);
    ::pcre2_code_free(code);
}

Model model_of(std::string text) {
    MemoryFileSystem files;
    files.add(main_name, std::move(text));
    LoadOptions options;
    options.keep_blocks = true;
    options.limits.inclusions = 1000;
    return *build_model(load_config(files, main_name, options));
}

void measure_ways(std::size_t count, double lookup, Report& report) {
    std::string text = "events {}\nhttp { server { listen 80;\n";
    for (const std::string& name : location_names(count))
        text += "location " + name + " { proxy_pass http://127.0.0.1:8080; }\n";
    const Model model = model_of(text + "} }");
    Router router(model);
    std::vector<Request> requests;
    const std::vector<std::string> names = location_names(count);
    for (const std::uint32_t i : shuffled(count)) {
        Request request;
        request.url = "http://a.example" + names[i] + "index.html";
        request.headers = std::vector<HeaderField>();
        requests.push_back(std::move(request));
    }
    const auto walk = [&] {
        for (const Request& request : requests)
            keep(router.route(request).steps.size());
    };
    walk();
    double best = time_of(cpu_seconds, walk);
    for (int round = 1; round < rounds; ++round)
        best = std::min(best, time_of(cpu_seconds, walk));
    report.at_most("whole way / prefix location", best / static_cast<double>(count) / lookup, 12, 8,
                   "times");
}

void measure_model(std::size_t servers, Report& report) {
    MemoryFileSystem files;
    generate_configuration({.servers = servers}, [&](std::string_view path, std::string_view text) {
        files.add("/etc/nginx/" + std::string(path), std::string(text));
    });
    LoadOptions options;
    const auto read = [&] { keep(load_config(files, main_name, options).inclusions().size()); };
    LoadOptions keeping = options;
    keeping.keep_blocks = true;
    const auto build = [&] {
        Config config = load_config(files, main_name, keeping);
        return time_of(cpu_seconds,
                       [&] { keep(build_model(std::move(config))->locations().size()); });
    };
    const Best best = take_turns(3, build, [&] { return time_of(cpu_seconds, read); });
    report.at_most("model / reading", best.ratio(), 2, 1, "times");
}

/// Finding the ways of a site of all kinds against reading it.
void measure_list(std::size_t servers, Report& report) {
    MemoryFileSystem files;
    generate_configuration({.servers = servers}, [&](std::string_view path, std::string_view text) {
        files.add("/etc/nginx/" + std::string(path), std::string(text));
    });
    LoadOptions options;
    options.threads = 1;
    options.keep_blocks = true;
    const auto read = [&] {
        return time_of(cpu_seconds,
                       [&] { keep(load_config(files, main_name, options).inclusions().size()); });
    };
    const Model model = *build_model(load_config(files, main_name, options));
    const auto list = [&] {
        return time_of(cpu_seconds, [&] { keep(find_routes(model).routes.size()); });
    };
    report.at_most("list of ways / reading", take_turns(3, list, read).ratio(), 5, 4, "times");
}

/// `{}` stands for a number.
std::string repeated(std::string_view text, std::size_t count) {
    std::string all;
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t at = text.find("{}");
        all += std::string(text.substr(0, at)) + std::to_string(i);
        std::string_view rest = text.substr(at + 2);
        for (std::size_t next = rest.find("{}"); next != std::string_view::npos;
             next = rest.find("{}")) {
            all += std::string(rest.substr(0, next)) + std::to_string(i);
            rest.remove_prefix(next + 2);
        }
        all += std::string(rest) + "\n";
    }
    return all;
}

/// What ten times as many of something cost the list of ways.
void measure_list_growth(const std::string& name, std::string_view each, bool in_server,
                         std::size_t count, Report& report) {
    const auto model = [&](std::size_t of) {
        const std::string text = repeated(each, of);
        return model_of("events {}\nhttp {\nserver_names_hash_max_size 10000000;\n" +
                        (in_server ? "server { listen 80;\n" + text + "}" : text) + "}");
    };
    const Model big = model(count);
    const Model small = model(count / 10);
    const auto list = [](const Model& of) {
        return time_of(cpu_seconds, [&] { keep(find_routes(of).routes.size()); });
    };
    const Best best = take_turns(
        3, [&] { return list(big); }, [&] { return list(small); });
    report.at_most("list of ways, 10 times the " + name, best.ratio(), 20, 13, "times");
}

void measure_lists(bool quick, Report& report) {
    const std::size_t count = quick ? 10'000 : 100'000;
    measure_list(quick ? medium_servers : large_servers, report);
    measure_list_growth("locations", "location /l{}/ { proxy_pass http://127.0.0.1:1; }", true,
                        count, report);
    measure_list_growth("servers",
                        "server { listen 80; server_name h{}.example *.w{}.example;"
                        " location / { proxy_pass http://127.0.0.1:1; } }",
                        false, count, report);
    measure_list_growth("regular expressions",
                        "location ~ ^/l{}/\\d+$ { proxy_pass http://127.0.0.1:1; }", true,
                        count / 10, report);
    measure_list_growth("named locations",
                        "location /l{}/ { try_files $uri @n{}; }"
                        " location @n{} { proxy_pass http://127.0.0.1:1; }",
                        true, count / 10, report);
}

int run(const Arguments& arguments) {
    const bool quick = arguments.has("--quick");
    const std::size_t count = quick ? 10'000 : 100'000;
    Report report;
    measure_names(count, report);
    const double lookup = measure_locations(count, report);
    measure_regexes(report);
    measure_ways(count, lookup, report);
    measure_model(quick ? medium_servers : large_servers, report);
    measure_lists(quick, report);
    return report.status();
}

} // namespace
} // namespace upstream_lint::bench

int main(int argc, char** argv) {
    return upstream_lint::bench::run_program(argc, argv, upstream_lint::bench::run);
}
