#include "resolve/possible_values.hpp"

#include "config/ascii.hpp"
#include "config/variable_table.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace upstream_lint {

namespace {

/// Longer lists of `set` and `if` are not followed one by one.
constexpr std::size_t most_settings = 1000;

FoldedTexts unknown(std::string reason) {
    return {{{}, std::move(reason)}};
}

/// False where there are too many; then that is said.
bool add(FoldedTexts& values, FoldedText value) {
    if (values.size() >= PossibleValues::most_values) {
        values.insert({{}, fmt::format("it has more than {} values", PossibleValues::most_values)});
        return false;
    }
    values.insert(std::move(value));
    return true;
}

bool add_all(FoldedTexts& values, const FoldedTexts& more) {
    return std::ranges::all_of(more, [&](const FoldedText& each) { return add(values, each); });
}

/// Every beginning with every end.
FoldedTexts joined(const FoldedTexts& beginnings, const FoldedTexts& ends) {
    FoldedTexts values;
    for (const FoldedText& beginning : beginnings) {
        if (!beginning.is_whole()) {
            if (!add(values, beginning)) {
                return values;
            }
            continue;
        }
        for (const FoldedText& end : ends) {
            if (!add(values, {beginning.text + end.text, end.unknown})) {
                return values;
            }
        }
    }
    return values;
}

/// Scripts that run before a request is passed on.
bool may_set_variables(std::string_view directive) {
    constexpr std::array<std::string_view, 5> others = {"init_", "exit_", "log_", "ssl_",
                                                        "balancer_"};
    const bool is_early = std::ranges::none_of(
        others, [&](std::string_view other) { return directive.starts_with(other); });
    return (is_early && directive.find("_by_lua") != std::string_view::npos) ||
           directive.starts_with("js_") || directive.starts_with("perl");
}

bool may_hold_pattern(std::string_view directive) {
    constexpr std::array<std::string_view, 3> names = {"server_name", "rewrite", "if"};
    return std::ranges::find(names, directive) != names.end();
}

} // namespace

PossibleValues::Folded PossibleValues::at(LocationId level, const ComplexValue& value) {
    read_settings();
    const Location& location = confs_.model.location(level);
    Context context{.server = location.server};
    Environment local;
    const bool is_unnamed =
        location.kind == Location::Kind::if_block || location.kind == Location::Kind::limit_except;
    const LocationId named = is_unnamed ? location.parent : level;
    const bool has_sets = confs_.protocol == Protocol::http &&
                          servers_with_sets_.contains(location.server) && !has_scripts_;
    if (has_sets && work_left_ != 0) {
        context.of_server = environment_of(location.server);
        if (is_short(named)) {
            Run run{context, local, level};
            run.context.local = &local;
            this->run(run, named, true);
            context.local = &local;
        }
    }
    depends_on_place_ = false;
    FoldedTexts values = fold(value, context);
    return {std::move(values), depends_on_place_};
}

FoldedTexts PossibleValues::fold(const ComplexValue& value, const Context& context) {
    if (!value.has_variables) {
        return {{std::string(value.constant()), {}}};
    }
    FoldedTexts values = {FoldedText()};
    for (const ComplexValue::Part& part : value.parts) {
        if (work_left_ == 0) {
            return unknown("there are too many values to follow");
        }
        values = joined(values, of_part(part, context));
        spend(values.size());
    }
    return values;
}

FoldedTexts PossibleValues::of_part(const ComplexValue::Part& part, const Context& context) {
    switch (part.kind) {
    case ComplexValue::Part::Kind::text:
        return {{part.text, {}}};
    case ComplexValue::Part::Kind::capture:
        return unknown(fmt::format("${} is a part of what a pattern matches", part.number));
    case ComplexValue::Part::Kind::variable:
        if (auto values = of_environment(part.number, context)) {
            return *std::move(values);
        }
        return of_variable(part.number, context.server);
    case ComplexValue::Part::Kind::args:
        break;
    }
    return {FoldedText()};
}

