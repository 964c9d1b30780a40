#include "source/name_pattern.hpp"

#include <algorithm>
#include <cstring>
#include <optional>

namespace upstream_lint {
namespace {

constexpr std::size_t no_match = std::string_view::npos;
constexpr std::size_t max_class_name = 2048; // glibc: CHARCLASS_NAME_MAX

using Byte = unsigned char;

bool in_ascii_range(Byte byte, char first, char last) {
    return byte >= static_cast<Byte>(first) && byte <= static_cast<Byte>(last);
}

// The classes of the C locale; nothing for a name that is none.
std::optional<bool> is_in_class(std::string_view name, Byte byte) {
    const bool lower = in_ascii_range(byte, 'a', 'z');
    const bool upper = in_ascii_range(byte, 'A', 'Z');
    const bool digit = in_ascii_range(byte, '0', '9');
    const bool graph = in_ascii_range(byte, '!', '~');
    if (name == "lower")
        return lower;
    if (name == "upper")
        return upper;
    if (name == "digit")
        return digit;
    if (name == "alpha")
        return lower || upper;
    if (name == "alnum")
        return lower || upper || digit;
    if (name == "xdigit")
        return digit || in_ascii_range(byte, 'a', 'f') || in_ascii_range(byte, 'A', 'F');
    if (name == "graph")
        return graph;
    if (name == "print")
        return graph || byte == ' ';
    if (name == "punct")
        return graph && !lower && !upper && !digit;
    if (name == "blank")
        return byte == ' ' || byte == '\t';
    if (name == "space")
        return byte == ' ' || in_ascii_range(byte, '\t', '\r');
    if (name == "cntrl")
        return byte < ' ' || byte == 0x7f;
    return std::nullopt;
}

// One bracket expression and one byte. glibc (posix/fnmatch_loop.c) reads items until one has the
// byte, and skips to the closing bracket by other rules from there on: where an expression ends
// depends on the byte, and what is malformed behind a hit is judged differently.
class Bracket {
public:
    Bracket(std::string_view pattern, std::size_t at, Byte byte) :
        pattern_(pattern), open_(at), at_(at), byte_(byte) {}

    // The place behind the expression, or no_match.
    std::size_t match() {
        const bool negated = peek() == '!' || peek() == '^';
        if (negated)
            ++at_;
        switch (search()) {
        case Item::malformed:
            return no_match;
        case Item::unclosed:
            return literally();
        case Item::hit:
            return behind_hit(negated);
        case Item::miss:
            return negated ? at_ : no_match;
        }
        return no_match;
    }

private:
    enum class Item { miss, hit, malformed, unclosed };

    [[nodiscard]] Byte peek(std::size_t ahead = 0) const {
        return at_ + ahead < pattern_.size() ? static_cast<Byte>(pattern_[at_ + ahead]) : Byte{0};
    }

    Byte take() {
        const Byte byte = peek();
        ++at_;
        return byte;
    }

    [[nodiscard]] bool next_are(char first, char second) const {
        return peek() == static_cast<Byte>(first) && peek(1) == static_cast<Byte>(second);
    }

    // `miss` with the place behind the closing bracket when no item has the byte.
    Item search() {
        Item item = read_item();
        while (item == Item::miss) {
            if (peek() == ']') {
                ++at_;
                return Item::miss;
            }
            item = read_item();
        }
        return item;
    }

    Item read_item() {
        if (peek() == 0)
            return Item::unclosed;
        if (next_are('[', ':'))
            return read_class();
        if (next_are('[', '='))
            return read_equivalence();
        if (next_are('[', '.'))
            return read_symbol();
        Byte byte = take();
        if (byte == '\\') {
            byte = take();
            if (byte == 0)
                return Item::malformed;
        }
        return read_byte(byte);
    }

