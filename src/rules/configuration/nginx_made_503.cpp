#include "resolve/inherited_setting.hpp"
#include "rules/fault_finding.hpp"
#include "rules/rules.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace upstream_lint {

namespace {

constexpr std::string_view unavailable = "503";

/// Whether a limit answers 503, which it does unless another status is set.
bool answers_503(const Model& model, LocationId level, std::string_view limit) {
    const std::string name = std::string(limit) + "_status";
    const Setting* const status = find_inherited_setting(model, level, name);
    return status == nullptr || model.words(status->directive)[1] == unavailable;
}

bool makes_503(const Model& model, LocationId level, const Setting& setting) {
    if (setting.name == "return") {
        return model.words(setting.directive)[1] == unavailable;
    }
    const bool is_limit = setting.name == "limit_req" || setting.name == "limit_conn";
    return is_limit && answers_503(model, level, setting.name);
}

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    const Model& model = context.model;
    Finding finding = finding_of(info, Confidence::proven, "nginx itself answers 503 here");
    for (std::uint32_t i = 0; i < model.locations().size(); ++i) {
        const Location& location = model.locations()[i];
        const bool is_http = location.server.is_none()
                                 ? location.kind == Location::Kind::http
                                 : model.server(location.server).protocol == Protocol::http;
        for (const Setting& setting : model.settings({i})) {
            if (is_http && makes_503(model, {i}, setting)) {
                finding.places.push_back(place_of(model, setting.directive));
            }
        }
    }
    if (finding.places.empty()) {
        return;
    }
    std::ranges::sort(finding.places, {}, &FindingPlace::span);
    finding.notes.emplace_back("a 503 from these places says nothing of what stands behind nginx; "
                               "`return` leaves no line in the error log");
    findings.push_back(std::move(finding));
}

} // namespace

const Rule rules::nginx_made_503 = {
    .info = {.id = "nginx-made-503",
             .catalogue = "A15",
             .group = RuleGroup::configuration,
             .impact = Impact::low,
             .confidence = Confidence::proven,
             .summary = "nginx answers 503 by itself",
             .explanation =
                 R"(`return 503`, `limit_req` and `limit_conn` answer 503 without asking anybody.
The limits log `limiting requests, excess: ...` and `limiting connections by zone`, `return` nothing.

It is told so that nobody looks for such a 503 behind nginx.

**Repair.** None is needed.

**Silent** about limits with another status.
)",
             .bad = {.conf = R"(events { }
http {
    server {
        listen 80;
        location / {
            return 503;
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
            return 404;
        }
    }
}
)",
                      .facts = ""}},
    .check = check};

} // namespace upstream_lint
