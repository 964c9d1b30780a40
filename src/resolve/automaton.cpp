#include "resolve/automaton.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <unordered_map>
#include <utility>

namespace upstream_lint {

namespace {

using State = Automaton::State;

constexpr State no_state = 0xffffffffU;

/// States in blocks, each block a range of one array.
class Partition {
public:
    using Block = std::uint32_t;

    explicit Partition(std::size_t size) : states_(size), place_(size), block_(size, 0) {
        for (std::size_t i = 0; i < size; ++i) {
            states_[i] = place_[i] = static_cast<State>(i);
        }
        blocks_.push_back({0, size, 0});
    }

    [[nodiscard]] std::size_t block_count() const noexcept { return blocks_.size(); }

    /// Of each state its block.
    [[nodiscard]] const std::vector<Block>& blocks() const noexcept { return block_; }

    [[nodiscard]] std::size_t size_of(Block block) const {
        return blocks_[block].end - blocks_[block].begin;
    }

    [[nodiscard]] std::span<const State> states_of(Block block) const {
        return std::span(states_).subspan(blocks_[block].begin, size_of(block));
    }

    /// Marked states stand first in their block.
    void mark(State state) {
        Range& range = blocks_[block_[state]];
        const std::size_t to = range.begin + range.marked;
        if (place_[state] < to) {
            return;
        }
        if (range.marked++ == 0) {
            touched_.push_back(block_[state]);
        }
        const State other = states_[to];
        std::swap(states_[to], states_[place_[state]]);
        std::swap(place_[other], place_[state]);
    }

    /// Parts the marked states of each block from the others. `parted` is told the block that
    /// stays and the new one.
    template <typename Parted> void split(Parted parted) {
        for (const Block block : touched_) {
            Range& range = blocks_[block];
            const std::size_t marked = std::exchange(range.marked, 0);
            if (marked == range.end - range.begin) {
                continue;
            }
            const auto added = static_cast<Block>(blocks_.size());
            const Range first{range.begin, range.begin + marked, 0};
            range.begin += marked;
            for (std::size_t i = first.begin; i < first.end; ++i) {
                block_[states_[i]] = added;
            }
            blocks_.push_back(first);
            parted(block, added);
        }
        touched_.clear();
    }

private:
    struct Range {
        std::size_t begin;
        std::size_t end;
        std::size_t marked;
    };

    std::vector<State> states_;
    std::vector<State> place_; // of a state in states_
    std::vector<Block> block_;
    std::vector<Range> blocks_;
    std::vector<Block> touched_;
};

/// From which states a class of bytes leads to a state.
class Sources {
public:
    explicit Sources(const Automaton& automaton) :
        size_(automaton.size()), classes_(automaton.classes.count),
        first_(classes_ * (size_ + 1), 0), from_(classes_ * size_) {
        for (std::size_t cls = 0; cls < classes_; ++cls) {
            fill(automaton, cls);
        }
    }

    [[nodiscard]] std::span<const State> of(State to, std::size_t cls) const {
        const std::size_t* const first = &first_[cls * (size_ + 1) + to];
        return std::span(from_).subspan(cls * size_ + first[0], first[1] - first[0]);
    }

private:
    void fill(const Automaton& automaton, std::size_t cls) {
        std::size_t* const first = &first_[cls * (size_ + 1)];
        for (std::size_t state = 0; state < size_; ++state) {
            ++first[automaton.next[state * classes_ + cls]];
        }
        for (std::size_t state = 1; state <= size_; ++state) {
            first[state] += first[state - 1];
        }
        for (std::size_t state = 0; state < size_; ++state) {
            const State to = automaton.next[state * classes_ + cls];
            from_[cls * size_ + --first[to]] = static_cast<State>(state);
        }
    }

    std::size_t size_;
    std::size_t classes_;
    std::vector<std::size_t> first_;
    std::vector<State> from_;
};

/// Hopcroft's algorithm: blocks are split until no class of bytes leads from one block to two.
class Refinement {
public:
    explicit Refinement(const Automaton& automaton) :
        classes_(automaton.classes.count), sources_(automaton), partition_(automaton.size()) {
        for (State state = 0; state < automaton.size(); ++state) {
            if (automaton.accepting[state] != 0) {
                partition_.mark(state);
            }
        }
        is_waiting_.resize(classes_, true);
        for (std::size_t cls = 0; cls < classes_; ++cls) {
            waiting_.emplace_back(0, cls);
        }
        split();
        while (!waiting_.empty()) {
            refine();
        }
    }

    [[nodiscard]] const std::vector<State>& blocks() const noexcept { return partition_.blocks(); }

private:
    using Block = Partition::Block;

    void refine() {
        const auto [block, cls] = waiting_.back();
        waiting_.pop_back();
        is_waiting_[block * classes_ + cls] = false;
        leading_.clear();
        for (const State to : partition_.states_of(block)) {
            const auto from = sources_.of(to, cls);
            leading_.insert(leading_.end(), from.begin(), from.end());
        }
        for (const State state : leading_) {
            partition_.mark(state);
        }
        split();
    }

    void split() {
        partition_.split([this](Block kept, Block added) {
            is_waiting_.resize(partition_.block_count() * classes_, false);
            const Block smaller =
                partition_.size_of(kept) < partition_.size_of(added) ? kept : added;
            for (std::size_t cls = 0; cls < classes_; ++cls) {
                wait_for(is_waiting_[kept * classes_ + cls] ? added : smaller, cls);
            }
        });
    }

    void wait_for(Block block, std::size_t cls) {
        is_waiting_[block * classes_ + cls] = true;
        waiting_.emplace_back(block, cls);
    }

