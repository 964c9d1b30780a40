#include "host/proc_files.hpp"

#include "host/descriptor.hpp"
#include "source/path.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <optional>

namespace upstream_lint {

namespace {

constexpr std::size_t max_kernel_file = std::size_t{64} << 20U;
constexpr std::size_t chunk_size = std::size_t{16} * 1024;

std::optional<std::uint32_t> process_id(std::string_view name) {
    std::uint32_t pid = 0;
    const char* end = name.data() + name.size();
    const auto [rest, error] = std::from_chars(name.data(), end, pid);
    if (error != std::errc{} || rest != end)
        return std::nullopt;
    return pid;
}

template <typename Take> Result<bool> for_each_name(const std::string& folder, Take take) {
    const Directory directory(::opendir(folder.c_str()));
    if (!directory)
        return system_error(errno, "opendir()", folder);
    while (true) {
        errno = 0;
        const dirent* entry = ::readdir(directory.get()); // NOLINT(concurrency-mt-unsafe)
        if (entry == nullptr)
            break;
        const std::string_view name = entry->d_name;
        if (name != "." && name != "..")
            take(name);
    }
    if (errno != 0)
        return system_error(errno, "readdir()", folder);
    return true;
}

} // namespace

std::string errno_name(int code) {
    const char* name = ::strerrorname_np(code);
    return name != nullptr ? std::string(name) : fmt::format("errno {}", code);
}

ReadStatus status_of_errno(int code) {
    switch (code) {
    case EACCES:
    case EPERM:
        return ReadStatus::denied;
    case ENOENT:
    case ENOTDIR:
    case ESRCH:
    case ECONNREFUSED:
        return ReadStatus::absent;
    case EAGAIN:
    case ETIMEDOUT:
        return ReadStatus::timeout;
    default:
        return ReadStatus::unsupported;
    }
}

Reading failed_reading(const Error& error, std::string source) {
    return {status_of_errno(error.code), std::move(source), describe(error)};
}

Reading complete_reading(std::string source) {
    return {ReadStatus::ok, std::move(source), ""};
}

Result<std::string> read_kernel_file(const std::string& path) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
    if (!file.is_open())
        return system_error(errno, "open()", path);
    std::string text;
    while (true) {
        const std::size_t filled = text.size();
        if (filled >= max_kernel_file)
            return system_error(E2BIG, "read()", path);
        text.resize(filled + std::max(chunk_size, filled));
        const ssize_t got = ::read(file.get(), text.data() + filled, text.size() - filled);
        text.resize(filled + static_cast<std::size_t>(std::max(got, ssize_t{0})));
        if (got == 0)
            return text;
        if (got < 0 && errno != EINTR)
            return system_error(errno, "read()", path);
    }
}

Result<std::string> read_beginning(const std::string& path, std::size_t size) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
    if (!file.is_open())
        return system_error(errno, "open()", path);
    std::string text(size, '\0');
    const ssize_t got = ::read(file.get(), text.data(), text.size());
    if (got < 0)
        return system_error(errno, "read()", path);
    text.resize(static_cast<std::size_t>(got));
    return text;
}

Result<std::string> read_link(const std::string& path) {
    std::string target(path_max, '\0');
    const ssize_t size = ::readlink(path.c_str(), target.data(), target.size());
    if (size < 0)
        return system_error(errno, "readlink()", path);
    target.resize(static_cast<std::size_t>(size));
    return target;
}

Result<std::vector<std::uint32_t>> list_processes(const std::string& proc) {
    std::vector<std::uint32_t> pids;
    const auto read = for_each_name(proc, [&](std::string_view name) {
        if (const auto pid = process_id(name))
            pids.push_back(*pid);
    });
    if (!read)
        return read.error();
    std::ranges::sort(pids);
    return pids;
}

Result<std::vector<std::string>> list_names(const std::string& folder) {
    std::vector<std::string> names;
    const auto read =
        for_each_name(folder, [&](std::string_view name) { names.emplace_back(name); });
    if (!read)
        return read.error();
    std::ranges::sort(names);
    return names;
}

std::string process_path(const std::string& proc, std::uint32_t pid, std::string_view name) {
    return fmt::format("{}/{}/{}", proc, pid, name);
}

} // namespace upstream_lint
