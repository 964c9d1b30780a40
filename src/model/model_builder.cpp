#include "config/ascii.hpp"
#include "config/blocks.hpp"
#include "config/directive_table.hpp"
#include "config/http_location.hpp"
#include "config/messages.hpp"
#include "model/letter_case.hpp"
#include "model/listener_list.hpp"
#include "model/static_locations.hpp"
#include "model/upstream_list.hpp"
#include "model/word_reader.hpp"
#include "regex/pattern_filter.hpp"
#include "upstream_lint/model.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <unordered_map>
#include <utility>

namespace upstream_lint {

namespace {

using Kind = Location::Kind;

/// What stands in a location and takes requests of its own.
struct Children {
    std::optional<StaticLocations> statics;
    std::vector<LocationId> regexes;
    PatternFilter filter; // of these
};

bool passes_requests_on(std::string_view name) {
    constexpr std::array<std::string_view, 6> names = {
        "proxy_pass", "fastcgi_pass", "uwsgi_pass", "scgi_pass", "grpc_pass", "memcached_pass"};
    return std::ranges::find(names, name) != names.end();
}

std::optional<Kind> kind_of(const Scope& scope) {
    switch (scope.context()) {
    case Context::http:
        return Kind::http;
    case Context::stream:
        return Kind::stream;
    case Context::mail:
        return Kind::mail;
    case Context::server:
    case Context::stream_server:
    case Context::mail_server:
        return Kind::server;
    case Context::if_in_server:
    case Context::if_in_location:
        return Kind::if_block;
    case Context::limit_except:
        return Kind::limit_except;
    case Context::location:
        break;
    default:
        return std::nullopt;
    }
    switch (location_of(scope)->kind) {
    case LocationWords::Kind::exact:
        return Kind::exact;
    case LocationWords::Kind::inclusive:
        return Kind::prefix;
    case LocationWords::Kind::regex:
        return Kind::regex;
    case LocationWords::Kind::named:
        return Kind::named;
    }
    return std::nullopt;
}

bool is_protocol(Kind kind) {
    return kind == Kind::http || kind == Kind::stream || kind == Kind::mail;
}

Protocol protocol_of(Kind block) {
    return block == Kind::http     ? Protocol::http
           : block == Kind::stream ? Protocol::stream
                                   : Protocol::mail;
}

/// A word of `server_name`.
ServerName server_name_of(DirectiveRef directive, std::size_t word, WordReader& words) {
    const std::string_view written = words.value(directive, word);
    if (written.starts_with('~')) {
        const std::string_view pattern = written.substr(1);
        return {.kind = ServerName::Kind::regex,
                .ignores_case =
                    std::ranges::any_of(pattern, [](char c) { return c >= 'A' && c <= 'Z'; }),
                .text = pattern,
                .directive = directive};
    }
    const std::string_view name = words.lower_value(directive, word);
    const bool is_hostname = c_string(name) == "$hostname";
    return {.kind = is_hostname ? ServerName::Kind::hostname : ServerName::Kind::name,
            .text = is_hostname ? std::string_view() : name,
            .directive = directive};
}

} // namespace

struct Model::Tables {
    explicit Tables(const Config& config) : words(config) {}

    /// Upstreams of the same name.
    struct Namesakes {
        std::vector<UpstreamId> all;                                 ///< in nginx's order
        std::vector<std::pair<std::uint16_t, UpstreamId>> by_port{}; ///< the first with each port
    };

    /// Of `upstreams`.
    static std::string key_of(Protocol protocol, std::string_view name) {
        return static_cast<char>(protocol) + lower(name);
    }

    [[nodiscard]] const Namesakes* find_upstreams(Protocol protocol, std::string_view name) const {
        const auto found = upstreams.find(key_of(protocol, name));
        return found != upstreams.end() ? &found->second : nullptr;
    }

    WordReader words;
    std::unordered_map<std::string, Namesakes> upstreams;
    std::vector<Children> children;                            // by location
    std::vector<std::map<std::string_view, LocationId>> named; // by server
};

class ModelBuilder {
public:
    explicit ModelBuilder(std::shared_ptr<const Config> config) :
        blocks_(*config->blocks_), tables_(std::make_shared<Model::Tables>(*config)) {
        model_.config_ = std::move(config);
    }

