#pragma once

#include <cstddef>
#include <memory>

namespace upstream_lint {

/// Says of memory that nothing has been written to yet that all of it will be: where it is many
/// megabytes, the kernel may then map it in large pages (madvise(2), MADV_HUGEPAGE), since a page
/// fault for each 4 KiB would take as long as writing does. Without effect where it cannot.
void expect_filling(void* memory, std::size_t size) noexcept;

/// Memory of that kind, which begins with a large page where it is as large as one.
[[nodiscard]] std::shared_ptr<char[]> allocate_for_filling(std::size_t size);

} // namespace upstream_lint
