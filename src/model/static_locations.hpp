#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace upstream_lint {

/// The exact and prefix locations that stand directly in one server or location, for finding the
/// one that answers a URI (src/http/ngx_http_core_module.c, ngx_http_core_find_static_location).
class StaticLocations {
public:
    /// An index of the caller's.
    using Index = std::uint32_t;
    static constexpr Index none = 0xffffffffU;

    struct Entry {
        std::string_view name;
        Index exact = none;         ///< `= NAME`
        Index prefix = none;        ///< `NAME`, `^~ NAME`
        bool auto_redirect = false; ///< the name ends in `/` and the location passes requests on
    };

    enum class Kind : std::uint8_t {
        none,
        exact,
        prefix,
        redirect, ///< the URI lacks the `/` at its end; nginx answers 301
    };

    struct Found {
        Kind kind = Kind::none;
        Index location = none;
    };

    /// In any order; each name once.
    explicit StaticLocations(std::vector<Entry> entries);

    /// Cost: a binary search, a second one where names begin with the URI, and a step for each name
    /// that begins like the URI and then differs.
    [[nodiscard]] Found find(std::string_view uri) const;

    /// By their bytes.
    [[nodiscard]] std::span<const Entry> entries() const noexcept { return entries_; }

private:
    /// The last entry that does not come behind the text; the number of entries when there is none.
    [[nodiscard]] std::size_t last_up_to(std::string_view text) const;
    /// Among the entries from `first` on, where those that begin with the URI stand.
    [[nodiscard]] std::optional<Found> find_redirect(std::string_view uri, std::size_t first) const;
    [[nodiscard]] bool is_redirected(std::string_view uri, std::size_t at) const;

    std::vector<Entry> entries_;
    std::vector<Index> shorter_; ///< of each entry the longest that is a proper prefix of its name
};

} // namespace upstream_lint
