#include "requests/variable_maps.hpp"

#include <array>
#include <set>
#include <string_view>

namespace upstream_lint::differential {

namespace {

/// Some of these lines, in random order.
template <typename Lines>
void add_some(ConfigText& config, Random& random, const Lines& lines, std::size_t most) {
    std::set<std::string_view> taken;
    const std::size_t count = random.between(1, most);
    for (std::size_t i = 0; i < count; ++i)
        if (const std::string_view line = random.pick(lines); taken.insert(line).second)
            config.add(line);
}

void add_uri_map(ConfigText& config, Random& random) {
    constexpr auto lines = std::to_array<std::string_view>(
        {"/a A", "/b bb", "\"~^/(?<mpart>[a-z]+)/\" m-$mpart", "~*B caseless", "\"~^/(.)(.)\" $2$1",
         "~\\.php$ php", "/ root", "\\~^/x escaped", "default d", "\"\" empty"});
    config.open("map $uri $m0");
    add_some(config, random, lines, 6);
    config.close();
}

void add_host_map(ConfigText& config, Random& random) {
    constexpr auto lines = std::to_array<std::string_view>(
        {"a.example A", "*.example W", ".b.example B", "www.* V", "~^(?<mhost>[a-z]+)\\. r-$mhost",
         "default other", "X.EXAMPLE upper", "*.a.example deep"});
    config.open("map $host $m1");
    config.add("hostnames");
    add_some(config, random, lines, 6);
    config.close();
}

/// The last ones look at the first.
void add_chained_maps(ConfigText& config, Random& random) {
    constexpr auto argument_lines = std::to_array<std::string_view>(
        {"1 one", "2 $m0", "\"\" none", "default \"\"", "~^(?<marg>\\d)$ n$marg", "b $uri"});
    config.open("map $arg_a $m2");
    add_some(config, random, argument_lines, 4);
    if (random.chance(30))
        config.add("volatile");
    config.close();
    constexpr auto chained_lines =
        std::to_array<std::string_view>({"GET:A got", "POST:other posted",
                                         "~^GET:(?<mget>.*) g-$mget", "~: colon", "default \"\""});
    config.open("map \"$request_method:$m1\" $m3");
    add_some(config, random, chained_lines, 4);
    config.close();
    constexpr auto volatile_lines =
        std::to_array<std::string_view>({"~^/a is-a", "~b has-b", "default $request_uri", "/c c"});
    config.open("map $uri $m4");
    config.add("volatile");
    add_some(config, random, volatile_lines, 3);
    config.close();
}

void add_target_map(ConfigText& config, Random& random, const std::vector<std::uint16_t>& ports) {
    const auto address = [&] { return "127.0.0.1:" + std::to_string(random.pick(ports)); };
    config.open("map $arg_a $to");
    config.add("default " + address());
    config.add("1 " + address());
    config.add("b u0");
    config.add("2 " + address() + "/mapped");
    config.close();
}

void add_geo(ConfigText& config, Random& random) {
    constexpr auto networks =
        std::to_array<std::string_view>({"default out", "127.0.0.1 one", "127.0.0.0/24 net",
                                         "127.0.0.2/31 pair", "127.0.0.0/8 all", "::/0 six"});
    config.open("geo $g0");
    add_some(config, random, networks, 5);
    config.close();
    constexpr auto ranges =
        std::to_array<std::string_view>({"127.0.0.0-127.0.0.1 low", "127.0.0.2-127.0.0.9 high",
                                         "10.0.0.0-10.255.255.255 ten", "default none"});
    config.open("geo $http_x_b $g1");
    config.add("ranges");
    add_some(config, random, ranges, 3);
    config.close();
}

} // namespace

void add_variable_maps(ConfigText& config, Random& random,
                       const std::vector<std::uint16_t>& ports) {
    add_uri_map(config, random);
    add_host_map(config, random);
    add_chained_maps(config, random);
    add_target_map(config, random, ports);
    add_geo(config, random);
    config.open("split_clients \"$uri$arg_a\" $s0");
    config.add("25% quarter");
    config.add("33.33% third");
    config.add(random.chance(50) ? "* rest" : "20% fifth");
    config.close();
}

} // namespace upstream_lint::differential
