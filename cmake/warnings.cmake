# The warnings of this project's own targets. Linked privately: consumers never see them.
add_library(upstream_lint_warnings INTERFACE)
target_compile_options(upstream_lint_warnings INTERFACE
    -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wold-style-cast
    -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-align -Wformat=2 -Wimplicit-fallthrough -Wextra-semi
    # clang would also warn of names of other files that are compiled as one with a test
    $<$<NOT:$<AND:$<CXX_COMPILER_ID:Clang>,$<BOOL:$<TARGET_PROPERTY:UNITY_BUILD>>>>:-Wshadow>
    $<$<CXX_COMPILER_ID:GNU>:-Wduplicated-cond -Wduplicated-branches -Wlogical-op -Wsuggest-override>
    $<$<BOOL:${UPSTREAM_LINT_WARNINGS_AS_ERRORS}>:-Werror>)
if(UPSTREAM_LINT_SANITIZE)
    # Beside a sanitizer GCC warns of the standard library's own code (GCC bug 105562).
    target_compile_options(upstream_lint_warnings INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
endif()
