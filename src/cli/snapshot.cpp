#include "cli/snapshot.hpp"

#include "cli/console.hpp"
#include "cli/exit_status.hpp"
#include "cli/prepared.hpp"
#include "cli/progress.hpp"
#include "upstream_lint/facts.hpp"
#include "upstream_lint/render.hpp"

#include <deque>
#include <variant>
#include <vector>

namespace upstream_lint::cli {

namespace {

std::vector<ConfigurationFile> files_of(const Config& config) {
    const SourceManager& sources = config.sources();
    std::vector<ConfigurationFile> files;
    for (std::uint32_t i = 0; i < sources.file_count(); ++i) {
        files.push_back({.name = std::string(sources.name(FileId{i})),
                         .text = without_secrets(config.tree(FileId{i}))});
    }
    return files;
}

} // namespace

int run_snapshot(const Options& options) {
    Progress progress("reading the configuration");
    const auto [all, stops] = prepare_all(options);
    if (all.empty()) {
        progress.end();
        Console::message(stops.front().text);
        return stops.front().status;
    }
    if (all.size() + stops.size() > 1) {
        progress.end();
        Console::message("nginx-upstream-lint: several nginx run here: choose one with "
                         "--instance\n");
        return exit_usage;
    }
    const Prepared& one = all.front();
    if (!one.model) {
        progress.end();
        Console::message(render_nginx(*one.config));
        return exit_not_done;
    }
    progress.show("asking this host");
    Snapshot facts = collect(one, options);
    progress.end();
    if (options.with_config) {
        facts.configuration = files_of(*one.config);
    }
    const Console console(options);
    return console.report(print_snapshot(facts)) ? exit_clean : exit_not_done;
}

} // namespace upstream_lint::cli
