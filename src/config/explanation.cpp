#include "config/explanation.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <optional>
#include <set>
#include <vector>

namespace upstream_lint {

namespace {

constexpr Version unknown_version{};

constexpr std::uint32_t max_indentation = 256;

/// The column, from 0, if only blanks stand before `offset` in its line. Looks at a few bytes only:
/// a line may be as long as the file.
std::optional<std::uint32_t> indentation(std::string_view bytes, std::uint32_t offset) {
    const std::uint32_t begin = offset - std::min(offset, max_indentation);
    const std::string_view before = bytes.substr(begin, offset - begin);
    const std::size_t last = before.find_last_not_of(" \t");
    if (last == std::string_view::npos) {
        return begin == 0 ? std::optional(offset) : std::nullopt;
    }
    return before[last] == '\n'
               ? std::optional(static_cast<std::uint32_t>(before.size() - last - 1))
               : std::nullopt;
}

/// The innermost block that no `}` ends, and before it the first whose `}` stands further left than
/// itself: that is rather the end of a block around it.
std::optional<NodeId> unclosed_block(const SyntaxTree& tree) {
    const auto size = static_cast<std::uint32_t>(tree.bytes().size());
    std::optional<NodeId> innermost;
    for (std::uint32_t i = 0; i < tree.nodes().size(); ++i) {
        const Node& node = tree.nodes()[i];
        if (node.kind != NodeKind::block || tree.words(NodeId{i}).empty()) {
            continue;
        }
        const auto opened = indentation(tree.bytes(), tree.words(NodeId{i})[0].begin);
        if (node.close == size) {
            innermost = NodeId{i};
        } else if (const auto closed = indentation(tree.bytes(), node.close);
                   opened && closed && *closed < *opened) {
            return NodeId{i};
        }
    }
    return innermost;
}

/// The contexts of the protocol that `context` belongs to.
ContextMask protocol_of(Context context) {
    const ContextMask http = ContextMask(Context::http) | Context::server | Context::location |
                             Context::upstream | Context::if_in_server | Context::if_in_location |
                             Context::limit_except;
    const ContextMask stream =
        ContextMask(Context::stream) | Context::stream_server | Context::stream_upstream;
    const ContextMask mail = ContextMask(Context::mail) | Context::mail_server;
    for (const ContextMask protocol : {http, stream, mail}) {
        if (protocol.contains(context)) {
            return protocol;
        }
    }
    return context;
}

/// Those of `contexts` that belong to the same protocol as `context`, if any do.
ContextMask nearest(ContextMask contexts, Context context) {
    const ContextMask near = contexts & protocol_of(context);
    return near.empty() ? contexts : near;
}

std::string count_text(std::size_t count) {
    return fmt::format("{} argument{}", count, count == 1 ? "" : "s");
}

} // namespace

Context opened_by(std::string_view name, Context context, const NginxBuild& build) {
    Context elsewhere = Context::none;
    for (const DirectiveRow& row : find_directive(name)) {
        if (!row.block || !available(row, build)) {
            continue;
        }
        if (row.contexts.contains(context)) {
            return row.opens;
        }
        if (elsewhere == Context::none) {
            elsewhere = row.opens;
        }
    }
    return elsewhere;
}

std::string absence_reason(std::string_view name, Context context, const NginxBuild& build) {
    ContextMask contexts;
    for (const DirectiveRow& row : find_directive(name)) {
        contexts |= row.contexts;
    }
    contexts = nearest(contexts, context);
    std::set<std::string_view> modules;
    for (const DirectiveRow& row : find_directive(name)) {
        if ((row.contexts & contexts).empty()) {
            continue;
        }
        if (!build.modules.contains(row.module)) {
            modules.insert(module_name(row.module));
        } else if (row.since > build.version) {
            return fmt::format("nginx has it since {}; this is read for {}", to_string(row.since),
                               to_string(build.version));
        } else if (row.removed != unknown_version && row.removed <= build.version) {
            return fmt::format("nginx has it no more since {}; this is read for {}",
                               to_string(row.removed), to_string(build.version));
        }
    }
    if (modules.empty()) {
        return "the build this is read for was configured without it";
    }
    return fmt::format(
        "it belongs to the module {}_module, which is not in the build this is read for",
        fmt::join(modules, "_module or "));
}

std::string placement(std::string_view name, Context context, const NginxBuild& build) {
    ContextMask contexts;
    for (const DirectiveRow& row : find_directive(name)) {
        if (available(row, build)) {
            contexts |= row.contexts;
        }
    }
    std::vector<std::string> names;
    for (const Context other : nearest(contexts, context)) {
        names.push_back(fmt::format("`{}`", context_name(other)));
    }
    return fmt::format("this is `{}`; `{}` may stand in {}", context_name(context), name,
                       fmt::join(names, ", "));
}

void explain_name(std::string_view name, Diagnostic& diagnostic) {
    constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
    constexpr std::string_view no_break_space = "\xc2\xa0";
    if (name.starts_with(byte_order_mark)) {
        diagnostic.notes.emplace_back(
            "the file starts with a byte order mark, which nginx takes for a part of the name");
    }
    if (name.find(no_break_space) != std::string_view::npos) {
        diagnostic.notes.emplace_back(
            "the name holds a no-break space, which is no blank for nginx");
    }
    if (name.find('}') != std::string_view::npos) {
        diagnostic.notes.emplace_back(
            "a `{` before it opened a block: words with braces, such as regular expressions, "
            "must be quoted");
    }
}

std::string expected_arguments(const DirectiveRow& row) {
    switch (row.arguments.rule) {
    case ArgumentCounts::Rule::any:
        return fmt::format("`{}` takes any number of arguments", row.name);
    case ArgumentCounts::Rule::flag:
        return fmt::format("`{}` takes `on` or `off`", row.name);
    case ArgumentCounts::Rule::at_least_one:
        return fmt::format("`{}` takes at least 1 argument", row.name);
    case ArgumentCounts::Rule::at_least_two:
        return fmt::format("`{}` takes at least 2 arguments", row.name);
    case ArgumentCounts::Rule::listed:
        break;
    }
    std::vector<std::size_t> counts;
    for (std::size_t count = 0; count < 8; ++count) {
        if (row.arguments.accepts(count)) {
            counts.push_back(count);
        }
    }
    if (counts.empty() || (counts.size() == 1 && counts[0] == 0)) {
        return fmt::format("`{}` takes no arguments", row.name);
    }
    const std::size_t last = counts.back();
    counts.pop_back();
    return counts.empty() ? fmt::format("`{}` takes {}", row.name, count_text(last))
                          : fmt::format("`{}` takes {} or {}", row.name, fmt::join(counts, ", "),
                                        count_text(last));
}

void explain_syntax_error(const SyntaxTree& tree, FileId file, const SyntaxError& error,
                          Diagnostic& diagnostic) {
    const char byte = error.at < tree.bytes().size() ? tree.bytes()[error.at] : '\0';
    switch (error.kind) {
    case SyntaxErrorKind::unexpected_character:
        if (byte == '}' && error.related != error.begin) {
            diagnostic.label({file, error.related, error.related + 1}, "this directive has no `;`");
        } else if (error.at != error.begin || error.related != error.begin) {
            diagnostic.label({file, error.related, error.related + 1},
                             "the quoted word starts here");
            diagnostic.notes.emplace_back(
                "only a blank, `;`, `{` or `)` may follow a closing quote");
        } else if (byte == '}') {
            diagnostic.notes.emplace_back(
                "no block is open here: a `}` too many, or a `{` too few before it");
        } else if (byte == ';') {
            diagnostic.notes.emplace_back("there is no directive before this `;`");
        }
        break;
    case SyntaxErrorKind::unexpected_end:
        if (tree.bytes().substr(error.related, 1).find_first_of("\"'") == 0) {
            diagnostic.notes.emplace_back("this quote is not closed");
        } else {
            diagnostic.notes.emplace_back("this directive has neither `;` nor `{`");
        }
        break;
    case SyntaxErrorKind::unclosed_block:
        if (const auto block = unclosed_block(tree)) {
            const Word name = tree.words(*block)[0];
            diagnostic.label({file, name.begin, name.end()}, "this block seems not to be closed");
        }
        break;
    case SyntaxErrorKind::too_long_word:
        diagnostic.notes.emplace_back("a word or comment must fit nginx's buffer of 4096 bytes");
        break;
    case SyntaxErrorKind::too_long_quoted:
        diagnostic.notes.emplace_back("this quote is not closed within 4096 bytes");
        break;
    case SyntaxErrorKind::lua_unexpected_end:
    case SyntaxErrorKind::lua_too_long:
    case SyntaxErrorKind::lua_unclosed_long_bracket:
        diagnostic.label({file, error.related, error.related + 1}, "the Lua block starts here");
        break;
    }
}

} // namespace upstream_lint
