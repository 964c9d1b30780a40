#include "upstream_lint/host.hpp"

#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace upstream_lint {

namespace {

std::optional<Error> write_all(int fd, std::string_view text, const std::string& object) {
    while (!text.empty()) {
        const ssize_t written = ::write(fd, text.data(), text.size());
        if (written >= 0) {
            text.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno != EINTR) {
            return system_error(errno, "write()", object);
        }
    }
    return std::nullopt;
}

} // namespace

std::optional<Error> write_stream(int fd, std::string_view text) {
    return write_all(fd, text, fmt::format("file descriptor {}", fd));
}

std::optional<Error> write_file(const std::string& path, std::string_view text) {
    constexpr mode_t readable_for_all = 0666;
    const int fd =
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, readable_for_all);
    if (fd < 0) {
        return system_error(errno, "open()", path);
    }
    auto error = write_all(fd, text, path);
    if (::close(fd) != 0 && !error) {
        error = system_error(errno, "close()", path);
    }
    return error;
}

} // namespace upstream_lint
