#pragma once

#include <array>
#include <tao/pegtl.hpp>

/// The tokens that lua-nginx-module looks for in the body of a `*_by_lua_block` (ngx_http_lua_lex):
/// just what it takes to find the `}` that ends the body, far less than Lua. Rules only; how they
/// are searched for, and through which window, stands in src/syntax/lua_block.cpp.
///
/// They differ from Lua's own: a backslash does not carry a string over the end of a line, a
/// comment also ends where the bytes at hand do, and a closing long bracket is a token by itself.
namespace upstream_lint::grammar::lua_tokens {

namespace pegtl = tao::pegtl;

// clang-format off
struct dashes            : pegtl::string<'-', '-'> {};
struct level             : pegtl::star<pegtl::one<'='>> {};

struct long_open         : pegtl::seq<pegtl::one<'['>, level, pegtl::one<'['>> {};
struct long_close        : pegtl::seq<pegtl::one<']'>, level, pegtl::one<']'>> {};
struct long_comment_open : pegtl::seq<dashes, long_open> {};
struct comment_line      : pegtl::seq<dashes, pegtl::star<pegtl::not_one<'\n'>>> {};

struct escaped           : pegtl::seq<pegtl::one<'\\'>, pegtl::not_one<'\n'>> {};

template <char Quote>
struct quoted            : pegtl::seq<pegtl::one<Quote>,
                                      pegtl::star<pegtl::sor<pegtl::not_one<Quote, '\\', '\n'>, escaped>>,
                                      pegtl::one<Quote>> {};
struct double_quoted     : quoted<'"'> {};
struct single_quoted     : quoted<'\''> {};

// clang-format on

/// Bytes that no token starts with: all but `{ } [ ] - " '`.
inline constexpr std::array<bool, 256> starts_none = [] {
    std::array<bool, 256> table{};
    table.fill(true);
    for (const char byte : {'{', '}', '[', ']', '-', '"', '\''}) {
        table[static_cast<unsigned char>(byte)] = false;
    }
    return table;
}();

} // namespace upstream_lint::grammar::lua_tokens
