#include "render/json_places.hpp"
#include "source/utf8.hpp"
#include "upstream_lint/render_report.hpp"

#include <algorithm>

namespace upstream_lint {

namespace {

std::string_view verdict_name(Verdict verdict) {
    switch (verdict) {
    case Verdict::satisfied:
        return "verified";
    case Verdict::violated:
        return "violated";
    case Verdict::unknown:
        break;
    }
    return "unknown";
}

Json evidence_json(const std::vector<Evidence>& evidence) {
    Json list = Json::array();
    for (const Evidence& one : evidence) {
        list.push_back({{"fact", to_utf8(one.fact)},
                        {"value", to_utf8(one.value)},
                        {"source", to_utf8(one.source)},
                        {"time", one.time.empty() ? Json() : Json(one.time)},
                        {"status", one.status}});
    }
    return list;
}

Json places_json(const std::vector<FindingPlace>& all, const Places& places) {
    Json list = Json::array();
    for (const FindingPlace& place : all) {
        Json& entry = list.emplace_back();
        places.add(entry, place.span);
        entry["trail"] = places.all(place.trail);
    }
    return list;
}

Json text_or_null(const std::string& text) {
    return text.empty() ? Json() : Json(to_utf8(text));
}

Json fix_json(const std::optional<FixIt>& fix, const Places& places) {
    if (!fix) {
        return nullptr;
    }
    Json object{{"title", to_utf8(fix->title)}, {"edits", Json::array()}};
    for (const FixIt::Edit& edit : fix->edits) {
        Json& entry = object["edits"].emplace_back();
        places.add(entry, edit.span);
        entry["text"] = to_utf8(edit.text);
    }
    return object;
}

Json finding_json(const Finding& finding, const Places& places) {
    Json object{{"rule", finding.rule},
                {"severity", severity_name(finding.severity)},
                {"confidence", confidence_name(finding.confidence)},
                {"verdict", verdict_name(finding.verdict)},
                {"message", to_utf8(finding.message)}};
    places.add(object, finding.places.empty() ? Span() : finding.places.front().span);
    object["places"] = places_json(finding.places, places);
    object["labels"] = places.labels(finding.labels);
    object["notes"] = json_texts(finding.notes);
    object["evidence"] = evidence_json(finding.evidence);
    object["urls"] = json_texts(finding.urls);
    object["fix"] = fix_json(finding.fix, places);
    object["command"] = text_or_null(finding.command);
    object["verify"] = text_or_null(finding.verify);
    return object;
}

Json target_json(const TargetVerdict& target, const Places& places) {
    return {
        {"target", to_utf8(target.target)},        {"kind", target.kind},
        {"verdict", verdict_name(target.verdict)}, {"reason", text_or_null(target.reason)},
        {"facts", evidence_json(target.facts)},    {"places", places_json(target.places, places)}};
}

void add_coverage(Json& coverage, const Report& report) {
    for (const Coverage& row : report.coverage) {
        Json& status = coverage[row.source];
        if (status.is_null() || status == "ok") {
            status = row.status;
        }
    }
}

class Totals {
public:
    void add(const Report& report) {
        for (const Finding& finding : report.findings) {
            if (finding.verdict == Verdict::violated) {
                ++findings_[static_cast<std::size_t>(finding.severity)];
            }
        }
        for (const TargetVerdict& target : report.targets) {
            ++targets_[static_cast<std::size_t>(target.verdict)];
        }
        left_to_probes_ += report.left_to_probes;
    }

    [[nodiscard]] Json json() const {
        return {{"errors", findings_[2]},
                {"warnings", findings_[1]},
                {"infos", findings_[0]},
                {"verified", targets_[0]},
                {"violated", targets_[1]},
                {"unknown", targets_[2]},
                {"left_to_probes", left_to_probes_}};
    }

private:
    std::array<std::uint64_t, 3> findings_{};
    std::array<std::uint64_t, 3> targets_{};
    std::uint64_t left_to_probes_ = 0;
};

} // namespace

std::string render_report_json(std::span<const CheckedConfig> checked, const ReportStyle& style) {
    Json document{{"schema", "nginx-upstream-lint/check/1"},
                  {"configs", Json::array()},
                  {"coverage", Json::object()},
                  {"targets", Json::array()},
                  {"findings", Json::array()}};
    Totals totals;
    for (const CheckedConfig& config : checked) {
        const Places places(*config.sources, style.text);
        document["configs"].push_back(
            {{"file", to_utf8(config.name)},
             {"master_pid", config.master ? Json(*config.master) : Json()},
             {"note", text_or_null(config.note)}});
        add_coverage(document["coverage"], *config.report);
        for (const TargetVerdict& target : config.report->targets) {
            document["targets"].push_back(target_json(target, places));
        }
        for (const Finding& finding : config.report->findings) {
            document["findings"].push_back(finding_json(finding, places));
        }
        totals.add(*config.report);
    }
    document["summary"] = totals.json();
    return document.dump(2) + "\n";
}

} // namespace upstream_lint
