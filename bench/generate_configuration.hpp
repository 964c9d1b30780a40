#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace upstream_lint::bench {

enum class Style : std::uint8_t {
    mixed,    ///< one indented file with comments
    minified, ///< one file without line ends, comments and needless blanks
    includes, ///< each virtual host in its own file, shared snippets
};

struct GeneratorOptions {
    std::size_t servers = 100;
    Style style = Style::mixed;
    /// `nginx -t` binds to 127.0.0.1: this port and the seven behind it.
    unsigned first_port = 27320;
};

/// Gets each file once: its path, relative to the folder of the main file, and its text.
/// `nginx.conf`, the main file, comes last.
using TakeFile = std::function<void(std::string_view path, std::string_view text)>;

/// A configuration as people write them, which `nginx -t` accepts without names to resolve,
/// certificates or rights: virtual hosts with their upstreams and eight locations each, about 2 KB
/// a host. The same options give the same bytes everywhere; more hosts leave the first ones as they
/// are.
void generate_configuration(const GeneratorOptions& options, const TakeFile& take);

/// The text of `nginx.conf`; for Style::includes it reaches further files.
[[nodiscard]] std::string generate_main_file(const GeneratorOptions& options);

/// Writes all files below `folder`, and makes the folders `logs` and `temp` that nginx wants.
/// Throws std::filesystem::filesystem_error or std::runtime_error when that cannot be done.
void write_configuration(const GeneratorOptions& options, const std::string& folder);

/// The sizes that the demands are about.
inline constexpr std::size_t medium_servers = 100;
inline constexpr std::size_t thousand_servers = 1'000;
inline constexpr std::size_t large_servers = 10'000;
inline constexpr std::size_t huge_servers = 100'000;

} // namespace upstream_lint::bench
