#include "cli/routed_model.hpp"

#include "cli/console.hpp"
#include "upstream_lint/render.hpp"

#include <fmt/format.h>

namespace upstream_lint::cli {

std::optional<Model> routed_model(const Config& config) {
    auto model = build_model(config);
    if (model) {
        return model;
    }
    Console::message(render_nginx(config));
    if (config.verdict() == Verdict::satisfied && config.context() != Context::main) {
        Console::message(fmt::format("nginx-upstream-lint: this is a file for `{}`: ways are found "
                                     "in whole configurations\n",
                                     context_name(config.context())));
    }
    return std::nullopt;
}

RouterOptions router_options(const Input& input) {
    RouterOptions options;
    options.files = input.served_files.get();
    options.prefix = input.prefix.ends_with('/') ? input.prefix : input.prefix + "/";
    options.hostname = input.hostname;
    return options;
}

} // namespace upstream_lint::cli
