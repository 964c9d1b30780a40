#pragma once

#include "requests/observed.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace upstream_lint::differential {

/// What the blocks of one configuration are, by their tags.
class TaggedBlocks {
public:
    explicit TaggedBlocks(std::string_view configuration);

    struct Block {
        std::string kind; ///< `server`, `location ~`, `if` ...
        std::uint32_t line = 0;
        std::map<std::string, int> directives; ///< that stand directly in it
    };

    /// Null where there is none.
    [[nodiscard]] const Block* find(const std::string& tag) const;

private:
    std::map<std::string, Block> blocks_;
};

/// Counts what requests have reached, to judge the generators.
class Coverage {
public:
    void add(const Observed& observed, const TaggedBlocks& blocks);

    /// Requests that something else than a server itself, or a refusal of the request, answered.
    [[nodiscard]] std::uint64_t of_interest() const noexcept { return of_interest_; }

    /// For people.
    [[nodiscard]] std::string report() const;

private:
    std::uint64_t requests_ = 0;
    std::uint64_t of_interest_ = 0;
    std::map<std::string, std::uint64_t> answers_;
    std::map<std::string, std::uint64_t> kinds_;
    std::map<std::string, std::uint64_t> directives_;
};

} // namespace upstream_lint::differential
