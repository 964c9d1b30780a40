#include "resolve/assumptions.hpp"

#include <array>
#include <fmt/format.h>

namespace upstream_lint {

std::size_t Assumptions::choose(std::string_view question, std::span<const std::string> answers) {
    if (const auto known = answered_.find(question); known != answered_.end()) {
        return known->second;
    }
    if (position_ == decisions_.size()) {
        decisions_.push_back({0, answers.size()});
        questions_.emplace(question);
    }
    const std::size_t chosen = decisions_[position_++].chosen;
    answered_.emplace(question, chosen);
    made_.push_back(answers[chosen]);
    return chosen;
}

bool Assumptions::holds(std::string_view statement, std::string_view negation) {
    const std::array answers = {std::string(statement), std::string(negation)};
    return choose(statement, answers) == 0;
}

bool Assumptions::equals(std::string_view unknown, std::string_view text) {
    if (const auto known = equalities_.find(unknown); known != equalities_.end()) {
        if (known->second.is_known) {
            return known->second.value == text;
        }
        if (known->second.not_values.contains(text)) {
            return false;
        }
    }
    const bool equal = holds(fmt::format("{} is \"{}\"", unknown, text),
                             fmt::format("{} is not \"{}\"", unknown, text));
    Equality& equality = equalities_[std::string(unknown)];
    if (equal) {
        equality.is_known = true;
        equality.value = text;
    } else {
        equality.not_values.emplace(text);
    }
    return equal;
}

const std::string* Assumptions::value_of(std::string_view unknown) const {
    const auto found = equalities_.find(unknown);
    return found != equalities_.end() && found->second.is_known ? &found->second.value : nullptr;
}

bool Assumptions::next_branch() {
    while (!decisions_.empty() && decisions_.back().chosen + 1 == decisions_.back().count) {
        decisions_.pop_back();
    }
    position_ = 0;
    answered_.clear();
    equalities_.clear();
    made_.clear();
    unknown_.clear();
    if (decisions_.empty()) {
        return false;
    }
    ++decisions_.back().chosen;
    return true;
}

} // namespace upstream_lint
