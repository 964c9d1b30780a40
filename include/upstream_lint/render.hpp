#pragma once

#include "upstream_lint/config.hpp"
#include "upstream_lint/diagnostic.hpp"
#include "upstream_lint/source.hpp"

#include <span>
#include <string>
#include <string_view>

namespace upstream_lint {

struct TextStyle {
    bool color = false;
    /// Paths below this folder are shown relative to it; empty: all in full. Ends in `/`.
    std::string base_folder;
};

/// Text that may be shown on a terminal: control characters, bytes that are no UTF-8 and characters
/// that turn the writing direction become `\xNN` or `\u{N}`; a tab becomes a blank.
[[nodiscard]] std::string visible(std::string_view bytes);

/// `path` as people are shown it.
[[nodiscard]] std::string shown_path(std::string_view path, const TextStyle& style);

/// nginx's own line: `nginx: [emerg] MESSAGE in FILE:LINE`, with the file's name as nginx would
/// print it. No line end. Bytes of the input stand as they are.
[[nodiscard]] std::string render_nginx_line(const Diagnostic& diagnostic,
                                            const SourceManager& sources);

/// What `nginx -t` prints of a configuration: warnings before its first error, that error, its
/// verdict. For one that is not refused the last line says what was not looked at.
[[nodiscard]] std::string render_nginx(const Config& config);

/// The last line of that alone; nothing where the verdict is unknown.
[[nodiscard]] std::string render_verdict(const Config& config);

/// For people: place, message, source line with the mistake marked, labels, notes, include trail.
[[nodiscard]] std::string render_text(std::span<const Diagnostic> diagnostics,
                                      const SourceManager& sources, const TextStyle& style);

/// One line each, as compilers print: `FILE:LINE:COLUMN: error: MESSAGE`.
[[nodiscard]] std::string render_gcc(std::span<const Diagnostic> diagnostics,
                                     const SourceManager& sources, const TextStyle& style);

/// docs/schema/test-1.json.
[[nodiscard]] std::string render_test_json(const Config& config, const TextStyle& style);

struct DumpOptions {
    bool combine = false;  ///< one tree, includes replaced by what they include
    bool comments = false; ///< comments as directives named `#`
    bool spans = false;    ///< byte offsets and columns beside crossplane's fields
    unsigned indent = 0;   ///< 0: one line
};

/// The payload that crossplane's users know, with `schema` added (docs/dump.md lists what differs).
/// Needs a Config that was loaded with `first_error_only` off.
[[nodiscard]] std::string render_dump(const Config& config, const DumpOptions& options,
                                      const TextStyle& style);

} // namespace upstream_lint
