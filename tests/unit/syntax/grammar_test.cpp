#include "amounts.hpp"
#include "fpm_pool.hpp"
#include "lua_tokens.hpp"
#include "nginx_conf.hpp"
#include "support/peg.hpp"
#include "support/random_choice.hpp"
#include "variables.hpp"

#include <doctest/doctest.h>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <string_view>
#include <tao/pegtl/contrib/analyze.hpp>
#include <tao/pegtl/demangle.hpp>
#include <tao/pegtl/visit.hpp>

namespace upstream_lint {
namespace {

namespace pegtl = tao::pegtl;
namespace conf = grammar::nginx_conf;
namespace lua = grammar::lua_tokens;
namespace amounts = grammar::amounts;
namespace variables = grammar::variables;
namespace fpm = grammar::fpm_pool;

using Names = std::set<std::string>;

peg::Grammar read_grammar(const std::string& name) {
    std::ifstream file(UPSTREAM_LINT_SOURCE_DIR "/grammar/" + name);
    REQUIRE(file.is_open());
    return peg::Grammar(std::string(std::istreambuf_iterator<char>(file), {}));
}

template <typename Rule> struct AddName {
    static void visit(Names& names) {
        const std::string_view name = pegtl::demangle<Rule>();
        constexpr std::string_view own = "upstream_lint::grammar::";
        if (name.starts_with(own) && name.find('<') == std::string_view::npos)
            names.emplace(name.substr(name.rfind(':') + 1));
    }
};

/// The named rules that the rule is made of, itself included.
template <typename Rule> Names names_of() {
    Names names;
    pegtl::visit<Rule, AddName>(names);
    return names;
}

template <typename Rule> std::optional<std::size_t> taken_by(std::string_view text) {
    pegtl::memory_input<pegtl::tracking_mode::lazy> input(text.data(), text.data() + text.size(),
                                                          "");
    if (!pegtl::parse<Rule>(input))
        return std::nullopt;
    return text.size() - input.size();
}

std::string random_text(test::RandomChoice& choice, std::string_view alphabet) {
    std::string text;
    const std::size_t size = choice.below(24);
    for (std::size_t i = 0; i < size; ++i)
        text += choice.pick(alphabet);
    return text;
}

template <typename Rule>
void check_same(const peg::Grammar& grammar, const std::string& rule, std::string_view alphabet) {
    test::RandomChoice choice(test::setting("UPSTREAM_LINT_SEED", 1));
    const std::uint64_t cases = 10 * test::random_cases(3000);
    std::uint64_t matched = 0;
    CAPTURE(rule);
    for (std::uint64_t i = 0; i < cases; ++i) {
        const std::string text = random_text(choice, alphabet);
        CAPTURE(text);
        const auto expected = grammar.match(rule, text);
        REQUIRE(taken_by<Rule>(text) == expected);
        matched += expected.value_or(0) != 0 ? 1U : 0U;
    }
    CHECK(matched * 1000 > cases); // else the texts test nothing
}

struct lua_token : pegtl::sor<lua::long_comment_open, lua::comment_line, lua::long_open,
                              lua::long_close, lua::double_quoted, lua::single_quoted> {};

constexpr std::string_view conf_bytes = "aaab \t\n\r;{}#\"\"''\\$)\xff";
constexpr std::string_view lua_bytes = "a--[[[]]]==\"\"''\\\n";

} // namespace
} // namespace upstream_lint

// The leaves: what they take cannot be seen from rules below them.
namespace tao::pegtl {
template <typename Name> struct analyze_traits<Name, upstream_lint::grammar::nginx_conf::trivia>
    : analyze_opt_traits<> {};

template <typename Name> struct analyze_traits<Name, upstream_lint::grammar::nginx_conf::bare_word>
    : analyze_any_traits<> {};

template <typename Name>
struct analyze_traits<Name, upstream_lint::grammar::nginx_conf::quoted_word>
    : analyze_any_traits<> {};
} // namespace tao::pegtl

