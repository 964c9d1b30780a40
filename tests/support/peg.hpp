#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace upstream_lint::peg {

/// A grammar in the notation of Bryan Ford's parsing expression grammars, run byte by byte as it
/// stands.
class Grammar {
public:
    /// Throws std::runtime_error for text that is no grammar, and for names that it does not
    /// define.
    explicit Grammar(std::string_view text);
    ~Grammar();
    Grammar(const Grammar&) = delete;
    Grammar& operator=(const Grammar&) = delete;

    [[nodiscard]] const std::set<std::string>& rules() const noexcept { return names_; }

    /// How many bytes of `input` the rule takes from `begin` on; nothing when it does not match.
    [[nodiscard]] std::optional<std::size_t> match(const std::string& rule, std::string_view input,
                                                   std::size_t begin = 0) const;

private:
    struct Definitions;

    std::unique_ptr<const Definitions> definitions_;
    std::set<std::string> names_;
};

} // namespace upstream_lint::peg
