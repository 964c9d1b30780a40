#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace upstream_lint {

struct Automaton;

/// A regular set of texts of bytes without NUL, as the URIs are that nginx serves. A value; cheap
/// to copy, immutable, and safe to share between threads.
///
/// What is made of others answers nothing where it would take more than Automaton::max_transitions;
/// so no operation takes longer than about a second, or more memory than some 100 MiB.
class Language {
public:
    /// No text at all.
    Language();
    /// The automaton is made minimal.
    explicit Language(const Automaton& automaton);

    [[nodiscard]] static Language everything();

    /// These texts. Cost: the product of their bytes and the number of different ones among them.
    [[nodiscard]] static std::optional<Language> of_texts(std::span<const std::string_view> texts);
    /// What begins with one of these. Cost: as of_texts.
    [[nodiscard]] static std::optional<Language>
    of_prefixes(std::span<const std::string_view> prefixes);

    [[nodiscard]] bool is_empty() const;

    /// Cost: a step for each byte.
    [[nodiscard]] bool contains(std::string_view text) const;

    /// The text of the set that is nicest to read: short, and where there is a choice of letters,
    /// digits and the slash rather than of other characters, and of bytes that cannot be printed
    /// only where there is no other. Always the same for equal sets. Nothing where the set is
    /// empty. Cost: t log n for t transitions and n states.
    [[nodiscard]] std::optional<std::string> example() const;

    /// The minimal automaton. Valid as long as this language or a copy of it.
    [[nodiscard]] const Automaton& automaton() const noexcept { return *automaton_; }

    /// Whether the same texts are in both.
    friend bool operator==(const Language& left, const Language& right);

private:
    std::shared_ptr<const Automaton> automaton_;
};

/// Cost of each: the product of both numbers of states in the worst case, and of their classes of
/// bytes.
[[nodiscard]] std::optional<Language> unite(const Language& left, const Language& right);
[[nodiscard]] std::optional<Language> intersect(const Language& left, const Language& right);
/// What is in the left one alone.
[[nodiscard]] std::optional<Language> subtract(const Language& left, const Language& right);

} // namespace upstream_lint
