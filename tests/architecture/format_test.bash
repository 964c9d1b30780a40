#!/usr/bin/env bash
# Whether clang-format would leave every C++ file as it is. 77: there is no clang-format of the version meant.
set -euo pipefail

clang_format=$1
cd "$2"
version=$("$clang_format" --version 2>/dev/null || true)
if [[ $version != *' version 14.'* ]]; then
    echo "skipped: no clang-format 14 here (${version:-none})"
    exit 77
fi
find bench conan examples fuzz grammar include src tests \( -name '*.cpp' -o -name '*.hpp' \) -print0 |
    xargs -0 "$clang_format" --dry-run -Werror
