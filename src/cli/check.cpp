#include "cli/check.hpp"

#include "cli/checked_input.hpp"
#include "cli/console.hpp"
#include "cli/exit_status.hpp"
#include "cli/routed_model.hpp"
#include "upstream_lint/collect.hpp"
#include "upstream_lint/config.hpp"
#include "upstream_lint/host.hpp"
#include "upstream_lint/lint.hpp"
#include "upstream_lint/render.hpp"
#include "upstream_lint/render_report.hpp"
#include "upstream_lint/rule.hpp"

#include <algorithm>
#include <deque>
#include <fmt/format.h>
#include <unistd.h>
#include <utility>

namespace upstream_lint::cli {

namespace {

/// A configuration with what it means and what would have to be true of it.
struct Prepared {
    CheckedInput input;
    std::optional<Config> config;
    std::optional<Model> model; ///< none: nginx would refuse it, or it could not be read
    CheckPlan plan;
    Report report;
};

Prepared prepare(CheckedInput input) {
    Prepared prepared{
        .input = std::move(input), .config = {}, .model = {}, .plan = {}, .report = {}};
    LoadOptions load{
        .build = prepared.input.input.build, .context = {}, .prefix = prepared.input.input.prefix};
    load.check_values = true;
    load.keep_blocks = true;
    prepared.config.emplace(
        load_config(*prepared.input.input.files, prepared.input.input.main_name, load));
    prepared.model = build_model(*prepared.config);
    if (prepared.model) {
        prepared.plan = plan_check(*prepared.model, router_options(prepared.input.input));
    }
    return prepared;
}

std::vector<std::string> users_of(const Model& model) {
    std::vector<std::string> users;
    for (const OuterSetting& setting : model.outer_settings()) {
        if (setting.context == Context::main && setting.name == "user") {
            const auto words = model.words(setting.directive);
            users.insert(users.end(), words.begin() + 1, words.end());
        }
    }
    return users;
}

std::vector<std::string> files_of(const Config& config) {
    std::vector<std::string> names;
    const SourceManager& sources = config.sources();
    for (std::uint32_t i = 0; i < sources.file_count(); ++i) {
        names.emplace_back(sources.name(FileId{i}));
    }
    return names;
}

Snapshot collect(const Prepared& prepared, const Options& options) {
    CollectOptions how = collect_options(options);
    CollectRequest request{.plan = &prepared.plan.probes, .users = {}, .files = {}};
    request.files = files_of(*prepared.config);
    if (prepared.model) {
        request.users = users_of(*prepared.model);
    }
    if (prepared.input.instance) {
        how.master_pid = prepared.input.instance->master_pid;
    }
    return collect_facts(request, how);
}

CheckOptions check_options(const Prepared& prepared) {
    CheckOptions options;
    options.router = router_options(prepared.input.input);
    if (prepared.input.instance) {
        options.master_pid = prepared.input.instance->master_pid;
    }
    return options;
}

Stop unreadable(const Error& error) {
    return {exit_not_done, "nginx-upstream-lint: " + describe(error) + "\n"};
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

int status_of(const std::deque<Prepared>& all, const Options& options, bool are_facts_asked) {
    int status = exit_clean;
    for (const Prepared& prepared : all) {
        const Report& report = prepared.report;
        const bool is_unread = !prepared.model && prepared.config->verdict() != Verdict::violated;
        if (is_unread || (options.require_facts && !is_whole(report)) ||
            (are_facts_asked && prepared.model && judged_nothing(report))) {
            return exit_not_done;
        }
        status = fails(report, options.fail_on) ? exit_findings : status;
    }
    return status;
}

std::string rendered(const std::deque<Prepared>& all, const Options& options,
                     const TextStyle& style) {
    std::vector<CheckedConfig> checked;
    for (const Prepared& prepared : all) {
        CheckedConfig entry{.report = &prepared.report,
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

/// What runs here, where that matters.
FoundInstances running_instances(const Options& options) {
    const bool is_elsewhere = options.root || !options.mappings.empty();
    const bool is_given = !options.facts.empty() && options.facts.front() != "live" && options.conf;
    return is_elsewhere || is_given ? FoundInstances{}
                                    : find_nginx_instances(collect_options(options));
}

std::variant<std::deque<Prepared>, Stop> prepare_all(const Options& options) {
    auto found = find_checked_inputs(options, running_instances(options));
    if (auto* const stop = std::get_if<Stop>(&found)) {
        return std::move(*stop);
    }
    std::deque<Prepared> all;
    for (CheckedInput& input : std::get<std::vector<CheckedInput>>(found)) {
        all.push_back(prepare(std::move(input)));
    }
    return all;
}

bool is_live(const Options& options, const std::deque<Prepared>& all) {
    return wants_live_facts(options, std::ranges::any_of(all, [](const Prepared& prepared) {
                                return prepared.input.instance.has_value();
                            }));
}

} // namespace

int run_check(const Options& options) {
    auto prepared = prepare_all(options);
    if (const auto* const stop = std::get_if<Stop>(&prepared)) {
        Console::message(stop->text);
        return stop->status;
    }
    auto& all = std::get<std::deque<Prepared>>(prepared);
    const bool live = is_live(options, all);
    const bool is_file = !options.facts.empty() && !live && options.facts.front() != "none";
    std::variant<Snapshot, Stop> given = Snapshot{};
    if (is_file) {
        given = read_snapshot(options.facts.front());
    }
    if (const auto* const stop = std::get_if<Stop>(&given)) {
        Console::message(stop->text);
        return stop->status;
    }
    for (Prepared& one : all) {
        if (!one.model) {
            one.report = check_unread(*one.config);
            continue;
        }
        const Snapshot facts = live ? collect(one, options) : std::get<Snapshot>(given);
        one.report = check(*one.model, one.plan, facts, check_options(one));
    }
    const Console console(options);
    if (!console.report(rendered(all, options, console.style()))) {
        return exit_not_done;
    }
    return status_of(all, options, live || is_file);
}

int run_snapshot(const Options& options) {
    auto prepared = prepare_all(options);
    if (const auto* const stop = std::get_if<Stop>(&prepared)) {
        Console::message(stop->text);
        return stop->status;
    }
    const auto& all = std::get<std::deque<Prepared>>(prepared);
    if (all.size() > 1) {
        Console::message("nginx-upstream-lint: several nginx run here: choose one with "
                         "--instance\n");
        return exit_usage;
    }
    const Prepared& one = all.front();
    if (!one.model) {
        Console::message(render_nginx(*one.config));
        return exit_not_done;
    }
    Snapshot facts = collect(one, options);
    if (options.with_config) {
        const SourceManager& sources = one.config->sources();
        for (std::uint32_t i = 0; i < sources.file_count(); ++i) {
            facts.configuration.push_back({.name = std::string(sources.name(FileId{i})),
                                           .text = std::string(sources.bytes(FileId{i}))});
        }
    }
    const Console console(options);
    return console.report(print_snapshot(facts)) ? exit_clean : exit_not_done;
}

int run_explain(const Options& options) {
    const Console console(options);
    if (options.rule.empty()) {
        std::string list;
        for (const RuleInfo* const rule : all_rules()) {
            list += fmt::format("{:<36} {}\n", rule->id, rule->summary);
        }
        return console.report(list) ? exit_clean : exit_not_done;
    }
    const RuleInfo* const rule = find_rule(options.rule);
    if (rule == nullptr) {
        Console::message(fmt::format("nginx-upstream-lint: there is no rule \"{}\"; "
                                     "nginx-upstream-lint explain lists them\n",
                                     visible(options.rule)));
        return exit_usage;
    }
    return console.report(rule_page(*rule)) ? exit_clean : exit_not_done;
}

} // namespace upstream_lint::cli