    static bool has_blocks(const Config& config) { return config.blocks_ != nullptr; }

    Model build() && {
        for (const Scope& scope : blocks_.scopes()) {
            add(scope);
        }
        add_settings();
        add_data_blocks();
        add_server_names();
        model_.listeners_ = listeners_of(blocks_, servers_, tables_->words);
        add_upstreams();
        add_tables();
        return std::move(model_);
    }

private:
    void add(const Scope& scope) {
        const auto kind = kind_of(scope);
        if (!kind) {
            return;
        }
        const LocationId id{static_cast<std::uint32_t>(model_.locations_.size())};
        ids_.emplace(&scope, id);
        Location& location = model_.locations_.emplace_back();
        location.kind = *kind;
        location.block = scope.statement();
        if (const LocationWords* const words = location_of(scope)) {
            location.stops_regexes = words->stops_regexes;
            location.ignores_case = words->letters == Case::insensitive;
            location.name = words->name;
        }
        if (*kind == Kind::if_block || *kind == Kind::limit_except) {
            unnamed_.emplace(location.block, id);
        }
        if (is_protocol(*kind)) {
            return;
        }
        location.parent = ids_.at(scope.parent());
        location.server = *kind == Kind::server
                              ? ServerId{static_cast<std::uint32_t>(model_.servers_.size())}
                              : model_.location(location.parent).server;
        if (*kind == Kind::server) {
            servers_.emplace(&scope, location.server);
            model_.servers_.push_back(
                {id, location.block, protocol_of(model_.location(location.parent).kind)});
        }
    }

    /// Servers do not nest: the names come in the order of their servers.
    void add_server_names() {
        model_.first_server_name_.assign(model_.servers_.size() + 1, 0);
        for (const Blocks::Statement& statement : blocks_.statements()) {
            const auto server = statement.row != nullptr && statement.row->name == "server_name"
                                    ? servers_.find(statement.scope)
                                    : servers_.end();
            if (server == servers_.end() ||
                model_.server(server->second).protocol == Protocol::mail) {
                continue;
            }
            const std::size_t count = tables_->words.count(statement.directive);
            for (std::size_t i = 1; i <= count; ++i) {
                model_.server_names_.push_back(
                    server_name_of(statement.directive, i, tables_->words));
            }
            model_.first_server_name_[server->second.value + 1] =
                static_cast<std::uint32_t>(model_.server_names_.size());
        }
        for (std::size_t i = 1; i < model_.first_server_name_.size(); ++i) {
            model_.first_server_name_[i] =
                std::max(model_.first_server_name_[i], model_.first_server_name_[i - 1]);
        }
    }

    void add_upstreams() {
        model_.upstreams_ = upstreams_of(blocks_, tables_->words);
        for (std::uint32_t i = 0; i < model_.upstreams_.size(); ++i) {
            const Upstream& upstream = model_.upstreams_[i];
            tables_->upstreams[Model::Tables::key_of(upstream.protocol, upstream.name)]
                .all.push_back({i});
        }
        for (auto& [name, namesakes] : tables_->upstreams) {
            for (const UpstreamId id : namesakes.all) {
                namesakes.by_port.emplace_back(model_.upstream(id).port, id);
            }
            std::ranges::sort(namesakes.by_port);
            const auto rest =
                std::unique(namesakes.by_port.begin(), namesakes.by_port.end(),
                            [](const auto& a, const auto& b) { return a.first == b.first; });
            namesakes.by_port.erase(rest, namesakes.by_port.end());
        }
    }