/// What `set` has left, where that is known. On the way from the server to a location others may
/// have run: those that `rewrite` or an error have led through.
std::optional<FoldedTexts> PossibleValues::of_environment(VariableIndex variable,
                                                          const Context& context) {
    if (captures_.contains(confs_.names.name(variable)) || confs_.is_set_by_others(variable)) {
        return std::nullopt;
    }
    if (context.local != nullptr) {
        if (const auto found = context.local->find(variable); found != context.local->end()) {
            depends_on_place_ = true;
            spend(found->second.size());
            return found->second;
        }
    }
    if (context.of_server == nullptr) {
        return std::nullopt;
    }
    const auto found = context.of_server->find(variable);
    if (found == context.of_server->end()) {
        return std::nullopt;
    }
    FoldedTexts values = found->second;
    (void)add_all(values, of_location_sets(variable, context.server));
    spend(values.size());
    depends_on_place_ = true;
    return values;
}

const FoldedTexts& PossibleValues::of_variable(VariableIndex variable, ServerId server) {
    if (const auto found = known_.find({ServerId(), variable});
        found != known_.end() && !server.is_none()) {
        return found->second.values;
    }
    const auto [found, is_new] = known_.try_emplace({server, variable});
    Known& known = found->second; // which stays where it is
    if (!is_new) {
        depends_on_place_ = depends_on_place_ || !server.is_none();
        if (known.state == State::folding && known.values.empty()) {
            known.values =
                unknown(fmt::format("${} depends on itself", confs_.names.name(variable)));
        }
        return known.values;
    }
    if (depth_left_ == 0) {
        known.values =
            unknown(fmt::format("${} depends on too many others", confs_.names.name(variable)));
        known.state = State::done;
        depends_on_place_ = true;
        return known.values;
    }
    --depth_left_;
    const bool outer = std::exchange(depends_on_place_, false);
    FoldedTexts values = collect(variable, server);
    ++depth_left_;
    (void)add_all(values, known.values); // that it depends on itself
    known.values = std::move(values);
    known.state = State::done;
    const bool is_same_everywhere = !std::exchange(depends_on_place_, outer || depends_on_place_);
    if (!is_same_everywhere || server.is_none()) {
        return known.values;
    }
    Known& everywhere = known_[{ServerId(), variable}];
    everywhere = std::move(known);
    known_.erase({server, variable});
    return everywhere.values;
}

FoldedTexts PossibleValues::collect(VariableIndex variable, ServerId server) {
    const std::string& name = confs_.names.name(variable);
    if (auto values = of_server(name, server)) {
        return *std::move(values);
    }
    FoldedTexts values;
    const bool has_block = add_blocks(values, variable, server);
    const bool has_set = add_sets(values, variable, server);
    const bool is_captured = captures_.contains(name);
    if (is_captured) {
        (void)add(values, {{}, fmt::format("${} is a part of what a pattern matches", name)});
    }
    if (confs_.is_set_by_others(variable) || (has_set && has_scripts_)) {
        (void)add(values, {{}, fmt::format("a script or a module sets ${}", name)});
    }
    if (has_set && !has_block && !is_builtin(name)) {
        (void)add(values, {}); // where it is not set
    } else if (!has_block && !is_captured && !confs_.is_set_by_others(variable)) {
        (void)add_all(values, of_builtin(name));
    }
    return values;
}

/// Of `map`, `geo`, `split_clients`.
bool PossibleValues::add_blocks(FoldedTexts& values, VariableIndex variable, ServerId server) {
    const VariableMaps& maps = confs_.maps;
    if (const auto map = maps.maps.find(variable); map != maps.maps.end()) {
        for (const ComplexValue& value : map->second.values) {
            if (!add_all(values, fold(value, {.server = server}))) {
                return true;
            }
        }
        if (map->second.default_value == ServerNameTable::none) {
            (void)add(values, {});
        }
        return true;
    }
    if (const auto geo = maps.geos.find(variable); geo != maps.geos.end()) {
        (void)add(values, {std::string(geo->second.default_value), {}});
        (void)std::ranges::all_of(geo->second.values, [&](const auto& value) {
            return add(values, {*value, {}});
        });
        return true;
    }
    if (const auto split = maps.splits.find(variable); split != maps.splits.end()) {
        const auto& parts = split->second.parts;
        if (parts.empty() || parts.back().until != 0) {
            (void)add(values, {});
        }
        (void)std::ranges::all_of(parts, [&](const auto& part) {
            return add(values, {part.value, {}});
        });
        return true;
    }
    return false;
}

