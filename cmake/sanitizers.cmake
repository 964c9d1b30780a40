# Sanitizers of this project's own targets, from UPSTREAM_LINT_SANITIZE. Public to whatever links
# them inside this build: a sanitized library needs a sanitized program.
add_library(upstream_lint_sanitizers INTERFACE)
if(UPSTREAM_LINT_SANITIZE)
    target_compile_options(upstream_lint_sanitizers INTERFACE
        -fsanitize=${UPSTREAM_LINT_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer -g)
    target_link_options(upstream_lint_sanitizers INTERFACE -fsanitize=${UPSTREAM_LINT_SANITIZE})
endif()