    /// Sorted by location; each keeps the order of its own.
    void add_settings() {
        std::vector<std::pair<std::uint32_t, Setting>> found;
        const Scope* scope = nullptr;
        auto owner = ids_.end();
        for (const Blocks::Statement& statement : blocks_.statements()) {
            if (statement.row == nullptr) {
                continue;
            }
            if (statement.scope != scope) {
                scope = statement.scope;
                owner = ids_.find(scope);
            }
            if (owner == ids_.end()) {
                add_outer_setting(statement);
                continue;
            }
            const auto block =
                statement.row->block ? unnamed_.find(statement.directive) : unnamed_.end();
            if (statement.row->block && block == unnamed_.end()) {
                continue;
            }
            found.emplace_back(owner->second.value,
                               Setting{statement.row->name, statement.directive,
                                       block == unnamed_.end() ? LocationId() : block->second});
            Location& location = model_.locations_[owner->second.value];
            location.has_pass = location.has_pass || passes_requests_on(statement.row->name);
        }
        model_.first_setting_.assign(model_.locations_.size() + 1, 0);
        for (const auto& [level, setting] : found) {
            ++model_.first_setting_[level + 1];
        }
        for (std::size_t i = 1; i < model_.first_setting_.size(); ++i) {
            model_.first_setting_[i] += model_.first_setting_[i - 1];
        }
        std::vector<std::uint32_t> next = model_.first_setting_;
        model_.settings_.resize(found.size());
        for (const auto& [level, setting] : found) {
            model_.settings_[next[level]++] = setting;
        }
    }

    void add_outer_setting(const Blocks::Statement& statement) {
        const Context context = statement.scope->context();
        const bool is_upstream =
            context == Context::upstream || context == Context::stream_upstream;
        if (!statement.row->block && !(is_upstream && statement.row->name == "server")) {
            model_.outer_settings_.push_back({statement.row->name, statement.directive, context});
        }
    }

    void add_data_blocks() {
        std::unordered_map<const Scope*, std::size_t> positions;
        for (const Blocks::Statement& statement : blocks_.statements()) {
            if (statement.row == nullptr) {
                add_line(positions, statement);
            }
        }
    }

    void add_line(std::unordered_map<const Scope*, std::size_t>& positions,
                  const Blocks::Statement& line) {
        const Scope& scope = *line.scope;
        const auto around =
            scope.protocol_block() != nullptr ? kind_of(*scope.protocol_block()) : std::nullopt;
        if (around != Kind::http && around != Kind::stream) {
            return;
        }
        const auto [position, is_new] = positions.try_emplace(&scope, model_.data_blocks_.size());
        if (is_new) {
            model_.data_blocks_.push_back(
                {protocol_of(*around), data_block_name(scope), scope.statement(), {}});
        }
        model_.data_blocks_[position->second].lines.push_back(line.directive);
    }

    std::string_view data_block_name(const Scope& scope) const {
        const DirectiveRef block = scope.statement();
        const FileId file = model_.config_->inclusion(block.inclusion).file;
        return model_.config_->tree(file).raw_name(block.node);
    }

    void add_tables() {
        Model::Tables* const tables = tables_.get();
        tables->children.resize(model_.locations_.size());
        tables->named.resize(model_.servers_.size());
        std::unordered_map<std::uint32_t, std::map<std::string_view, StaticLocations::Entry>>
            statics;
        for (std::uint32_t i = 0; i < model_.locations_.size(); ++i) {
            const Location& location = model_.locations_[i];
            switch (location.kind) {
            case Kind::exact:
            case Kind::prefix:
                if (is_in_regex(location)) {
                    break;
                }
                add_static(statics[location.parent.value], location, i);
                break;
            case Kind::regex:
                add_regex(tables->children[location.parent.value], location, i);
                break;
            case Kind::named:
                tables->named[location.server.value].try_emplace(location.name, LocationId{i});
                break;
            default:
                break;
            }
        }
        for (const auto& [parent, entries] : statics) {
            std::vector<StaticLocations::Entry> list;
            for (const auto& [name, entry] : entries) {
                list.push_back(entry);
            }
            tables->children[parent].statics.emplace(std::move(list));
        }
        model_.tables_ = std::move(tables_);
    }

    static void add_regex(Children& children, const Location& location, std::uint32_t index) {
        children.regexes.push_back({index});
        children.filter.add(location.name, case_of(location));
    }