    Item read_class() {
        std::size_t end = at_ + 2;
        while (end < pattern_.size() &&
               in_ascii_range(static_cast<Byte>(pattern_[end]), 'a', 'y')) {
            ++end;
            if (end - at_ - 2 == max_class_name)
                return Item::malformed;
        }
        if (pattern_.substr(std::min(end, pattern_.size()), 2) != ":]")
            return read_byte(take());
        const std::optional<bool> found =
            is_in_class(pattern_.substr(at_ + 2, end - at_ - 2), byte_);
        at_ = end + 2;
        if (!found)
            return Item::malformed;
        return *found ? Item::hit : Item::miss;
    }

    Item read_equivalence() {
        if (peek(2) == 0 || peek(3) != '=' || peek(4) != ']')
            return read_byte(take());
        const Byte byte = peek(2);
        at_ += 5;
        return byte == byte_ ? Item::hit : Item::miss;
    }

    Item read_symbol() {
        ++at_;
        const std::optional<Byte> symbol = read_symbol_name();
        if (!symbol)
            return Item::malformed;
        // Unlike behind a byte, `-]` behind a symbol keeps it from matching by itself.
        const bool starts_range = peek() == '-' && peek(1) != 0;
        if (!starts_range && *symbol == byte_)
            return Item::hit;
        return read_range(*symbol);
    }

    // Behind the `[` of `[.x.]`. The C locale knows no names but the bytes themselves.
    std::optional<Byte> read_symbol_name() {
        const std::size_t end = pattern_.find(".]", at_ + 1);
        if (end != at_ + 2)
            return std::nullopt;
        const Byte symbol = peek(1);
        at_ = end + 2;
        return symbol;
    }

    Item read_byte(Byte byte) {
        const bool starts_range = peek() == '-' && peek(1) != 0 && peek(1) != ']';
        if (!starts_range && byte == byte_)
            return Item::hit;
        return read_range(byte);
    }

    Item read_range(Byte first) {
        if (peek() != '-' || peek(1) == ']')
            return Item::miss;
        ++at_;
        const std::optional<Byte> last = read_range_end();
        if (!last)
            return Item::malformed;
        return first <= byte_ && byte_ <= *last ? Item::hit : Item::miss;
    }

    std::optional<Byte> read_range_end() {
        Byte byte = take();
        if (byte == '[' && peek() == '.')
            return read_symbol_name();
        if (byte == '\\')
            byte = take();
        return byte == 0 ? std::nullopt : std::optional(byte);
    }

    std::size_t behind_hit(bool negated) {
        while (true) {
            const Byte byte = take();
            if (byte == ']')
                return negated ? no_match : at_;
            if (byte == 0)
                return literally();
            if (byte == '\\' && take() == 0)
                return no_match;
            if (byte == '[' && !skip_nested())
                return no_match;
        }
    }

    // Without a closing bracket the opening one is a byte like others.
    [[nodiscard]] std::size_t literally() const { return byte_ == '[' ? open_ : no_match; }

    // Behind a `[` that may begin a class, an equivalence or a symbol.
    bool skip_nested() {
        if (peek() == ':')
            return skip_class();
        if (peek() == '=')
            return skip_equivalence();
        if (peek() == '.')
            return skip_symbol();
        return true;
    }

    bool skip_class() {
        std::size_t end = at_ + 1;
        while (true) {
            if (end - at_ == max_class_name)
                return false;
            if (pattern_.substr(std::min(end, pattern_.size()), 2) == ":]")
                break;
            if (end >= pattern_.size() ||
                !in_ascii_range(static_cast<Byte>(pattern_[end]), 'a', 'y'))
                return true;
            ++end;
        }
        at_ = end + 2;
        return true;
    }

    bool skip_equivalence() {
        if (peek(1) == 0 || peek(2) != '=' || peek(3) != ']')
            return false;
        at_ += 4;
        return true;
    }

    bool skip_symbol() {
        const std::size_t end = pattern_.find(".]", at_ + 1);
        if (end == std::string_view::npos)
            return false;
        at_ = end + 2;
        return true;
    }

