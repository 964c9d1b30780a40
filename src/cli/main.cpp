#include "cli/check.hpp"
#include "cli/console.hpp"
#include "cli/exit_status.hpp"
#include "cli/explain.hpp"
#include "cli/input.hpp"
#include "cli/options.hpp"
#include "cli/route.hpp"
#include "cli/routes.hpp"
#include "cli/snapshot.hpp"
#include "upstream_lint/config.hpp"
#include "upstream_lint/host.hpp"
#include "upstream_lint/render.hpp"

#include <algorithm>
#include <exception>
#include <fmt/format.h>
#include <unistd.h>

namespace upstream_lint::cli {

namespace {

bool has_warnings(const Config& config) {
    return std::ranges::any_of(config.diagnostics(),
                               [](const Diagnostic& d) { return d.level == Level::warn; });
}

int test_status(const Config& config, FailOn fail_on) {
    const Verdict verdict = config.verdict();
    const bool main_file_read = !config.inclusions().empty();
    if (verdict == Verdict::unknown || !main_file_read) {
        return exit_not_done;
    }
    if (fail_on == FailOn::never) {
        return exit_clean;
    }
    const bool failed =
        verdict == Verdict::violated || (fail_on == FailOn::warning && has_warnings(config));
    return failed ? exit_findings : exit_clean;
}

int run_test(const Options& options, const Config& config) {
    const Console console(options);
    const bool all = options.all || options.format != Format::text;
    bool written = true;
    if (options.format == Format::json) {
        written = console.report(render_test_json(config, console.style()));
    } else if (options.format == Format::gcc) {
        written =
            console.report(render_gcc(config.diagnostics(), config.sources(), console.style()));
    } else if (all) {
        written =
            console.report(render_text(config.diagnostics(), config.sources(), console.style()));
    }
    Console::message(all ? render_verdict(config) : render_nginx(config));
    return written ? test_status(config, options.fail_on) : exit_not_done;
}

int run_dump(const Options& options, const Config& config) {
    const Console console(options);
    const DumpOptions dump{.combine = options.combine,
                           .comments = options.comments,
                           .spans = options.spans,
                           .indent = options.indent};
    const bool written = console.report(render_dump(config, dump, console.style()));
    return written && !config.inclusions().empty() ? exit_clean : exit_not_done;
}

/// The commands that take one configuration and ask nothing of the host.
int run_on_input(const Options& options) {
    const auto found = find_input(options);
    if (const auto* stop = std::get_if<Stop>(&found)) {
        Console::message(stop->text);
        return stop->status;
    }
    const auto& input = std::get<Input>(found);
    const Config config = load_config(*input.files, input.main_name, load_options(options, input));
    switch (options.command) {
    case Command::test:
        return run_test(options, config);
    case Command::dump:
        return run_dump(options, config);
    case Command::route:
        return run_route(options, input, config);
    default:
        return run_routes(options, input, config);
    }
}

int run(int argc, const char* const* argv) {
    const auto parsed = parse_options(argc, argv);
    if (const auto* stop = std::get_if<Stop>(&parsed)) {
        (void)write_stream(stop->status == exit_clean ? STDOUT_FILENO : STDERR_FILENO, stop->text);
        return stop->status;
    }
    const auto& options = std::get<Options>(parsed);
    switch (options.command) {
    case Command::check:
        return run_check(options);
    case Command::snapshot:
        return run_snapshot(options);
    case Command::explain:
        return run_explain(options);
    default:
        return run_on_input(options);
    }
}

} // namespace

} // namespace upstream_lint::cli

int main(int argc, char** argv) {
    try {
        return upstream_lint::cli::run(argc, argv);
    } catch (const std::exception& error) {
        (void)upstream_lint::write_stream(
            STDERR_FILENO, fmt::format("nginx-upstream-lint: internal error: {}\n", error.what()));
        return upstream_lint::cli::exit_not_done;
    }
}
