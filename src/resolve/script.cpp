#include "resolve/script.hpp"

#include "config/ascii.hpp"
#include "config/script_parts.hpp"

namespace upstream_lint {

namespace {

using Part = ComplexValue::Part;

Part compile(const ScriptPart& part, VariableNames& names) {
    switch (part.kind) {
    case ScriptPart::Kind::capture:
        return {Part::Kind::capture, {}, static_cast<std::uint32_t>(part.text.front() - '0')};
    case ScriptPart::Kind::variable:
        return {Part::Kind::variable, {}, names.index(lower(part.text))};
    case ScriptPart::Kind::text:
        break;
    }
    return {Part::Kind::text, std::string(part.text)};
}

} // namespace

VariableIndex VariableNames::index(std::string_view name) {
    if (const auto known = indices_.find(name); known != indices_.end()) {
        return known->second;
    }
    const auto index = static_cast<VariableIndex>(names_.size());
    indices_.emplace(names_.emplace_back(name), index);
    return index;
}

ComplexValue compile_complex_value(std::string_view text, VariableNames& names) {
    ComplexValue value;
    if (text.find('$') == std::string_view::npos) {
        value.parts.push_back({Part::Kind::text, std::string(text)});
        return value;
    }
    value.has_variables = true;
    bool has_names = false;
    for (const ScriptPart& part : script_parts(text)) {
        value.parts.push_back(compile(part, names));
        value.has_captures = value.has_captures || part.kind == ScriptPart::Kind::capture;
        has_names = has_names || part.kind == ScriptPart::Kind::variable;
    }
    value.is_mixed = value.has_captures && has_names;
    return value;
}

ComplexValue compile_replacement(std::string_view text, VariableNames& names) {
    const ComplexValue whole = compile_complex_value(text, names);
    ComplexValue value;
    value.has_variables = whole.has_variables;
    value.has_captures = whole.has_captures;
    value.is_mixed = whole.is_mixed;
    bool in_args = false;
    for (const Part& part : whole.parts) {
        const std::size_t question =
            part.kind == Part::Kind::text && !in_args ? part.text.find('?') : std::string::npos;
        if (question == std::string::npos) {
            value.parts.push_back(part);
            continue;
        }
        in_args = true;
        value.parts.push_back({Part::Kind::text, part.text.substr(0, question)});
        value.parts.push_back({Part::Kind::args, {}});
        value.parts.push_back({Part::Kind::text, part.text.substr(question + 1)});
    }
    return value;
}

HttpRegex& HttpRegexes::find(std::string_view pattern, Case letters) {
    std::string key{letters == Case::insensitive ? '*' : '='};
    key += pattern;
    if (const auto known = regexes_.find(key); known != regexes_.end()) {
        return known->second;
    }
    HttpRegex regex{std::string(pattern), Matcher(pattern, letters, space_), false, {}};
    regex.has_captures = regex.matcher.captures() != 0;
    for (const Regex::NamedCapture& capture : regex.matcher.named_captures()) {
        regex.variables.emplace_back(capture.number, names_.index(lower(capture.name)));
    }
    return regexes_.emplace(std::move(key), std::move(regex)).first->second;
}

} // namespace upstream_lint
