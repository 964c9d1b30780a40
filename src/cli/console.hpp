#pragma once

#include "cli/options.hpp"
#include "upstream_lint/render.hpp"

#include <string_view>

namespace upstream_lint::cli {

/// Where reports go, and what they look like there. Views the options.
class Console {
public:
    explicit Console(const Options& options);

    [[nodiscard]] const TextStyle& style() const { return style_; }

    /// The report, to --output or standard output. False when it could not be written.
    [[nodiscard]] bool report(std::string_view text) const;

    /// To standard error. A terminal gets no control characters of the input.
    static void message(std::string_view text);

private:
    const Options& options_;
    TextStyle style_;
};

} // namespace upstream_lint::cli
