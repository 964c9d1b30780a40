#include "resolve/regex_reader.hpp"

#include "resolve/regex_bytes.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

namespace upstream_lint {

namespace {

using Index = RegexProgram::Index;
using Node = RegexProgram::Node;
using Kind = Node::Kind;

constexpr Index none = RegexProgram::none;

/// A counted repetition of a counted repetition can ask for any number of nodes.
constexpr std::size_t max_nodes = std::size_t{1} << 18U;

constexpr std::uint8_t not_word_before = before_anything & ~before_word;
constexpr std::uint8_t not_word_rest = rest_anything & ~rest_word;
constexpr std::uint8_t at_end = rest_nothing | rest_last_newline;

constexpr std::string_view too_large = "too many items";
constexpr std::string_view too_many_states = "too many states";

struct Options {
    Case letters = Case::sensitive;
    bool dot_is_all = false;       ///< `s`
    bool is_multiline = false;     ///< `m`
    bool is_extended = false;      ///< `x`
    bool skips_blanks = false;     ///< `xx`
    bool has_plain_groups = false; ///< `n`
};

struct Repetition {
    static constexpr std::size_t unlimited = static_cast<std::size_t>(-1);

    std::size_t least = 1;
    std::size_t most = 1;
    bool is_possessive = false;
};

enum class GroupKind : std::uint8_t { plain, atomic, ahead, not_ahead, behind, not_behind };

/// A group whose end is still to be read; the whole pattern is one too.
struct Group {
    GroupKind kind = GroupKind::plain;
    Index first = 0;   ///< its first node, a fork
    Index fork = 0;    ///< that of the branch that is read
    Index tail = 0;    ///< what leads to the next item
    Index item = none; ///< the first node of the last item; none: it cannot be repeated
    std::vector<Index> branch_ends; ///< of the branches before
    Options options;                ///< to be restored behind it
    bool is_inexact = false;        ///< it accepts more than the pattern
    bool is_begun = false;          ///< an item that PCRE2 does not look behind was read
    bool was_begun = false;         ///< before it
    bool resets_numbers = false;    ///< `(?|`
    unsigned first_number = 0;      ///< how many groups captured before it
    unsigned most_numbers = 0;      ///< of its branches
};

bool is_digit(char byte) {
    return byte >= '0' && byte <= '9';
}

/// A range of nodes that leads from its first to its last one, whose `next` is open, is an item.
/// Everything is made of items; so an item can be copied, and nothing recurses.
class Reader {
public:
    Reader(std::string_view pattern, Case letters) : cursor_(pattern) {
        options_.letters = letters;
    }

    RegexReading read() {
        // nginx searches: anything may stand before a match
        const Index search = add({.kind = Kind::fork, .other = 1});
        add({.kind = Kind::bytes, .next = search, .detail = any_byte()});
        open(GroupKind::plain);
        while (!cursor_.at_end() && !gave_up()) {
            read_part();
        }
        if (groups_.size() > 1) {
            give_up("a group without an end");
        }
        if (!gave_up()) {
            nodes()[search].next = groups_.front().first;
            const Index end = link_ends();
            const Index accept = add({.kind = Kind::accept});
            nodes()[end].next = accept;
        }
        return std::move(reading_);
    }

private:
    std::vector<Node>& nodes() { return reading_.program.nodes; }

    [[nodiscard]] bool gave_up() const { return !reading_.unreadable.empty(); }

    void give_up(std::string_view reason) {
        if (!gave_up()) {
            reading_.unreadable = reason;
        }
    }

    Group& group() { return groups_.back(); }

    [[nodiscard]] Index last() { return static_cast<Index>(nodes().size() - 1); }

    Index add(const Node& node) {
        if (nodes().size() >= max_nodes) {
            give_up(too_large);
        }
        nodes().push_back(node);
        return last();
    }

