#include "config/ascii.hpp"
#include "rules/fault_finding.hpp"
#include "rules/rules.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <string>
#include <string_view>

namespace upstream_lint {

namespace {

/// `no-resolver` tells of these.
bool is_about_resolver(std::string_view failure) {
    return failure.starts_with("no resolver defined");
}

/// A part that a variable stands for is missing: `""`, `"http://"`, `"app:"`.
bool is_about_nothing(std::string_view failure) {
    return failure.ends_with("\"\"") || failure.ends_with("://\"") || failure.ends_with(":\"") ||
           failure.find("\"://") != std::string_view::npos;
}

bool is_set_around(const Model& model, LocationId level, std::string_view variable) {
    for (; !level.is_none(); level = model.location(level).parent) {
        for (const Setting& setting : model.settings(level)) {
            if (setting.name == "set" && model.words(setting.directive)[1] == variable) {
                return true;
            }
        }
    }
    return false;
}

/// Every variable is `set` around it, outside of `if`, or comes with the request.
bool surely_has_values(const RuleContext& context, const GraphEdge& edge) {
    if (std::ranges::any_of(edge.ways, [&](const GraphEdge::Way& way) {
            return context.graph.target(way.target).target.kind == Target::Kind::dynamic;
        })) {
        return true;
    }
    const std::string text = context.model.words(edge.directive)[1];
    for (std::size_t begin = text.find('$'); begin != std::string::npos;
         begin = text.find('$', begin + 1)) {
        std::string variable = "$";
        const std::size_t name = begin + (text.substr(begin, 2) == "${" ? 2U : 1U);
        for (std::size_t i = name; i < text.size() && is_word_character(text[i]); ++i) {
            variable += text[i];
        }
        if (!is_set_around(context.model, edge.level, variable)) {
            return false;
        }
    }
    return true;
}

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    std::map<std::string_view, std::vector<GraphEdgeId>> edges;
    for (std::uint32_t i = 0; i < context.graph.edges.size(); ++i) {
        const GraphEdge& edge = context.graph.edges[i];
        for (const std::string& failure : edge.failures) {
            if (!is_about_resolver(failure) &&
                !(is_about_nothing(failure) && surely_has_values(context, edge))) {
                edges[failure].push_back({i});
            }
        }
    }
    for (const auto& [failure, places] : edges) {
        Finding finding =
            finding_of(info, Confidence::likely,
                       fmt::format("a value of the variables leads nowhere: {}", failure));
        for (const GraphEdgeId edge : places) {
            add_edge(finding, context, edge);
        }
        finding.notes.emplace_back("nginx answers 500 to a request that has that value, and logs "
                                   "the same");
        if (failure.ends_with("\"\"")) {
            finding.notes.emplace_back("a `map` without `default` gives the empty text, and so "
                                       "does a variable that was `set` elsewhere");
        }
        findings.push_back(std::move(finding));
    }
}

} // namespace

const Rule rules::invalid_target_from_variables = {
    .info = {.id = "invalid-target-from-variables",
             .catalogue = "A10",
             .group = RuleGroup::configuration,
             .impact = Impact::high,
             .confidence = Confidence::likely,
             .summary = "the variables of a target can have a value that is no target",
             .explanation =
                 R"(nginx answers 500 and logs `invalid URL prefix in ""`, `invalid port in upstream
"127.0.0.1:99999"` or `no port in upstream "app"`.

All values that `set`, `map`, `geo` and `split_clients` can give the variables are put in. It is likely,
as nobody knows whether a request takes each of them.

**Repair.** Give the `map` a `default`, or the value its scheme and port.

**Silent** about values that come with the request; about an empty one where a `set` outside of `if`
stands around the target.
)",
             .bad = {.conf = R"(events { }
http {
    map $host $backend {
        a.example http://127.0.0.1:3000;
        b.example http://127.0.0.1:3001;
    }
    server {
        listen 80;
        location / {
            proxy_pass $backend;
        }
    }
}
)",
                     .facts = ""},
             .good = {.conf = R"(events { }
http {
    map $host $backend {
        default http://127.0.0.1:3000;
        b.example http://127.0.0.1:3001;
    }
    server {
        listen 80;
        location / {
            proxy_pass $backend;
        }
    }
}
)",
                      .facts = ""}},
    .check = check};

} // namespace upstream_lint
