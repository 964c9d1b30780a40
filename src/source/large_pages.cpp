#include "source/large_pages.hpp"

#include <new>
#include <sys/mman.h>

namespace upstream_lint {

namespace {

constexpr std::size_t large_page = std::size_t{2} << 20U;

struct AlignedDelete {
    void operator()(char* memory) const noexcept {
        ::operator delete[](memory, std::align_val_t(large_page));
    }
};

} // namespace

void expect_filling(void* memory, std::size_t size) noexcept {
    void* first = memory;
    std::size_t room = size;
    if (std::align(large_page, large_page, first, room) != nullptr) {
        (void)::madvise(first, room & ~(large_page - 1), MADV_HUGEPAGE);
    }
}

std::shared_ptr<char[]> allocate_for_filling(std::size_t size) {
    if (size < large_page) {
        return std::make_shared_for_overwrite<char[]>(size);
    }
    void* const memory = ::operator new[](size, std::align_val_t(large_page));
    expect_filling(memory, size);
    return {static_cast<char*>(memory), AlignedDelete()};
}

} // namespace upstream_lint
