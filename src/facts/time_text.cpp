#include "facts/time_text.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace upstream_lint {

namespace {

constexpr std::int64_t seconds_of_day = 86'400;
constexpr std::int64_t days_of_era = 146'097;          // 400 years: the calendar repeats itself
constexpr std::int64_t first_moment = -62'167'219'200; // 0000-01-01T00:00:00Z
constexpr std::int64_t last_moment = 253'402'300'799;  // 9999-12-31T23:59:59Z
constexpr std::int64_t days_before_1970 = 719'468;     // since the first of March of the year 0

struct Date {
    std::int64_t year = 0;
    unsigned month = 1;
    unsigned day = 1;
};

// Years begin with March here: the day that only some years have is then the last one.
std::int64_t days_since_1970(const Date& date) {
    const std::int64_t year = date.month <= 2 ? date.year - 1 : date.year;
    const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
    const std::int64_t year_of_era = year - era * 400;
    const std::int64_t month = (date.month + 9) % 12;
    const std::int64_t day_of_year = (153 * month + 2) / 5 + date.day - 1;
    const std::int64_t day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * days_of_era + day_of_era - days_before_1970;
}

Date date_of(std::int64_t days_since) {
    const std::int64_t days = days_since + days_before_1970;
    const std::int64_t era = (days >= 0 ? days : days - days_of_era + 1) / days_of_era;
    const std::int64_t day_of_era = days - era * days_of_era;
    const std::int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
    const std::int64_t day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const std::int64_t month = (5 * day_of_year + 2) / 153;
    const auto calendar_month = static_cast<unsigned>(month < 10 ? month + 3 : month - 9);
    return {.year = era * 400 + year_of_era + (calendar_month <= 2 ? 1 : 0),
            .month = calendar_month,
            .day = static_cast<unsigned>(day_of_year - (153 * month + 2) / 5 + 1)};
}

unsigned days_of_month(const Date& date) {
    constexpr std::array<unsigned, 12> days = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool is_leap = date.year % 4 == 0 && (date.year % 100 != 0 || date.year % 400 == 0);
    return date.month == 2 && is_leap ? 29 : days[date.month - 1];
}

/// Takes text from its front, and remembers whether all of it was as it has to be.
class Scanner {
public:
    explicit Scanner(std::string_view text) : rest_(text) {}

    unsigned number(std::size_t digits, unsigned least, unsigned most) {
        unsigned value = 0;
        for (std::size_t i = 0; i < digits; ++i) {
            const char byte = take();
            valid_ = valid_ && byte >= '0' && byte <= '9';
            value = value * 10 + static_cast<unsigned>(byte - '0');
        }
        valid_ = valid_ && value >= least && value <= most;
        return valid_ ? value : least;
    }

    char one_of(std::string_view bytes) {
        const char byte = take();
        valid_ = valid_ && bytes.find(byte) != std::string_view::npos;
        return byte;
    }

    void fraction() {
        if (!rest_.starts_with('.')) {
            return;
        }
        rest_.remove_prefix(1);
        const std::size_t digits = std::min(rest_.find_first_not_of("0123456789"), rest_.size());
        valid_ = valid_ && digits != 0;
        rest_.remove_prefix(digits);
    }

    [[nodiscard]] bool ended_well() const { return valid_ && rest_.empty(); }

private:
    char take() {
        if (rest_.empty()) {
            valid_ = false;
            return '0';
        }
        const char byte = rest_.front();
        rest_.remove_prefix(1);
        return byte;
    }

    std::string_view rest_;
    bool valid_ = true;
};

/// Seconds that local time is ahead of UTC.
std::int64_t take_offset(Scanner& scanner) {
    const char sign = scanner.one_of("Zz+-");
    if (sign != '+' && sign != '-') {
        return 0;
    }
    const unsigned hours = scanner.number(2, 0, 23);
    scanner.one_of(":");
    const unsigned minutes = scanner.number(2, 0, 59);
    const std::int64_t seconds = std::int64_t{hours} * 3600 + std::int64_t{minutes} * 60;
    return sign == '+' ? seconds : -seconds;
}

} // namespace

std::string rfc3339_text(UnixTime time) {
    const std::int64_t seconds = std::clamp(time, first_moment, last_moment) - first_moment;
    const Date date = date_of(seconds / seconds_of_day + first_moment / seconds_of_day);
    const std::int64_t second = seconds % seconds_of_day;
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", date.year, date.month, date.day,
                       second / 3600, second / 60 % 60, second % 60);
}

std::optional<UnixTime> parse_rfc3339(std::string_view text) {
    Scanner scanner(text);
    Date date;
    date.year = scanner.number(4, 0, 9999);
    scanner.one_of("-");
    date.month = scanner.number(2, 1, 12);
    scanner.one_of("-");
    date.day = scanner.number(2, 1, days_of_month(date));
    scanner.one_of("Tt ");
    const std::int64_t hours = scanner.number(2, 0, 23);
    scanner.one_of(":");
    const std::int64_t minutes = scanner.number(2, 0, 59);
    scanner.one_of(":");
    const std::int64_t seconds = scanner.number(2, 0, 60); // 60: a leap second
    scanner.fraction();
    const std::int64_t offset = take_offset(scanner);
    if (!scanner.ended_well()) {
        return std::nullopt;
    }
    const std::int64_t time =
        days_since_1970(date) * seconds_of_day + hours * 3600 + minutes * 60 + seconds - offset;
    return std::clamp(time, first_moment, last_moment);
}

} // namespace upstream_lint
