// A configuration and a request: where the request goes, and which ways there are at all.

#include "property.hpp"
#include "upstream_lint/config.hpp"
#include "upstream_lint/probe_plan.hpp"
#include "upstream_lint/render_route.hpp"
#include "upstream_lint/render_routes.hpp"
#include "upstream_lint/resolution.hpp"
#include "upstream_lint/routes.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace upstream_lint::fuzz {
namespace {

constexpr std::string_view main_file = "/etc/nginx/nginx.conf";

/// Takes the first line off.
std::string_view next_line(std::string_view& text) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return line;
}

/// URL, method, version, target, client, where it arrives, one line each; then headers up to an
/// empty line. What is left of the text is the configuration.
Request read_request(std::string_view& text) {
    Request request;
    request.url = next_line(text);
    request.method = next_line(text);
    request.http = next_line(text);
    const auto optional_line = [&](std::optional<std::string>& field) {
        if (const std::string_view line = next_line(text); !line.empty())
            field = line;
    };
    optional_line(request.target);
    optional_line(request.client);
    optional_line(request.connect);
    while (!text.empty()) {
        const std::string_view line = next_line(text);
        if (line.empty())
            break;
        if (!request.headers)
            request.headers.emplace();
        const std::size_t colon = line.find(':');
        request.headers->push_back(
            {std::string(line.substr(0, colon)), colon == std::string_view::npos
                                                     ? std::string()
                                                     : std::string(line.substr(colon + 1))});
    }
    return request;
}

template <typename Id> bool is_valid(Id id, std::size_t size) {
    return id.is_none() || id.value < size;
}

void check(const Model& model, const Answer& answer) {
    require(is_valid(answer.listener, model.listeners().size()),
            "the listener is one of the model");
    require(is_valid(answer.server, model.servers().size()), "the server is one of the model");
    require(is_valid(answer.location, model.locations().size()),
            "the location is one of the model");
    require(is_valid(answer.block, model.locations().size()), "the block is one of the model");
    require(answer.branches.size() <= RouterOptions().max_branches, "branches are bounded");
    require(answer.branches.size() != 1, "one branch is none");
    if (answer.certainty == Certainty::exact)
        require(answer.branches.empty() && answer.assumptions.empty(),
                "what is exact supposes nothing");
}

void check(const Model& model, const RouteList& list) {
    for (const ServerEntry& entry : list.entries)
        require((entry.reach == Reach::reached) == entry.host.has_value(),
                "a name that is reached has an example, and no other has one");
    for (const Route& route : list.routes) {
        require(is_valid(route.server, model.servers().size()), "the server is one of the model");
        require(is_valid(route.location, model.locations().size()),
                "the location is one of the model");
        require(route.reach != Reach::reached || route.example,
                "a way that is reached has an example");
        require(route.reach != Reach::never || !route.example,
                "no request goes where none gets to");
        require(route.reach == Reach::reached || !route.why.empty(),
                "why a way is not reached is said");
    }
}

} // namespace
} // namespace upstream_lint::fuzz

extern "C" int
LLVMFuzzerTestOneInput(const std::uint8_t* data, // NOLINT(readability-identifier-naming)
                       std::size_t size) {
    using namespace upstream_lint;
    std::string_view text = fuzz::as_text(data, size);
    const Request request = fuzz::read_request(text);
    MemoryFileSystem files;
    files.add(fuzz::main_file, std::string(text));
    LoadOptions options;
    options.keep_blocks = true;
    options.context = Context::main;
    options.threads = 1;
    const auto model = build_model(load_config(files, fuzz::main_file, options));
    if (!model)
        return 0;
    Router router(*model);
    const Answer answer = router.route(request);
    fuzz::check(*model, answer);
    const RouteRequest asked{request};
    const std::string json = render_route_json(answer, asked, *model, {});
    fuzz::require(json == render_route_json(router.route(request), asked, *model, {}),
                  "the same request goes the same way");
    (void)render_route_text(answer, request, *model, {}, true);
    RouteListOptions all;
    all.patterns = true;
    const RouteList list = find_routes(*model, all);
    fuzz::check(*model, list);
    (void)render_routes_table(list, *model, {}, {});
    (void)render_routes_json(list, *model, {}, {});
    (void)render_routes_dot(list, *model, {});
    (void)render_routes_mermaid(list, *model, {});
    const ResolutionGraph graph = build_graph(*model);
    fuzz::require(plan_probes(*model, graph).needs.size() == graph.targets.size(),
                  "each target has its questions");
    return 0;
}
