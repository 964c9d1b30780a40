#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

namespace upstream_lint::bench {

/// Prefix locations in nginx's own structure, to compare with (src/http/ngx_http.c,
/// ngx_http_create_locations_tree; src/http/ngx_http_core_module.c,
/// ngx_http_core_find_static_location).
class NginxLocationTree {
public:
    static constexpr std::uint32_t none = 0xffffffffU;

    /// Views the name.
    void add(std::string_view name, std::uint32_t location) { names_.emplace_back(name, location); }

    /// Once, when all have been added.
    void build();

    [[nodiscard]] std::uint32_t find(std::string_view uri) const;

private:
    struct Node {
        std::string_view name; ///< behind that of the node around
        std::uint32_t location = none;
        std::unique_ptr<Node> left;
        std::unique_ptr<Node> right;
        std::unique_ptr<Node> tree; ///< what begins with this one
    };

    using Names = std::vector<std::pair<std::string_view, std::uint32_t>>;

    /// Of names in order, without the first bytes.
    [[nodiscard]] static std::unique_ptr<Node> make(const Names& names, std::size_t begin,
                                                    std::size_t end, std::size_t cut);

    Names names_;
    std::unique_ptr<Node> root_;
};

} // namespace upstream_lint::bench
