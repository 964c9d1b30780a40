#include "config/script_parts.hpp"

#include "variables.hpp"

namespace upstream_lint {

namespace {

namespace rules = grammar::variables;
namespace pegtl = tao::pegtl;

using Kind = ScriptPart::Kind;

template <typename Rule> struct Collect : pegtl::nothing<Rule> {};

/// Takes what stands between so many characters at the beginning and at the end.
template <Kind Of, std::size_t Before, std::size_t Behind> struct Take {
    template <typename Input> static void apply(const Input& in, std::vector<ScriptPart>& parts) {
        std::string_view text = in.string_view();
        text.remove_prefix(Before);
        text.remove_suffix(Behind);
        parts.push_back({Of, text});
    }
};

template <> struct Collect<rules::text> : Take<Kind::text, 0, 0> {};

template <> struct Collect<rules::capture> : Take<Kind::capture, 1, 0> {};

template <> struct Collect<rules::bracketed> : Take<Kind::variable, 2, 1> {};

template <> struct Collect<rules::plain> : Take<Kind::variable, 1, 0> {};

} // namespace

std::vector<ScriptPart> script_parts(std::string_view text) {
    std::vector<ScriptPart> parts;
    pegtl::memory_input input(text.data(), text.size(), "");
    (void)pegtl::parse<rules::value, Collect>(input, parts);
    return parts;
}

} // namespace upstream_lint
