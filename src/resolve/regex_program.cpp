#include "resolve/regex_program.hpp"

#include "config/ascii.hpp"

#include <algorithm>
#include <bit>
#include <span>
#include <unordered_map>
#include <utility>

namespace upstream_lint {

namespace {

using Index = RegexProgram::Index;
using Node = RegexProgram::Node;
using State = Automaton::State;

/// Automata that have to accept what is left of the text, each in a state of its own. Sorted.
using Conditions = std::vector<std::pair<Index, State>>;

/// A node on the way through the program, with conditions that are still open.
struct Place {
    Index node = 0;
    Index conditions = 0;

    friend bool operator==(const Place&, const Place&) = default;
};

/// A place, and what may be left of the text there.
struct Thread {
    Index place = 0;
    std::uint8_t rest = rest_anything;

    friend auto operator<=>(const Thread&, const Thread&) = default;
};

/// What a text leads to.
struct Set {
    std::vector<Thread> threads; ///< sorted
    std::vector<State> behinds;  ///< of each automaton of RegexProgram::behinds

    friend bool operator==(const Set&, const Set&) = default;
};

template <typename... Number> std::size_t hash_of(std::size_t seed, Number... numbers) {
    ((seed = (seed ^ numbers) * 0x9e3779b97f4a7c15U, seed ^= seed >> 29U), ...);
    return seed;
}

struct Hash {
    std::size_t operator()(const Place& place) const {
        return hash_of(0, place.node, place.conditions);
    }

    std::size_t operator()(const Conditions& conditions) const {
        std::size_t hash = 0;
        for (const auto& [automaton, state] : conditions) {
            hash = hash_of(hash, automaton, state);
        }
        return hash;
    }

    std::size_t operator()(const Set& set) const {
        std::size_t hash = 0;
        for (const Thread& thread : set.threads) {
            hash = hash_of(hash, thread.place, thread.rest);
        }
        for (const State state : set.behinds) {
            hash = hash_of(hash, state);
        }
        return hash;
    }
};

/// Numbers values in the order in which they come.
template <typename Value> class Numbered {
public:
    Index number_of(Value value) {
        const auto [found, is_new] =
            numbers_.try_emplace(std::move(value), static_cast<Index>(values_.size()));
        if (is_new) {
            values_.push_back(&found->first);
        }
        return found->second;
    }

    [[nodiscard]] const Value& operator[](Index number) const { return *values_[number]; }

    [[nodiscard]] std::size_t size() const noexcept { return values_.size(); }

private:
    std::unordered_map<Value, Index, Hash> numbers_;
    std::vector<const Value*> values_;
};

/// Numbers places. One without conditions has the number of its node.
class Places {
public:
    explicit Places(std::size_t nodes) : nodes_(static_cast<Index>(nodes)) {}

    Index number_of(const Place& place) {
        return place.conditions == 0 ? place.node : nodes_ + conditional_.number_of(place);
    }

    Place operator[](Index number) const {
        return number < nodes_ ? Place{number, 0} : conditional_[number - nodes_];
    }

private:
    Index nodes_;
    Numbered<Place> conditional_;
};

std::uint8_t kind_before(unsigned char byte) {
    return byte == '\n' ? before_newline : word_bytes()[byte] ? before_word : before_other;
}

/// What may be left behind a byte, when `rest` may be left before it.
std::uint8_t rest_behind(std::uint8_t rest, unsigned char byte) {
    if (byte == '\n') {
        return static_cast<std::uint8_t>(
            ((rest & rest_last_newline) != 0 ? rest_nothing : 0) |
            ((rest & rest_newline) != 0 ? rest_anything & ~rest_nothing : 0));
    }
    const auto wanted = word_bytes()[byte] ? rest_word : rest_other;
    return (rest & wanted) != 0 ? rest_anything : std::uint8_t{0};
}

bool tells(std::uint8_t mask, unsigned one, unsigned other) {
    return ((mask & one) != 0) != ((mask & other) != 0);
}

/// The bytes that no node of the program and no kind of place that it asks for tells apart.
class CommonClasses {
public:
    explicit CommonClasses(const RegexProgram& program) :
        program_(program), is_known_(program.automata.size(), false),
        is_known_set_(program.sets.size(), false) {
        for (const Node& node : program.nodes) {
            add(node);
        }
        if (newline_) {
            classes_.refine(ByteSet().set('\n'));
        }
        if (word_) {
            classes_.refine(word_bytes());
        }
    }

