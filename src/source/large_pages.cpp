#include "source/large_pages.hpp"

#include <cstdint>
#include <sys/mman.h>

namespace upstream_lint {

namespace {

constexpr std::uintptr_t large_page = std::uintptr_t{2} << 20U;

} // namespace

void expect_filling(void* memory, std::size_t size) noexcept {
    const auto begin = reinterpret_cast<std::uintptr_t>(memory);
    const std::uintptr_t first = (begin + large_page - 1) & ~(large_page - 1);
    const std::uintptr_t end = (begin + size) & ~(large_page - 1);
    if (first < end) {
        (void)::madvise(reinterpret_cast<void*>(first), end - first, MADV_HUGEPAGE);
    }
}

} // namespace upstream_lint
