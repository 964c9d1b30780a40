#include "host/open_below.hpp"

#include "upstream_lint/host.hpp"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace upstream_lint {

Descriptor open_below(const std::string& root, const std::string& path) {
    const Descriptor folder(
        ::open(root.empty() ? "/" : root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!folder.is_open())
        return {};
    open_how how{};
    how.flags = O_PATH | O_CLOEXEC;
    how.resolve = RESOLVE_IN_ROOT;
    const long opened =
        ::syscall(SYS_openat2, folder.get(), path.c_str(), &how, sizeof how); // NOLINT
    return Descriptor(static_cast<int>(opened));
}

std::shared_ptr<const FileSystem> files_below(const std::string& root) {
    return root.empty() ? real_file_system() : root_view(real_file_system(), root);
}

} // namespace upstream_lint