    [[nodiscard]] const ByteClasses& classes() const noexcept { return classes_; }

private:
    void add(const Node& node) {
        newline_ = newline_ || tells(node.before, before_newline, before_other) ||
                   tells(node.rest, rest_newline, rest_other) ||
                   tells(node.rest, rest_last_newline, rest_newline);
        word_ = word_ || tells(node.before, before_word, before_other) ||
                tells(node.rest, rest_word, rest_other);
        if (node.kind == Node::Kind::bytes && !is_known_set_[node.detail]) {
            is_known_set_[node.detail] = true;
            classes_.refine(program_.sets[node.detail]);
        } else if (node.kind == Node::Kind::behind) {
            add_automaton(program_.behinds[node.detail].automaton);
        } else if (node.kind == Node::Kind::ahead) {
            const auto& automata = program_.aheads[node.detail].automaton;
            for (const Index automaton : automata) {
                add_automaton(automaton);
            }
            newline_ = newline_ || program_.aheads[node.detail].differs;
            word_ = word_ || program_.aheads[node.detail].differs;
        }
    }

    void add_automaton(Index automaton) {
        if (!is_known_[automaton]) {
            is_known_[automaton] = true;
            classes_.refine(program_.automata[automaton]->classes);
        }
    }

    const RegexProgram& program_;
    ByteClasses classes_;
    std::vector<bool> is_known_;
    std::vector<bool> is_known_set_;
    bool newline_ = false;
    bool word_ = false;
};

class SubsetConstruction {
public:
    SubsetConstruction(const RegexProgram& program, const RegexRun& run, std::size_t& steps) :
        program_(program), run_(run), classes_(CommonClasses(program).classes()),
        bytes_(classes_.representatives()), places_(program.nodes.size()),
        rest_at_(program.nodes.size(), 0), steps_(steps) {
        conditions_.number_of({});
    }

    std::optional<Automaton> result() {
        reach(Place{run_.entry, 0}, rest_anything);
        std::vector<State> behinds(program_.behinds.size(), 0);
        close(run_.before, behinds);
        sets_.number_of({take_threads(), behinds});
        for (State state = 0; state < sets_.size(); ++state) {
            if (!follow(state)) {
                return std::nullopt;
            }
        }
        result_.classes = classes_;
        return std::move(result_);
    }

private:
    void take_step() { steps_ -= steps_ > 0 ? 1 : 0; }

    /// False where it is too much.
    bool follow(State state) {
        const Set& set = sets_[state];
        result_.accepting.push_back(accepts(set) ? 1 : 0);
        for (const unsigned char byte : bytes_) {
            take_step();
            for (const Thread& thread : set.threads) {
                step(thread, byte);
            }
            std::vector<State> behinds = behinds_after(set, byte);
            close(kind_before(byte), behinds);
            if (cannot_judge_ || steps_ == 0) {
                return false;
            }
            result_.next.push_back(sets_.number_of({take_threads(), std::move(behinds)}));
        }
        return sets_.size() * bytes_.size() <= Automaton::max_transitions && !cannot_judge_;
    }

    [[nodiscard]] std::vector<State> behinds_after(const Set& set, unsigned char byte) const {
        std::vector<State> after(set.behinds.size());
        for (std::size_t i = 0; i < after.size(); ++i) {
            after[i] = program_.automata[program_.behinds[i].automaton]->step(set.behinds[i], byte);
        }
        return after;
    }

    void step(const Thread& thread, unsigned char byte) {
        take_step();
        const Place place = places_[thread.place];
        const Node& node = program_.nodes[place.node];
        const std::uint8_t rest = rest_behind(thread.rest, byte);
        const bool leads_on = node.kind == Node::Kind::accept ? !run_.ends_with_match
                                                              : program_.sets[node.detail][byte];
        if (rest == 0 || !leads_on) {
            return;
        }
        const std::optional<Index> conditions = conditions_after(place.conditions, byte);
        if (conditions) {
            reach({node.kind == Node::Kind::accept ? place.node : node.next, *conditions}, rest);
        }
    }

    /// Nothing where one can no longer be met.
    std::optional<Index> conditions_after(Index number, unsigned char byte) {
        if (number == 0) {
            return number;
        }
        Conditions after;
        for (const auto& [automaton, state] : conditions_[number]) {
            take_step();
            if (!add_condition(after, automaton, program_.automata[automaton]->step(state, byte))) {
                return std::nullopt;
            }
        }
        return conditions_.number_of(after);
    }

    /// False where it cannot be met.
    [[nodiscard]] bool add_condition(Conditions& conditions, Index number, State state) const {
        const Automaton& automaton = *program_.automata[number];
        if (automaton.stays_in(state)) {
            return automaton.accepting[state] != 0;
        }
        const auto condition = std::pair(number, state);
        const auto place = std::ranges::lower_bound(conditions, condition);
        if (place == conditions.end() || *place != condition) {
            conditions.insert(place, condition);
        }
        return true;
    }

