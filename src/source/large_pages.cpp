#include "source/large_pages.hpp"

#include <memory>
#include <sys/mman.h>

namespace upstream_lint {

namespace {

constexpr std::size_t large_page = std::size_t{2} << 20U;

} // namespace

void expect_filling(void* memory, std::size_t size) noexcept {
    void* first = memory;
    std::size_t room = size;
    if (std::align(large_page, large_page, first, room) != nullptr) {
        (void)::madvise(first, room & ~(large_page - 1), MADV_HUGEPAGE);
    }
}

} // namespace upstream_lint
