#pragma once

#include <cstddef>
#include <string_view>

namespace upstream_lint {

/// Which bytes of a file nginx's read buffer holds. Statements read the same wherever the buffer
/// stands; the body of a Lua block does not. Nothing is known about the buffer between Lua blocks:
/// its way there is replayed from where the last one ended, once over all bytes of the file at
/// most.
class ReadWindow {
public:
    explicit ReadWindow(std::string_view bytes) noexcept : bytes_(bytes) {}

    /// Lets ngx_conf_read_token (src/core/ngx_conf_file.c) take the bytes up to `position`, which
    /// lies behind a whole token.
    void read_statements(std::size_t position);

    /// Somebody else took the bytes up to `position`.
    void skip_to(std::size_t position) noexcept { position_ = position; }

    /// Forgets where the buffer stood: the next byte read, at `position`, will be its first.
    void restart(std::size_t position) noexcept {
        position_ = position;
        end_ = position;
    }

    /// Behind the last byte in the buffer.
    [[nodiscard]] std::size_t end() const noexcept { return end_; }

    [[nodiscard]] bool at_end_of_file() const noexcept { return end_ == bytes_.size(); }

    /// No byte fits any more when those from `start` on are kept.
    [[nodiscard]] bool is_full(std::size_t start) const noexcept;
    /// Moves the byte at `start` to the front of the buffer and fills it up.
    void refill(std::size_t start) noexcept;

private:
    void need_byte_behind(std::size_t token_end, std::size_t start) noexcept;

    std::string_view bytes_;
    std::size_t position_ = 0;
    std::size_t end_ = 0;
};

} // namespace upstream_lint