/// Of all in the server; true where there are some anywhere.
bool PossibleValues::add_sets(FoldedTexts& values, VariableIndex variable, ServerId server) {
    const ServerId owner = owner_of_sets(server);
    if (!is_set_somewhere_.contains(variable)) {
        return false;
    }
    depends_on_place_ = depends_on_place_ || !owner.is_none();
    const auto sets = sets_.find({owner, variable});
    if (sets == sets_.end()) {
        return true;
    }
    for (const SetValue& set : sets->second) {
        if (!add_all(values, fold(set.value, {.server = server}))) {
            break;
        }
    }
    return true;
}

const FoldedTexts& PossibleValues::of_location_sets(VariableIndex variable, ServerId server) {
    const auto [known, is_new] = known_location_sets_.try_emplace({server, variable});
    const auto sets = sets_.find({server, variable});
    if (!is_new || sets == sets_.end()) {
        return known->second;
    }
    for (const SetValue& set : sets->second) {
        if (set.is_in_location && !add_all(known->second, fold(set.value, {.server = server}))) {
            break;
        }
    }
    return known->second;
}

/// Of variables that a server decides.
std::optional<FoldedTexts> PossibleValues::of_server(std::string_view name, ServerId server) {
    const bool is_port = name == "server_port";
    const bool is_scheme = name == "scheme" || name == "https";
    if (server.is_none() || (name != "server_name" && !is_port && !is_scheme)) {
        return std::nullopt;
    }
    depends_on_place_ = true;
    if (name == "server_name") {
        const std::string& known = confs_.server(server).name;
        return known == "$hostname" ? unknown("the machine's name is not known")
                                    : FoldedTexts{{known, {}}};
    }
    read_listeners();
    const Listening& listening = listening_[server.value];
    FoldedTexts values;
    if (is_port) {
        for (const std::string& port : listening.ports) {
            (void)add(values, {port, {}});
        }
        return values;
    }
    if (listening.has_plain) {
        (void)add(values, {name == "scheme" ? "http" : "", {}});
    }
    if (listening.has_tls) {
        (void)add(values, {name == "scheme" ? "https" : "on", {}});
    }
    return values;
}

bool PossibleValues::is_builtin(std::string_view name) const {
    const NginxBuild& build = confs_.model.config().build();
    const VariableScope scope =
        confs_.protocol == Protocol::stream ? VariableScope::stream : VariableScope::http;
    return find_variable(name, scope, build) != nullptr || is_in_family(name, scope, build);
}

/// Paths begin with a slash, unless a `rewrite` takes it away.
FoldedTexts PossibleValues::of_builtin(std::string_view name) const {
    const bool is_http = confs_.protocol == Protocol::http;
    const std::string reason =
        fmt::format("${} comes with the {}", name, is_http ? "request" : "connection");
    if (name == "nginx_version") {
        return {{to_string(confs_.model.config().build().version), {}}};
    }
    if (name == "hostname" && confs_.options.hostname) {
        return {{lower(*confs_.options.hostname), {}}};
    }
    if (!is_http) {
        return name == "protocol" ? FoldedTexts{{"TCP", {}}, {"UDP", {}}} : unknown(reason);
    }
    if (name == "scheme") {
        return {{"http", {}}, {"https", {}}};
    }
    if (name == "https") {
        return {{"", {}}, {"on", {}}};
    }
    if (name == "is_args") {
        return {{"", {}}, {"?", {}}};
    }
    const bool is_path = name == "request_uri" || name == "uri" || name == "document_uri";
    return {{is_path ? "/" : "", reason}};
}

bool PossibleValues::is_short(LocationId level) const {
    return confs_.model.settings(level).size() <= most_settings;
}

const PossibleValues::Environment* PossibleValues::environment_of(ServerId server) {
    const auto [found, is_new] = environments_.try_emplace(server.value);
    const LocationId level = confs_.model.server(server).level;
    if (is_new && is_short(level)) {
        Run run{{.server = server, .local = &found->second}, found->second, {}};
        this->run(run, level, true);
    }
    return &found->second;
}

