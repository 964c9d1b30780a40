#include "config/ascii.hpp"
#include "resolve/inherited_setting.hpp"
#include "rules/fault_finding.hpp"
#include "rules/pass_module.hpp"
#include "rules/rules.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <set>
#include <string>
#include <string_view>

namespace upstream_lint {

namespace {

constexpr std::string_view failure_begins = "no resolver defined to resolve ";

/// Names that cannot be looked up, with who needs them.
using Names = std::map<std::string, std::vector<GraphEdgeId>>;

/// Every value that the variables can have leads there.
bool is_certain(const GraphEdge& edge) {
    return edge.ways.empty() && std::ranges::all_of(edge.failures, [](std::string_view failure) {
               return failure.starts_with(failure_begins);
           });
}

/// What of a target says which host it is, without its variables.
std::string literal_host(std::string_view target) {
    const std::size_t scheme = target.find("://");
    target.remove_prefix(scheme == std::string_view::npos ? 0 : scheme + 3);
    std::string text;
    for (std::size_t i = 0; i < target.size(); ++i) {
        if (target[i] != '$') {
            text += target[i];
        } else if (i + 1 < target.size() && target[i + 1] == '{') {
            i = std::min(target.find('}', i), target.size());
        } else {
            while (i + 1 < target.size() && is_word_character(target[i + 1])) {
                ++i;
            }
        }
    }
    return text.substr(0, text.find_first_of(":/?"));
}

/// `.example.com` behind a variable: whatever that is, it is no address.
bool is_surely_name(std::string_view target) {
    const std::string host = literal_host(target);
    return host.starts_with('.') && std::ranges::any_of(host, [](char c) {
               return to_lower(c) >= 'a' && to_lower(c) <= 'z';
           });
}

void collect_failures(const RuleContext& context, Names& certain, Names& possible) {
    for (std::uint32_t i = 0; i < context.graph.edges.size(); ++i) {
        const GraphEdge& edge = context.graph.edges[i];
        for (const std::string& failure : edge.failures) {
            if (failure.starts_with(failure_begins)) {
                Names& names = is_certain(edge) ? certain : possible;
                names[failure.substr(failure_begins.size())].push_back({i});
            }
        }
    }
}

void collect_dynamic(const RuleContext& context, Names& possible) {
    for (const GraphTarget& target : context.graph.targets) {
        const std::string& text = target.target.text;
        if (target.target.kind != Target::Kind::dynamic || !is_surely_name(text)) {
            continue;
        }
        for (const GraphEdgeId id : target.edges) {
            const GraphEdge& edge = context.graph.edge(id);
            if (!pass_module(edge.kind).empty() &&
                find_inherited_setting(context.model, edge.level, "resolver") == nullptr) {
                possible[text].push_back(id);
            }
        }
    }
}

void add(const RuleContext& context, const RuleInfo& info, Confidence confidence,
         const Names& names, std::vector<Finding>& findings) {
    if (names.empty()) {
        return;
    }
    constexpr std::size_t most_shown = 5;
    std::vector<std::string_view> shown;
    for (const auto& [name, edges] : names) {
        if (shown.size() < most_shown) {
            shown.push_back(name);
        }
    }
    Finding finding =
        finding_of(info, confidence,
                   fmt::format("no `resolver` is there to look up {}{}", fmt::join(shown, ", "),
                               names.size() > shown.size()
                                   ? fmt::format(" and {} more", names.size() - shown.size())
                                   : ""));
    std::set<DirectiveRef> seen;
    for (const auto& [name, edges] : names) {
        for (const GraphEdgeId edge : edges) {
            finding.edges.push_back(edge.value);
            const DirectiveRef directive = context.graph.edge(edge).directive;
            if (seen.insert(directive).second) {
                finding.places.push_back(place_of(context.model, directive));
            }
        }
    }
    std::ranges::sort(finding.places, {}, &FindingPlace::span);
    finding.notes.emplace_back(
        "variables stand in the target, so nginx looks the name up for each request");
    finding.notes.emplace_back("a name that an `upstream` has, and an address, need no `resolver`");
    findings.push_back(std::move(finding));
}

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    Names certain;
    Names possible;
    collect_failures(context, certain, possible);
    collect_dynamic(context, possible);
    add(context, info, Confidence::proven, certain, findings);
    add(context, info, Confidence::likely, possible, findings);
}

} // namespace

const Rule rules::no_resolver = {
    .info =
        {.id = "no-resolver",
         .catalogue = "D02",
         .group = RuleGroup::names,
         .impact = Impact::high,
         .confidence = Confidence::proven,
         .summary = "a name in a variable has no `resolver` to look it up",
         .explanation =
             R"(A target with variables is looked up for each request. Without `resolver` nginx answers 502 and
logs `no resolver defined to resolve app.internal`. `nginx -t` says nothing.

It is proven where every value that the variables can have is such a name, and likely where one is.

**Repair.** `resolver 127.0.0.11;` in a container, else the addresses of `nameserver` in
/etc/resolv.conf, in `http` or in the server; then reload nginx.

**Silent** about values that are addresses or names of groups; about variables of which nothing is known
but what the request brings.
)",
         .bad = {.conf = R"(events { }
http {
    server {
        listen 80;
        location / {
            set $backend app.internal;
            proxy_pass http://$backend:3000;
        }
    }
}
)",
                 .facts = ""},
         .good = {.conf = R"(events { }
http {
    server {
        listen 80;
        location / {
            set $backend 127.0.0.1;
            proxy_pass http://$backend:3000;
        }
    }
}
)",
                  .facts = ""}},
    .check = check};

} // namespace upstream_lint
