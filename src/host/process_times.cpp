#include "host/process_times.hpp"

#include "facts/columns.hpp"
#include "host/proc_files.hpp"

#include <charconv>
#include <string_view>
#include <unistd.h>

namespace upstream_lint {

std::optional<UnixTime> boot_time(const std::string& proc) {
    constexpr std::string_view label = "\nbtime ";
    const auto text = read_kernel_file(proc + "/stat");
    if (!text)
        return std::nullopt;
    const std::size_t found = text->find(label);
    if (found == std::string::npos)
        return std::nullopt;
    const char* begin = text->data() + found + label.size();
    UnixTime seconds = 0;
    if (std::from_chars(begin, text->data() + text->size(), seconds).ec != std::errc{})
        return std::nullopt;
    return seconds;
}

UnixTime time_after_boot(UnixTime booted_at, std::uint64_t ticks) {
    const long ticks_in_second = ::sysconf(_SC_CLK_TCK);
    if (ticks_in_second <= 0)
        return booted_at;
    return booted_at + static_cast<UnixTime>(ticks / static_cast<std::uint64_t>(ticks_in_second));
}

std::optional<std::uint32_t> parent_of(std::string_view stat) {
    // the name of the command, which may have anything in it, stands between parentheses
    const std::size_t name_end = stat.rfind(')');
    if (name_end == std::string_view::npos)
        return std::nullopt;
    Columns columns(stat.substr(name_end + 1));
    columns.skip(1);
    return parse_number<std::uint32_t>(columns.next());
}

} // namespace upstream_lint
