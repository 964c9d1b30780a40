#pragma once

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

namespace upstream_lint {

/// Values by keys that are all known before the first is looked for. Two vectors: it costs a third
/// of a map whose nodes hold one value each.
template <typename Key, typename Value> class SortedIndex {
public:
    void add(Key key, Value value) { added_.emplace_back(std::move(key), std::move(value)); }

    /// To be called once, before find().
    void sort() {
        std::ranges::stable_sort(added_, {}, &std::pair<Key, Value>::first);
        keys_.reserve(added_.size());
        values_.reserve(added_.size());
        for (auto& [key, value] : added_) {
            keys_.push_back(std::move(key));
            values_.push_back(std::move(value));
        }
        added_ = {};
    }

    /// In the order in which they were added.
    [[nodiscard]] std::span<const Value> find(const Key& key) const {
        const auto [begin, end] = std::equal_range(keys_.begin(), keys_.end(), key);
        return std::span(values_).subspan(static_cast<std::size_t>(begin - keys_.begin()),
                                          static_cast<std::size_t>(end - begin));
    }

private:
    std::vector<std::pair<Key, Value>> added_;
    std::vector<Key> keys_;
    std::vector<Value> values_;
};

} // namespace upstream_lint
