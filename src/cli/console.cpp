#include "cli/console.hpp"

#include "upstream_lint/host.hpp"

#include <algorithm>
#include <cstdlib>
#include <unistd.h>

namespace upstream_lint::cli {

Console::Console(const Options& options) : options_(options) {
    style_.base_folder = current_directory() + "/";
    style_.color = options.color == Color::always ||
                   (options.color == Color::automatic && !options.output &&
                    is_terminal(STDOUT_FILENO) && std::getenv("NO_COLOR") == nullptr);
}

bool Console::report(std::string_view text) const {
    const auto error =
        options_.output ? write_file(*options_.output, text) : write_stream(STDOUT_FILENO, text);
    if (error) {
        message("nginx-upstream-lint: " + describe(*error) + "\n");
    }
    return !error;
}

void Console::message(std::string_view text) {
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

} // namespace upstream_lint::cli
