#include "config/value.hpp"

#include "amounts.hpp"
#include "config/ascii.hpp"

#include <array>
#include <limits>

namespace upstream_lint {

namespace {

namespace rules = grammar::amounts;
namespace pegtl = tao::pegtl;

constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();

/// The digits' value, or nothing when it is larger than nginx's integers hold.
std::optional<std::int64_t> decimal(std::string_view digits) {
    std::int64_t value = 0;
    for (const char digit : digits) {
        const int next = digit - '0';
        if (value >= largest / 10 && (value > largest / 10 || next > largest % 10)) {
            return std::nullopt;
        }
        value = value * 10 + next;
    }
    return value;
}

struct Number {
    std::string_view digits;
    std::int64_t scale = 1;
};

/// What may stand behind digits, in the order in which it may: nginx's steps.
struct Unit {
    std::string_view name;
    std::int64_t seconds; // 0: a thousandth of one
};

constexpr std::array<Unit, 8> units = {{{"y", 31'536'000},
                                        {"M", 2'592'000},
                                        {"w", 604'800},
                                        {"d", 86'400},
                                        {"h", 3'600},
                                        {"m", 60},
                                        {"s", 1},
                                        {"ms", 0}}};
constexpr std::size_t week = 2;
constexpr std::size_t second = 6;
constexpr std::size_t millisecond = 7;

class Time {
public:
    explicit Time(TimeUnit wanted) :
        is_msec_(wanted == TimeUnit::milliseconds), step_(is_msec_ ? week : 0) {}

    void digits(std::string_view text) {
        const auto value = decimal(text);
        valid_ = valid_ && value.has_value();
        value_ = value.value_or(0);
        any_ = true;
    }

    void unit(std::string_view name) {
        const std::size_t found = name == " " ? second : position(name);
        if (found < step_ || (found == millisecond && !is_msec_)) {
            valid_ = false;
            return;
        }
        step_ = name == " " ? units.size() : found + 1;
        add(units[found].seconds);
    }

    [[nodiscard]] std::optional<std::int64_t> total() {
        add(1);
        return valid_ && any_ ? std::optional(total_) : std::nullopt;
    }

private:
    static std::size_t position(std::string_view name) {
        std::size_t found = 0;
        while (units[found].name != name) {
            ++found;
        }
        return found;
    }

    void add(std::int64_t seconds) {
        const std::int64_t scale = !is_msec_ ? seconds : seconds == 0 ? 1 : seconds * 1000;
        if (value_ > (largest - total_) / scale) {
            valid_ = false;
            return;
        }
        total_ += value_ * scale;
        value_ = 0;
    }

    bool is_msec_;
    std::size_t step_; // the first of units that may come next
    std::int64_t value_ = 0;
    std::int64_t total_ = 0;
    bool any_ = false;
    bool valid_ = true;
};

template <typename Rule> struct Action : pegtl::nothing<Rule> {};

template <> struct Action<rules::digits> {
    template <typename Input> static void apply(const Input& in, Number& number) {
        number.digits = in.string_view();
    }

    template <typename Input> static void apply(const Input& in, Time& time) {
        time.digits(in.string_view());
    }
};

template <std::int64_t Scale> struct Scaled {
    template <typename Input> static void apply(const Input& /*in*/, Number& number) {
        number.scale = Scale;
    }
};

template <> struct Action<rules::kilo> : Scaled<1024> {};

template <> struct Action<rules::mega> : Scaled<1024 * 1024> {};

template <> struct Action<rules::giga> : Scaled<1024 * 1024 * 1024> {};

struct TakeUnit {
    template <typename Input> static void apply(const Input& in, Time& time) {
        time.unit(in.string_view());
    }
};

template <> struct Action<rules::milliseconds> : TakeUnit {};

template <> struct Action<rules::unit> : TakeUnit {};

template <typename Rule, typename State> bool read(std::string_view text, State& state) {
    pegtl::memory_input<pegtl::tracking_mode::lazy> in(text.data(), text.data() + text.size(), "");
    return pegtl::parse<Rule, Action>(in, state);
}

template <typename Rule> std::optional<std::int64_t> scaled(std::string_view text) {
    Number number;
    if (!read<Rule>(text, number)) {
        return std::nullopt;
    }
    const auto value = decimal(number.digits);
    if (!value || *value > largest / number.scale) {
        return std::nullopt;
    }
    return *value * number.scale;
}

} // namespace

std::optional<std::string_view> behind(std::string_view word, std::string_view name) {
    return word.starts_with(name) ? std::optional(word.substr(name.size())) : std::nullopt;
}

std::optional<std::int64_t> parse_number(std::string_view text) {
    return scaled<rules::number>(text);
}

std::optional<std::int64_t> parse_size(std::string_view text) {
    return scaled<rules::size>(text);
}

std::optional<std::int64_t> parse_offset(std::string_view text) {
    return scaled<rules::offset>(text);
}

std::optional<std::int64_t> parse_time(std::string_view text, TimeUnit unit) {
    Time time(unit);
    return read<rules::time>(text, time) ? time.total() : std::nullopt;
}

std::optional<std::int64_t> parse_fixed_point(std::string_view text, unsigned point) {
    std::int64_t value = 0;
    bool fraction = false;
    unsigned left = point;
    for (const char byte : text) {
        if (fraction && left == 0) {
            return std::nullopt;
        }
        if (byte == '.') {
            if (fraction) {
                return std::nullopt;
            }
            fraction = true;
            continue;
        }
        if (byte < '0' || byte > '9' || value > (largest - 9) / 10) {
            return std::nullopt;
        }
        value = value * 10 + (byte - '0');
        left -= fraction ? 1 : 0;
    }
    for (; left > 0; --left) {
        if (value > largest / 10) {
            return std::nullopt;
        }
        value *= 10;
    }
    return text.empty() ? std::nullopt : std::optional(value);
}

std::optional<std::int64_t> parse_hexadecimal(std::string_view text) {
    std::int64_t value = 0;
    for (const char byte : text) {
        const char letter = to_lower(byte);
        const bool digit = byte >= '0' && byte <= '9';
        if ((!digit && (letter < 'a' || letter > 'f')) || value > largest / 16) {
            return std::nullopt;
        }
        value = value * 16 + (digit ? byte - '0' : letter - 'a' + 10);
    }
    return text.empty() ? std::nullopt : std::optional(value);
}

} // namespace upstream_lint
