#include "config/ascii.hpp"
#include "resolve/inherited_setting.hpp"
#include "resolve/upstream_tls.hpp"
#include "upstream_lint/probe_plan.hpp"
#include "upstream_lint/routes.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace upstream_lint {

namespace {

using Kind = GraphEdge::Kind;

constexpr std::size_t most_exchanges = 16; // of one question
constexpr std::string_view no_example = "no URL is known that leads there";

/// What a request that gets to a pass becomes.
struct Example {
    PassRequest request;
    Target target;
    std::string uri;  ///< empty: not known, or nothing that may be sent
    std::string host; ///< likewise
};

/// Nothing that ends a line, or that is a secret of a query.
bool is_harmless(std::string_view text) {
    return !text.empty() &&
           std::ranges::all_of(text, [](char letter) { return letter > ' ' && letter < '\x7f'; });
}

/// A name or an address with or without a port. A variable that is not known stands as it is
/// written.
bool is_host(std::string_view text) {
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                         "0123456789.-_:[]";
    return !text.empty() && text.find_first_not_of(letters) == std::string_view::npos;
}

std::string without_query(std::string_view uri) {
    return std::string(uri.substr(0, uri.find_first_of("?#")));
}

std::string host_of_url(std::string_view url) {
    const std::size_t scheme = url.find("://");
    const std::size_t begin = scheme == std::string_view::npos ? 0 : scheme + 3;
    const std::size_t end = url.find_first_of("/?#", begin);
    return std::string(url.substr(begin, end == std::string_view::npos ? end : end - begin));
}

/// Examples of requests, by the pass directive that they get to; those with short paths first.
class Examples {
public:
    Examples(const Model& model, const RouterOptions& options) : router_(model, options) {
        RouteListOptions list_options;
        list_options.router = options;
        for (const Route& route : find_routes(model, list_options).routes) {
            if (route.kind <= Kind::tunnel && route.example && route.reach == Reach::reached) {
                add(route);
            }
        }
    }

    /// Null: no request is known to get from the pass to the target.
    [[nodiscard]] const Example* find(DirectiveRef pass, const Target& target) const {
        const auto [begin, end] = examples_.equal_range(pass);
        const Example* best = nullptr;
        for (auto found = begin; found != end; ++found) {
            const Example& example = found->second;
            if (example.target == target &&
                (best == nullptr || std::pair(best->uri.empty(), best->uri.size()) >
                                        std::pair(example.uri.empty(), example.uri.size()))) {
                best = &example;
            }
        }
        return best;
    }

private:
    void add(const Route& route) {
        const Answer answer = router_.route(route.example->request);
        if (answer.certainty != Certainty::exact || !answer.outcome.target) {
            return;
        }
        Example example;
        const std::string host = host_of_url(route.example->request.url);
        example.request = {lower(without_port(host)), host};
        example.target = *answer.outcome.target;
        const std::string uri = without_query(answer.outcome.upstream_uri.value_or(""));
        example.uri = is_harmless(uri) ? uri : "";
        const std::string sent = answer.request.host.value_or("");
        example.host = is_host(sent) ? sent : "";
        examples_.emplace(route.pass, std::move(example));
    }

    Router router_;
    std::multimap<DirectiveRef, Example> examples_;
};

class Planner {
public:
    Planner(ProbePlan& plan, const Model& model, const ResolutionGraph& graph,
            const RouterOptions& options) :
        plan_(plan),
        model_(model), graph_(graph), examples_(model, options) {}

    void run() {
        for (std::uint32_t i = 0; i < graph_.edges.size(); ++i) {
            const GraphEdge& edge = graph_.edges[i];
            if (edge.kind > Kind::stream || edge.kind == Kind::other_pass) {
                continue;
            }
            const bool is_stream_with_tls = is_stream_tls(edge);
            for (const GraphEdge::Way& way : edge.ways) {
                add(way.target.value, {i}, way.uses_tls || is_stream_with_tls);
            }
        }
    }

private:
    [[nodiscard]] bool is_stream_tls(const GraphEdge& edge) const {
        return edge.kind == Kind::stream &&
               equal_ignoring_case(inherited_value(model_, edge.level, "proxy_ssl").value_or("off"),
                                   "on");
    }

