#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace upstream_lint::test {

/// The lines of what `strace -f -yy` wrote that do more than read: a file opened to be written, a
/// signal, a program started, something sent that is no question, or a system call that is not
/// known to be harmless.
[[nodiscard]] std::vector<std::string> calls_that_touch(std::string_view trace);

} // namespace upstream_lint::test