    /// nginx makes no tree of what stands in a location with a regular expression, so that exact
    /// locations there are never found (src/http/ngx_http.c, ngx_http_init_static_location_trees).
    [[nodiscard]] bool is_in_regex(const Location& location) const {
        for (LocationId at = location.parent; !at.is_none(); at = model_.location(at).parent) {
            if (model_.location(at).kind == Kind::regex) {
                return true;
            }
        }
        return false;
    }

    static void add_static(std::map<std::string_view, StaticLocations::Entry>& entries,
                           const Location& location, std::uint32_t index) {
        StaticLocations::Entry& entry = entries[location.name];
        entry.name = location.name;
        (location.kind == Kind::exact ? entry.exact : entry.prefix) = index;
        entry.auto_redirect =
            entry.auto_redirect || (location.has_pass && location.name.ends_with('/'));
    }

    const Blocks& blocks_;
    Model model_;
    std::shared_ptr<Model::Tables> tables_;
    std::unordered_map<const Scope*, LocationId> ids_;
    std::map<DirectiveRef, LocationId> unnamed_; // `if` and `limit_except` by their statements
    ServerIds servers_;
};

std::span<const Setting> Model::settings(LocationId id) const {
    const std::size_t begin = first_setting_[id.value];
    return std::span(settings_).subspan(begin, first_setting_[id.value + 1] - begin);
}

std::vector<std::string> Model::words(DirectiveRef directive) const {
    const SyntaxTree& tree = config_->tree(config_->inclusion(directive.inclusion).file);
    std::vector<std::string> words;
    for (const Word word : tree.words(directive.node)) {
        words.push_back(tree.value(word));
    }
    return words;
}

std::span<const ServerName> Model::server_names(ServerId id) const {
    const std::size_t begin = first_server_name_[id.value];
    return std::span(server_names_).subspan(begin, first_server_name_[id.value + 1] - begin);
}

std::span<const UpstreamId> Model::find_upstreams(Protocol protocol, std::string_view name) const {
    const Tables::Namesakes* const found = tables_->find_upstreams(protocol, name);
    return found == nullptr ? std::span<const UpstreamId>() : found->all;
}

UpstreamId Model::find_upstream(Protocol protocol, std::string_view name,
                                std::uint16_t port) const {
    const Tables::Namesakes* const namesakes = tables_->find_upstreams(protocol, name);
    if (namesakes == nullptr) {
        return {};
    }
    const auto found = std::ranges::lower_bound(namesakes->by_port, port, {},
                                                [](const auto& each) { return each.first; });
    return found != namesakes->by_port.end() && found->first == port ? found->second : UpstreamId();
}

std::span<const LocationId> Model::regex_locations(LocationId id) const {
    return tables_->children[id.value].regexes;
}

std::vector<LocationId> Model::find_regexes(LocationId id, std::string_view uri) const {
    const Children& children = tables_->children[id.value];
    std::vector<LocationId> found;
    for (const std::uint32_t index : children.filter.candidates(uri)) {
        found.push_back(children.regexes[index]);
    }
    return found;
}

StaticMatch Model::find_static(LocationId id, std::string_view uri) const {
    const auto& statics = tables_->children[id.value].statics;
    if (!statics) {
        return {};
    }
    const StaticLocations::Found found = statics->find(uri);
    switch (found.kind) {
    case StaticLocations::Kind::exact:
        return {StaticMatch::Kind::exact, {found.location}};
    case StaticLocations::Kind::prefix:
        return {StaticMatch::Kind::prefix, {found.location}};
    case StaticLocations::Kind::redirect:
        return {StaticMatch::Kind::redirect, {found.location}};
    case StaticLocations::Kind::none:
        break;
    }
    return {};
}

std::optional<LocationId> Model::find_named(ServerId id, std::string_view name) const {
    const auto& named = tables_->named[id.value];
    const auto found = named.find(name);
    return found == named.end() ? std::nullopt : std::optional(found->second);
}

std::optional<Model> build_model(Config config) {
    auto shared = std::make_shared<const Config>(std::move(config));
    if (shared->context() != Context::main || shared->verdict() != Verdict::satisfied ||
        !ModelBuilder::has_blocks(*shared)) {
        return std::nullopt;
    }
    return ModelBuilder(std::move(shared)).build();
}

} // namespace upstream_lint