    void add(std::uint32_t target_index, GraphEdgeId id, bool uses_tls) {
        const GraphEdge& edge = graph_.edge(id);
        const GraphTarget& target = graph_.targets[target_index];
        const Example* const example = examples_.find(edge.directive, target.target);
        ExchangeProbe asked;
        asked.exchange.protocol = protocol_of(edge);
        if (uses_tls) {
            asked.exchange.tls = upstream_tls_of(
                model_, edge, target, example ? std::optional(example->request) : std::nullopt);
        }
        if (asked.exchange.protocol == Exchange::Protocol::none && !uses_tls) {
            return;
        }
        if (asked.exchange.protocol == Exchange::Protocol::http) {
            asked.exchange.http_version = http_version(edge);
            if (example != nullptr && !example->uri.empty() && !example->host.empty()) {
                asked.uri = example->uri;
                asked.host = example->host;
            } else {
                asked.left_out = no_example;
            }
        }
        asked.targets = {target_index};
        asked.edges = {id.value};
        for (const ProbePlan::Need& need : plan_.needs[target_index]) {
            if (!target.peers[need.peer].down && !plan_.probe(need.probe).is_datagram) {
                asked.probe = need.probe;
                take(asked);
            }
        }
    }

    [[nodiscard]] Exchange::Protocol protocol_of(const GraphEdge& edge) const {
        switch (edge.kind) {
        case Kind::proxy:
            return http_version(edge) == "2" ? Exchange::Protocol::http2 : Exchange::Protocol::http;
        case Kind::grpc:
            return Exchange::Protocol::http2;
        case Kind::fastcgi:
            return Exchange::Protocol::fastcgi;
        default:
            return Exchange::Protocol::none;
        }
    }

    /// ngx_http_proxy_merge_loc_conf; 1.1 is the default from 1.29.7.
    [[nodiscard]] std::string http_version(const GraphEdge& edge) const {
        const bool is_new = model_.config().build().version >= Version{1, 29, 7};
        return inherited_value(model_, edge.level, "proxy_http_version")
            .value_or(is_new ? "1.1" : "1.0");
    }

    /// Who would say the same to the same listener asks once: with the shorter of their paths.
    void take(const ExchangeProbe& asked) {
        const auto [found, is_new] =
            known_.try_emplace(std::pair(asked.probe, asked.exchange), plan_.exchanges.size());
        if (!is_new) {
            join(plan_.exchanges[found->second], asked);
        } else if (++count_[asked.probe] <= most_exchanges) {
            plan_.exchanges.push_back(asked);
        } else {
            known_.erase(found);
        }
    }

    static void join(ExchangeProbe& known, const ExchangeProbe& other) {
        const bool is_better = other.left_out.empty() &&
                               (!known.left_out.empty() || other.uri.size() < known.uri.size());
        if (is_better) {
            known.uri = other.uri;
            known.host = other.host;
            known.left_out.clear();
        }
        add_once(known.targets, other.targets.front());
        add_once(known.edges, other.edges.front());
    }

    static void add_once(std::vector<std::uint32_t>& list, std::uint32_t value) {
        if (list.back() != value) {
            list.push_back(value);
        }
    }

    ProbePlan& plan_;
    const Model& model_;
    const ResolutionGraph& graph_;
    Examples examples_;
    std::map<std::pair<ProbeId, Exchange>, std::size_t> known_;
    std::map<ProbeId, std::size_t> count_;
};

} // namespace

void plan_exchanges(ProbePlan& plan, const Model& model, const ResolutionGraph& graph,
                    const RouterOptions& options) {
    plan.exchanges.clear();
    Planner(plan, model, graph, options).run();
}

} // namespace upstream_lint
