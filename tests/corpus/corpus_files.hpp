#pragma once

#include "corpus_row.hpp"
#include "upstream_lint/file_system.hpp"

#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace upstream_lint::corpus {

/// Where the corpus stands in the file system that nginx saw.
inline constexpr std::string_view corpus_root = "/corpus";

/// The corpus that a program's arguments name, else UPSTREAM_LINT_CORPUS, else the one beside the
/// source tree; nothing where none is there.
[[nodiscard]] std::optional<std::filesystem::path> find_corpus(int count, char** words);

/// Empty where it cannot be read.
[[nodiscard]] std::string read_text(const std::filesystem::path& path);

/// The exit status of a test that has nothing to look at.
inline constexpr int skipped = 77;

/// Files of `upper` cover those of `lower`; folders are joined. Both outlive this view.
class OverlayFileSystem : public FileSystem {
public:
    OverlayFileSystem(const FileSystem& upper, const FileSystem& lower) :
        upper_(upper), lower_(lower) {}

    [[nodiscard]] Result<Bytes> read(std::string_view path) const override;
    [[nodiscard]] Result<FileStatus> status(std::string_view path, Follow follow) const override;
    [[nodiscard]] Result<std::vector<DirectoryEntry>> list(std::string_view path) const override;
    [[nodiscard]] Result<std::string> readlink(std::string_view path) const override;

private:
    [[nodiscard]] const FileSystem& layer_of(std::string_view path) const;

    const FileSystem& upper_;
    const FileSystem& lower_;
};

/// All files of the corpus, and the few of a distribution's nginx that they include.
class CorpusFiles {
public:
    explicit CorpusFiles(const std::filesystem::path& folder);

    [[nodiscard]] const FileSystem& files() const noexcept { return files_; }

    /// The files that differ from the corpus when `row` is tested, and the main file.
    struct Case {
        MemoryFileSystem files;
        std::string main_file;
    };

    /// Which of several files that are alike was copied into the place of a missing one is not
    /// recorded: `choice` counts them from 0.
    [[nodiscard]] Case prepare(const CorpusRow& row, std::size_t choice) const;

    /// How many choices there are; one at least.
    [[nodiscard]] std::size_t choices(const CorpusRow& row) const;

private:
    [[nodiscard]] bool exists(const std::string& path) const;
    [[nodiscard]] std::string text(const std::string& path) const;
    [[nodiscard]] std::string wrapper_path(const std::string& file) const;
    [[nodiscard]] std::vector<std::string> alike(const CorpusRow& row,
                                                 const std::string& path) const;

    MemoryFileSystem files_;
    std::map<std::string, std::vector<std::string>>
        by_name_; // last component -> paths in the corpus
};

} // namespace upstream_lint::corpus
