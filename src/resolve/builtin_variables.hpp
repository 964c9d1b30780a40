#pragma once

#include "resolve/evaluator.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace upstream_lint {

/// A variable of nginx's own.
struct BuiltinVariable {
    using Get = std::optional<Value> (*)(Evaluator&, HttpRequest&, std::string_view name);

    Get get = nullptr;
    bool no_cacheable = false; ///< computed again each time (NGX_HTTP_VAR_NOCACHEABLE)
};

/// Those that a request decides; null for all others.
[[nodiscard]] const BuiltinVariable* find_builtin_variable(std::string_view name);

/// The families `http_`, `cookie_`, `arg_`; null for all others.
[[nodiscard]] const BuiltinVariable* find_variable_family(std::string_view name);

/// The value of a header that the client sent, or nothing.
[[nodiscard]] const std::string* find_header(const HttpConnection& connection,
                                             std::string_view name);

/// An unknown value: what stands for it is `$NAME`.
[[nodiscard]] Value unknown_variable(std::string_view name);

} // namespace upstream_lint