    Index number_of(const ByteSet& set) {
        const auto [found, is_new] =
            sets_.try_emplace(set, static_cast<Index>(reading_.program.sets.size()));
        if (is_new) {
            reading_.program.sets.push_back(set);
        }
        return found->second;
    }

    Index any_byte() { return number_of(~ByteSet()); }

    // Items. An item begins with begin_item(), and the nodes that follow are its own.

    void begin_item() {
        const auto first = static_cast<Index>(nodes().size());
        nodes()[group().tail].next = first;
        group().item = first;
    }

    void end_item() { group().tail = last(); }

    void add_item(const Node& node) {
        begin_item();
        add(node);
        end_item();
    }

    void add_bytes(const ByteSet& set) {
        group().is_begun = true;
        add_item({.kind = Kind::bytes, .detail = number_of(set)});
    }

    void add_guard(std::uint8_t before, std::uint8_t rest) {
        add_item({.kind = Kind::guard, .before = before, .rest = rest});
    }

    /// Where either of two conditions holds.
    void add_either_guard(std::array<std::uint8_t, 2> before, std::array<std::uint8_t, 2> rest) {
        begin_item();
        const Index fork = add({.kind = Kind::fork});
        const Index one = add({.kind = Kind::guard, .before = before[0], .rest = rest[0]});
        const Index other = add({.kind = Kind::guard, .before = before[1], .rest = rest[1]});
        const Index end = add({});
        nodes()[fork].next = one;
        nodes()[fork].other = other;
        nodes()[one].next = end;
        nodes()[other].next = end;
        end_item();
    }

    /// Any number of any bytes.
    void add_unknown(std::string_view what) {
        note_inexact(what);
        begin_item();
        const Index fork = add({.kind = Kind::fork});
        const Index byte = add({.kind = Kind::bytes, .next = fork, .detail = any_byte()});
        const Index end = add({});
        nodes()[fork].next = byte;
        nodes()[fork].other = end;
        end_item();
    }

    void note_inexact(std::string_view what) {
        if (reading_.inexact.empty()) {
            reading_.inexact = what;
        }
        group().is_inexact = true;
    }

    // Groups.

    void open(GroupKind kind) {
        Group opened;
        opened.kind = kind;
        opened.options = options_;
        opened.is_begun = opened.was_begun = !groups_.empty() && group().is_begun;
        opened.first_number = opened.most_numbers = captures_;
        if (!groups_.empty()) {
            begin_item();
        }
        opened.first = opened.fork = opened.tail = add({.kind = Kind::empty});
        groups_.push_back(std::move(opened));
    }

    void next_branch() {
        Group& open = group();
        open.branch_ends.push_back(open.tail);
        const Index branch = add({.kind = Kind::empty});
        nodes()[open.fork].kind = Kind::fork;
        nodes()[open.fork].other = branch;
        if (nodes()[open.fork].next == none) { // an empty branch
            nodes()[open.fork].next = add({});
            open.branch_ends.back() = last();
        }
        open.fork = open.tail = branch;
        open.item = none;
        open.is_begun = open.was_begun;
        if (open.resets_numbers) {
            open.most_numbers = std::max(open.most_numbers, captures_);
            captures_ = open.first_number;
        }
    }

    /// Leads all branches of the innermost group to one last node.
    Index link_ends() {
        const Index end = add({});
        for (const Index branch : group().branch_ends) {
            nodes()[branch].next = end;
        }
        nodes()[group().tail].next = end;
        return end;
    }

    void close() {
        if (groups_.size() < 2) {
            give_up("a parenthesis too many");
            return;
        }
        link_ends();
        const Group closed = std::move(groups_.back());
        groups_.pop_back();
        options_ = closed.options;
        group().is_inexact = group().is_inexact || closed.is_inexact;
        captures_ = std::max(captures_, closed.most_numbers);
        switch (closed.kind) {
        case GroupKind::plain:
            group().is_begun = true;
            break;
        case GroupKind::atomic:
            group().is_begun = true;
            note_inexact("an atomic group");
            break;
        case GroupKind::ahead:
        case GroupKind::not_ahead:
            look_ahead(closed);
            break;
        case GroupKind::behind:
        case GroupKind::not_behind:
            look_behind(closed);
            break;
        }
        end_item();
    }

