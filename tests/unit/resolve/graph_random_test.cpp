// Where Router::route finds that a request goes is among the ways that the graph has for the same
// directive.

#include "support/read_model.hpp"
#include "upstream_lint/graph.hpp"

#include <algorithm>
#include <doctest/doctest.h>
#include <random>
#include <string>
#include <vector>

namespace upstream_lint {
namespace {

class Generator {
public:
    explicit Generator(unsigned seed) : random_(seed) {}

    std::size_t below(std::size_t bound) {
        return std::uniform_int_distribution<std::size_t>(0, bound - 1)(random_);
    }

    template <typename T> const T& one_of(const std::vector<T>& values) {
        return values[below(values.size())];
    }

    std::string configuration() {
        std::string text = "http {\nupstream g1 { server 127.0.0.1:1; }\n"
                           "upstream g2 { server 127.0.0.1:2; }\n";
        if (below(2) == 0)
            text += "resolver 127.0.0.1;\n";
        for (const char* name : {"$m1", "$m2", "$m3"})
            text += block(name);
        for (std::size_t i = 1 + below(3); i > 0; --i)
            text += server();
        return text + "}\n";
    }

    Request request() {
        Request request;
        request.url = "http://" + one_of<std::string>({"a", "b"}) + ":80/" +
                      one_of<std::string>({"", "a", "a/b", "b", "c", "d.php"}) +
                      one_of<std::string>({"", "?x=1", "?x=g1", "?y=2"});
        request.connect = "127.0.0.1:80";
        request.client = one_of<std::string>({"10.0.0.1:9", "10.0.0.2:9", "127.0.0.1:9"});
        request.headers.emplace();
        request.headers->push_back({"X", one_of<std::string>({"1", "g1", "g2"})});
        return request;
    }

private:
    std::string variable() {
        return one_of<std::string>({"$m1", "$m2", "$m3", "$s1", "$s2", "$s3", "$arg_x", "$http_x",
                                    "$scheme", "$server_port", "$server_name", "$cap", "$uri", "$1",
                                    "$s1", "$s2", "$m1"});
    }

    /// Of a variable: often something that leads somewhere.
    std::string value() {
        switch (below(8)) {
        case 0:
            return variable();
        case 1:
            return "g" + variable();
        case 2:
            return "127.0.0." + variable();
        default:
            return one_of<std::string>(
                {"g1", "g2", "127.0.0.1:1", "127.0.0.1", "name", "1", "2", "x:80"});
        }
    }

    std::string block(const std::string& name) {
        switch (below(4)) {
        case 0:
            return "geo " + name + " { 10.0.0.1 " + one_of<std::string>({"g1", "1"}) +
                   "; default " + one_of<std::string>({"g2", "2"}) + "; }\n";
        case 1:
            return "split_clients $remote_addr " + name + " { 50% g1; " +
                   one_of<std::string>({"", "* g2;"}) + " }\n";
        default:
            break;
        }
        return "map " + variable_of_request() + " " + name + " { 1 " + value() + "; ~^(?<cap>g.) " +
               value() + "; " + (below(3) == 0 ? "" : "default " + value() + ";") + " }\n";
    }

    std::string variable_of_request() {
        return one_of<std::string>({"$arg_x", "$http_x", "$uri", "$m1", "$m2", "$s1"});
    }

    std::string server() {
        std::string text = "server { listen 80; server_name " +
                           one_of<std::string>({"a", "b", "c"}) + ";\n" + rewrites(true);
        for (const char* name : {"/", "/a", "/b", "= /c"})
            text += "location " + std::string(name) + " { " + rewrites(false) + pass() + " }\n";
        text += "location ~ ^/(?<cap>[ad]) { " + rewrites(false) + pass() + " }\n";
        text += "location @n { " + rewrites(false) + pass() + " }\n";
        return text + "}\n";
    }

    std::string set() {
        return "set " + one_of<std::string>({"$s1", "$s2", "$s3"}) + " " + value() + "; ";
    }

