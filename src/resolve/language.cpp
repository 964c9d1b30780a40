#include "resolve/language.hpp"

#include "resolve/automaton.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <queue>
#include <tuple>
#include <utility>
#include <vector>

namespace upstream_lint {

namespace {

using State = Automaton::State;

/// One state for all texts.
Automaton single_state(bool is_accepting) {
    Automaton automaton;
    automaton.next = {0};
    automaton.accepting = {static_cast<std::uint8_t>(is_accepting)};
    return automaton;
}

/// The tree of the words' beginnings.
class Words {
public:
    /// What follows a word: nothing at all, or anything.
    enum class Then : std::uint8_t { end, anything };

    Words(std::span<const std::string_view> words, Then then) : then_(then) {
        ByteSet seen;
        for (const std::string_view word : words) {
            bytes_ += word.size();
            for (const char byte : word) {
                seen.set(static_cast<unsigned char>(byte));
            }
        }
        has_nul_ = seen[0];
        for (std::size_t byte = 1; byte < 256; ++byte) {
            if (seen[byte]) {
                tree_.classes.refine(ByteSet().set(byte));
            }
        }
    }

    [[nodiscard]] std::optional<Language> language(std::span<const std::string_view> words) && {
        if ((bytes_ + 2) * tree_.classes.count > Automaton::max_transitions) {
            return std::nullopt;
        }
        add_state(no);
        add_state(no);
        add_state(then_ == Then::anything ? yes : no);
        tree_.accepting[yes] = 1;
        for (const std::string_view word : words) {
            if (!has_nul_ || word.find('\0') == std::string_view::npos) {
                add(word);
            }
        }
        return Language(tree_);
    }

private:
    static constexpr State root = 0;
    static constexpr State no = 1;
    static constexpr State yes = 2;

    State add_state(State leading_to) {
        tree_.accepting.push_back(0);
        tree_.next.resize(tree_.next.size() + tree_.classes.count, leading_to);
        return static_cast<State>(tree_.size() - 1);
    }

    State& next(State state, char byte) {
        return tree_
            .next[state * tree_.classes.count + tree_.classes.of[static_cast<unsigned char>(byte)]];
    }

    void add(std::string_view word) {
        State state = root;
        for (const char byte : word) {
            State to = next(state, byte);
            if (to == no) {
                to = add_state(no);
                next(state, byte) = to;
            }
            state = to;
        }
        tree_.accepting[state] = 1;
        if (then_ == Then::anything) {
            const auto row = std::span(tree_.next).subspan(state * tree_.classes.count);
            std::ranges::fill(row.first(tree_.classes.count), yes);
        }
    }

    Automaton tree_;
    Then then_;
    std::size_t bytes_ = 0;
    bool has_nul_ = false;
};

/// How little a byte is liked in an example: first its price, and among equals the lower rank.
struct Taste {
    unsigned price;
    unsigned rank;

    explicit Taste(unsigned char byte) {
        static constexpr std::string_view liked =
            "abcdefghijklmnopqrstuvwxyz0123456789/ABCDEFGHIJKLMNOPQRSTUVWXYZ-_.";
        const std::size_t place = liked.find(static_cast<char>(byte));
        const bool is_visible = byte > ' ' && byte < 0x7f;
        price = place != std::string_view::npos ? 2U : is_visible ? 3U : 1000U;
        rank = place != std::string_view::npos ? static_cast<unsigned>(place) : 256U + byte;
    }

    friend auto operator<=>(const Taste&, const Taste&) = default;
};

std::vector<unsigned char> nicest_bytes(const ByteClasses& classes) {
    std::vector<unsigned char> nicest = classes.representatives();
    for (unsigned byte = 1; byte < 256; ++byte) {
        unsigned char& known = nicest[classes.of[byte]];
        const auto other = static_cast<unsigned char>(byte);
        if (Taste(other) < Taste(known)) {
            known = other;
        }
    }
    return nicest;
}

/// The cheapest text that leads to an accepting state (Dijkstra's algorithm).
class ExampleSearch {
public:
    explicit ExampleSearch(const Automaton& automaton) :
        automaton_(automaton), bytes_(nicest_bytes(automaton.classes)), classes_(bytes_.size()),
        reached_(automaton.size()) {
        for (std::size_t cls = 0; cls < classes_.size(); ++cls) {
            classes_[cls] = cls;
        }
        std::ranges::sort(classes_, {}, [this](std::size_t cls) { return Taste(bytes_[cls]); });
    }