    // Looking around.

    /// The nodes of an item as a program of their own, and the item removed. The last one accepts.
    RegexProgram cut(Index first, bool is_searched) {
        RegexProgram program;
        program.sets = reading_.program.sets;
        program.automata = reading_.program.automata;
        program.aheads = reading_.program.aheads;
        program.behinds = reading_.program.behinds;
        append_copy(program.nodes, {nodes().begin() + first, nodes().end()}, first);
        const auto end = static_cast<Index>(program.nodes.size());
        program.nodes.back().next = end;
        program.nodes.push_back({.kind = Kind::accept});
        if (is_searched) {
            const Index any = any_byte();
            program.sets = reading_.program.sets;
            program.nodes.push_back({.kind = Kind::fork, .next = 0, .other = end + 2});
            program.nodes.push_back({.kind = Kind::bytes, .next = end + 1, .detail = any});
        }
        nodes().resize(first);
        return program;
    }

    static bool has_node(const RegexProgram& program, Kind kind) {
        return std::ranges::find(program.nodes, kind, &Node::kind) != program.nodes.end();
    }

    static bool asks_what_is_before(const RegexProgram& program) {
        return std::ranges::any_of(program.nodes, [&](const Node& node) {
            return node.before != before_anything ||
                   (node.kind == Kind::ahead && program.aheads[node.detail].differs);
        });
    }

    void look_ahead(const Group& closed) {
        const RegexProgram program = cut(closed.first, false);
        if (closed.kind == GroupKind::ahead && !closed.was_begun) {
            // PCRE2 10.42 may want the byte that it looks for, and another one like it behind
            // (pcre2_compile.c, find_firstassertedcu)
            note_inexact("a look ahead at its beginning");
        }
        const bool is_negated = closed.kind == GroupKind::not_ahead;
        if (is_negated && closed.is_inexact) {
            add({}); // it accepts more than the pattern, so what it leaves is too little
            return;
        }
        if (has_node(program, Kind::behind)) {
            add_maybe("a look behind in a look ahead");
            return;
        }
        add_ahead(program, is_negated);
    }

    void add_ahead(const RegexProgram& program, bool is_negated) {
        const bool differs = asks_what_is_before(program);
        RegexProgram::Ahead ahead{.differs = differs};
        for (std::size_t kind = 0; kind < ahead.automaton.size(); ++kind) {
            if (kind > 0 && !differs) {
                ahead.automaton[kind] = ahead.automaton[0];
                continue;
            }
            const auto before = static_cast<std::uint8_t>(1U << kind);
            std::optional<Automaton> automaton =
                determinize(program, {.before = before}, reading_.steps);
            if (!automaton) {
                add_maybe(too_many_states);
                return;
            }
            ahead.automaton[kind] = add_automaton(*std::move(automaton), is_negated);
        }
        reading_.program.aheads.push_back(ahead);
        add({.kind = Kind::ahead,
             .detail = static_cast<Index>(reading_.program.aheads.size() - 1)});
    }

    void look_behind(const Group& closed) {
        const RegexProgram program = cut(closed.first, true);
        if (closed.kind == GroupKind::not_behind && closed.is_inexact) {
            add({});
            return;
        }
        if (has_node(program, Kind::behind) || has_node(program, Kind::ahead)) {
            add_maybe("a look around in a look behind");
            return;
        }
        const auto entry = static_cast<Index>(program.nodes.size() - 2);
        std::optional<Automaton> automaton =
            determinize(program, {.entry = entry, .ends_with_match = true}, reading_.steps);
        if (!automaton) {
            add_maybe("a look behind that looks ahead, or with too many states");
            return;
        }
        reading_.program.behinds.push_back(
            {add_automaton(*std::move(automaton), false), closed.kind == GroupKind::behind});
        add({.kind = Kind::behind,
             .detail = static_cast<Index>(reading_.program.behinds.size() - 1)});
    }

