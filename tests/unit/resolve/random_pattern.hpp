#pragma once

#include "support/random_choice.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace upstream_lint::test {

/// A pattern, and a text that it may match.
struct PatternAndText {
    std::string pattern;
    std::string text;
};

/// Patterns of everything that PCRE2 reads in them; not all of them compile.
class RandomPattern {
public:
    explicit RandomPattern(RandomChoice& choice) : choice_(choice) {}

    PatternAndText next() {
        size_ = 0;
        PatternAndText made;
        if (choice_.chance(8)) {
            made.pattern =
                pick({"(?i)", "(?s)", "(?m)", "(?x)", "(?xx)", "(?n)", "(?ims)", "(?^i)"});
        }
        const PatternAndText rest = alternatives(0);
        const bool begins = choice_.chance(30);
        const bool ends = choice_.chance(25);
        made.pattern += (begins ? pick({"^", "^/", "\\A", "^\\/"}) : "") + rest.pattern;
        made.text = (begins && made.pattern.find('/') != std::string::npos ? "/" : "") + rest.text;
        made.pattern += ends ? pick({"$", "\\z", "\\Z", "/?$", "(?!.)"}) : "";
        return made;
    }

    /// The text, or one like it.
    std::string like(const std::string& text) {
        std::string result = text;
        if (choice_.chance(15)) {
            result = random_text(choice_.below(6)) + result;
        }
        if (choice_.chance(15)) {
            result += choice_.chance(50) ? "\n" : random_text(choice_.below(6));
        }
        for (std::size_t i = choice_.chance(45) ? 1 + choice_.below(2) : 0; i > 0; --i) {
            change(result);
        }
        return choice_.chance(4) ? random_text(choice_.below(10)) : result;
    }

private:
    std::string pick(std::initializer_list<std::string_view> from) {
        return std::string(from.begin()[choice_.below(from.size())]);
    }

    char random_byte() {
        static constexpr std::string_view common = "abcdAB/._-19 \n";
        return choice_.chance(85) ? choice_.pick(common)
                                  : static_cast<char>(1 + choice_.below(255));
    }

    std::string random_text(std::size_t length) {
        std::string text;
        while (text.size() < length) {
            text += random_byte();
        }
        return text;
    }

    void change(std::string& text) {
        const std::size_t place = choice_.below(text.size() + 1);
        switch (choice_.below(3)) {
        case 0:
            text.insert(place, 1, random_byte());
            break;
        case 1:
            text.erase(place, 1);
            break;
        default:
            if (place < text.size()) {
                text[place] = random_byte();
            }
        }
    }

    PatternAndText alternatives(std::size_t depth) {
        PatternAndText made = sequence(depth);
        while (choice_.chance(14) && size_ < 14) {
            const PatternAndText other = choice_.chance(8) ? PatternAndText() : sequence(depth);
            made.pattern += '|' + other.pattern;
            if (choice_.chance(50)) {
                made.text = other.text;
            }
        }
        return made;
    }

    PatternAndText sequence(std::size_t depth) {
        PatternAndText made;
        for (std::size_t count = 1 + choice_.below(4); count > 0; --count) {
            const PatternAndText item = repeated(depth);
            made.pattern += item.pattern;
            made.text += item.text;
        }
        return made;
    }

    PatternAndText repeated(std::size_t depth) {
        PatternAndText made = item(depth);
        if (!choice_.chance(28)) {
            return made;
        }
        static constexpr std::string_view quantifiers[] = {
            "*", "+", "?", "{2}", "{0,2}", "{1,3}", "{2,}", "{0}", "{,2}", "{ 1}", "{x}"};
        const std::size_t which = choice_.below(choice_.chance(85) ? 7 : 11);
        made.pattern += quantifiers[which];
        const std::string once = made.text;
        for (std::size_t more = choice_.below(3); more > 0; --more) {
            made.text += once;
        }
        if (choice_.chance(10)) {
            made.text.clear();
        }
        made.pattern += choice_.chance(12) ? "?" : choice_.chance(12) ? "+" : "";
        return made;
    }

    PatternAndText item(std::size_t depth) {
        ++size_;
        const std::size_t kind = choice_.below(100);
        if (kind < 45) {
            return literal();
        }
        if (kind < 55) {
            return escape();
        }
        if (kind < 68) {
            return bracket();
        }
        if (kind < 74) {
            return {".", std::string(1, random_byte())};
        }
        if (kind < 80) {
            return {pick({"^", "$", "\\b", "\\B", "\\A", "\\z", "\\Z", "\\G", "(?m:^)", "(?m:$)",
                          "[[:<:]]", "[[:>:]]", "\\K"}),
                    ""};
        }
        if (kind < 83) {
            return {pick({"(?i)", "(?-i)", "(?s)", "(?m)", "(?x) ", "(?#x)", "(?-x)", "\\E",
                          "\\Q\\E", "(?^)", "(?x)# c)\n", "(?U)", "(?J)", "()"}),
                    ""};
        }
        return depth < 3 && size_ < 14 ? group(depth) : literal();
    }

