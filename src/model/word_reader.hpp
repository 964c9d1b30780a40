#pragma once

#include "upstream_lint/config.hpp"

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>

namespace upstream_lint {

/// What the words of statements say. Views the configuration's bytes, and keeps what does not stand
/// there as it is.
class WordReader {
public:
    explicit WordReader(const Config& config) : config_(&config) {}

    /// How many values stand behind the name.
    [[nodiscard]] std::size_t count(DirectiveRef directive) const;

    /// Word 0 is the name, 1 the first value; escapes are resolved.
    [[nodiscard]] std::string_view value(DirectiveRef directive, std::size_t word);

    /// The same in lower case.
    [[nodiscard]] std::string_view lower_value(DirectiveRef directive, std::size_t word);

private:
    const Config* config_;
    std::deque<std::string> kept_;
};

} // namespace upstream_lint
