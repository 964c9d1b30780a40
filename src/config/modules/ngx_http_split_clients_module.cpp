#include "config/modules/modules.hpp"
#include "config/script.hpp"
#include "config/value.hpp"

#include <array>
#include <fmt/format.h>
#include <vector>

/// src/http/modules/ngx_http_split_clients_module.c;
/// src/stream/ngx_stream_split_clients_module.c says the same.
namespace upstream_lint {

namespace {

constexpr std::uint64_t whole = 10000; // hundredths of a percent

/// The body of one `split_clients`.
struct SplitClients {
    std::vector<std::uint32_t> parts; ///< 0: `*`
};

/// ngx_http_split_clients, which does not count its arguments.
void split_clients_line(Directive& line) {
    std::uint32_t part = 0;
    const std::string_view percent = line[0];
    if (percent != "*") {
        const auto value = percent.ends_with('%')
                               ? parse_fixed_point(percent.substr(0, percent.size() - 1), 2)
                               : std::nullopt;
        if (value.value_or(0) == 0) {
            line.emerg(0, fmt::format("invalid percent value \"{}\"", percent));
            return;
        }
        part = static_cast<std::uint32_t>(*value);
    }
    line.scope().conf<SplitClients>().parts.push_back(part);
}

void end_split_clients(Cycle& cycle, Scope& block, const Place& brace) {
    std::uint64_t sum = 0;
    for (const std::uint32_t part : block.conf<SplitClients>().parts) {
        sum = part != 0 ? sum + part : whole;
        if (sum > whole) {
            cycle.report(Level::emerg, "percent total is greater than 100%", brace)
                .label(cycle.place(block), "of this block");
            return;
        }
    }
}

constexpr std::array<DirectiveSetter, 1> setters = {{
    {"split_clients", shared::split_clients_block},
}};

} // namespace

/// ngx_conf_split_clients_block
void shared::split_clients_block(Directive& directive) {
    directive.set_line_handler(split_clients_line);
    directive.set_end_handler(end_split_clients);
    if (!script::compile(directive, 1).valid) {
        return;
    }
    const std::string_view name = script::variable_name(directive, 2);
    if (!name.empty()) {
        (void)script::define_variable(directive, 2, name, true);
    }
}

const ModuleSetters ngx_http_split_clients_module = {"ngx_http_split_clients", setters};

} // namespace upstream_lint
