#include "host/open_below.hpp"
#include "host/proc_files.hpp"
#include "host/process_label.hpp"
#include "host/process_times.hpp"
#include "host/provider.hpp"
#include "upstream_lint/host.hpp"

#include <fmt/format.h>
#include <sys/utsname.h>

namespace upstream_lint {

namespace {

// A value of os-release(5), without its quotes.
std::string release_value(std::string_view text, std::string_view name) {
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (!line.starts_with(name) || line.substr(name.size(), 1) != "=")
            continue;
        line.remove_prefix(name.size() + 1);
        if (line.size() > 1 && (line.front() == '"' || line.front() == '\''))
            line = line.substr(1, line.size() - 2);
        return std::string(line);
    }
    return {};
}

std::string operating_system(const FileSystem& files) {
    for (const char* path : {"/etc/os-release", "/usr/lib/os-release"})
        if (const auto bytes = files.read(path)) {
            const std::string version = release_value(bytes->view(), "VERSION_ID");
            return release_value(bytes->view(), "ID") + (version.empty() ? "" : " ") + version;
        }
    return {};
}

std::optional<bool> selinux_enforcing(const std::string& root) {
    const auto text = read_kernel_file(root + "/sys/fs/selinux/enforce");
    if (!text || text->empty())
        return std::nullopt;
    return text->front() == '1';
}

} // namespace

Snapshot collect_machine(const ProviderInput& input) {
    Snapshot facts;
    facts.hostname = machine_name().value_or("");
    utsname names{};
    if (::uname(&names) == 0)
        facts.kernel = names.release;
    facts.booted_at = boot_time(input.options.proc);
    facts.os = operating_system(*files_below(input.options.root));
    facts.label = read_process_label(input.options.proc, "self");
    facts.selinux_enforcing = selinux_enforcing(input.options.root);
    return facts;
}

} // namespace upstream_lint
