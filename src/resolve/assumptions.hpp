#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace upstream_lint {

/// What is supposed where something is not known. A way is walked once for each branch: every walk
/// asks the same questions until the one that the branch answers differently. In one branch the
/// same question always has the same answer.
class Assumptions {
public:
    /// Which of the answers this branch supposes; each is a statement such as `$cookie_a is "b"`.
    /// There is one at least.
    [[nodiscard]] std::size_t choose(std::string_view question,
                                     std::span<const std::string> answers);

    /// Whether this branch supposes a statement; `negation` is what it supposes otherwise.
    [[nodiscard]] bool holds(std::string_view statement, std::string_view negation);

    /// Whether something unknown is equal to a text. Knows that it is not equal to two.
    [[nodiscard]] bool equals(std::string_view unknown, std::string_view text);

    /// What something unknown is supposed to be equal to, or null.
    [[nodiscard]] const std::string* value_of(std::string_view unknown) const;

    /// Notes that something is not known about which nothing can be supposed.
    void give_up(std::string_view unknown) { unknown_.emplace(unknown); }

    /// Those of this branch, in order.
    [[nodiscard]] const std::vector<std::string>& made() const noexcept { return made_; }

    [[nodiscard]] const std::set<std::string>& unknown() const noexcept { return unknown_; }

    /// What had to be supposed in any of the branches so far.
    [[nodiscard]] std::set<std::string> questions() const { return questions_; }

    /// Goes on to the next branch; false when this was the last one.
    [[nodiscard]] bool next_branch();

private:
    struct Decision {
        std::size_t chosen = 0;
        std::size_t count = 0;
    };

    struct Equality {
        bool is_known = false;
        std::string value;
        std::set<std::string, std::less<>> not_values;
    };

    std::vector<Decision> decisions_;
    std::size_t position_ = 0;
    std::map<std::string, std::size_t, std::less<>> answered_;
    std::map<std::string, Equality, std::less<>> equalities_;
    std::vector<std::string> made_;
    std::set<std::string> unknown_;
    std::set<std::string> questions_;
};

} // namespace upstream_lint
