#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace upstream_lint {

/// The names of the servers of one address but for the regular expressions (src/core/ngx_hash.c,
/// ngx_hash_find_combined). What was added first stays. Views the names.
class ServerNameTable {
public:
    /// An index of the caller's.
    using Index = std::uint32_t;
    static constexpr Index none = 0xffffffffU;

    /// Makes room for so many names, of which `.example` counts as two. 24 bytes for each, and half
    /// as much again.
    void reserve(std::size_t names);

    /// `a.example`, `*.example`, `.example`, `www.*`, in lower case. False when the name is there
    /// already. Of `.example` both `example` and `*.example` have to be new; where the second is
    /// not, nobody gets the first, either (ngx_hash_add_key).
    bool add(std::string_view name, Index server);

    /// The exact name, else the longest `*.NAME`, else the longest `NAME.*`. `host` is in lower
    /// case. Cost: one lookup, and one for each label where there are such names.
    [[nodiscard]] Index find(std::string_view host) const;

private:
    enum class Kind : std::uint8_t {
        free,
        exact,  ///< its server is `none` where a name is taken and answers nothing
        behind, ///< behind `*.`
        before, ///< before `.*`
    };

    struct Slot {
        const char* name = nullptr;
        std::uint32_t length = 0;
        std::uint32_t hash = 0;
        Index server = none;
        Kind kind = Kind::free;
    };

    bool add_with_subdomains(std::string_view domain, Index server);
    /// False when it is there already.
    bool add(Kind kind, std::string_view name, Index server);
    [[nodiscard]] Index find(Kind kind, std::string_view name) const;
    /// That of the name, or the free one where it would stand. There has to be one.
    [[nodiscard]] std::size_t position(Kind kind, std::string_view name, std::uint32_t hash) const;
    [[nodiscard]] std::size_t first_position(std::uint32_t hash) const noexcept;

    std::vector<Slot> slots_; // any number; looked through from where the hash says
    std::size_t count_ = 0;
    bool has_behind_ = false;
    bool has_before_ = false;
};

} // namespace upstream_lint
