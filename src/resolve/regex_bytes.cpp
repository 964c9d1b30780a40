#include "resolve/regex_bytes.hpp"

#include "config/ascii.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace upstream_lint {

namespace {

bool is_between(unsigned char byte, unsigned char first, unsigned char last) {
    return byte >= first && byte <= last;
}

bool is_upper(unsigned char byte) {
    return is_between(byte, 'A', 'Z');
}

bool is_lower(unsigned char byte) {
    return is_between(byte, 'a', 'z');
}

bool is_alpha(unsigned char byte) {
    return is_upper(byte) || is_lower(byte);
}

bool is_digit(unsigned char byte) {
    return is_between(byte, '0', '9');
}

bool is_alnum(unsigned char byte) {
    return is_alpha(byte) || is_digit(byte);
}

bool is_word(unsigned char byte) {
    return is_word_character(static_cast<char>(byte));
}

bool is_space(unsigned char byte) {
    return byte == ' ' || is_between(byte, '\t', '\r');
}

bool is_graph(unsigned char byte) {
    return is_between(byte, 0x21, 0x7e);
}

bool is_print(unsigned char byte) {
    return byte == ' ' || is_graph(byte);
}

bool is_punct(unsigned char byte) {
    return is_graph(byte) && !is_alnum(byte);
}

bool is_cntrl(unsigned char byte) {
    return byte < ' ' || byte == 0x7f;
}

bool is_ascii(unsigned char byte) {
    return byte < 0x80;
}

bool is_blank(unsigned char byte) {
    return byte == ' ' || byte == '\t';
}

bool is_xdigit(unsigned char byte) {
    return is_digit(byte) || is_between(byte, 'a', 'f') || is_between(byte, 'A', 'F');
}

bool is_horizontal(unsigned char byte) {
    return is_blank(byte) || byte == 0xa0;
}

bool is_vertical(unsigned char byte) {
    return is_between(byte, '\n', '\r') || byte == 0x85;
}

using Test = bool (*)(unsigned char);

ByteSet bytes_that(Test test) {
    ByteSet set;
    for (std::size_t byte = 0; byte < set.size(); ++byte) {
        set[byte] = test(static_cast<unsigned char>(byte));
    }
    return set;
}

struct Named {
    std::string_view name;
    Test test;
};

constexpr std::array<Named, 14> posix_names = {{
    {"alpha", is_alpha},
    {"lower", is_lower},
    {"upper", is_upper},
    {"alnum", is_alnum},
    {"ascii", is_ascii},
    {"blank", is_blank},
    {"cntrl", is_cntrl},
    {"digit", is_digit},
    {"graph", is_graph},
    {"print", is_print},
    {"punct", is_punct},
    {"space", is_space},
    {"word", is_word},
    {"xdigit", is_xdigit},
}};

constexpr std::array<std::pair<char, Test>, 5> escapes = {{
    {'d', is_digit},
    {'h', is_horizontal},
    {'s', is_space},
    {'v', is_vertical},
    {'w', is_word},
}};

ByteSet with_other_case(ByteSet set) {
    for (std::size_t byte = 'A'; byte <= 'Z'; ++byte) {
        const bool either = set[byte] || set[byte + ('a' - 'A')];
        set[byte] = either;
        set[byte + ('a' - 'A')] = either;
    }
    return set;
}

unsigned digit_value(char digit) {
    const auto byte = static_cast<unsigned char>(digit);
    return is_digit(byte) ? byte - unsigned{'0'} : (byte | 0x20U) - unsigned{'a'} + 10U;
}

/// The digits that follow, so many at most. What is too large for a byte does not compile.
unsigned char read_digits(PatternCursor& cursor, unsigned base, std::size_t most) {
    unsigned value = 0;
    for (; most > 0 && is_xdigit(static_cast<unsigned char>(cursor.peek())) &&
           digit_value(cursor.peek()) < base;
         --most) {
        value = value * base + digit_value(cursor.take());
    }
    return static_cast<unsigned char>(value);
}

/// Behind `\x` or `\o`.
unsigned char read_number(PatternCursor& cursor, unsigned base, std::size_t most) {
    if (!cursor.take("{")) {
        return read_digits(cursor, base, most);
    }
    const unsigned char value = read_digits(cursor, base, static_cast<std::size_t>(-1));
    cursor.take("}");
    return value;
}

unsigned char control(char byte) {
    const auto code = static_cast<unsigned char>(byte);
    return static_cast<unsigned char>((is_lower(code) ? code & ~0x20 : code) ^ 0x40);
}

constexpr std::array<std::pair<char, unsigned char>, 6> control_letters = {
    {{'a', 0x07}, {'e', 0x1b}, {'f', 0x0c}, {'n', 0x0a}, {'r', 0x0d}, {'t', 0x09}}};

/// How long the name of a class is whose `[:`, `[.` or `[=` begins here; nothing where none does.
std::optional<std::size_t> posix_length(std::string_view text) {
    if (text.size() < 2 || text[0] != '[' || (text[1] != ':' && text[1] != '.' && text[1] != '=')) {
        return std::nullopt;
    }
    for (std::size_t i = 2; i + 1 < text.size(); ++i) {
        if (text[i] == '\\' && (text[i + 1] == ']' || text[i + 1] == '\\')) {
            ++i;
        } else if ((text[i] == '[' && text[i + 1] == text[1]) || text[i] == ']') {
            return std::nullopt;
        } else if (text[i] == text[1] && text[i + 1] == ']') {
            return i - 2;
        }
    }
    return std::nullopt;
}

class ClassReader {
public:
    ClassReader(PatternCursor& cursor, const ClassRules& rules) : cursor_(cursor), rules_(rules) {}

