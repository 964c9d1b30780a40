#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

/// What libFuzzer calls with every input; replay_main.cpp calls it with the files of a folder.
extern "C" int
LLVMFuzzerTestOneInput(const std::uint8_t* data, // NOLINT(readability-identifier-naming)
                       std::size_t size);

namespace upstream_lint::fuzz {

/// Ends the program when a promise of the library does not hold: libFuzzer then keeps the input.
inline void require(bool holds, std::string_view promise) {
    if (holds)
        return;
    std::fprintf(stderr, "broken promise: %.*s\n", static_cast<int>(promise.size()),
                 promise.data());
    std::abort();
}

/// The input as text.
inline std::string_view as_text(const std::uint8_t* data, std::size_t size) {
    return size == 0 ? std::string_view{}
                     : std::string_view(reinterpret_cast<const char*>(data), size);
}

} // namespace upstream_lint::fuzz
