#pragma once

#include "config/url.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace upstream_lint {

/// Values by network (src/core/ngx_radix_tree.c): the nodes are nginx's, for what can be deleted
/// depends on them.
class RadixTree {
public:
    RadixTree();

    /// False when the network has a value, which stays.
    bool insert(const Cidr& network, std::string_view value);

    /// False when there is nothing to delete.
    bool erase(const Cidr& network);

    /// The value of the smallest network around that one's first address.
    [[nodiscard]] std::string_view find(const Cidr& network) const;

private:
    using Index = std::uint32_t; // 0: none

    struct Node {
        std::array<Index, 2> next{}; // to the left and to the right
        Index parent = 0;
        std::optional<std::string_view> value{};
    };

    void preallocate(Index node, unsigned depth);
    Index make_child(Index parent, std::size_t side);
    void prune(Index node);

    std::vector<Node> nodes_;
};

} // namespace upstream_lint
