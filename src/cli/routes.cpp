#include "cli/routes.hpp"

#include "cli/console.hpp"
#include "cli/exit_status.hpp"
#include "cli/routed_model.hpp"
#include "upstream_lint/render_routes.hpp"
#include "upstream_lint/routes.hpp"

#include <cstdlib>
#include <string>

namespace upstream_lint::cli {

namespace {

std::string rendered(const Options& options, const RouteList& list, const Model& model,
                     const TextStyle& style) {
    switch (options.format) {
    case Format::json:
        return render_routes_json(list, model, style, options.to);
    case Format::dot:
        return render_routes_dot(list, model, style);
    case Format::mermaid:
        return render_routes_mermaid(list, model, style);
    default:
        return render_routes_table(list, model, style, options.to);
    }
}

} // namespace

int run_routes(const Options& options, const Input& input, const Config& config) {
    const auto model = routed_model(config);
    if (!model) {
        return exit_not_done;
    }
    RouteListOptions list_options;
    list_options.router = router_options(input);
    list_options.to = options.to;
    list_options.patterns = !options.to.empty();
    const RouteList list = find_routes(*model, list_options);
    const Console console(options);
    const bool written = console.report(rendered(options, list, *model, console.style()));
    // without the destructors: a tenth of the time would go into the freeing of what was read
    std::exit(written ? exit_clean : exit_not_done);
}

} // namespace upstream_lint::cli
