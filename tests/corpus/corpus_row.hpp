#pragma once

#include "nginx_message.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace upstream_lint::corpus {

/// One verdict of nginx on a file of the corpus.
struct CorpusRow {
    std::string path;    ///< of the file tested, relative to the corpus
    std::string content; ///< file that stands in its place, relative to the corpus; empty: itself
    std::string wrapper; ///< the context it was included in, or `main`
    std::string kind;    ///< nginx's failure class: `ok`, `syntax`, `env` ...
    std::optional<differential::Refusal> refusal; ///< nothing where nginx accepted
    std::optional<std::string> pre; ///< what the wrapper has in front of the include, if recorded
    std::vector<std::string> stubs; ///< what was provided, `kind:name`
};

/// Reads `ground-truth.tsv` or `mutations.tsv`, which differ in their columns. Paths of messages
/// are made absolute below `root`.
[[nodiscard]] std::vector<CorpusRow> read_rows(std::string_view table, std::string_view root);

} // namespace upstream_lint::corpus
