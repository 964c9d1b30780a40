#include "resolve/inherited_setting.hpp"
#include "rules/fault_finding.hpp"
#include "rules/pass_module.hpp"
#include "rules/rules.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>
#include <string_view>

namespace upstream_lint {

namespace {

/// The gateway's errors that it turns into a success; empty: none.
std::string masked_by(const std::vector<std::string>& words) {
    constexpr std::array<std::string_view, 3> errors = {"502", "503", "504"};
    const bool gives_success = std::ranges::any_of(
        words, [](std::string_view word) { return word.size() == 4 && word.starts_with("=2"); });
    if (!gives_success) {
        return {};
    }
    std::string masked;
    for (const std::string_view error : errors) {
        if (std::ranges::find(words, error) != words.end()) {
            masked += (masked.empty() ? "" : ", ") + std::string(error);
        }
    }
    return masked == "503" ? "" : masked;
}

/// The directives that count where an edge stands: those of the nearest level that has any.
LocationId level_with_error_pages(const Model& model, LocationId level) {
    while (!level.is_none() && find_setting(model, level, "error_page") == nullptr) {
        level = model.location(level).parent;
    }
    return level;
}

struct Mask {
    std::string errors;
    std::vector<GraphEdgeId> edges;
};

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    std::map<DirectiveRef, Mask> masks;
    for (std::uint32_t i = 0; i < context.graph.edges.size(); ++i) {
        const GraphEdge& edge = context.graph.edges[i];
        const bool is_passed =
            edge.kind != GraphEdge::Kind::stream && !pass_module(edge.kind).empty();
        const LocationId level =
            is_passed ? level_with_error_pages(context.model, edge.level) : LocationId();
        if (level.is_none()) {
            continue;
        }
        for (const Setting& setting : context.model.settings(level)) {
            if (setting.name != "error_page") {
                continue;
            }
            std::string errors = masked_by(context.model.words(setting.directive));
            if (!errors.empty()) {
                Mask& mask = masks[setting.directive];
                mask.errors = std::move(errors);
                mask.edges.push_back({i});
            }
        }
    }
    for (auto& [directive, mask] : masks) {
        Finding finding =
            finding_of(info, Confidence::proven,
                       fmt::format("clients get a success in place of {}", mask.errors));
        finding.places.push_back(place_of(context.model, directive));
        for (const GraphEdgeId edge : mask.edges) {
            finding.edges.push_back(edge.value);
        }
        finding.notes.emplace_back("whoever watches the status sees no failure: the error log and "
                                   "`$upstream_status` have it");
        findings.push_back(std::move(finding));
    }
}

} // namespace

const Rule rules::error_page_masks_502 = {
    .info = {.id = "error-page-masks-502",
             .catalogue = "A14",
             .group = RuleGroup::configuration,
             .impact = Impact::med,
             .confidence = Confidence::proven,
             .summary = "`error_page` turns a failure of the upstream into a success",
             .explanation =
                 R"(With `error_page 502 =200 /sorry.html` the client gets 200 when nobody answers.
Monitors, caches and clients take the page for the answer. The error log still has the line.

**Repair.** Leave `=200` out: the client gets the same page, with the status of the failure. nginx has to
be reloaded.

**Silent** about `=` without a number, which leaves the status to what answers instead: another server,
mostly; about 503 alone, which maintenance pages use; where nothing is passed on.
)",
             .bad = {.conf = R"(events { }
http {
    server {
        listen 80;
        error_page 502 504 =200 /sorry.html;
        location / {
            proxy_pass http://127.0.0.1:3000;
        }
        location = /sorry.html {
            root /srv/www;
        }
    }
}
)",
                     .facts = ""},
             .good = {.conf = R"(events { }
http {
    server {
        listen 80;
        error_page 502 504 /sorry.html;
        location / {
            proxy_pass http://127.0.0.1:3000;
        }
        location = /sorry.html {
            root /srv/www;
        }
    }
}
)",
                      .facts = ""}},
    .check = check};

} // namespace upstream_lint