    std::string rewrites(bool in_server) {
        std::string text;
        for (std::size_t i = below(4); i > 0; --i) {
            switch (below(9)) {
            case 0:
                text += "if (" + variable_of_request() + " ~ 1) { " + set() +
                        (in_server || below(2) == 0 ? "" : pass()) + "} ";
                break;
            case 1:
                text += "if (" + variable_of_request() + ") { " + set() +
                        one_of<std::string>({"", "break; "}) + "} ";
                break;
            case 2:
                text += "rewrite ^/" + one_of<std::string>({"a(.*)", "b", "d"}) + " /" +
                        one_of<std::string>({"b", "c", "d$1"}) +
                        one_of<std::string>({"", " last", " break"}) + "; ";
                break;
            case 3:
                text += below(3) == 0 ? "break; " : set();
                break;
            case 4:
                text += in_server ? "" : "error_page 502 500 = @n; ";
                break;
            default:
                text += set();
            }
        }
        return text;
    }

    std::string pass() {
        const std::string target =
            one_of<std::string>({"$s1", "$s2", "$s3", "$m1", "$m2", "$m3", "g$s1", "127.0.0.1:$s2",
                                 "g1$uri", "g1/$arg_x", "$cap", "$server_name", "g$1"});
        switch (below(5)) {
        case 0:
            return "fastcgi_pass " + target + "; ";
        case 1:
            return "proxy_pass $scheme://" + target + "; ";
        default:
            return "proxy_pass http://" + target + "; ";
        }
    }

    std::mt19937 random_;
};

std::string text_of(const ResolutionGraph& graph, const GraphEdge& edge) {
    std::string text;
    for (const GraphEdge::Way& way : edge.ways)
        text += graph.target(way.target).target.text + " ";
    return text;
}

struct Counts {
    int routes = 0; ///< that lead to a target
    int exact = 0;  ///< of them those where the graph knows all ways
};

void compare(const std::string& text, const ResolutionGraph& graph, const Answer& answer,
             Counts& counts) {
    const bool has_target =
        answer.outcome.target && answer.outcome.target->kind != Target::Kind::dynamic;
    if (answer.certainty != Certainty::exact || !has_target)
        return;
    const auto pass = std::ranges::find(answer.steps.rbegin(), answer.steps.rend(),
                                        Step::Kind::pass, &Step::kind);
    REQUIRE(pass != answer.steps.rend());
    const auto edge = std::ranges::find(graph.edges, pass->directive, &GraphEdge::directive);
    if (edge == graph.edges.end())
        return; // another directive of the level answers where that of an outer one is inherited
    const auto leads_to = [&](const GraphEdge::Way& way) {
        return graph.target(way.target).target == *answer.outcome.target;
    };
    const bool is_dynamic = std::ranges::any_of(edge->ways, [&](const GraphEdge::Way& way) {
        return graph.target(way.target).target.kind == Target::Kind::dynamic;
    });
    const bool is_known = std::ranges::any_of(edge->ways, leads_to);
    ++counts.routes;
    counts.exact += is_dynamic ? 0 : 1;
    CHECK_MESSAGE((is_known || is_dynamic), text << pass->detail << " leads to "
                                                 << answer.outcome.target->text
                                                 << ", the graph has " << text_of(graph, *edge));
}

TEST_CASE("the target of every request is among those of the graph") {
    const unsigned seed = std::random_device()();
    CAPTURE(seed);
    Generator generator(seed);
    Counts counts;
    int loaded = 0;
    for (int round = 0; round < 400; ++round) {
        const std::string text = generator.configuration();
        const auto model = test::try_read_model(text);
        if (!model)
            continue;
        ++loaded;
        const ResolutionGraph graph = build_graph(*model);
        Router router(*model);
        for (int i = 0; i < 12; ++i)
            compare(text, graph, router.route(generator.request()), counts);
    }
    MESSAGE(loaded << " configurations, " << counts.routes << " targets, " << counts.exact
                   << " of them where all ways are known");
    CHECK(loaded > 200);
    CHECK(counts.exact > 100);
}

} // namespace
} // namespace upstream_lint
