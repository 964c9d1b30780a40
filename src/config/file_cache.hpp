#pragma once

#include "config/read_ahead.hpp"
#include "upstream_lint/config.hpp"

#include <atomic>
#include <cstdint>
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

/// What a pattern of an `include` matches, in nginx's order.
struct Expansion {
    std::vector<CachedFile*> files;
    std::optional<Error> error;
};

/// Reads and parses each file once, and expands each pattern once. Files get their ids in the order
/// in which they are opened. With more than one thread, what an opened file includes is read ahead.
/// What is given out stays where it is.
class FileCache {
public:
    FileCache(const FileSystem& files, SourceManager& sources, std::vector<SyntaxTree>& trees,
              const LoadOptions& options, std::string conf_prefix);

    /// The file of that name, which is not read here.
    [[nodiscard]] CachedFile& file(std::string name);
    const CachedFile& open(CachedFile& file);
    [[nodiscard]] const Expansion& expand(const std::string& pattern);

    /// The path that an `include` of this value opens, in full; a NUL byte ends it, as it ends a C
    /// string (src/core/ngx_conf_file.c, ngx_conf_include).
    [[nodiscard]] std::string full_name(std::string_view value) const;
    /// Whether nginx gives the path to glob(3).
    [[nodiscard]] static bool is_pattern(std::string_view name);

private:
    [[nodiscard]] CachedFile::Content read(const CachedFile& file) const;
    /// Reads the file unless somebody else does; runs on any thread.
    void read_ahead(CachedFile& file);
    void store(CachedFile& file, CachedFile::Content content);
    void queue_includes(FileId file, const std::vector<NodeId>& includes);

    const FileSystem& files_;
    SourceManager& sources_;
    std::vector<SyntaxTree>& trees_;
    std::string conf_prefix_;
    std::uint64_t max_total_bytes_;
    std::uint64_t opened_bytes_ = 0;
    std::atomic<std::uint64_t> bytes_ahead_ = 0;
    std::unordered_map<std::string, CachedFile> cached_;
    std::unordered_map<std::string, Expansion> expanded_;
    ReadAhead ahead_; // last: its threads use all of the above
};

} // namespace upstream_lint
