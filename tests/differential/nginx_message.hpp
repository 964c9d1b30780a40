#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace upstream_lint::differential {

/// Where nginx says that a message belongs.
struct Place {
    std::string file;
    std::uint32_t line = 0;

    friend bool operator==(const Place&, const Place&) = default;
};

/// What refuses a configuration: nginx's words or ours.
struct Refusal {
    std::string level;   ///< `emerg`, `crit` ...; empty where it is not known
    std::string message; ///< without the place
    std::optional<Place> place;
    std::uint32_t shown_line = 0; ///< of ours: where that stands which it is about
};

/// The kinds of nginx's messages, as far as the tests tell them apart. All but the last two belong
/// to reading and dispatch.
enum class MessageClass : std::uint8_t {
    lexical,
    structure,
    include,
    unknown_directive,
    not_allowed,
    termination,
    arguments,
    module,
    duplicate_block,
    missing_block,
    lua,
    value, ///< parameters, and how directives go together
    world, ///< files, certificates, names of hosts, sockets
};

inline constexpr std::size_t message_class_count =
    static_cast<std::size_t>(MessageClass::world) + 1;

[[nodiscard]] std::string_view message_class_name(MessageClass message_class) noexcept;

/// `file_bytes` are those of the file at the refusal's place, empty when it has none: failures to
/// open or to read the files of an `include` and of other directives sound the same.
[[nodiscard]] MessageClass classify(const Refusal& refusal, std::string_view file_bytes);

/// Splits ` in FILE:LINE` off the end of nginx's text.
[[nodiscard]] Refusal split_place(std::string_view text);

/// The message that made nginx (or our `test` command, which prints alike) refuse, from what it
/// wrote on standard error: the first of level emerg, else the last of alert, crit and error. Knows
/// `nginx: [LEVEL] TEXT` and the form of the error log. A text may hold newlines.
[[nodiscard]] std::optional<Refusal> find_refusal(std::string_view standard_error);

/// Leaves out from where on a regular expression was not understood.
void cut_regex_offset(std::optional<Refusal>& refusal);

/// What is wrong with our answer, given nginx's; nothing when they agree as far as they must.
struct Comparison {
    bool equal = false;     ///< same message at the same place
    std::string difference; ///< empty when the answers are compatible
};

/// `nginx` and `ours` are the first errors, or nothing where the configuration was accepted.
/// `nginx_class` is the class of nginx's message.
[[nodiscard]] Comparison compare(const std::optional<Refusal>& nginx, MessageClass nginx_class,
                                 const std::optional<Refusal>& ours);

/// A refusal for people: level, message with control characters escaped, and place.
[[nodiscard]] std::string describe(const std::optional<Refusal>& refusal);

/// Bytes that are no printable ASCII as `\xNN`, newline, tab and return as `\n`, `\t`, `\r`.
[[nodiscard]] std::string escape(std::string_view bytes);

} // namespace upstream_lint::differential
