#pragma once

#include "upstream_lint/facts.hpp"

#include <cstddef>
#include <fmt/format.h>
#include <string_view>
#include <utility>

namespace upstream_lint {

/// What could be read of a text, and whether that is all: `reading` is `ok` or `partial`, and its
/// source is left to whoever got the text.
template <typename Value> struct Parsed {
    Value value{};
    Reading reading;
};

/// Lines or messages that a reader could not make sense of.
class OddPieces {
public:
    explicit OddPieces(std::string_view what) : what_(what) {}

    void add() { ++count_; }

    /// The text does not end as a whole one does.
    void end_is_missing() { is_cut_ = true; }

    [[nodiscard]] Reading reading() const {
        if (count_ == 0 && !is_cut_) {
            return {ReadStatus::ok, "", ""};
        }
        const auto odd = count_ == 0 ? "" : fmt::format("cannot be read: {} {}", count_, what_);
        const auto* const between = count_ != 0 && is_cut_ ? "; " : "";
        return {ReadStatus::partial, "",
                fmt::format("{}{}{}", odd, between, is_cut_ ? "the end is missing" : "")};
    }

private:
    std::string_view what_;
    std::size_t count_ = 0;
    bool is_cut_ = false;
};

} // namespace upstream_lint
