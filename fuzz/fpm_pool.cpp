// PHP-FPM's files.

#include "facts/fpm_file.hpp"
#include "property.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace upstream_lint::fuzz {
namespace {

void check_file(std::string_view text) {
    const auto lines = static_cast<std::size_t>(std::ranges::count(text, '\n')) + 1;
    const FpmFile file = parse_fpm_file(text, "input");
    require(file.pools.size() + file.includes.size() <= lines, "a pool or include has a line");
    for (const FpmPool& pool : file.pools) {
        require(pool.file == "input", "a pool has its file");
        require(text.find(pool.name) != std::string_view::npos, "a name stands in the file");
        require(pool.listen.find("$pool") == std::string::npos, "the pool's name is filled in");
    }
    std::size_t last = 0;
    for (const FpmProblem& problem : file.problems) {
        require(problem.line > last && problem.line <= lines, "a line has one problem at most");
        require(!problem.reason.empty(), "a problem has a reason");
        last = problem.line;
    }
}

} // namespace
} // namespace upstream_lint::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    upstream_lint::fuzz::check_file(upstream_lint::fuzz::as_text(data, size));
    return 0;
}
