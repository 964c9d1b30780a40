#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace upstream_lint {

/// A piece of a value that nginx computes for each request (src/http/ngx_http_script.c,
/// ngx_http_script_compile).
struct ScriptPart {
    enum class Kind : std::uint8_t { text, capture, variable };

    Kind kind = Kind::text;
    std::string_view text; ///< of a variable its name, as written; of a capture its digit
};

/// The pieces of a text that nginx has accepted. Views of it.
[[nodiscard]] std::vector<ScriptPart> script_parts(std::string_view text);

} // namespace upstream_lint
