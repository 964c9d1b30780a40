#include "config/radix_tree.hpp"

namespace upstream_lint {

namespace {

constexpr std::uint32_t root = 1;
constexpr unsigned preallocated = 6; // ngx_radix_tree_create: a page of nodes, 64-bit pointers

std::size_t bit(const Cidr& network, unsigned at) {
    const unsigned byte = network.address.bytes[at / 8];
    return byte >> (7U - at % 8) & 1U;
}

} // namespace

RadixTree::RadixTree() : nodes_(2) {
    preallocate(root, preallocated);
}

void RadixTree::preallocate(Index node, unsigned depth) {
    if (depth == 0) {
        return;
    }
    for (const std::size_t side : {0U, 1U}) {
        preallocate(make_child(node, side), depth - 1);
    }
}

RadixTree::Index RadixTree::make_child(Index parent, std::size_t side) {
    const auto child = static_cast<Index>(nodes_.size());
    nodes_.push_back({.parent = parent});
    nodes_[parent].next[side] = child;
    return child;
}

bool RadixTree::insert(const Cidr& network, std::string_view value) {
    Index node = root;
    for (unsigned at = 0; at < network.length; ++at) {
        const std::size_t side = bit(network, at);
        const Index next = nodes_[node].next[side];
        node = next != 0 ? next : make_child(node, side);
    }
    if (nodes_[node].value) {
        return false;
    }
    nodes_[node].value = value;
    return true;
}

bool RadixTree::erase(const Cidr& network) {
    Index node = root;
    for (unsigned at = 0; at < network.length && node != 0; ++at) {
        node = nodes_[node].next[bit(network, at)];
    }
    if (node == 0) {
        return false;
    }
    const bool is_leaf = nodes_[node].next[0] == 0 && nodes_[node].next[1] == 0;
    if (is_leaf && node != root) {
        prune(node);
        return true;
    }
    const bool had_value = nodes_[node].value.has_value();
    nodes_[node].value.reset();
    return had_value;
}

void RadixTree::prune(Index node) {
    for (;;) {
        const Index parent = nodes_[node].parent;
        auto& next = nodes_[parent].next;
        next[next[1] == node ? 1 : 0] = 0;
        const bool is_needed =
            next[0] != 0 || next[1] != 0 || nodes_[parent].value.has_value() || parent == root;
        if (is_needed) {
            return;
        }
        node = parent;
    }
}

std::string_view RadixTree::find(const Cidr& network) const {
    const unsigned bits = (network.address.family == AddressFamily::inet6) ? 128 : 32;
    std::string_view value;
    Index node = root;
    for (unsigned at = 0; node != 0; ++at) {
        value = nodes_[node].value.value_or(value);
        node = at < bits ? nodes_[node].next[bit(network, at)] : 0;
    }
    return value;
}

} // namespace upstream_lint