/// The directives of ngx_http_rewrite_module, as far as they decide what is set.
void PossibleValues::run(Run& run, LocationId level, bool is_certain) {
    for (const Setting& setting : confs_.model.settings(level)) {
        spend(1);
        if (setting.name == "set") {
            assign(run, setting, is_certain && !run.may_have_ended);
        } else if (setting.name == "if") {
            this->run(run, setting.block, is_certain && setting.block == run.taken_block);
        } else if (setting.name == "break" || setting.name == "return" ||
                   setting.name == "rewrite") {
            run.may_have_ended = true;
        }
    }
}

void PossibleValues::assign(Run& run, const Setting& set, bool is_certain) {
    const auto words = confs_.model.words(set.directive);
    const VariableIndex variable = confs_.names.index(lower(std::string_view(words[1]).substr(1)));
    FoldedTexts values = fold(compile_complex_value(words[2], confs_.names), run.context);
    if (!is_certain) {
        auto before = of_environment(variable, run.context);
        (void)add_all(values, before ? *before : of_variable(variable, run.context.server));
    }
    run.variables[variable] = std::move(values);
}

/// Before anything is folded: what a variable may be has to be known for all of them.
void PossibleValues::read_settings() {
    if (std::exchange(has_read_settings_, true)) {
        return;
    }
    for (std::uint32_t level = 0; level < confs_.model.locations().size(); ++level) {
        const ServerId server = confs_.model.location({level}).server;
        if (server.is_none() || confs_.model.server(server).protocol == confs_.protocol) {
            read_level({level});
        }
    }
    for (const auto& [variable, map] : confs_.maps.maps) {
        for (const auto& [regex, value] : map.regexes) {
            read_captures(regex->pattern);
        }
    }
}

void PossibleValues::read_level(LocationId level) {
    const Location& location = confs_.model.location(level);
    if (location.kind == Location::Kind::regex) {
        read_captures(location.name);
    }
    const bool is_in_location =
        location.kind != Location::Kind::server &&
        (location.parent.is_none() ||
         confs_.model.location(location.parent).kind != Location::Kind::server ||
         location.kind != Location::Kind::if_block);
    for (const Setting& setting : confs_.model.settings(level)) {
        if (setting.name == "set") {
            const auto words = confs_.model.words(setting.directive);
            const VariableIndex variable =
                confs_.names.index(lower(std::string_view(words[1]).substr(1)));
            sets_[{owner_of_sets(location.server), variable}].push_back(
                {compile_complex_value(words[2], confs_.names), is_in_location});
            is_set_somewhere_.insert(variable);
            servers_with_sets_.insert(location.server);
        } else if (may_hold_pattern(setting.name)) {
            for (const std::string& word : confs_.model.words(setting.directive)) {
                read_captures(word);
            }
        } else if (may_set_variables(setting.name)) {
            has_scripts_ = true;
        }
    }
}

/// Names of groups: `(?<name>`, `(?P<name>`, `(?'name'`. What only looks like one does no harm.
void PossibleValues::read_captures(std::string_view pattern) {
    for (std::size_t at = pattern.find("(?"); at != std::string_view::npos;
         at = pattern.find("(?", at)) {
        at += 2;
        std::string_view rest = pattern.substr(at);
        if (rest.starts_with('P')) {
            rest.remove_prefix(1);
        }
        if (!rest.starts_with('<') && !rest.starts_with('\'')) {
            continue;
        }
        rest.remove_prefix(1);
        const auto end = std::ranges::find_if_not(rest, is_word_character);
        captures_.insert(lower({rest.begin(), end}));
    }
}

void PossibleValues::read_listeners() {
    if (std::exchange(has_read_listeners_, true)) {
        return;
    }
    for (const Listener& listener : confs_.model.listeners()) {
        for (const ServerId server : listener.servers) {
            Listening& listening = listening_[server.value];
            const bool is_tls = listener.ssl || listener.is_datagram;
            listening.has_tls = listening.has_tls || is_tls;
            listening.has_plain = listening.has_plain || !is_tls;
            listening.ports.insert(
                listener.address.port == 0 ? std::string() : fmt::to_string(listener.address.port));
        }
    }
}

} // namespace upstream_lint