    std::string_view pattern_;
    std::size_t open_; // behind the `[`
    std::size_t at_;
    Byte byte_;
};

} // namespace

PatternKind pattern_kind(std::string_view pattern) {
    PatternKind kind = PatternKind::plain;
    for (std::size_t at = 0; at < pattern.size(); ++at) {
        const char byte = pattern[at];
        if (byte == '?' || byte == '*' || (byte == ']' && kind == PatternKind::open))
            return PatternKind::wild;
        if (byte == '[')
            kind = PatternKind::open;
        if (byte != '\\')
            continue;
        ++at;
        if (kind == PatternKind::plain)
            kind = PatternKind::escaped;
    }
    return kind;
}

bool NamePattern::matches(std::string_view name) {
    const std::optional<Progress> start = begin(name);
    if (!start)
        return false;
    Progress now = *start;
    bool has_star = pattern_.starts_with('*');
    Progress star = now;
    while (true) {
        if (now.pattern < pattern_.size() && pattern_[now.pattern] == '*') {
            ++now.pattern;
            star = now;
            has_star = true;
            continue;
        }
        if (now.pattern == pattern_.size() && now.name == name.size())
            return true;
        const bool guards_period = now == *start;
        const std::size_t next = step(now, name, guards_period);
        if (next != no_match) {
            now = {next, now.name + 1};
            continue;
        }
        // Only the last star may take more: an earlier one would find no earlier end.
        if (!has_star || star.name == name.size())
            return false;
        star.name = next_start(star, name);
        now = star;
    }
}

// Where matching starts behind the `*` and `?` of a pattern that begins with a star; nothing when a
// period or too short a name forbids it. glibc goes on to guard a period at that place.
std::optional<NamePattern::Progress> NamePattern::begin(std::string_view name) const {
    if (!pattern_.starts_with('*'))
        return Progress{};
    const std::size_t behind = std::min(pattern_.find_first_not_of("*?"), pattern_.size());
    const auto bytes = std::count(
        pattern_.begin(), std::next(pattern_.begin(), static_cast<std::ptrdiff_t>(behind)), '?');
    const Progress start{behind, static_cast<std::size_t>(bytes)};
    if (name.starts_with('.') || start.name > name.size())
        return std::nullopt;
    return start;
}

// Where in the name the bytes behind a star may begin at the earliest, behind `star.name`.
std::size_t NamePattern::next_start(Progress star, std::string_view name) const {
    const std::string_view literal = std::string_view(pattern_).substr(star.pattern, 1);
    if (literal.empty())
        return name.size();
    if (literal.find_first_of("?[\\") == 0)
        return star.name + 1;
    return std::min(name.find(literal.front(), star.name + 1), name.size());
}

// The place in the pattern behind what matches the next byte of the name.
std::size_t NamePattern::step(Progress now, std::string_view name, bool guards_period) {
    if (now.pattern == pattern_.size() || now.name == name.size())
        return no_match;
    std::size_t at = now.pattern;
    const char byte = name[now.name];
    const bool is_guarded = guards_period && byte == '.';
    if (pattern_[at] == '?')
        return is_guarded ? no_match : at + 1;
    if (pattern_[at] == '[')
        return is_guarded ? no_match : step_bracket(at + 1, byte);
    if (pattern_[at] == '\\')
        ++at;
    return at < pattern_.size() && pattern_[at] == byte ? at + 1 : no_match;
}

std::size_t NamePattern::step_bracket(std::size_t at, char byte) {
    constexpr std::uint32_t unknown = 0;
    constexpr std::uint32_t none = 1;
    std::unique_ptr<BracketTable>& table = brackets_[at];
    if (!table)
        table = std::make_unique<BracketTable>();
    std::uint32_t& known = (*table)[static_cast<Byte>(byte)];
    if (known == unknown) {
        const std::size_t behind = Bracket(pattern_, at, static_cast<Byte>(byte)).match();
        known = behind == no_match ? none : static_cast<std::uint32_t>(behind + 2);
    }
    return known == none ? no_match : known - 2;
}

} // namespace upstream_lint
