// Any text is a snapshot or refused; a snapshot prints as one that is the same.

#include "property.hpp"
#include "upstream_lint/facts.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace upstream_lint::fuzz {
namespace {

bool is_printable(const std::string& text) {
    for (const char byte : text) {
        if (byte != '\n' && (byte < ' ' || byte > '~'))
            return false;
    }
    return true;
}

void check_snapshot(const Snapshot& snapshot) {
    const std::string text = print_snapshot(snapshot);
    require(is_printable(text), "a printed snapshot is ASCII");
    const auto again = parse_snapshot(text, "printed");
    require(again.has_value(), "a printed snapshot is read");
    require(*again == snapshot, "a printed snapshot reads back as the same facts");
    require(print_snapshot(*again) == text, "the same facts print as the same text");
}

} // namespace
} // namespace upstream_lint::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace upstream_lint; // NOLINT(google-build-using-namespace)
    const auto snapshot = parse_snapshot(fuzz::as_text(data, size), "input");
    if (snapshot)
        fuzz::check_snapshot(*snapshot);
    else
        fuzz::require(!snapshot.error().reason.empty(), "what is refused has a reason");
    return 0;
}
