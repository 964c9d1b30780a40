#pragma once

#include "config/cycle.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

/// nginx's hash tables of names (src/core/ngx_hash.c): whether they can be built with the sizes
/// that the configuration gives them.
namespace upstream_lint {

/// What a cache line is taken for (ngx_cacheline_size).
inline constexpr std::int64_t cache_line = 64;

/// Up to the end of a cache line, as nginx takes sizes of buckets.
[[nodiscard]] constexpr std::int64_t align_to_cache_line(std::int64_t size) noexcept {
    return (size + cache_line - 1) / cache_line * cache_line;
}

/// `X_hash_max_size` and `X_hash_bucket_size`.
struct HashSizes {
    std::optional<std::int64_t> max_size;
    std::optional<std::int64_t> bucket_size;
};

/// How a table is to be built (ngx_hash_init_t).
struct HashPlan {
    std::string_view name; ///< `server_names_hash`
    std::int64_t max_size = 0;
    std::int64_t bucket_size = 0;
    Place shown{};           ///< what to look at when it cannot be built; may be none
    std::size_t removed = 0; ///< keys that count and take no room (nginx: key.data is null)
};

/// Reports a table that nginx cannot build, or only without regard to the size of buckets; false in
/// the first case (ngx_hash_init, with the keys' hashes of ngx_hash_key_lc).
bool build_hash(Cycle& cycle, const HashPlan& plan, std::span<const std::string_view> keys);

/// Names for a table, and which of them exclude each other (ngx_hash_keys_arrays_t).
class HashKeys {
public:
    enum class Added : std::uint8_t {
        yes,
        invalid,     ///< not a name, nor one with a wildcard where nginx takes one
        conflicting, ///< it stands there already
    };

    /// Whether `.example.com`, `*.example.com` and `www.example.*` are more than names.
    enum class Wildcards : std::uint8_t { no, yes };

    /// ngx_hash_add_key: OK, DECLINED, BUSY. The name is in lower case and is kept elsewhere.
    Added add(std::string_view name, Wildcards wildcards);

    /// The names without wildcards, in the order of the configuration.
    [[nodiscard]] std::span<const std::string_view> exact() const noexcept { return exact_; }

    [[nodiscard]] bool empty() const noexcept {
        return exact_.empty() && head_.empty() && tail_.empty();
    }

    /// Builds the tables: exact names, wildcards in front and behind; false as build_hash.
    bool build(Cycle& cycle, const HashPlan& plan) const;

private:
    Added add_exact(std::string_view name);
    Added add_dotted(std::string_view domain);
    Added add_head(std::string_view domain, std::string_view labels);
    Added add_tail(std::string_view name);

    std::unordered_set<std::string_view> exact_names_; // with those that stand for `.name`
    std::unordered_set<std::string_view> head_names_;
    std::unordered_set<std::string_view> tail_names_;
    std::vector<std::string_view> exact_;
    std::vector<std::string> head_; // `com.example.` of `*.example.com`
    std::vector<std::string> tail_; // `www.example` of `www.example.*`
};

} // namespace upstream_lint
