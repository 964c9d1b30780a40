#include "nginx_location_tree.hpp"

#include <algorithm>
#include <cstring>

namespace upstream_lint::bench {

void NginxLocationTree::build() {
    std::ranges::sort(names_);
    root_ = make(names_, 0, names_.size(), 0);
}

std::unique_ptr<NginxLocationTree::Node>
NginxLocationTree::make(const Names& names, std::size_t begin, std::size_t end, std::size_t cut) {
    // those that begin with another one belong to it
    std::vector<std::size_t> starts;
    for (std::size_t i = begin; i < end; ++i) {
        if (starts.empty() || !names[i].first.starts_with(names[starts.back()].first))
            starts.push_back(i);
    }
    if (starts.empty())
        return nullptr;
    const std::size_t middle = starts.size() / 2;
    const std::size_t at = starts[middle];
    const std::size_t next = middle + 1 < starts.size() ? starts[middle + 1] : end;
    auto node = std::make_unique<Node>();
    node->name = names[at].first.substr(cut);
    node->location = names[at].second;
    node->left = make(names, begin, at, cut);
    node->right = make(names, next, end, cut);
    node->tree = make(names, at + 1, next, names[at].first.size());
    return node;
}

std::uint32_t NginxLocationTree::find(std::string_view uri) const {
    std::uint32_t found = none;
    for (const Node* node = root_.get(); node != nullptr;) {
        const std::size_t size = std::min(uri.size(), node->name.size());
        const int order = std::memcmp(uri.data(), node->name.data(), size);
        if (order != 0) {
            node = order < 0 ? node->left.get() : node->right.get();
        } else if (uri.size() < node->name.size()) {
            node = node->left.get();
        } else {
            found = node->location;
            uri.remove_prefix(size);
            node = node->tree.get();
        }
    }
    return found;
}

} // namespace upstream_lint::bench