    std::optional<std::string> run() {
        reached_[0].price = 0;
        open_.emplace(0, 0);
        while (!open_.empty()) {
            const auto [price, state] = open_.top();
            open_.pop();
            if (price > reached_[state].price) {
                continue;
            }
            if (automaton_.accepting[state] != 0) {
                return text_to(state);
            }
            expand(state);
        }
        return std::nullopt;
    }

private:
    struct Reached {
        std::size_t price = std::numeric_limits<std::size_t>::max();
        State from = 0;
        unsigned char byte = 0;
    };

    void expand(State state) {
        for (const std::size_t cls : classes_) {
            const State to = automaton_.next[state * classes_.size() + cls];
            const std::size_t price = reached_[state].price + Taste(bytes_[cls]).price;
            if (price < reached_[to].price) {
                reached_[to] = {price, state, bytes_[cls]};
                open_.emplace(price, to);
            }
        }
    }

    [[nodiscard]] std::string text_to(State state) const {
        std::string text;
        for (; reached_[state].price != 0; state = reached_[state].from) {
            text += static_cast<char>(reached_[state].byte);
        }
        std::ranges::reverse(text);
        return text;
    }

    const Automaton& automaton_;
    std::vector<unsigned char> bytes_;
    std::vector<std::size_t> classes_; // the nicest first
    std::vector<Reached> reached_;
    using Open = std::pair<std::size_t, State>;
    std::priority_queue<Open, std::vector<Open>, std::greater<>> open_;
};

template <typename Accepts>
std::optional<Language> combine(const Language& left, const Language& right, Accepts accepts) {
    const std::optional<Automaton> both = product(left.automaton(), right.automaton(), accepts);
    return both ? std::optional(Language(*both)) : std::nullopt;
}

} // namespace

Language::Language() {
    static const Language nothing(single_state(false));
    automaton_ = nothing.automaton_;
}

Language::Language(const Automaton& automaton) :
    automaton_(std::make_shared<const Automaton>(minimized(automaton))) {}

Language Language::everything() {
    static const Language all(single_state(true));
    return all;
}

std::optional<Language> Language::of_texts(std::span<const std::string_view> texts) {
    return Words(texts, Words::Then::end).language(texts);
}

std::optional<Language> Language::of_prefixes(std::span<const std::string_view> prefixes) {
    return Words(prefixes, Words::Then::anything).language(prefixes);
}

bool Language::is_empty() const {
    return automaton_->size() == 1 && automaton_->accepting[0] == 0;
}

bool Language::contains(std::string_view text) const {
    State state = 0;
    for (const char byte : text) {
        if (byte == '\0') {
            return false;
        }
        state = automaton_->step(state, static_cast<unsigned char>(byte));
    }
    return automaton_->accepting[state] != 0;
}

std::optional<std::string> Language::example() const {
    return ExampleSearch(*automaton_).run();
}

bool operator==(const Language& left, const Language& right) {
    return left.automaton_ == right.automaton_ || *left.automaton_ == *right.automaton_;
}

// What is empty is met so often that the product is worth avoiding.

std::optional<Language> unite(const Language& left, const Language& right) {
    if (left.is_empty() || right.is_empty()) {
        return left.is_empty() ? right : left;
    }
    return combine(left, right, [](bool in_left, bool in_right) { return in_left || in_right; });
}

std::optional<Language> intersect(const Language& left, const Language& right) {
    if (left.is_empty() || right.is_empty()) {
        return Language();
    }
    return combine(left, right, [](bool in_left, bool in_right) { return in_left && in_right; });
}

std::optional<Language> subtract(const Language& left, const Language& right) {
    if (left.is_empty() || right.is_empty()) {
        return left;
    }
    return combine(left, right, [](bool in_left, bool in_right) { return in_left && !in_right; });
}

} // namespace upstream_lint
