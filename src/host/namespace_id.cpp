#include "host/namespace_id.hpp"

#include "host/proc_files.hpp"

#include <algorithm>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace upstream_lint {

namespace {

std::string id_of_process(std::uint32_t pid) {
    return "pid:" + std::to_string(pid);
}

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        lines.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

// The head of the table is in both.
bool share_a_socket(std::string_view left, std::string_view right) {
    const std::vector<std::string_view> ours = lines_of(left);
    std::vector<std::string_view> theirs = lines_of(right);
    if (ours.empty() || theirs.empty())
        return false;
    const std::unordered_set<std::string_view> known(ours.begin() + 1, ours.end());
    for (auto line = theirs.begin() + 1; line != theirs.end(); ++line)
        if (known.contains(*line))
            return true;
    return false;
}

} // namespace

std::string namespace_id(const std::string& link) {
    const auto text = read_link(link);
    if (!text)
        return {};
    const std::size_t open = text->find('[');
    if (open == std::string::npos || !text->ends_with(']'))
        return {};
    return text->substr(open + 1, text->size() - open - 2);
}

std::string network_namespace_id(const std::string& proc, std::uint32_t pid) {
    std::string id = namespace_id(process_path(proc, pid, "ns/net"));
    if (!id.empty())
        return id;
    const auto theirs = read_kernel_file(process_path(proc, pid, "net/unix"));
    const auto ours = read_kernel_file(proc + "/self/net/unix");
    if (theirs && ours && share_a_socket(*ours, *theirs))
        return own_network_namespace(proc);
    return id_of_process(pid);
}

std::string mount_namespace_id(const std::string& proc, std::uint32_t pid) {
    std::string id = namespace_id(process_path(proc, pid, "ns/mnt"));
    if (!id.empty())
        return id;
    const auto theirs = read_kernel_file(process_path(proc, pid, "mountinfo"));
    const auto ours = read_kernel_file(proc + "/self/mountinfo");
    if (theirs && ours && !theirs->empty() && *theirs == *ours)
        return own_mount_namespace(proc);
    return id_of_process(pid);
}

std::string own_network_namespace(const std::string& proc) {
    return namespace_id(proc + "/self/ns/net");
}

std::string own_mount_namespace(const std::string& proc) {
    return namespace_id(proc + "/self/ns/mnt");
}

} // namespace upstream_lint
