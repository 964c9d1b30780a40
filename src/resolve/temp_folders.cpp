#include "resolve/temp_folders.hpp"

#include "config/ascii.hpp"
#include "config/value.hpp"
#include "resolve/inherited_setting.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace upstream_lint {

namespace {

using Kind = GraphEdge::Kind;

constexpr std::int64_t max_body_size = 1024 * 1024;  // client_max_body_size
constexpr std::int64_t body_buffer_size = 16 * 1024; // client_body_buffer_size, of 64 bits

/// A pass that can keep responses in files, with the directives that say so.
struct BufferingModule {
    Kind kind;
    std::string_view buffering;
    std::string_view max_temp_file_size;
    std::string_view temp_path;
    std::string_view request_buffering;
    std::string TempPaths::*default_path;
};

constexpr std::array buffering_modules = {
    BufferingModule{Kind::proxy, "proxy_buffering", "proxy_max_temp_file_size", "proxy_temp_path",
                    "proxy_request_buffering", &TempPaths::proxy},
    BufferingModule{Kind::fastcgi, "fastcgi_buffering", "fastcgi_max_temp_file_size",
                    "fastcgi_temp_path", "fastcgi_request_buffering", &TempPaths::fastcgi},
    BufferingModule{Kind::uwsgi, "uwsgi_buffering", "uwsgi_max_temp_file_size", "uwsgi_temp_path",
                    "uwsgi_request_buffering", &TempPaths::uwsgi},
    BufferingModule{Kind::scgi, "scgi_buffering", "scgi_max_temp_file_size", "scgi_temp_path",
                    "scgi_request_buffering", &TempPaths::scgi},
};

class Search {
public:
    Search(const Model& model, const ResolutionGraph& graph, const TempPaths& defaults) :
        model_(model), graph_(graph), defaults_(defaults) {}

    std::vector<TempFolder> folders() && {
        for (std::uint32_t i = 0; i < graph_.edges.size(); ++i) {
            add_pass({i});
        }
        for (std::uint32_t i = 0; i < model_.locations().size(); ++i) {
            add_uploads({i});
        }
        return std::move(folders_);
    }

private:
    void add_pass(GraphEdgeId id) {
        const GraphEdge& edge = graph_.edge(id);
        const auto* const module =
            std::ranges::find(buffering_modules, edge.kind, &BufferingModule::kind);
        if (module == buffering_modules.end()) {
            return;
        }
        const bool keeps_responses = is_on(edge.level, module->buffering, true) &&
                                     size(edge.level, module->max_temp_file_size).value_or(1) != 0;
        if (keeps_responses) {
            TempFolder* const folder =
                find_or_add(edge.level, module->temp_path, defaults_.*module->default_path);
            add_edge(folder, &TempFolder::takes_responses, id);
        }
        if (is_on(edge.level, module->request_buffering, true) && can_spill(edge.level)) {
            add_edge(body_folder(edge.level), &TempFolder::takes_bodies, id);
        }
    }

    static void add_edge(TempFolder* folder, bool TempFolder::*taken, GraphEdgeId edge) {
        if (folder == nullptr) {
            return;
        }
        folder->*taken = true;
        if (folder->edges.empty() || folder->edges.back() != edge) {
            folder->edges.push_back(edge);
        }
    }

    /// `dav_methods PUT` takes bodies to files whatever their size (ngx_http_dav_handler).
    void add_uploads(LocationId level) {
        const Setting* const methods = find_setting(model_, level, "dav_methods");
        if (methods == nullptr) {
            return;
        }
        const auto words = model_.words(methods->directive);
        const bool puts = std::ranges::any_of(
            words, [](const std::string& word) { return equal_ignoring_case(word, "put"); });
        TempFolder* const folder = puts ? body_folder(level) : nullptr;
        if (folder != nullptr) {
            folder->takes_bodies = true;
            folder->uploads.push_back(methods->directive);
        }
    }

    TempFolder* body_folder(LocationId level) {
        return find_or_add(level, "client_body_temp_path", defaults_.client_body);
    }

    [[nodiscard]] bool is_on(LocationId level, std::string_view name, bool otherwise) const {
        const auto value = inherited_value(model_, level, name);
        return value ? !equal_ignoring_case(*value, "off") : otherwise;
    }

    [[nodiscard]] std::optional<std::int64_t> size(LocationId level, std::string_view name) const {
        const auto value = inherited_value(model_, level, name);
        return value ? parse_size(*value) : std::nullopt;
    }

    /// Whether a body that is accepted can be larger than the buffer for it, or goes to a file in
    /// any case.
    [[nodiscard]] bool can_spill(LocationId level) const {
        const std::int64_t most = size(level, "client_max_body_size").value_or(max_body_size);
        const std::int64_t kept = size(level, "client_body_buffer_size").value_or(body_buffer_size);
        return most == 0 || most > kept || is_on(level, "client_body_in_file_only", false);
    }

    /// Null: which one it is is not known.
    TempFolder* find_or_add(LocationId level, std::string_view name,
                            const std::string& default_path) {
        const Setting* const setting = find_inherited_setting(model_, level, name);
        const std::string written =
            setting == nullptr ? default_path : model_.words(setting->directive)[1];
        if (written.empty()) {
            return nullptr;
        }
        const bool is_relative = !written.starts_with('/');
        const std::string path =
            is_relative ? std::string(model_.config().prefix()) + written : written;
        const auto [found, is_new] = known_.try_emplace(path, folders_.size());
        if (is_new) {
            folders_.push_back({.path = path, .is_relative = is_relative});
        }
        TempFolder& folder = folders_[found->second];
        if (setting == nullptr) {
            folder.is_default = true;
        } else if (std::ranges::find(folder.directives, setting->directive) ==
                   folder.directives.end()) {
            folder.directives.push_back(setting->directive);
        }
        return &folder;
    }

    const Model& model_;
    const ResolutionGraph& graph_;
    const TempPaths& defaults_;
    std::vector<TempFolder> folders_;
    std::map<std::string, std::size_t> known_;
};

} // namespace

std::vector<TempFolder> find_temp_folders(const Model& model, const ResolutionGraph& graph,
                                          const TempPaths& defaults) {
    return Search(model, graph, defaults).folders();
}

} // namespace upstream_lint
