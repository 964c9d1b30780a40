#include "upstream_lint/diagnostic.hpp"

namespace upstream_lint {

std::string_view level_name(Level level) {
    switch (level) {
    case Level::emerg:
        return "emerg";
    case Level::alert:
        return "alert";
    case Level::crit:
        return "crit";
    case Level::error:
        return "error";
    case Level::warn:
        return "warn";
    }
    return "emerg";
}

std::string_view cause_name(Cause cause) {
    switch (cause) {
    case Cause::lexical:
        return "lexical";
    case Cause::structure:
        return "structure";
    case Cause::include:
        return "include";
    case Cause::unknown_directive:
        return "unknown-directive";
    case Cause::not_allowed:
        return "not-allowed";
    case Cause::termination:
        return "termination";
    case Cause::arguments:
        return "arguments";
    case Cause::module:
        return "module";
    case Cause::duplicate:
        return "duplicate";
    case Cause::missing:
        return "missing";
    case Cause::limit:
        return "limit";
    case Cause::comment:
        return "comment";
    case Cause::value:
        return "value";
    case Cause::conflict:
        return "conflict";
    case Cause::variable:
        return "variable";
    case Cause::reference:
        return "reference";
    }
    return "lexical";
}

Diagnostic& Diagnostic::label(const Span& span_shown, std::string_view text) {
    labels.push_back({span_shown, std::string(text)});
    return *this;
}

} // namespace upstream_lint
