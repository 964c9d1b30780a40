#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace upstream_lint {

/// Immutable bytes with shared ownership. Copies are cheap and view the same memory.
class Bytes {
public:
    Bytes() = default;
    /// Takes over `text`.
    explicit Bytes(std::string text);
    /// Takes over the first `size` bytes of `data`.
    Bytes(std::shared_ptr<const char[]> data, std::size_t size);

    /// Valid as long as any copy of this object lives.
    [[nodiscard]] std::string_view view() const noexcept { return view_; }

    [[nodiscard]] std::size_t size() const noexcept { return view_.size(); }

private:
    std::shared_ptr<const void> owner_;
    std::string_view view_;
};

/// Room for many small pieces in a few large blocks, each of which lives as long as a piece of it.
/// Not for several threads at once.
class ByteStore {
public:
    /// `size` bytes, not initialized, aligned for any number type.
    [[nodiscard]] std::shared_ptr<char[]> take(std::size_t size);
    /// Gives back the last `size` bytes of the piece that was taken last.
    void give_back(std::size_t size) noexcept;

private:
    std::shared_ptr<char[]> block_;
    std::size_t block_size_ = 0;
    std::size_t used_ = 0; // a piece begins at the next multiple of its alignment
};

/// The largest file that is read as configuration, in bytes. Offsets are 32 bits wide, word lengths
/// 31, and the largest configurations known are a thousandth of this.
inline constexpr std::size_t max_file_size = (std::size_t{1} << 31U) - 1;

/// Names a file of one SourceManager.
struct FileId {
    static constexpr std::uint32_t none_value = 0xffffffffU;
    std::uint32_t value = none_value;

    [[nodiscard]] bool is_none() const noexcept { return value == none_value; }

    friend auto operator<=>(const FileId&, const FileId&) = default;
};

/// Bytes [begin, end) of one file. begin <= end <= the file's size.
struct Span {
    FileId file;
    std::uint32_t begin = 0;
    std::uint32_t end = 0;

    friend auto operator<=>(const Span&, const Span&) = default;
};

/// A place for people. Both count from 1, columns in bytes.
struct LineColumn {
    std::uint32_t line = 1;
    std::uint32_t column = 1;

    friend auto operator<=>(const LineColumn&, const LineColumn&) = default;
};

/// Owns the bytes of all files of a configuration. Append-only; bytes never move, so every view
/// into them stays good for the manager's lifetime. `const` members may be called from several
/// threads.
class SourceManager {
public:
    SourceManager() = default;
    SourceManager(const SourceManager&) = delete;
    SourceManager& operator=(const SourceManager&) = delete;

    /// `name` is what nginx would call the file (the path it opens); `path` is where it was found
    /// here and what people are shown.
    FileId add(std::string name, std::string path, Bytes bytes);

    [[nodiscard]] std::size_t file_count() const noexcept { return files_.size(); }

    [[nodiscard]] std::string_view name(FileId file) const { return at(file).name; }

    [[nodiscard]] std::string_view path(FileId file) const {
        return at(file).path.empty() ? at(file).name : at(file).path;
    }

    [[nodiscard]] std::string_view bytes(FileId file) const { return at(file).bytes.view(); }

    /// The bytes of the span; empty for a span of no file.
    [[nodiscard]] std::string_view text(Span span) const;

    /// Where `offset` is; an offset of the file's size is the place behind its last byte. The first
    /// call for a file reads it once to find its lines, later ones search: O(log lines).
    [[nodiscard]] LineColumn line_column(FileId file, std::uint32_t offset) const;
    /// The bytes of a line (from 1) without its line end (LF or CR LF); empty if there is no such
    /// line.
    [[nodiscard]] std::string_view line_text(FileId file, std::uint32_t line) const;

private:
    struct File {
        std::string name;
        std::string path; // empty: the same as the name
        Bytes bytes;
        mutable std::once_flag lines_once;
        mutable std::vector<std::uint32_t> line_starts;
    };

    [[nodiscard]] const File& at(FileId file) const { return files_.at(file.value); }

    [[nodiscard]] static const std::vector<std::uint32_t>& line_starts(const File& file);

    std::deque<File> files_;
};

} // namespace upstream_lint
