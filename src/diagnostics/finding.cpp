#include "upstream_lint/finding.hpp"

namespace upstream_lint {

std::string_view severity_name(Severity severity) {
    switch (severity) {
    case Severity::info:
        return "info";
    case Severity::warning:
        return "warning";
    case Severity::error:
        break;
    }
    return "error";
}

std::string_view confidence_name(Confidence confidence) {
    switch (confidence) {
    case Confidence::hint:
        return "hint";
    case Confidence::likely:
        return "likely";
    case Confidence::proven:
        break;
    }
    return "proven";
}

} // namespace upstream_lint
