#pragma once

#include <tao/pegtl.hpp>

/// A line of PHP-FPM's configuration. FPM gives line by line to PHP's reader of INI files (PHP:
/// sapi/fpm/fpm/fpm_conf.c, fpm_conf_load_ini_file; Zend/zend_ini_scanner.l), so nothing goes on in
/// the next line. Rules only; what names and values mean stands in src/facts/fpm_file.cpp.
namespace upstream_lint::grammar::fpm_pool {

namespace pegtl = tao::pegtl;

// clang-format off
struct blank         : pegtl::one<' ', '\t', '\r'> {};
struct gap           : pegtl::plus<blank> {};
struct comment       : pegtl::seq<pegtl::one<';'>, pegtl::star<pegtl::any>> {};

struct section_name  : pegtl::star<pegtl::not_one<']', ';', '"', '\'', '$'>> {};
struct section       : pegtl::seq<pegtl::one<'['>, section_name, pegtl::one<']'>> {};

struct name          : pegtl::plus<pegtl::not_one<'=', '\t', '\r', ';', '&', '|', '^', '$', '~', '(', ')',
                                                  '{', '}', '!', '"', '[', ']'>> {};
struct index         : pegtl::seq<pegtl::one<'['>, pegtl::star<pegtl::not_one<']', ';', '='>>, pegtl::one<']'>> {};

struct escaped       : pegtl::seq<pegtl::one<'\\'>, pegtl::any> {};
struct double_quoted : pegtl::seq<pegtl::one<'"'>, pegtl::star<pegtl::sor<escaped, pegtl::not_one<'"', '\\'>>>,
                                  pegtl::one<'"'>> {};
struct single_quoted : pegtl::seq<pegtl::one<'\''>, pegtl::star<pegtl::not_one<'\''>>, pegtl::one<'\''>> {};
struct environment   : pegtl::seq<pegtl::string<'$', '{'>, pegtl::star<pegtl::not_one<'}'>>, pegtl::one<'}'>> {};
struct computation   : pegtl::one<'|', '&', '^', '~', '!', '(', ')', '='> {};
struct plain         : pegtl::plus<pegtl::not_at<pegtl::string<'$', '{'>>,
                                   pegtl::not_one<' ', '\t', '\r', ';', '"', '\'', '|', '&', '^', '~', '!', '(',
                                                  ')', '='>> {};

struct part          : pegtl::sor<gap, double_quoted, single_quoted, environment, computation, plain> {};
struct value         : pegtl::star<part> {};
struct entry         : pegtl::seq<name, pegtl::opt<index>, pegtl::opt<gap>, pegtl::one<'='>, value> {};

struct line          : pegtl::seq<pegtl::opt<gap>, pegtl::opt<pegtl::sor<section, entry>>, pegtl::opt<gap>,
                                  pegtl::opt<comment>, pegtl::eof> {};

// clang-format on

} // namespace upstream_lint::grammar::fpm_pool
