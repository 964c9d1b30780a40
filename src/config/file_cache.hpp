#pragma once

#include "config/read_ahead.hpp"
#include "upstream_lint/config.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace upstream_lint {

/// One name that the configuration opens, and what became of it.
struct CachedFile {
    struct Content {
        Bytes bytes;
        SyntaxTree tree;
        std::vector<NodeId> includes; ///< `include` with one argument, where files are read ahead
        std::optional<Error> error;
    };

    /// Whoever takes it from `named` to `taken` reads the file.
    enum class State : std::uint8_t { named, taken, read };

    std::string_view name; ///< of the cache
    bool regular = false;  ///< a listing says that it is a regular file
    bool opened = false;
    FileId id; ///< none when it could not be read
    std::unique_ptr<const Error> error;

    std::atomic<State> state = State::named;
    std::unique_ptr<Content> content; ///< between reading ahead and opening
};

/// What the value of an `include` stands for, in nginx's order.
struct Expansion {
    std::vector<CachedFile*> files;
    std::optional<Error> error;
};

/// Reads and parses each file once, and expands each value of an `include` once. Files get their
/// ids in the order in which they are opened. With more than one thread, what an opened file
/// includes is read ahead. What is given out stays where it is.
class FileCache {
public:
    FileCache(const FileSystem& files, SourceManager& sources, std::vector<SyntaxTree>& trees,
              const LoadOptions& options, std::string conf_prefix);

    /// The file of that name, which is not read here.
    [[nodiscard]] CachedFile& file(std::string name, std::optional<FileKind> kind = std::nullopt);
    const CachedFile& open(CachedFile& file);
    /// What an `include` of the word `value` opens (src/core/ngx_conf_file.c, ngx_conf_include).
    /// Without `patterns` a name is a name, whatever bytes it has.
    [[nodiscard]] const Expansion& expand(const SyntaxTree& tree, Word value, bool patterns);

private:
    /// By the value as written, without its quotes.
    struct TextHash {
        using is_transparent = void;

        std::size_t operator()(std::string_view text) const noexcept {
            return std::hash<std::string_view>()(text);
        }
    };

    using Expansions = std::unordered_map<std::string, Expansion, TextHash, std::equal_to<>>;

    [[nodiscard]] CachedFile::Content read(const CachedFile& file, ParseBuffers& buffers) const;
    /// Reads the file unless somebody else does; runs on any thread.
    void read_ahead(CachedFile& file, ParseBuffers& buffers);
    void store(CachedFile& file, CachedFile::Content content);
    void queue_includes(FileId file, const std::vector<NodeId>& includes);
    [[nodiscard]] std::string full_name(std::string_view value) const;
    [[nodiscard]] Expansion matches(const std::string& pattern);

    const FileSystem& files_;
    SourceManager& sources_;
    std::vector<SyntaxTree>& trees_;
    std::string conf_prefix_;
    std::uint64_t max_total_bytes_;
    std::uint64_t opened_bytes_ = 0;
    std::atomic<std::uint64_t> bytes_ahead_ = 0;
    std::unordered_map<std::string, CachedFile> cached_;
    Expansions expanded_;
    Expansions expanded_without_patterns_;
    ParseBuffers buffers_; // of the thread that opens the files
    ReadAhead ahead_;      // last: its threads use all of the above
};

} // namespace upstream_lint
