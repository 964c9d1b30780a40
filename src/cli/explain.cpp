#include "cli/explain.hpp"

#include "cli/console.hpp"
#include "cli/exit_status.hpp"
#include "upstream_lint/render.hpp"
#include "upstream_lint/rule.hpp"

#include <fmt/format.h>
#include <string>

namespace upstream_lint::cli {

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
