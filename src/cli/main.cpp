#include "cli/exit_status.hpp"
#include "cli/input.hpp"
#include "cli/options.hpp"
#include "upstream_lint/config.hpp"
#include "upstream_lint/host.hpp"
#include "upstream_lint/render.hpp"

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <fmt/format.h>
#include <unistd.h>

namespace upstream_lint::cli {

namespace {

/// Where reports go, and what they look like there.
class Console {
public:
    explicit Console(const Options& options) : options_(options) {
        style_.base_folder = current_directory() + "/";
        style_.color = options.color == Color::always ||
                       (options.color == Color::automatic && !options.output &&
                        is_terminal(STDOUT_FILENO) && std::getenv("NO_COLOR") == nullptr);
    }

    [[nodiscard]] const TextStyle& style() const { return style_; }

    /// The report, to --output or standard output. False when it could not be written.
    [[nodiscard]] bool report(std::string_view text) const {
        const auto error = options_.output ? write_file(*options_.output, text)
                                           : write_stream(STDOUT_FILENO, text);
        if (error) {
            message("nginx-upstream-lint: " + describe(*error) + "\n");
        }
        return !error;
    }

    /// To standard error. A terminal gets no control characters of the input.
    static void message(std::string_view text) {
        if (!is_terminal(STDERR_FILENO)) {
            (void)write_stream(STDERR_FILENO, text);
            return;
        }
        std::string shown;
        while (!text.empty()) {
            const std::size_t line_end = std::min(text.find('\n'), text.size());
            shown += visible(text.substr(0, line_end)) + "\n";
            text.remove_prefix(std::min(line_end + 1, text.size()));
        }
        (void)write_stream(STDERR_FILENO, shown);
    }

private:
    const Options& options_;
    TextStyle style_;
};

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

int run(int argc, const char* const* argv) {
    const auto parsed = parse_options(argc, argv);
    if (const auto* stop = std::get_if<Stop>(&parsed)) {
        (void)write_stream(stop->status == exit_clean ? STDOUT_FILENO : STDERR_FILENO, stop->text);
        return stop->status;
    }
    const auto& options = std::get<Options>(parsed);
    const auto found = find_input(options);
    if (const auto* stop = std::get_if<Stop>(&found)) {
        Console::message(stop->text);
        return stop->status;
    }
    const auto& input = std::get<Input>(found);
    LoadOptions load{.build = input.build, .context = options.context, .prefix = input.prefix};
    load.check_values = options.command == Command::test;
    load.first_error_only =
        options.command == Command::test && !options.all && options.format == Format::text;
    const Config config = load_config(*input.files, input.main_name, load);
    return options.command == Command::test ? run_test(options, config) : run_dump(options, config);
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
