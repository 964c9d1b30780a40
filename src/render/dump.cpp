#include "render/json_writer.hpp"
#include "upstream_lint/render.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace upstream_lint {

namespace {

/// What an `include` brought in, in nginx's order.
using Included = std::map<NodeId, std::vector<InclusionId>>;

class Dump {
public:
    Dump(const Config& config, const DumpOptions& options, const TextStyle& style) :
        config_(config), options_(options), style_(style), json_(options.indent) {
        children_.resize(config.inclusions().size());
        for (std::uint32_t i = 1; i < config.inclusions().size(); ++i) {
            const Inclusion& inclusion = config.inclusions()[i];
            children_[inclusion.parent.value][inclusion.directive].push_back(InclusionId{i});
        }
        order_files();
    }

    std::string write() && {
        json_.begin_object();
        json_.field("schema", std::string_view("nginx-upstream-lint/dump/1"));
        json_.field("status",
                    std::string_view(config_.verdict() == Verdict::satisfied ? "ok" : "failed"));
        write_errors(std::nullopt);
        json_.key("config").begin_array();
        if (config_.inclusions().empty()) {
            write_unread_main();
        } else if (options_.combine) {
            write_config(InclusionId{0});
        } else {
            for (const InclusionId inclusion : files_) {
                write_config(inclusion);
            }
        }
        json_.end().end();
        return std::move(json_).take() + "\n";
    }

private:
    /// Files in the order in which crossplane lists them: breadth first, each once.
    void order_files() {
        if (config_.inclusions().empty()) {
            return;
        }
        add_file(InclusionId{0});
        // NOLINTNEXTLINE(modernize-loop-convert): files_ grows
        for (std::size_t i = 0; i < files_.size(); ++i) {
            const InclusionId inclusion = files_[i];
            for (const auto& [directive, included] : children_[inclusion.value]) {
                std::ranges::for_each(included, [this](InclusionId child) { add_file(child); });
            }
        }
    }

    void add_file(InclusionId inclusion) {
        if (index_.try_emplace(config_.inclusion(inclusion).file, files_.size()).second) {
            files_.push_back(inclusion);
        }
    }

    [[nodiscard]] std::string path(FileId file) const {
        return shown_path(config_.sources().path(file), style_);
    }

    [[nodiscard]] std::uint64_t line(FileId file, std::uint32_t offset) const {
        return config_.sources().line_column(file, offset).line;
    }

    /// The errors of one file, or with their files those of all.
    void write_errors(std::optional<FileId> only) {
        json_.key("errors").begin_array();
        for (const Diagnostic& diagnostic : config_.diagnostics()) {
            const FileId file = diagnostic.span.file;
            if (diagnostic.level == Level::warn || (only && file != *only)) {
                continue;
            }
            json_.begin_object();
            if (!only) {
                json_.field("file",
                            std::string_view(file.is_none() ? std::string(config_.main_name())
                                                            : path(file)));
            }
            const std::string message = render_nginx_line(diagnostic, config_.sources());
            json_.field("error", std::string_view(message).substr(message.find("] ") + 2));
            json_.key("line");
            if (file.is_none()) {
                json_.null();
            } else {
                const Span& place = diagnostic.nginx_place.file.is_none() ? diagnostic.span
                                                                          : diagnostic.nginx_place;
                json_.value(line(place.file, place.begin));
            }
            json_.end();
        }
        json_.end();
    }

    void write_unread_main() {
        json_.begin_object();
        json_.field("file", config_.main_name());
        json_.field("status", std::string_view("failed"));
        write_errors(FileId{});
        json_.key("parsed").begin_array().end();
        json_.end();
    }

    void write_config(InclusionId inclusion) {
        const FileId file = config_.inclusion(inclusion).file;
        const bool failed =
            std::ranges::any_of(config_.diagnostics(), [&](const Diagnostic& diagnostic) {
                return diagnostic.level != Level::warn &&
                       (options_.combine || diagnostic.span.file == file);
            });
        json_.begin_object();
        json_.field("file", std::string_view(path(file)));
        json_.field("status", std::string_view(failed ? "failed" : "ok"));
        write_errors(options_.combine ? std::nullopt : std::optional(file));
        json_.key("parsed").begin_array();
        write_directives(inclusion);
        json_.end().end();
    }

    /// A file that is being written, and where in it writing is.
    struct Frame {
        InclusionId inclusion;
        std::uint32_t next = 0;             // node
        std::uint32_t written = 0;          // offset: comments before it have been written
        std::vector<std::uint32_t> open{};  // blocks
        std::vector<InclusionId> pending{}; // of the include at hand, last first
    };

    void write_directives(InclusionId inclusion) {
        frames_.push_back({.inclusion = inclusion});
        while (!frames_.empty()) {
            Frame& frame = frames_.back();
            const SyntaxTree& tree = config_.tree(config_.inclusion(frame.inclusion).file);
            if (!frame.pending.empty()) {
                const InclusionId child = frame.pending.back();
                frame.pending.pop_back();
                frames_.push_back({.inclusion = child});
            } else if (!frame.open.empty() &&
                       tree.nodes()[frame.open.back()].subtree_end <= frame.next) {
                end_block(frame, tree);
            } else if (frame.next == tree.nodes().size()) {
                write_comments(frame, tree, static_cast<std::uint32_t>(tree.bytes().size()));
                frames_.pop_back();
            } else {
                write_directive(frame, tree);
            }
        }
    }

