#pragma once

#include "upstream_lint/finding.hpp"
#include "upstream_lint/render.hpp"
#include "upstream_lint/source.hpp"

#include <optional>
#include <span>
#include <string>

namespace upstream_lint {

/// A configuration that was checked. Views what it names.
struct CheckedConfig {
    const Report* report = nullptr;
    const SourceManager* sources = nullptr;
    std::string name;                    ///< of the main file, as nginx would name it
    std::optional<std::uint32_t> master; ///< the process that runs with it
    std::string note{}; ///< what else to say of it: that it is not what nginx loaded
};

struct ReportStyle {
    TextStyle text;
    bool show_unknown = false; ///< list the targets that nobody could look at
};

/// For people: the findings with their lines, then what was verified, and how well the facts are
/// known.
[[nodiscard]] std::string render_report_text(std::span<const CheckedConfig> checked,
                                             const ReportStyle& style);

/// docs/schema/check-1.json.
[[nodiscard]] std::string render_report_json(std::span<const CheckedConfig> checked,
                                             const ReportStyle& style);

/// One line each, as compilers print.
[[nodiscard]] std::string render_report_gcc(std::span<const CheckedConfig> checked,
                                            const ReportStyle& style);

} // namespace upstream_lint