    Index add_automaton(Automaton automaton, bool is_negated) {
        for (std::uint8_t& accepting : automaton.accepting) {
            accepting = (accepting != 0) != is_negated ? 1 : 0;
        }
        reading_.program.automata.push_back(
            std::make_shared<const Automaton>(minimized(automaton)));
        return static_cast<Index>(reading_.program.automata.size() - 1);
    }

    /// A condition that may hold anywhere.
    void add_maybe(std::string_view what) {
        note_inexact(what);
        add({});
    }

    // Repetitions.

    /// Appends nodes whose indexes count from `from`; a `next` of the last one stays open.
    static void append_copy(std::vector<Node>& to, const std::vector<Node>& nodes, Index from) {
        const auto base = static_cast<Index>(to.size());
        for (Node node : nodes) {
            node.next = node.next == none ? none : node.next - from + base;
            node.other = node.other == none ? none : node.other - from + base;
            to.push_back(node);
        }
    }

    void repeat(const Repetition& repetition) {
        if (group().item == none) {
            give_up("a quantifier behind a quantifier");
            return;
        }
        const Index first = group().item;
        const bool is_one_byte = nodes().size() == first + 1 && nodes()[first].kind == Kind::bytes;
        const std::vector<Node> item(nodes().begin() + first, nodes().end());
        nodes().resize(first);
        add({.kind = Kind::empty});
        std::vector<Index> leaving;
        Index tail = first;
        for (std::size_t i = 0; i < repetition.least && !gave_up(); ++i) {
            tail = append_item(item, first, tail);
        }
        if (repetition.most == Repetition::unlimited) {
            const Index fork = add({.kind = Kind::fork});
            nodes()[tail].next = fork;
            nodes()[append_item(item, first, fork)].next = fork;
            leaving.push_back(fork);
        } else {
            for (std::size_t i = repetition.least; i < repetition.most && !gave_up(); ++i) {
                const Index fork = add({.kind = Kind::fork});
                nodes()[tail].next = fork;
                tail = append_item(item, first, fork);
                leaving.push_back(fork);
            }
        }
        end_repetition(repetition, leaving, tail);
        if (repetition.is_possessive && is_one_byte) {
            forbid(reading_.program.sets[item.front().detail], leaving);
        } else if (repetition.is_possessive) {
            note_inexact("a possessive quantifier");
        }
        end_item();
        group().item = none; // PCRE2 repeats a part of it
    }

    /// A copy of the item behind `tail`; its last node.
    Index append_item(const std::vector<Node>& item, Index from, Index tail) {
        const auto first = static_cast<Index>(nodes().size());
        if (first + item.size() > max_nodes) {
            give_up(too_large);
            return tail;
        }
        append_copy(nodes(), item, from);
        nodes()[tail].next = first;
        return last();
    }

    void end_repetition(const Repetition& repetition, const std::vector<Index>& leaving,
                        Index tail) {
        const Index end = add({});
        for (const Index fork : leaving) {
            nodes()[fork].other = end;
        }
        if (repetition.most != Repetition::unlimited) {
            nodes()[tail].next = end;
        }
    }

    /// A possessive repetition of one byte is left early only where no such byte follows.
    void forbid(const ByteSet& set, const std::vector<Index>& leaving) {
        const Index end = last();
        RegexProgram program;
        program.sets = {set};
        program.nodes = {{.kind = Kind::bytes, .next = 1}, {.kind = Kind::accept}};
        add_ahead(program, true);
        const Index guard = last();
        for (const Index fork : leaving) {
            nodes()[fork].other = guard;
        }
        nodes()[guard].next = add({});
        nodes()[end].next = last();
    }

