#pragma once

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

/// What became of one name that the configuration opens.
struct CachedFile {
    std::string name;
    FileId id; ///< none when it could not be read
    std::optional<Error> error;
    std::vector<NodeId> includes; ///< `include` with one argument, in file order
};

/// Reads and parses each file once, and expands each pattern once. `prefetch` does it for all that a
/// main file reaches, on several threads; names it did not foresee are read on demand.
class FileCache {
public:
    FileCache(const FileSystem& files, SourceManager& sources, std::vector<SyntaxTree>& trees,
              const LoadOptions& options, std::string conf_prefix);

    void prefetch(const std::string& main_file);

    [[nodiscard]] const CachedFile& open(const std::string& name);
    /// Stays valid for the cache's lifetime.
    [[nodiscard]] const Result<std::vector<std::string>>& expand(const std::string& pattern);

    /// The path that an `include` of this value opens, in full; a NUL byte ends it, as it ends a C
    /// string (src/core/ngx_conf_file.c, ngx_conf_include).
    [[nodiscard]] std::string full_name(std::string_view value) const;
    /// Whether nginx gives the path to glob(3).
    [[nodiscard]] static bool is_pattern(std::string_view name);

private:
    struct Parsed {
        Bytes bytes;
        SyntaxTree tree;
        std::vector<NodeId> includes;
        std::optional<Error> error;
    };

    [[nodiscard]] Parsed read(const std::string& name);
    const CachedFile& insert(const std::string& name, Parsed parsed);
    /// Adds the names below `file` that are not known yet.
    void collect(const CachedFile& file, std::vector<std::string>& names);

    const FileSystem& files_;
    SourceManager& sources_;
    std::vector<SyntaxTree>& trees_;
    std::string conf_prefix_;
    std::uint64_t max_total_bytes_;
    std::size_t max_files_;
    unsigned threads_;
    std::atomic<std::uint64_t> total_bytes_ = 0;
    std::unordered_map<std::string, std::unique_ptr<CachedFile>> cached_;
    std::unordered_map<std::string, std::unique_ptr<Result<std::vector<std::string>>>> expanded_;
};

} // namespace upstream_lint