    PatternAndText literal() {
        const char byte = random_byte();
        if (choice_.chance(4)) {
            const std::string text = random_text(choice_.below(4));
            return {"\\Q" + text + "\\E", text};
        }
        if (std::string_view("\\^$.|?*+()[{").find(byte) != std::string_view::npos) {
            return {std::string("\\") + byte, std::string(1, byte)};
        }
        return {std::string(1, byte), std::string(1, byte)};
    }

    PatternAndText escape() {
        static const std::vector<PatternAndText> escapes = {
            {"\\d", "7"},    {"\\D", "x"},        {"\\w", "_"},       {"\\W", "-"},
            {"\\s", "\v"},   {"\\S", "\xa0"},     {"\\h", "\xa0"},    {"\\H", "\n"},
            {"\\v", "\x85"}, {"\\V", "a"},        {"\\N", "\r"},      {"\\R", "\r\n"},
            {"\\R", "\r"},   {"\\R", "\x85"},     {"\\n", "\n"},      {"\\t", "\t"},
            {"\\r", "\r"},   {"\\f", "\f"},       {"\\e", "\x1b"},    {"\\a", "\a"},
            {"\\x41", "A"},  {"\\x{e4}", "\xe4"}, {"\\xa", "\n"},     {"\\101", "A"},
            {"\\012", "\n"}, {"\\0101", "\b1"},   {"\\o{101}", "A"},  {"\\cA", "\x01"},
            {"\\.", "."},    {"\\/", "/"},        {"\\-", "-"},       {"\\C", "\n"},
            {"\\p{L}", "a"}, {"\\X", "a"},        {"\\1", "a"},       {"\\g{1}", "a"},
            {"\\11", "\t"},  {"\\g1", ""},        {"\\\xe4", "\xe4"}, {"\\ca", "\x01"},
            {"\\#", "#"},    {"\\ ", " "},        {"(?1)", "a"},      {"(?R)", ""},
        };
        return choice_.pick(escapes);
    }

    PatternAndText bracket() {
        PatternAndText made;
        const bool is_negated = choice_.chance(30);
        made.pattern = is_negated ? "[^" : "[";
        std::string member(1, random_byte());
        for (std::size_t count = 1 + choice_.below(4); count > 0; --count) {
            made.pattern += class_item(member);
        }
        made.pattern += choice_.chance(97) ? "]" : "";
        made.text = is_negated ? std::string(1, random_byte()) : member;
        return made;
    }

    std::string class_item(std::string& member) {
        if (choice_.chance(55)) {
            const char byte = random_byte();
            member = byte;
            return std::string(byte == '\\' ? "\\" : "") + byte;
        }
        return pick(
            {"a-c",        "b-z",       "A-_",        "0-9",         "\\d",        "\\w",
             "\\W",        "\\s",       "\\S",        "\\h",         "\\v",        "[:alpha:]",
             "[:^alpha:]", "[:upper:]", "[:lower:]",  "[:digit:]",   "[:punct:]",  "[:space:]",
             "[:word:]",   "[:cntrl:]", "[:graph:]",  "[:print:]",   "[:xdigit:]", "[:ascii:]",
             "[:blank:]",  "[:alnum:]", "[:^upper:]", "[",           "]",          "-",
             "^",          "--a",       "a-",         "\\x80-\\xff", "\\b",        "\\Q-]\\E",
             "\\n",        "\\101",     "\\8",        "[:",          "[.",         "a-\\x7a",
             "\\E",        "+--",       "\\D"});
    }

    PatternAndText group(std::size_t depth) {
        const PatternAndText inner = alternatives(depth + 1);
        static constexpr std::string_view open[] = {
            "(",    "(",    "(?:",  "(?:",    "(?<n>", "(?P<m>",    "(?'o'", "(?|",
            "(?i:", "(?s:", "(?x:", "(?m-i:", "(?>",   "(?=",       "(?!",   "(?<=",
            "(?<!", "(?*",  "(?=",  "(?!",    "(?(1)", "(*ACCEPT)", "(?^:",  "(?n:"};
        const std::string_view opened = choice_.pick(open);
        const bool has_no_width = opened == "(?=" || opened == "(?!" ||
                                  opened.starts_with("(?<=") || opened.starts_with("(?<!") ||
                                  opened == "(?*";
        return {std::string(opened) + inner.pattern + (choice_.chance(99) ? ")" : ""),
                has_no_width ? "" : inner.text};
    }

    RandomChoice& choice_;
    std::size_t size_ = 0;
};

} // namespace upstream_lint::test