    // The pattern.

    void read_part() {
        if (is_quoted_) {
            if (cursor_.take("\\E")) {
                is_quoted_ = false;
            } else {
                add_byte(cursor_.take());
            }
            return;
        }
        if (options_.is_extended && skip_extended()) {
            return;
        }
        const char byte = cursor_.take();
        switch (byte) {
        case '\\':
            read_escape();
            break;
        case '(':
            read_group();
            break;
        case ')':
            close();
            break;
        case '|':
            next_branch();
            break;
        case '[':
            read_bracket();
            break;
        case '.':
            add_bytes(options_.dot_is_all ? ~ByteSet() : ~ByteSet().set('\n'));
            break;
        case '^':
            add_line_start();
            break;
        case '$':
            add_guard(before_anything, options_.is_multiline ? at_end | rest_newline : at_end);
            break;
        case '*':
            read_repetition(0, Repetition::unlimited);
            break;
        case '+':
            read_repetition(1, Repetition::unlimited);
            break;
        case '?':
            read_repetition(0, 1);
            break;
        case '{':
            read_brace();
            break;
        default:
            add_byte(byte);
        }
    }

    void add_byte(char byte) {
        add_bytes(bytes_like(static_cast<unsigned char>(byte), options_.letters));
    }

    bool skip_extended() {
        const char byte = cursor_.peek();
        if (byte == ' ' || (byte >= '\t' && byte <= '\r') || byte == '\x85') {
            cursor_.skip(1);
            return true;
        }
        if (byte != '#') {
            return false;
        }
        const std::size_t end = cursor_.rest().find('\n');
        cursor_.skip(end == std::string_view::npos ? end : end + 1);
        return true;
    }

    void add_line_start() {
        if (options_.is_multiline) {
            // not behind a newline at the very end
            add_either_guard({before_start, before_newline},
                             {rest_anything, rest_anything & ~rest_nothing});
        } else {
            add_guard(before_start, rest_anything);
        }
        group().is_begun = true;
    }

    void add_word_border() {
        add_either_guard({before_word, not_word_before}, {not_word_rest, rest_word});
    }

    void read_bracket() {
        if (cursor_.take("[:<:]]")) {
            add_word_border();
            add_guard(before_anything, rest_word); // a quantifier is for this alone
        } else if (cursor_.take("[:>:]]")) {
            add_word_border();
            add_guard(before_word, rest_anything);
        } else if (const auto set =
                       read_class(cursor_, {options_.letters, options_.skips_blanks})) {
            add_bytes(*set);
        } else {
            give_up("a class that is not of bytes");
        }
    }

    void read_repetition(std::size_t least, std::size_t most) {
        Repetition repetition{least, most};
        if (cursor_.take("+")) {
            repetition.is_possessive = true;
        } else {
            cursor_.take("?");
        }
        repeat(repetition);
    }

    /// `{2}`, `{2,}`, `{2,3}`; anything else is the brace itself.
    void read_brace() {
        const std::size_t length = cursor_.rest().find_first_not_of("0123456789, \t");
        const std::string_view text = cursor_.rest().substr(0, length);
        if (length == std::string_view::npos || cursor_.peek(length) != '}') {
            add_byte('{');
            return;
        }
        const std::size_t comma = text.find(',');
        const std::string_view least = text.substr(0, comma);
        const std::string_view most =
            comma == std::string_view::npos ? least : text.substr(comma + 1);
        if (text.find_first_of("0123456789") == std::string_view::npos ||
            most.find(',') != std::string_view::npos) {
            add_byte('{');
            return;
        }
        if (least.empty() || text.find_first_of(" \t") != std::string_view::npos) {
            give_up("a quantifier that PCRE2 reads differently since 10.43");
            return;
        }
        cursor_.skip(text.size() + 1);
        read_repetition(number_in(least), most.empty() ? Repetition::unlimited : number_in(most));
    }

