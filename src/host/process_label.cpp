#include "host/process_label.hpp"

#include "host/proc_files.hpp"

#include <fmt/format.h>

namespace upstream_lint {

std::string read_process_label(const std::string& proc, std::string_view process) {
    for (const std::string_view file : {"attr/current", "attr/apparmor/current"}) {
        const auto text = read_kernel_file(fmt::format("{}/{}/{}", proc, process, file));
        std::string label =
            text ? text->substr(0, text->find_first_of(std::string_view("\n\0", 2))) : "";
        if (!label.empty())
            return label;
    }
    return {};
}

} // namespace upstream_lint