namespace upstream_lint {

TEST_CASE("no grammar can loop without taking a byte") {
    CHECK(pegtl::analyze<conf::items>() == 0);
    CHECK(pegtl::analyze<lua_token>() == 0);
    CHECK(pegtl::analyze<amounts::number>() == 0);
    CHECK(pegtl::analyze<amounts::size>() == 0);
    CHECK(pegtl::analyze<amounts::offset>() == 0);
    CHECK(pegtl::analyze<amounts::time>() == 0);
    CHECK(pegtl::analyze<variables::value>() == 0);
    CHECK(pegtl::analyze<fpm::line>() == 0);
}

void check_names(const peg::Grammar& grammar, const Names& names) {
    for (const std::string& name : names) {
        CAPTURE(name);
        CHECK(grammar.rules().count(name) == 1);
    }
    CHECK(names.size() == grammar.rules().size());
}

TEST_CASE("every compiled rule is in the grammar for people") {
    const peg::Grammar conf_grammar = read_grammar("nginx_conf.peg");
    for (const std::string& name : names_of<conf::items>()) {
        CAPTURE(name);
        CHECK(conf_grammar.rules().count(name) == 1);
    }
    CHECK(names_of<conf::items>().size() == 8);

    const peg::Grammar lua_grammar = read_grammar("lua_tokens.peg");
    check_names(lua_grammar, names_of<lua_token>());

    Names amount_names = names_of<amounts::time>();
    amount_names.merge(names_of<amounts::offset>());
    amount_names.merge(names_of<amounts::size>());
    amount_names.merge(names_of<amounts::number>());
    check_names(read_grammar("amounts.peg"), amount_names);
    check_names(read_grammar("variables.peg"), names_of<variables::value>());
    check_names(read_grammar("fpm_pool.peg"), names_of<fpm::line>());
}

TEST_CASE("the compiled rules take what the grammars for people say") {
    const peg::Grammar conf_grammar = read_grammar("nginx_conf.peg");
    check_same<conf::items>(conf_grammar, "items", conf_bytes);
    check_same<conf::trivia>(conf_grammar, "trivia", conf_bytes);
    check_same<conf::bare_word>(conf_grammar, "bare_word", conf_bytes);
    check_same<conf::quoted_word>(conf_grammar, "quoted_word", "aab\"\"' ;\\{)\n");

    const peg::Grammar lua_grammar = read_grammar("lua_tokens.peg");
    check_same<lua::long_open>(lua_grammar, "long_open", lua_bytes);
    check_same<lua::long_close>(lua_grammar, "long_close", lua_bytes);
    check_same<lua::long_comment_open>(lua_grammar, "long_comment_open", "--[[=");
    check_same<lua::comment_line>(lua_grammar, "comment_line", lua_bytes);
    check_same<lua::double_quoted>(lua_grammar, "double_quoted", lua_bytes);
    check_same<lua::single_quoted>(lua_grammar, "single_quoted", lua_bytes);

    const peg::Grammar amount_grammar = read_grammar("amounts.peg");
    check_same<amounts::number>(amount_grammar, "number", "0123k");
    check_same<amounts::size>(amount_grammar, "size", "0019kKmMg");
    check_same<amounts::offset>(amount_grammar, "offset", "0019kKmMgG");
    check_same<amounts::time>(amount_grammar, "time", "0011559yMwdhmms  x");

    const peg::Grammar variable_grammar = read_grammar("variables.peg");
    check_same<variables::value>(variable_grammar, "value", "$$${}{}aA_09- ");

    const peg::Grammar fpm_grammar = read_grammar("fpm_pool.peg");
    check_same<fpm::line>(fpm_grammar, "line", "aaa=== \t[]\"\"''\\${};|");
    check_same<fpm::value>(fpm_grammar, "value", "aa \"\"''\\${};|");
}

TEST_CASE("text that is no grammar is refused") {
    CHECK_THROWS(peg::Grammar("a <- ("));
    CHECK_THROWS(peg::Grammar("a <- b"));
    CHECK_THROWS(peg::Grammar("a <- 'x'\na <- 'y'"));
}

} // namespace upstream_lint
