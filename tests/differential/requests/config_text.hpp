#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace upstream_lint::differential {

/// Writes a configuration line by line. The blocks that may have it get a header of the answer that
/// names them, each with a number of its own.
class ConfigText {
public:
    /// A directive without its `;`.
    void add(std::string_view words);
    /// Opens a block without its `{`.
    void open(std::string_view words);
    /// The same, with block_header in it.
    void open_tagged(std::string_view words);
    void close();

    [[nodiscard]] const std::string& text() const noexcept { return text_; }

private:
    std::string text_;
    std::size_t depth_ = 0;
    std::size_t tags_ = 0;
};

/// A value as one word that nginx's reader reads back: quoted where it has to be.
[[nodiscard]] std::string word_of(std::string_view value);

/// What all sites begin with: `events`, and `http` with what keeps nginx inside its folder. `http`
/// is left open.
void begin_http(ConfigText& config);

} // namespace upstream_lint::differential
