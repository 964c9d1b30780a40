#include "resolve/http_conditions.hpp"

#include "config/ascii.hpp"
#include "resolve/builtin_variables.hpp"
#include "resolve/http_status.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <limits>

namespace upstream_lint {

namespace {

/// Reads one range after another.
class RangeReader {
public:
    explicit RangeReader(std::string_view text) : rest_(text) {}

    void skip_spaces() {
        rest_.remove_prefix(std::min(rest_.find_first_not_of(' '), rest_.size()));
    }

    bool take(char c) {
        const bool found = rest_.starts_with(c);
        rest_.remove_prefix(found ? 1 : 0);
        return found;
    }

    /// Nothing where no digit stands or the number is too large.
    std::optional<std::int64_t> number() {
        constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();
        const std::string_view digits = rest_.substr(0, rest_.find_first_not_of("0123456789"));
        std::int64_t value = 0;
        for (const char c : digits) {
            const int digit = c - '0';
            if (value > (largest - digit) / 10) {
                return std::nullopt;
            }
            value = value * 10 + digit;
        }
        rest_.remove_prefix(digits.size());
        return digits.empty() ? std::nullopt : std::optional(value);
    }

    [[nodiscard]] bool is_at_end_of_range() const { return rest_.empty() || rest_.front() == ','; }

private:
    std::string_view rest_;
};

/// The bytes from `begin` on, before `end`.
struct ByteRange {
    std::int64_t begin = 0;
    std::int64_t end = 0;
};

std::optional<ByteRange> read_range(RangeReader& reader, std::int64_t size) {
    ByteRange range;
    reader.skip_spaces();
    const bool is_suffix = reader.take('-');
    if (!is_suffix) {
        const auto begin = reader.number();
        reader.skip_spaces();
        if (!begin || !reader.take('-')) {
            return std::nullopt;
        }
        range.begin = *begin;
        reader.skip_spaces();
        if (reader.is_at_end_of_range()) {
            range.end = size;
            return range;
        }
    }
    const auto last = reader.number();
    reader.skip_spaces();
    if (!last || !reader.is_at_end_of_range()) {
        return std::nullopt;
    }
    if (is_suffix) {
        range.begin = std::max<std::int64_t>(size - *last, 0);
    }
    range.end = is_suffix || *last >= size ? size : *last + 1;
    return range;
}

/// Whether a tag is one of a list's. `*` stands for all, where there is none, too.
bool is_tag_among(std::string_view list, const Validators& answer, Assumptions& assumptions) {
    if (list == "*" || !answer.has_etag) {
        return list == "*";
    }
    return assumptions.holds(fmt::format("the tag of {} is among {}", answer.what, list),
                             fmt::format("the tag of {} is not among {}", answer.what, list));
}

bool is_modified(const std::string& since, const LocationConf& conf, const Validators& answer,
                 Assumptions& assumptions) {
    if (!answer.has_time || conf.if_modified_since == "off") {
        return true;
    }
    const std::string_view relation =
        conf.if_modified_since == "before" ? "after" : "at another time than";
    return assumptions.holds(fmt::format("{} was changed {} {}", answer.what, relation, since),
                             fmt::format("{} was not changed {} {}", answer.what, relation, since));
}

/// `If-Range`
bool takes_range(const HttpConnection& connection, const Validators& answer,
                 Assumptions& assumptions) {
    const std::string* const condition = find_header(connection, "if-range");
    if (condition == nullptr) {
        return true;
    }
    const bool is_tag = condition->size() >= 2 && condition->ends_with('"');
    if (is_tag ? !answer.has_etag : !answer.has_time) {
        return false;
    }
    return assumptions.holds(fmt::format("{} is that of {}", answer.what, *condition),
                             fmt::format("{} is not that of {}", answer.what, *condition));
}

} // namespace

int conditional_status(const HttpConnection& connection, const LocationConf& conf,
                       const Validators& answer, Assumptions& assumptions) {
    const std::string* const unmodified = find_header(connection, "if-unmodified-since");
    const bool is_unmodified =
        unmodified == nullptr ||
        (answer.has_time &&
         assumptions.holds(fmt::format("{} was not changed after {}", answer.what, *unmodified),
                           fmt::format("{} was changed after {}", answer.what, *unmodified)));
    const std::string* const match = find_header(connection, "if-match");
    if (!is_unmodified || (match != nullptr && !is_tag_among(*match, answer, assumptions))) {
        return http_status::precondition_failed;
    }
    const std::string* const since = find_header(connection, "if-modified-since");
    const std::string* const other = find_header(connection, "if-none-match");
    if ((since == nullptr && other == nullptr) ||
        (since != nullptr && is_modified(*since, conf, answer, assumptions)) ||
        (other != nullptr && !is_tag_among(*other, answer, assumptions))) {
        return http_status::ok;
    }
    return http_status::not_modified;
}

int ranged_status(const HttpConnection& connection, const LocationConf& conf,
                  const Validators& answer, Assumptions& assumptions) {
    constexpr std::string_view unit = "bytes=";
    const std::string* const range = find_header(connection, "range");
    const std::int64_t most = conf.max_ranges.value_or(std::numeric_limits<std::int32_t>::max());
    if (!answer.takes_ranges || range == nullptr || range->size() <= unit.size() ||
        !starts_ignoring_case(*range, unit) || most == 0 ||
        !takes_range(connection, answer, assumptions)) {
        return http_status::ok;
    }
    if (answer.size) {
        return status_of_ranges(std::string_view(*range).substr(unit.size()),
                                static_cast<std::int64_t>(*answer.size), most);
    }
    const std::array answers = {fmt::format("{} has the bytes of `{}`", answer.what, *range),
                                fmt::format("{} is shorter than `{}`", answer.what, *range)};
    constexpr std::array statuses = {http_status::partial_content,
                                     http_status::range_not_satisfiable};
    return statuses[assumptions.choose("the size of " + answer.what, answers)];
}

int status_of_ranges(std::string_view ranges, std::int64_t size, std::int64_t most_ranges) {
    RangeReader reader(ranges);
    std::int64_t total = 0;
    std::int64_t count = 0;
    do {
        const auto range = read_range(reader, size);
        if (!range) {
            return http_status::range_not_satisfiable;
        }
        if (range->begin < range->end) {
            if (count == most_ranges) {
                return http_status::ok;
            }
            ++count;
            // one more than there is tells as much as all together would
            total = std::min(total + range->end - range->begin, size + 1);
        } else if (range->begin == 0) {
            return http_status::ok;
        }
    } while (reader.take(','));
    if (count == 0) {
        return http_status::range_not_satisfiable;
    }
    return total > size ? http_status::ok : http_status::partial_content;
}

} // namespace upstream_lint
