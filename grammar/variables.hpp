#pragma once

#include <tao/pegtl.hpp>

/// Text with variables in it (src/http/ngx_http_script.c, ngx_http_script_compile). Rules only;
/// what nginx says where no part fits stands in src/config/script.cpp.
namespace upstream_lint::grammar::variables {

namespace pegtl = tao::pegtl;

// clang-format off
struct name      : pegtl::plus<pegtl::identifier_other> {};

struct text      : pegtl::plus<pegtl::not_one<'$'>> {};
struct capture   : pegtl::seq<pegtl::one<'$'>, pegtl::range<'1', '9'>> {};
struct bracketed : pegtl::seq<pegtl::string<'$', '{'>, name, pegtl::one<'}'>> {};
struct plain     : pegtl::seq<pegtl::one<'$'>, name> {};

struct part      : pegtl::sor<text, capture, bracketed, plain> {};
struct value     : pegtl::star<part> {};

// clang-format on

} // namespace upstream_lint::grammar::variables
