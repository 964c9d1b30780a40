#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>

namespace upstream_lint::test {

/// A new folder on disk, removed with everything in it.
class TemporaryFolder {
public:
    TemporaryFolder() {
        // The path without links, so that names given to glob(3) equal those in memory.
        const auto base = std::filesystem::canonical(std::filesystem::temp_directory_path());
        path_ = (base / "upstream-lint-XXXXXX").string();
        if (::mkdtemp(path_.data()) == nullptr)
            throw std::runtime_error("mkdtemp() failed: " + path_);
    }

    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    [[nodiscard]] const std::string& path() const { return path_; }

    [[nodiscard]] std::string at(std::string_view name) const {
        return path_ + '/' + std::string(name);
    }

    void write(std::string_view name, std::string_view text) const {
        const std::filesystem::path file = at(name);
        std::filesystem::create_directories(file.parent_path());
        std::ofstream(file, std::ios::binary) << text;
    }

    void link(std::string_view name, const std::string& target) const {
        const std::filesystem::path file = at(name);
        std::filesystem::create_directories(file.parent_path());
        std::filesystem::create_symlink(target, file);
    }

private:
    std::string path_;
};

} // namespace upstream_lint::test
