#include "cli/check.hpp"

#include "cli/console.hpp"
#include "cli/exit_status.hpp"
#include "cli/prepared.hpp"
#include "cli/progress.hpp"
#include "cli/routed_model.hpp"
#include "upstream_lint/host.hpp"
#include "upstream_lint/lint.hpp"
#include "upstream_lint/render.hpp"
#include "upstream_lint/render_report.hpp"

#include <algorithm>
#include <cstddef>
#include <deque>
#include <optional>
#include <unistd.h>
#include <utility>
#include <vector>

namespace upstream_lint::cli {

namespace {

CheckOptions check_options(const Prepared& prepared) {
    CheckOptions options;
    options.router = router_options(prepared.input.input);
    if (prepared.input.instance) {
        options.master_pid = prepared.input.instance->master_pid;
    }
    return options;
}

std::variant<Snapshot, Stop> read_snapshot(const std::string& path) {
    const auto bytes = path == "-" ? read_stream(STDIN_FILENO) : real_file_system()->read(path);
    if (!bytes) {
        return unreadable(bytes.error());
    }
    auto snapshot = parse_snapshot(bytes->view(), path);
    if (!snapshot) {
        return unreadable(snapshot.error());
    }
    return std::move(snapshot).value();
}

bool is_whole(const Report& report) {
    return std::ranges::all_of(report.coverage, [](const Coverage& coverage) {
        return coverage.status == "ok" || coverage.status == "absent";
    });
}

bool fails(const Report& report, FailOn fail_on) {
    if (fail_on == FailOn::never) {
        return false;
    }
    const Severity least = fail_on == FailOn::warning ? Severity::warning : Severity::error;
    return std::ranges::any_of(report.findings, [&](const Finding& finding) {
        return finding.verdict == Verdict::violated && finding.severity >= least;
    });
}

/// Facts were asked for, there are targets, and not one of them could be judged.
bool judged_nothing(const Report& report) {
    return !report.targets.empty() &&
           std::ranges::all_of(report.targets, [](const TargetVerdict& target) {
               return target.verdict == Verdict::unknown;
           });
}

/// Whether its file could not be read, or something that it needs.
bool is_unread(const Prepared& prepared) {
    const Config& config = *prepared.config;
    return !prepared.model &&
           (config.verdict() != Verdict::violated || config.inclusions().empty());
}

int status_of(const std::deque<Prepared>& all, const std::vector<Report>& reports,
              const Options& options, bool are_facts_asked) {
    int status = exit_clean;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const Prepared& prepared = all[i];
        const Report& report = reports[i];
        if (is_unread(prepared) || (options.require_facts && !is_whole(report)) ||
            (are_facts_asked && prepared.model && judged_nothing(report))) {
            return exit_not_done;
        }
        status = fails(report, options.fail_on) ? exit_findings : status;
    }
    return status;
}

std::string rendered(const std::deque<Prepared>& all, const std::vector<Report>& reports,
                     const Options& options, const TextStyle& style) {
    std::vector<CheckedConfig> checked;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const Prepared& prepared = all[i];
        CheckedConfig entry{.report = &reports[i],
                            .sources = &prepared.config->sources(),
                            .name = prepared.input.input.main_name,
                            .master = {}};
        if (prepared.input.instance) {
            entry.master = prepared.input.instance->master_pid;
        }
        checked.push_back(std::move(entry));
    }
    const ReportStyle report_style{.text = style, .show_unknown = options.show_unknown};
    switch (options.format) {
    case Format::json:
        return render_report_json(checked, report_style);
    case Format::gcc:
        return render_report_gcc(checked, report_style);
    default:
        return render_report_text(checked, report_style);
    }
}

bool is_live(const Options& options, const std::deque<Prepared>& all) {
    return wants_live_facts(options, std::ranges::any_of(all, [](const Prepared& prepared) {
                                return prepared.input.instance.has_value();
                            }));
}

/// A snapshot that --facts names; none: facts come from elsewhere.
std::variant<std::optional<Snapshot>, Stop> given_facts(const Options& options) {
    const bool is_file = !options.facts.empty() && options.facts.front() != "live" &&
                         options.facts.front() != "none";
    if (!is_file) {
        return std::nullopt;
    }
    auto read = read_snapshot(options.facts.front());
    if (auto* const stop = std::get_if<Stop>(&read)) {
        return std::move(*stop);
    }
    return std::optional(std::get<Snapshot>(std::move(read)));
}

/// What CONF names; without it, the configuration that a snapshot brings along.
PreparedInputs prepare(const Options& options, const std::optional<Snapshot>& given) {
    const bool is_named = options.conf || options.root || !options.mappings.empty();
    return given && !is_named && !given->configuration.empty() ? prepare_embedded(options, *given)
                                                               : prepare_all(options);
}

Report report_of(const Prepared& prepared, const Options& options, bool live,
                 const std::optional<Snapshot>& given) {
    if (!prepared.model) {
        return check_unread(*prepared.config);
    }
    const Snapshot facts = live ? collect(prepared, options) : given.value_or(Snapshot{});
    return check(*prepared.model, prepared.plan, facts, check_options(prepared));
}

int stopped(const Stop& stop) {
    Console::message(stop.text);
    return stop.status;
}

} // namespace

int run_check(const Options& options) {
    const auto given = given_facts(options);
    if (const auto* const stop = std::get_if<Stop>(&given)) {
        return stopped(*stop);
    }
    const auto& snapshot = std::get<std::optional<Snapshot>>(given);
    Progress progress("reading the configuration");
    const auto [all, stops] = prepare(options, snapshot);
    if (all.empty()) {
        progress.end();
        return stopped(stops.front());
    }
    const bool live = is_live(options, all);
    progress.show(live ? "asking this host" : "comparing with the facts");
    std::vector<Report> reports;
    for (const Prepared& one : all) {
        reports.push_back(report_of(one, options, live, snapshot));
    }
    progress.end();
    const Console console(options);
    if (!console.report(rendered(all, reports, options, console.style()))) {
        return exit_not_done;
    }
    for (const Prepared& one : all) {
        if (is_unread(one)) {
            Console::message(render_nginx(*one.config));
        }
    }
    for (const Stop& stop : stops) {
        stopped(stop);
    }
    return stops.empty() ? status_of(all, reports, options, live || snapshot) : exit_not_done;
}

} // namespace upstream_lint::cli