    std::optional<ByteSet> read() {
        skip_quotes();
        const bool is_negated = !is_quoted_ && cursor_.take("^");
        skip_quotes();
        if (!is_quoted_ && cursor_.take("]")) { // the first byte is no end
            add_byte(']');
        }
        for (skip_quotes(); is_quoted_ || cursor_.peek() != ']'; skip_quotes()) {
            if (cursor_.at_end() || !read_item()) {
                return std::nullopt;
            }
        }
        cursor_.skip(1);
        if (range_ == Range::open) {
            add('-', '-');
        }
        return is_negated ? ~set_ : set_;
    }

private:
    /// Whether the last item can begin a range.
    enum class Range : std::uint8_t { none, possible, open };

    void skip_quotes() {
        for (;;) {
            if (is_quoted_ ? cursor_.take("\\E") : cursor_.take("\\Q")) {
                is_quoted_ = !is_quoted_;
            } else if (is_quoted_ || !(cursor_.take("\\E") || skip_blank())) {
                return;
            }
        }
    }

    bool skip_blank() {
        const bool skips =
            rules_.skips_blanks && is_blank(static_cast<unsigned char>(cursor_.peek()));
        cursor_.skip(skips ? 1 : 0);
        return skips;
    }

    bool read_item() {
        if (is_quoted_) {
            add_byte(static_cast<unsigned char>(cursor_.take()));
            return true;
        }
        if (const auto length = posix_length(cursor_.rest())) {
            return read_posix(*length);
        }
        const char byte = cursor_.take();
        if (byte == '-' && range_ == Range::possible) {
            range_ = Range::open;
            return true;
        }
        if (byte != '\\') {
            add_byte(static_cast<unsigned char>(byte));
            return true;
        }
        return read_escape();
    }

    bool read_posix(std::size_t length) {
        std::string_view name = cursor_.rest().substr(2, length);
        cursor_.skip(length + 4);
        const bool is_negated = name.starts_with('^');
        name.remove_prefix(is_negated ? 1 : 0);
        if (rules_.letters == Case::insensitive && (name == "lower" || name == "upper")) {
            name = "alpha";
        }
        const auto* const found = std::ranges::find(posix_names, name, &Named::name);
        if (found == posix_names.end()) {
            return false;
        }
        const ByteSet bytes = bytes_that(found->test);
        add_set(is_negated ? ~bytes : bytes);
        return true;
    }

    bool read_escape() {
        if (const auto bytes = bytes_of_escape(cursor_.peek())) {
            cursor_.skip(1);
            add_set(*bytes);
            return true;
        }
        if (cursor_.take("b")) {
            add_byte('\b');
            return true;
        }
        const auto byte = read_byte_escape(cursor_);
        if (byte) {
            add_byte(*byte);
        }
        return byte.has_value();
    }

    void add_byte(unsigned char byte) {
        if (range_ == Range::open) {
            add(first_, byte);
            range_ = Range::none;
            return;
        }
        add(byte, byte);
        first_ = byte;
        range_ = Range::possible;
    }

    void add_set(const ByteSet& bytes) {
        if (range_ == Range::open) {
            add('-', '-');
        }
        set_ |= bytes;
        range_ = Range::none;
    }

    void add(unsigned char first, unsigned char last) {
        ByteSet bytes;
        for (std::size_t byte = first; byte <= last; ++byte) {
            bytes.set(byte);
        }
        set_ |= rules_.letters == Case::insensitive ? with_other_case(bytes) : bytes;
    }

    PatternCursor& cursor_;
    ClassRules rules_;
    ByteSet set_;
    bool is_quoted_ = false;
    Range range_ = Range::none;
    unsigned char first_ = 0;
};

} // namespace

ByteSet bytes_like(unsigned char byte, Case letters) {
    const ByteSet set = ByteSet().set(byte);
    return letters == Case::insensitive ? with_other_case(set) : set;
}

std::optional<ByteSet> bytes_of_escape(char letter) {
    const bool is_negated = is_upper(static_cast<unsigned char>(letter));
    const auto* const found =
        std::ranges::find(escapes, to_lower(letter), &std::pair<char, Test>::first);
    if (found == escapes.end()) {
        return std::nullopt;
    }
    const ByteSet bytes = bytes_that(found->second);
    return is_negated ? ~bytes : bytes;
}

std::optional<unsigned char> read_byte_escape(PatternCursor& cursor) {
    const char letter = cursor.peek();
    if (cursor.at_end()) {
        return std::nullopt;
    }
    const auto* const found =
        std::ranges::find(control_letters, letter, &std::pair<char, unsigned char>::first);
    if (found != control_letters.end()) {
        cursor.skip(1);
        return found->second;
    }
    if (letter >= '0' && letter <= '7') {
        return read_digits(cursor, 8, 3);
    }
    if (!is_alnum(static_cast<unsigned char>(letter)) || letter == '8' || letter == '9') {
        return static_cast<unsigned char>(cursor.take());
    }
    if (cursor.take("x")) {
        return read_number(cursor, 16, 2);
    }
    if (cursor.take("o")) {
        return read_number(cursor, 8, 0);
    }
    if (letter == 'c' && cursor.rest().size() > 1) {
        cursor.skip(1);
        return control(cursor.take());
    }
    return std::nullopt;
}

std::optional<ByteSet> read_class(PatternCursor& cursor, const ClassRules& rules) {
    return ClassReader(cursor, rules).read();
}

} // namespace upstream_lint
