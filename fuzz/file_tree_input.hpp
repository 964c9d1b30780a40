#pragma once

#include "upstream_lint/config.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace upstream_lint::fuzz {

/// How the files are looked at.
enum class View : std::uint8_t { plain, root, map, map_over_root, overlay };

/// A file tree and the ways to read it, taken from one input.
///
/// Sixteen bytes choose the options; any byte will do, so that a seed may hold letters. Then comes
/// the main file's text, and sections, each behind a line `%%K NAME`. K is one of
///   f  a file            m  forty of them: NAME00.conf, NAME01.conf, ...
///   l  a link to the section's first line
///   d  a folder          u  what cannot be read        s  a FIFO
/// A NAME without a slash in front stands in the folder of the main file.
struct FileTreeInput {
    std::shared_ptr<const FileSystem> files;
    LoadOptions options;
    View view = View::plain;
    std::uint8_t dump_bits = 0; ///< bits 0 to 2: DumpOptions' flags; the others: its indentation
};

inline constexpr std::string_view main_file = "/etc/nginx/nginx.conf";
/// What stands outside of the folder that View::root shows.
inline constexpr std::string_view outside_text = "outside_of_the_root on;";

[[nodiscard]] FileTreeInput read_file_tree(std::string_view input);

} // namespace upstream_lint::fuzz
