#include "config/context_inference.hpp"

#include "config/directive_table.hpp"

#include <array>
#include <limits>

namespace upstream_lint {

namespace {

constexpr std::string_view marker = "nginx-upstream-lint:";
constexpr std::string_view key = "context=";
constexpr std::string_view blanks = " \t\r";

// Where several contexts fit equally, the one that fragments are more often written for.
constexpr std::array candidates = {
    Context::main,          Context::http,
    Context::server,        Context::location,
    Context::upstream,      Context::stream,
    Context::stream_server, Context::stream_upstream,
    Context::events,        Context::if_in_location,
    Context::limit_except,  Context::mail,
    Context::mail_server,   Context::rtmp,
    Context::rtmp_server,   Context::rtmp_application,
    Context::rtmp_recorder, Context::mgmt,
    Context::oidc_provider,
};

std::optional<Context> block_context(std::string_view name, Context outer) {
    for (const DirectiveRow& row : find_directive(name)) {
        if (row.block && row.contexts.contains(outer)) {
            return row.opens;
        }
    }
    return std::nullopt;
}

bool allowed(std::string_view name, Context context, bool block) {
    for (const DirectiveRow& row : find_directive(name)) {
        if (row.contexts.contains(context) && row.block == block) {
            return true;
        }
    }
    return false;
}

/// Directives of [begin, end)'s top level that are known and may not stand in `context`.
struct Misfits {
    std::size_t top = 0;
    std::size_t inside = 0; // of the blocks directly below
};

Misfits count_misfits(const SyntaxTree& tree, Context context) {
    Misfits misfits;
    const auto nodes = tree.nodes();
    for (std::uint32_t i = 0; i < nodes.size(); i = nodes[i].subtree_end) {
        const std::string_view name = tree.raw_name(NodeId{i});
        const bool block = nodes[i].kind == NodeKind::block || nodes[i].kind == NodeKind::lua_block;
        if (!find_directive(name).empty() && !allowed(name, context, block)) {
            ++misfits.top;
        }
        const auto inner = block_context(name, context);
        if (!inner) {
            continue;
        }
        for (std::uint32_t j = i + 1; j < nodes[i].subtree_end; j = nodes[j].subtree_end) {
            const std::string_view inner_name = tree.raw_name(NodeId{j});
            const bool known = !is_data(*inner) && !find_directive(inner_name).empty();
            const bool inner_block =
                nodes[j].kind == NodeKind::block || nodes[j].kind == NodeKind::lua_block;
            if (known && !allowed(inner_name, *inner, inner_block)) {
                ++misfits.inside;
            }
        }
    }
    return misfits;
}

std::string_view trim(std::string_view text) {
    const std::size_t begin = text.find_first_not_of(blanks);
    if (begin == std::string_view::npos) {
        return {};
    }
    return text.substr(begin, text.find_last_not_of(blanks) + 1 - begin);
}

} // namespace

std::optional<ContextComment> find_context_comment(const SyntaxTree& tree) {
    const std::string_view bytes = tree.bytes();
    const auto first =
        tree.words().empty() ? static_cast<std::uint32_t>(bytes.size()) : tree.words()[0].begin;
    for (const Comment& comment : comments_between(bytes, 0, first)) {
        const std::string_view text =
            trim(bytes.substr(comment.begin + 1, comment.end - comment.begin - 1));
        if (!text.starts_with(marker)) {
            continue;
        }
        const std::string_view setting = trim(text.substr(marker.size()));
        if (!setting.starts_with(key)) {
            continue;
        }
        const std::string_view name = trim(setting.substr(key.size()));
        const auto begin = static_cast<std::uint32_t>(name.data() - bytes.data());
        return ContextComment{.begin = begin,
                              .end = begin + static_cast<std::uint32_t>(name.size()),
                              .context = parse_context(name)};
    }
    return std::nullopt;
}

Context infer_context(const SyntaxTree& tree) {
    Context best = Context::main;
    std::size_t least_inside = std::numeric_limits<std::size_t>::max();
    for (const Context context : candidates) {
        const Misfits misfits = count_misfits(tree, context);
        if (misfits.top != 0) {
            continue;
        }
        if (context == Context::main) {
            return Context::main;
        }
        if (misfits.inside < least_inside) {
            best = context;
            least_inside = misfits.inside;
        }
    }
    return best;
}

} // namespace upstream_lint
