#pragma once

#include "config/directive.hpp"

#include <array>
#include <cstdint>

namespace upstream_lint {

/// How many letters the names of folders below a path have, level by level; 0 where there is none.
using PathLevels = std::array<std::int64_t, 3>;

enum class PathUse : std::uint8_t { temporary, cache };

/// Notes that nginx keeps files below the path that is the directive's first value; false when
/// another directive has it for something else, which is reported (src/core/ngx_file.c,
/// ngx_add_path).
bool add_path(Directive& directive, const PathLevels& levels, PathUse use);

} // namespace upstream_lint
