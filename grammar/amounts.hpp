#pragma once

#include <tao/pegtl.hpp>

/// Numbers, sizes and times as nginx's parameters write them (src/core/ngx_string.c, ngx_atoi and
/// ngx_atoof; src/core/ngx_parse.c). Rules only; bounds stand in src/config/value.cpp.
namespace upstream_lint::grammar::amounts {

namespace pegtl = tao::pegtl;

// clang-format off
struct digits       : pegtl::plus<pegtl::digit> {};

struct kilo         : pegtl::one<'k', 'K'> {};
struct mega         : pegtl::one<'m', 'M'> {};
struct giga         : pegtl::one<'g', 'G'> {};

struct number       : pegtl::seq<digits, pegtl::eof> {};
struct size         : pegtl::seq<digits, pegtl::opt<pegtl::sor<kilo, mega>>, pegtl::eof> {};
struct offset       : pegtl::seq<digits, pegtl::opt<pegtl::sor<kilo, mega, giga>>, pegtl::eof> {};

struct milliseconds : pegtl::string<'m', 's'> {};
struct unit         : pegtl::one<'y', 'M', 'w', 'd', 'h', 'm', 's', ' '> {};
struct amount       : pegtl::seq<pegtl::opt<digits>, pegtl::sor<milliseconds, unit>,
                                 pegtl::star<pegtl::one<' '>>> {};
struct rest         : pegtl::seq<pegtl::opt<digits>, pegtl::eof> {};
struct time         : pegtl::seq<pegtl::star<amount>, rest> {};

// clang-format on

} // namespace upstream_lint::grammar::amounts
