# Headers that most of a target's files include, compiled once for it. Of no effect on what a file
# may use: every file includes what it needs.
option(UPSTREAM_LINT_PRECOMPILE "Precompile standard headers" ${PROJECT_IS_TOP_LEVEL})

function(upstream_lint_precompile target)
    if(NOT UPSTREAM_LINT_PRECOMPILE)
        return()
    endif()
    target_precompile_headers(${target} PRIVATE
        <algorithm> <array> <cstdint> <functional> <map> <memory> <optional> <set> <span> <string>
        <string_view> <unordered_map> <utility> <variant> <vector>
        ${ARGN})
    # ccache sees through it this way.
    target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)
endfunction()
