#pragma once

#include "upstream_lint/graph.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace upstream_lint {

/// An address that a directive names for other things than to pass requests on.
struct Contact {
    std::string address{}; ///< as nginx prints it, or a name with its port; empty: see `reason`
    bool is_unix = false;
    bool is_datagram = false;
    bool uses_tls = false;
    std::string written{}; ///< of one that is not known: the word
    std::string reason{};  ///< why it is not known
};

/// How a directive names addresses.
enum class ContactStyle : std::uint8_t {
    addresses, ///< each word, with the port of DNS
    syslog,    ///< `syslog:server=ADDRESS` in the first word
    url,       ///< the first word, with or without a scheme
};

struct ContactDirective {
    std::string_view name;
    GraphEdge::Kind kind;
    ContactStyle style;
};

/// Null where a directive of that name contacts nobody.
[[nodiscard]] const ContactDirective* find_contact_directive(std::string_view name);

/// `words` begins with the directive's name.
[[nodiscard]] std::vector<Contact> contacts_of(const ContactDirective& directive,
                                               std::span<const std::string> words);

} // namespace upstream_lint
