#pragma once

namespace upstream_lint {

/// Takes from the block around what is not set here: an optional, a pointer
/// (src/core/ngx_conf_file.h, ngx_conf_merge_value and its like).
template <typename T> void inherit(T& own, const T& outer) {
    if (!own) {
        own = outer;
    }
}

} // namespace upstream_lint