    std::size_t classes_;
    Sources sources_;
    Partition partition_;
    std::vector<bool> is_waiting_;
    std::vector<std::pair<Block, std::size_t>> waiting_;
    std::vector<State> leading_;
};

/// One state for each block that is reached, in the order in which they are reached.
Automaton merge_states(const Automaton& automaton, const std::vector<State>& blocks) {
    Automaton merged;
    merged.classes = automaton.classes;
    const std::size_t classes = automaton.classes.count;
    std::vector<State> number(automaton.size(), no_state);
    std::vector<State> first; // of each block reached one state
    const auto number_of = [&](State state) {
        State& known = number[blocks[state]];
        if (known == no_state) {
            known = static_cast<State>(first.size());
            first.push_back(state);
        }
        return known;
    };
    number_of(0);
    while (merged.size() < first.size()) {
        const State state = first[merged.size()];
        merged.accepting.push_back(automaton.accepting[state]);
        for (std::size_t cls = 0; cls < classes; ++cls) {
            merged.next.push_back(number_of(automaton.next[state * classes + cls]));
        }
    }
    return merged;
}

/// Of each class the first that leads to the same states everywhere.
std::vector<std::size_t> equal_classes(const Automaton& automaton) {
    const std::size_t classes = automaton.classes.count;
    std::vector<std::size_t> group(classes, 0);
    std::map<std::pair<std::size_t, State>, std::size_t> seen;
    for (std::size_t state = 0; state < automaton.size() && seen.size() < classes; ++state) {
        seen.clear();
        for (std::size_t cls = 0; cls < classes; ++cls) {
            const auto key = std::pair(group[cls], automaton.next[state * classes + cls]);
            group[cls] = seen.try_emplace(key, cls).first->second;
        }
    }
    return group;
}

/// Classes that nothing tells apart made one, in the order of their lowest bytes.
Automaton merge_classes(const Automaton& automaton) {
    const std::vector<std::size_t> group = equal_classes(automaton);
    std::vector<State> number(group.size(), no_state);
    std::vector<std::size_t> kept;
    Automaton merged;
    for (std::size_t byte = 1; byte < 256; ++byte) {
        const std::size_t cls = group[automaton.classes.of[byte]];
        if (number[cls] == no_state) {
            number[cls] = static_cast<State>(kept.size());
            kept.push_back(cls);
        }
        merged.classes.of[byte] = static_cast<std::uint8_t>(number[cls]);
    }
    merged.classes.count = kept.size();
    merged.accepting = automaton.accepting;
    merged.next.reserve(automaton.size() * kept.size());
    for (std::size_t state = 0; state < automaton.size(); ++state) {
        for (const std::size_t cls : kept) {
            merged.next.push_back(automaton.next[state * group.size() + cls]);
        }
    }
    return merged;
}

} // namespace

void ByteClasses::refine(const ByteSet& set) {
    ByteClasses two{.count = 2};
    for (std::size_t byte = 1; byte < 256; ++byte) {
        two.of[byte] = set[byte] ? 1 : 0;
    }
    refine(two);
}

void ByteClasses::refine(const ByteClasses& others) {
    std::vector<std::size_t> number(count * others.count, 0);
    std::size_t used = 0;
    for (std::size_t byte = 1; byte < 256; ++byte) {
        std::size_t& known = number[of[byte] * others.count + others.of[byte]];
        if (known == 0) {
            known = ++used;
        }
        of[byte] = static_cast<std::uint8_t>(known - 1);
    }
    count = used;
}

std::vector<unsigned char> ByteClasses::representatives() const {
    std::vector<unsigned char> lowest(count, 0);
    for (std::size_t byte = 255; byte >= 1; --byte) {
        lowest[of[byte]] = static_cast<unsigned char>(byte);
    }
    return lowest;
}

bool Automaton::stays_in(State state) const {
    const auto row = std::span(next).subspan(state * classes.count, classes.count);
    return std::ranges::all_of(row, [state](State to) { return to == state; });
}

Automaton minimized(const Automaton& automaton) {
    const Automaton merged = merge_classes(merge_states(automaton, Refinement(automaton).blocks()));
    // which state is reached first depends on the order of the classes
    std::vector<State> each(merged.size());
    std::iota(each.begin(), each.end(), State{0});
    return merge_states(merged, each);
}

std::optional<Automaton> product(const Automaton& left, const Automaton& right,
                                 const std::function<bool(bool, bool)>& accepts) {
    Automaton both;
    both.classes = left.classes;
    both.classes.refine(right.classes);
    const std::vector<unsigned char> bytes = both.classes.representatives();
    std::vector<std::pair<State, State>> pairs;
    std::unordered_map<std::uint64_t, State> numbers;
    const auto number_of = [&](State l, State r) {
        const auto [found, is_new] = numbers.try_emplace(static_cast<std::uint64_t>(l) << 32U | r,
                                                         static_cast<State>(pairs.size()));
        if (is_new) {
            pairs.emplace_back(l, r);
        }
        return found->second;
    };
    number_of(0, 0);
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        if (pairs.size() * bytes.size() > Automaton::max_transitions) {
            return std::nullopt;
        }
        const auto [l, r] = pairs[i];
        both.accepting.push_back(accepts(left.accepting[l] != 0, right.accepting[r] != 0) ? 1 : 0);
        for (const unsigned char byte : bytes) {
            both.next.push_back(number_of(left.step(l, byte), right.step(r, byte)));
        }
    }
    return both;
}

} // namespace upstream_lint
