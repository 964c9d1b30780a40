#pragma once

#include "upstream_lint/diagnostic.hpp"
#include "upstream_lint/file_system.hpp"
#include "upstream_lint/nginx_build.hpp"
#include "upstream_lint/source.hpp"
#include "upstream_lint/syntax.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace upstream_lint {

/// A file read at one place. The same file may be included many times, in several contexts; its
/// bytes and its tree are shared.
struct Inclusion {
    FileId file;
    InclusionId parent;            ///< none for the main file
    NodeId directive;              ///< the `include` in the parent's tree
    Context context;               ///< what the file's top level is
    std::uint32_t subtree_end = 0; ///< the first inclusion that is not below this one
};

/// A directive where it takes effect.
struct DirectiveRef {
    InclusionId inclusion;
    NodeId node;

    [[nodiscard]] bool is_none() const noexcept { return inclusion.is_none(); }

    friend auto operator<=>(const DirectiveRef&, const DirectiveRef&) = default;
};

/// Stated bounds of loading. Reaching one gives a diagnostic of cause `limit`.
struct LoadLimits {
    std::size_t inclusions = 1'000'000;                  ///< includes can double without a cycle
    std::uint64_t statements = 100'000'000;              ///< executed, includes expanded
    std::uint64_t total_bytes = std::uint64_t{4} << 30U; ///< of all distinct files
    std::size_t diagnostics = 10'000; ///< refusals, where reading stops, and as many warnings
};

struct LoadOptions {
    NginxBuild build = official_build(newest_tested_version);
    /// The context of the main file; none: main, or for a fragment what its comment
    /// (`# nginx-upstream-lint: context=http`) or its directives say.
    std::optional<Context> context;
    /// nginx's prefix, for paths that are relative to it (`-p`); ends in `/`.
    std::string prefix = "/etc/nginx/";
    /// Judge values and what directives say of each other; otherwise reading and dispatch alone.
    bool check_values = true;
    /// Keep what a Model is made from.
    bool keep_blocks = false;
    /// Stop at nginx's first error; otherwise go on and report all.
    bool first_error_only = true;
    /// Threads that read and parse included files; 0 is as many as there are cores.
    unsigned threads = 0;
    LoadLimits limits{};
};

class Blocks;

/// A configuration as nginx reads it: trees joined by includes. Immutable once loaded; safe to
/// share between threads. Trees view into the source manager's bytes.
class Config {
public:
    [[nodiscard]] const SourceManager& sources() const noexcept { return *sources_; }

    [[nodiscard]] std::shared_ptr<const SourceManager> shared_sources() const noexcept {
        return sources_;
    }

    [[nodiscard]] const SyntaxTree& tree(FileId file) const { return trees_[file.value]; }

    /// In nginx's order, the main file first; empty when that could not be read.
    [[nodiscard]] std::span<const Inclusion> inclusions() const noexcept { return inclusions_; }

    [[nodiscard]] const Inclusion& inclusion(InclusionId id) const { return inclusions_[id.value]; }

    /// In the order of their LoadPoints: the first of level error or above is nginx's.
    [[nodiscard]] std::span<const Diagnostic> diagnostics() const noexcept { return diagnostics_; }

    /// What nginx would say: `violated` when it refuses the text; `unknown` when a file could not
    /// be read or a limit was reached and nothing is refused.
    [[nodiscard]] Verdict verdict() const;

    /// The context of the main file, and whether it was inferred from what stands in it.
    [[nodiscard]] Context context() const noexcept { return context_; }

    [[nodiscard]] bool context_inferred() const noexcept { return context_inferred_; }

    /// The build, with what `load_module` lines added.
    [[nodiscard]] const NginxBuild& build() const noexcept { return build_; }

    /// nginx's prefix, for paths that are relative to it; ends in `/`.
    [[nodiscard]] std::string_view prefix() const noexcept { return prefix_; }

    /// The main file as nginx would name it.
    [[nodiscard]] std::string_view main_name() const noexcept { return main_name_; }

    /// Directives that could belong to modules nothing is known of, and so were not judged.
    [[nodiscard]] std::size_t unjudged_directives() const noexcept { return unjudged_directives_; }

    /// Warnings beyond the limit, which are counted and not kept.
    [[nodiscard]] std::size_t warnings_left_out() const noexcept { return warnings_left_out_; }

    /// The include directives that lead to an inclusion, innermost first.
    [[nodiscard]] std::vector<Span> trail(InclusionId id) const;
    /// From the name to the end of the last word.
    [[nodiscard]] Span words_span(FileId file, NodeId node) const;

private:
    friend class Loader;
    friend class ModelBuilder;

    std::shared_ptr<SourceManager> sources_ = std::make_shared<SourceManager>();
    std::vector<SyntaxTree> trees_; // by FileId
    std::vector<Inclusion> inclusions_;
    std::vector<Diagnostic> diagnostics_;
    std::shared_ptr<const Blocks> blocks_; // none unless they were to be kept
    NginxBuild build_;
    std::string prefix_;
    std::string main_name_;
    Context context_ = Context::main;
    bool context_inferred_ = false;
    std::size_t unjudged_directives_ = 0;
    std::size_t warnings_ = 0;
    std::size_t warnings_left_out_ = 0;
};

/// Reads `main_file` (an absolute path as the configuration names it) and all it includes, as nginx
/// would (ngx_conf_parse, ngx_conf_handler). Never throws for anything in the input: problems are
/// the Config's diagnostics. Linear in the bytes of distinct files plus the number of inclusions.
[[nodiscard]] Config load_config(const FileSystem& files, std::string_view main_file,
                                 const LoadOptions& options);

/// A file's bytes with `*` where keys, tokens and passwords would stand: values of headers,
/// parameters and variables whose names say so, and those of `secure_link_md5` and
/// `secure_link_secret`. Variables in them stay. Comments and Lua become blanks. As long as it was,
/// line by line; a tree without errors stays the same tree.
[[nodiscard]] std::string without_secrets(const SyntaxTree& tree);

} // namespace upstream_lint