    static std::size_t number_in(std::string_view digits) {
        std::size_t number = 0;
        for (const char digit : digits) {
            number = std::min<std::size_t>(number * 10 + static_cast<std::size_t>(digit - '0'),
                                           max_nodes);
        }
        return number;
    }

    void read_escape() {
        const char letter = cursor_.peek();
        if (letter >= '1' && letter <= '9' && is_back_reference()) {
            skip_digits();
            add_unknown("a back-reference");
            return;
        }
        if (const auto bytes = bytes_of_escape(letter)) {
            cursor_.skip(1);
            add_bytes(*bytes);
            note_blank(letter);
            return;
        }
        if (const auto byte = read_byte_escape(cursor_)) {
            add_byte(static_cast<char>(*byte));
            return;
        }
        if (cursor_.at_end()) {
            give_up("a backslash at the end");
            return;
        }
        cursor_.skip(1);
        read_other_escape(letter);
    }

    /// PCRE2 takes what `\h` or `\v` repeats and `\S` for different bytes, and does not go back;
    /// 0xa0 and 0x85 are in both (pcre2_auto_possess.c).
    void note_blank(char letter) {
        has_blank_ = has_blank_ || letter == 'h' || letter == 'v';
        has_no_blank_ = has_no_blank_ || letter == 'S';
        if (has_blank_ && has_no_blank_) {
            note_inexact("blanks of two kinds");
        }
    }

    void read_other_escape(char letter) {
        switch (letter) {
        case 'Q':
            is_quoted_ = true;
            break;
        case 'E':
            break;
        case 'A':
        case 'G': // where the search began
            add_guard(before_start, rest_anything);
            group().is_begun = true;
            break;
        case 'Z':
            add_guard(before_anything, at_end);
            break;
        case 'z':
            add_guard(before_anything, rest_nothing);
            break;
        case 'b':
            add_word_border();
            break;
        case 'B':
            add_either_guard({before_word, not_word_before}, {rest_word, not_word_rest});
            break;
        case 'K': // what is counted as matched does not matter
            add_guard(before_anything, rest_anything);
            break;
        case 'N':
            add_bytes(~ByteSet().set('\n'));
            break;
        case 'C':
            add_bytes(~ByteSet());
            break;
        default:
            read_named_escape(letter);
        }
    }

    void read_named_escape(char letter) {
        switch (letter) {
        case 'g':
        case 'k':
            skip_reference();
            add_unknown("a back-reference");
            break;
        case 'p':
        case 'P':
            skip_property();
            add_unknown("a Unicode property");
            break;
        case 'R': // PCRE2 does not go back into it where it could
            give_up("a newline of any kind");
            break;
        case 'X':
            add_unknown("an extended grapheme");
            break;
        default:
            give_up("an escape that is not known here");
        }
    }

    /// Whether the number behind a backslash names a group (pcre2_compile.c, _pcre2_check_escape).
    [[nodiscard]] bool is_back_reference() const {
        if (cursor_.peek() >= '8' || !is_digit(cursor_.peek(1))) {
            return true;
        }
        std::size_t length = 1;
        while (is_digit(cursor_.peek(length))) {
            ++length;
        }
        return number_in(cursor_.rest().substr(0, length)) <= captures_;
    }

    void skip_digits() {
        while (is_digit(cursor_.peek())) {
            cursor_.skip(1);
        }
    }

    void skip_past(char end) {
        const std::size_t place = cursor_.rest().find(end);
        if (place == std::string_view::npos) {
            give_up("a name without an end");
            return;
        }
        cursor_.skip(place + 1);
    }

    void skip_reference() {
        const char opening = cursor_.peek();
        if (opening == '{' || opening == '<' || opening == '\'') {
            cursor_.skip(1);
            skip_past(opening == '{' ? '}' : opening == '<' ? '>' : '\'');
            return;
        }
        cursor_.skip(opening == '-' || opening == '+' ? 1 : 0);
        skip_digits();
    }

