#include "cli/route.hpp"

#include "cli/console.hpp"
#include "cli/exit_status.hpp"
#include "cli/routed_model.hpp"
#include "upstream_lint/host.hpp"
#include "upstream_lint/render_route.hpp"
#include "upstream_lint/resolution.hpp"

#include <fmt/format.h>
#include <optional>
#include <unistd.h>
#include <utility>
#include <vector>

namespace upstream_lint::cli {

namespace {

/// The requests of the command line and of --requests, and whether each could be read.
struct Asked {
    std::vector<RouteRequest> requests;
    bool is_whole = true;
};

bool add_from_file(const std::string& path, Asked& asked) {
    const bool is_stdin = path == "-";
    const auto bytes = is_stdin ? read_stream(STDIN_FILENO) : real_file_system()->read(path);
    if (!bytes) {
        Console::message("nginx-upstream-lint: " + describe(bytes.error()) + "\n");
        return false;
    }
    ParsedRequests parsed = parse_requests(bytes->view());
    for (const RequestProblem& problem : parsed.problems) {
        Console::message(fmt::format("{}:{}:{}: error: {}\n", is_stdin ? "<stdin>" : visible(path),
                                     problem.place.line, problem.place.column,
                                     visible(problem.message)));
        asked.is_whole = false;
    }
    asked.requests.insert(asked.requests.end(), std::make_move_iterator(parsed.requests.begin()),
                          std::make_move_iterator(parsed.requests.end()));
    return true;
}

std::string rendered(const Options& options, Router& router, const RouteRequest& route,
                     const Model& model, const TextStyle& style) {
    const Answer answer = router.route(route.request);
    constexpr unsigned indent = 2;
    switch (options.format) {
    case Format::json:
        return render_route_json(answer, route, model, style, indent);
    case Format::jsonl:
        return render_route_json(answer, route, model, style);
    default:
        return render_route_text(answer, route.request, model, style, options.why);
    }
}

} // namespace

int run_route(const Options& options, const Input& input, const Config& config) {
    const auto model = routed_model(config);
    if (!model) {
        return exit_not_done;
    }
    Asked asked;
    for (const std::string& url : options.urls) {
        RouteRequest& route = asked.requests.emplace_back();
        route.request = options.request;
        route.request.url = url;
    }
    if (options.requests && !add_from_file(*options.requests, asked)) {
        return exit_not_done;
    }
    if (options.format == Format::json && asked.requests.size() > 1) {
        Console::message("nginx-upstream-lint: --format json is one document, and there are "
                         "several requests: take --format jsonl\n");
        return exit_usage;
    }
    Router router(*model, router_options(input));
    const Console console(options);
    std::string report;
    for (const RouteRequest& route : asked.requests) {
        const bool needs_blank_line = !report.empty() && options.format == Format::text;
        report += needs_blank_line ? "\n" : "";
        report += rendered(options, router, route, *model, console.style());
    }
    const bool written = console.report(report);
    return written && asked.is_whole ? exit_clean : exit_not_done;
}

} // namespace upstream_lint::cli
