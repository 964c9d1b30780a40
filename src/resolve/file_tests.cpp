#include "resolve/file_tests.hpp"

#include <array>
#include <cerrno>
#include <fmt/format.h>

namespace upstream_lint {

namespace {

FoundFile found_file(FileKind kind) {
    switch (kind) {
    case FileKind::regular:
        return FoundFile::file;
    case FileKind::directory:
        return FoundFile::directory;
    default:
        return FoundFile::other;
    }
}

} // namespace

FoundFile FileTests::find(const Value& path) const {
    if (files_ == nullptr || !path.known) {
        const std::array answers = {fmt::format("`{}` is a file", path.text),
                                    fmt::format("`{}` is a directory", path.text),
                                    fmt::format("`{}` does not exist", path.text)};
        constexpr std::array found = {FoundFile::file, FoundFile::directory, FoundFile::absent};
        return found[assumptions_.choose("what is " + path.text, answers)];
    }
    if (path.text.find('\0') != std::string::npos) {
        return FoundFile::absent;
    }
    const auto status = files_->status(path.text, Follow::yes);
    if (status) {
        return found_file(status->kind);
    }
    switch (status.error().code) {
    case ENOTDIR:
    case ENAMETOOLONG:
        return FoundFile::not_directory;
    case EACCES:
        return FoundFile::denied;
    default:
        return FoundFile::absent;
    }
}

std::optional<std::uint64_t> FileTests::size(const Value& path) const {
    if (files_ == nullptr || !path.known) {
        return std::nullopt;
    }
    const auto status = files_->status(path.text, Follow::yes);
    return status ? std::optional(status->size) : std::nullopt;
}

bool FileTests::is_executable(const Value& path) const {
    if (files_ == nullptr || !path.known) {
        return assumptions_.holds(fmt::format("`{}` may be executed", path.text),
                                  fmt::format("`{}` may not be executed", path.text));
    }
    const auto status = files_->status(path.text, Follow::yes);
    return status && status->is_executable;
}

} // namespace upstream_lint