    void skip_property() {
        if (cursor_.peek() == '{') {
            skip_past('}');
        } else {
            cursor_.skip(1);
        }
    }

    /// Behind a `(`.
    void read_group() {
        if (cursor_.peek() == '*') {
            give_up("a verb");
            return;
        }
        if (!cursor_.take("?")) {
            captures_ += options_.has_plain_groups ? 0 : 1;
            open(GroupKind::plain);
            return;
        }
        static constexpr std::array<std::pair<std::string_view, GroupKind>, 7> kinds = {{
            {":", GroupKind::plain},
            {"|", GroupKind::plain},
            {">", GroupKind::atomic},
            {"=", GroupKind::ahead},
            {"!", GroupKind::not_ahead},
            {"<=", GroupKind::behind},
            {"<!", GroupKind::not_behind},
        }};
        for (const auto& [text, kind] : kinds) {
            if (cursor_.take(text)) {
                open(kind);
                group().resets_numbers = text == "|";
                return;
            }
        }
        read_named_group();
    }

    void read_named_group() {
        if (cursor_.peek() == '*' || cursor_.rest().starts_with("<*")) {
            give_up("a look around that is not atomic");
        } else if (cursor_.take("P<") || cursor_.take("<")) {
            open_named('>');
        } else if (cursor_.take("'")) {
            open_named('\'');
        } else if (cursor_.take("#")) {
            skip_past(')');
        } else if (cursor_.take("P=")) {
            skip_past(')');
            add_unknown("a back-reference");
        } else if (is_recursion()) {
            skip_past(')');
            add_unknown("a recursion");
        } else if (cursor_.peek() == '(') {
            give_up("a conditional group");
        } else if (cursor_.peek() == 'C') {
            give_up("a callout");
        } else {
            read_options();
        }
    }

    void open_named(char end) {
        skip_past(end);
        ++captures_;
        open(GroupKind::plain);
    }

    [[nodiscard]] bool is_recursion() const {
        const char byte = cursor_.peek();
        const bool is_signed = byte == '+' || byte == '-';
        return byte == 'R' || byte == '&' || is_digit(is_signed ? cursor_.peek(1) : byte) ||
               cursor_.rest().starts_with("P>");
    }

    /// `(?i)`, `(?i-s:`
    void read_options() {
        Options changed = options_;
        bool value = true;
        while (!cursor_.at_end()) {
            const char letter = cursor_.take();
            if (letter == ')') {
                options_ = changed;
                group().item = none;
                return;
            }
            if (letter == ':') {
                open(GroupKind::plain);
                options_ = changed;
                return;
            }
            if (letter == '-') {
                value = false;
            } else if (!set_option(changed, letter, value)) {
                give_up("an option that is not known here");
                return;
            }
        }
        give_up("options without an end");
    }

    bool set_option(Options& options, char letter, bool value) {
        switch (letter) {
        case '^':
            options = Options();
            break;
        case 'i':
            options.letters = value ? Case::insensitive : Case::sensitive;
            break;
        case 's':
            options.dot_is_all = value;
            break;
        case 'm':
            options.is_multiline = value;
            break;
        case 'n':
            options.has_plain_groups = value;
            break;
        case 'x':
            options.is_extended = value;
            options.skips_blanks = value && cursor_.take("x");
            break;
        case 'J':
        case 'U':
            break;
        default:
            return false;
        }
        return true;
    }

    PatternCursor cursor_;
    Options options_;
    std::vector<Group> groups_;
    std::unordered_map<ByteSet, Index> sets_;
    unsigned captures_ = 0;
    bool is_quoted_ = false;
    bool has_blank_ = false;    // `\h` or `\v`
    bool has_no_blank_ = false; // `\S`
    RegexReading reading_;
};

} // namespace

RegexReading read_regex(std::string_view pattern, Case letters) {
    return Reader(pattern, letters).read();
}

} // namespace upstream_lint
