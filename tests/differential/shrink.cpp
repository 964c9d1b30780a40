#include "shrink.hpp"

#include "tokens.hpp"

#include <algorithm>

namespace upstream_lint::differential {

GeneratedConfiguration
shrink(GeneratedConfiguration configuration, std::size_t most,
       const std::function<bool(const GeneratedConfiguration&)>& still_differs) {
    const auto try_change = [&](const GeneratedConfiguration& candidate) {
        if (most == 0)
            return false;
        --most;
        if (!still_differs(candidate))
            return false;
        configuration = candidate;
        return true;
    };

    // Whole statements and blocks first: what stays is still a configuration.
    const auto remove_statements = [&](std::size_t file) {
        bool changed = false;
        for (std::size_t number = 0;; ++number) {
            const std::string& text = configuration.files[file].text;
            const std::vector<Token> tokens = scan_tokens(text);
            std::size_t seen = 0;
            std::size_t begin = std::string::npos;
            std::size_t end = text.size();
            std::size_t depth = 0;
            for (const Token& token : tokens) {
                if (begin == std::string::npos) {
                    if (!token.head || token.kind == TokenKind::close || seen++ != number)
                        continue;
                    begin = token.begin;
                }
                if (token.kind == TokenKind::open)
                    ++depth;
                const bool closes = token.kind == TokenKind::close && (depth <= 1 || --depth == 0);
                if (closes || (token.kind == TokenKind::semicolon && depth == 0)) {
                    end = token.end;
                    break;
                }
            }
            if (begin == std::string::npos)
                return changed;
            GeneratedConfiguration candidate = configuration;
            candidate.files[file].text.erase(begin, end - begin);
            if (try_change(candidate)) {
                changed = true;
                --number; // the next statement has this number now
            }
        }
    };

    const auto remove_bytes = [&](std::size_t file) {
        bool changed = false;
        for (std::size_t size = configuration.files[file].text.size(); size > 0; size /= 2) {
            for (std::size_t at = 0; at < configuration.files[file].text.size() && most > 0;) {
                GeneratedConfiguration candidate = configuration;
                candidate.files[file].text.erase(at, size);
                if (try_change(candidate))
                    changed = true;
                else
                    at += size;
            }
        }
        return changed;
    };

    for (bool changed = true; changed && most > 0;) {
        changed = false;
        for (std::size_t file = 0; file < configuration.files.size(); ++file)
            changed = remove_statements(file) || changed;
        for (std::size_t file = configuration.files.size(); file-- > 1;) {
            GeneratedConfiguration candidate = configuration;
            candidate.files.erase(candidate.files.begin() + static_cast<std::ptrdiff_t>(file));
            changed = try_change(candidate) || changed;
        }
        for (std::size_t file = 0; file < configuration.files.size(); ++file)
            changed = remove_bytes(file) || changed;
    }
    return configuration;
}

} // namespace upstream_lint::differential