    /// `rest` joins what may be left at the place.
    void reach(const Place& place, std::uint8_t rest) {
        take_step();
        const Index number = places_.number_of(place);
        if (number >= rest_at_.size()) {
            rest_at_.resize(number + std::size_t{1}, 0);
        }
        std::uint8_t& known = rest_at_[number];
        if ((known | rest) == known) {
            return;
        }
        if (known == 0) {
            reached_.push_back(number);
        }
        known |= rest;
        open_.push_back(number);
    }

    /// Goes on from what was reached as far as no byte is needed.
    void close(std::uint8_t kind, const std::vector<State>& behinds) {
        while (!open_.empty() && steps_ > 0) {
            const Index number = open_.back();
            open_.pop_back();
            const Place place = places_[number];
            const Node& node = program_.nodes[place.node];
            const std::uint8_t rest = rest_at_[number];
            switch (node.kind) {
            case Node::Kind::empty:
                reach({node.next, place.conditions}, rest);
                break;
            case Node::Kind::fork:
                reach({node.next, place.conditions}, rest);
                reach({node.other, place.conditions}, rest);
                break;
            case Node::Kind::guard:
                if ((node.before & kind) != 0 && (node.rest & rest) != 0) {
                    reach({node.next, place.conditions},
                          static_cast<std::uint8_t>(node.rest & rest));
                }
                break;
            case Node::Kind::ahead:
                look_ahead(node, place, rest, kind);
                break;
            case Node::Kind::behind:
                if (is_behind(node, behinds)) {
                    reach({node.next, place.conditions}, rest);
                }
                break;
            case Node::Kind::bytes:
            case Node::Kind::accept:
                break;
            }
        }
    }

    void look_ahead(const Node& node, const Place& place, std::uint8_t rest, std::uint8_t kind) {
        const auto which = static_cast<std::size_t>(std::countr_zero(kind));
        Conditions conditions = conditions_[place.conditions];
        if (add_condition(conditions, program_.aheads[node.detail].automaton[which], 0)) {
            reach({node.next, conditions_.number_of(conditions)}, rest);
        }
    }

    [[nodiscard]] bool is_behind(const Node& node, const std::vector<State>& behinds) const {
        const RegexProgram::Behind& behind = program_.behinds[node.detail];
        const Automaton& automaton = *program_.automata[behind.automaton];
        return (automaton.accepting[behinds[node.detail]] != 0) == behind.is_wanted;
    }

    /// What was reached, without what only led on.
    std::vector<Thread> take_threads() {
        std::vector<Thread> threads;
        for (const Index number : reached_) {
            const Place place = places_[number];
            const Node::Kind kind = program_.nodes[place.node].kind;
            const std::uint8_t rest = std::exchange(rest_at_[number], std::uint8_t{0});
            if (kind != Node::Kind::bytes && kind != Node::Kind::accept) {
                continue;
            }
            const bool is_free = place.conditions == 0 && rest == rest_anything;
            if (kind == Node::Kind::accept && run_.ends_with_match && !is_free) {
                cannot_judge_ = true;
            }
            if (kind == Node::Kind::accept && !run_.ends_with_match && is_free) {
                threads = {{number, rest}}; // whatever follows, the text is accepted
                clear_reached();
                break;
            }
            threads.push_back({number, rest});
        }
        reached_.clear();
        std::ranges::sort(threads);
        return threads;
    }

    void clear_reached() {
        for (const Index number : reached_) {
            rest_at_[number] = 0;
        }
    }

    [[nodiscard]] bool accepts(const Set& set) const {
        return std::ranges::any_of(set.threads, [this](const Thread& thread) {
            const Place place = places_[thread.place];
            return program_.nodes[place.node].kind == Node::Kind::accept &&
                   (thread.rest & rest_nothing) != 0 &&
                   std::ranges::all_of(conditions_[place.conditions], [this](
                                                                          const auto& condition) {
                       return program_.automata[condition.first]->accepting[condition.second] != 0;
                   });
        });
    }

    const RegexProgram& program_;
    RegexRun run_;
    ByteClasses classes_;
    std::vector<unsigned char> bytes_; // one of each class
    Numbered<Conditions> conditions_;
    Places places_;
    Numbered<Set> sets_;
    std::vector<std::uint8_t> rest_at_; // of each place reached now
    std::vector<Index> reached_;
    std::vector<Index> open_;
    std::size_t& steps_; // what is left
    bool cannot_judge_ = false;
    Automaton result_;
};

} // namespace

std::optional<Automaton> determinize(const RegexProgram& program, const RegexRun& run,
                                     std::size_t& steps) {
    return SubsetConstruction(program, run, steps).result();
}

const ByteSet& word_bytes() {
    static const ByteSet bytes = [] {
        ByteSet set;
        for (std::size_t byte = 0; byte < 256; ++byte) {
            set[byte] = is_word_character(static_cast<char>(byte));
        }
        return set;
    }();
    return bytes;
}

} // namespace upstream_lint