    void end_block(Frame& frame, const SyntaxTree& tree) {
        const Node& block = tree.nodes()[frame.open.back()];
        write_comments(frame, tree, block.close);
        frame.written = block.close;
        json_.end().end();
        frame.open.pop_back();
    }

    void write_directive(Frame& frame, const SyntaxTree& tree) {
        const NodeId id{frame.next++};
        const Node& node = tree.node(id);
        const auto words = tree.words(id);
        const std::uint32_t begin = words.empty() ? node.terminator : words.front().begin;
        const FileId file = config_.inclusion(frame.inclusion).file;
        write_comments(frame, tree, begin);
        const std::string name = words.empty() ? std::string() : tree.value(words.front());
        const auto included = children_[frame.inclusion.value].find(id);
        const bool has_children = included != children_[frame.inclusion.value].end();
        if (options_.combine && name == "include" && node.kind == NodeKind::simple) {
            if (has_children) {
                frame.pending.assign(included->second.rbegin(), included->second.rend());
            }
            frame.written = node.terminator;
            return;
        }
        begin_directive(file, name, begin);
        write_arguments(tree, id, name);
        if (has_children) {
            json_.key("includes").begin_array();
            for (const InclusionId child : included->second) {
                json_.value(static_cast<std::uint64_t>(index_.at(config_.inclusion(child).file)));
            }
            json_.end();
        }
        if (options_.spans) {
            write_span(file, begin,
                       std::min(node.close + 1, static_cast<std::uint32_t>(tree.bytes().size())));
        }
        if (node.kind == NodeKind::block) {
            json_.key("block").begin_array();
            frame.open.push_back(id.value);
            write_inner_comments(frame, tree, id);
            frame.written = node.terminator;
        } else {
            json_.end();
            write_inner_comments(frame, tree, id);
            frame.written = node.close;
        }
    }

    void begin_directive(FileId file, std::string_view name, std::uint32_t offset) {
        json_.begin_object();
        if (options_.combine) {
            json_.field("file", std::string_view(path(file)));
        }
        json_.field("directive", name);
        json_.field("line", line(file, offset));
    }

    /// The conditions of `if` stand without their parentheses, Lua bodies as one argument.
    void write_arguments(const SyntaxTree& tree, NodeId id, std::string_view name) {
        std::vector<std::string> arguments;
        for (const Word& word : tree.words(id)) {
            arguments.push_back(tree.value(word));
        }
        if (!arguments.empty()) {
            arguments.erase(arguments.begin());
        }
        if (name == "if" && !arguments.empty() && arguments.front().starts_with('(') &&
            arguments.back().ends_with(')') &&
            (arguments.size() > 1 || arguments.front().size() > 1)) {
            arguments.front().erase(0, 1);
            arguments.back().pop_back();
            if (arguments.back().empty()) {
                arguments.pop_back();
            }
            if (!arguments.empty() && arguments.front().empty()) {
                arguments.erase(arguments.begin());
            }
        }
        if (tree.node(id).kind == NodeKind::lua_block) {
            arguments.emplace_back(tree.lua_body(id));
        }
        json_.key("args").begin_array();
        for (const std::string& argument : arguments) {
            json_.value(argument);
        }
        json_.end();
    }

    void write_span(FileId file, std::uint32_t begin, std::uint32_t end) {
        const LineColumn from = config_.sources().line_column(file, begin);
        const LineColumn to = config_.sources().line_column(file, end);
        json_.key("span").begin_object();
        json_.field("offset", std::uint64_t{begin}).field("end_offset", std::uint64_t{end});
        json_.field("column", std::uint64_t{from.column});
        json_.field("end_line", std::uint64_t{to.line})
            .field("end_column", std::uint64_t{to.column});
        json_.end();
    }

    /// The comments between what was written last and `end`.
    void write_comments(Frame& frame, const SyntaxTree& tree, std::uint32_t end) {
        if (options_.comments && frame.written < end) {
            write_gap(frame, tree, frame.written, end);
        }
    }

    /// The comments between a directive's words; they are listed behind it, or first in its block.
    void write_inner_comments(const Frame& frame, const SyntaxTree& tree, NodeId id) {
        if (!options_.comments) {
            return;
        }
        const auto words = tree.words(id);
        for (std::size_t i = 0; i < words.size(); ++i) {
            const std::uint32_t end =
                i + 1 < words.size() ? words[i + 1].begin : tree.node(id).terminator;
            write_gap(frame, tree, words[i].end(), end);
        }
    }

    void write_gap(const Frame& frame, const SyntaxTree& tree, std::uint32_t begin,
                   std::uint32_t end) {
        const FileId file = config_.inclusion(frame.inclusion).file;
        for (const Comment& comment : comments_between(tree.bytes(), begin, end)) {
            begin_directive(file, "#", comment.begin);
            json_.key("args").begin_array().end();
            json_.field("comment",
                        tree.bytes().substr(comment.begin + 1, comment.end - comment.begin - 1));
            if (options_.spans) {
                write_span(file, comment.begin, comment.end);
            }
            json_.end();
        }
    }

    const Config& config_;
    const DumpOptions& options_;
    const TextStyle& style_;
    JsonWriter json_;
    std::vector<Included> children_;      // by inclusion
    std::vector<InclusionId> files_;      // the first inclusion of each file
    std::map<FileId, std::size_t> index_; // of a file in files_
    std::vector<Frame> frames_;
};

} // namespace

std::string render_dump(const Config& config, const DumpOptions& options, const TextStyle& style) {
    return Dump(config, options, style).write();
}

} // namespace upstream_lint
