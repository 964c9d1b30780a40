#include "resolve/evaluator.hpp"

#include "config/ascii.hpp"
#include "config/variable_table.hpp"
#include "resolve/builtin_variables.hpp"
#include "resolve/stream_variables.hpp"
#include "resolve/uri_escape.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace upstream_lint {

namespace {

using Part = ComplexValue::Part;
using State = VariableValue::State;

/// Directives whose first value names a variable that the client's request alone does not decide.
bool sets_by_itself(std::string_view directive) {
    return directive == "perl_set" || directive == "js_set" || directive == "js_var" ||
           directive.starts_with("set_");
}

/// nginx opens what is no absolute path below its prefix (ngx_get_full_name).
Value full_name(const std::string& prefix, Value path) {
    if (path.text.starts_with('/')) {
        return path;
    }
    path.text.insert(0, prefix);
    return path;
}

} // namespace

/// No version tells of what a distribution adds to it: 1.22.1 is taken for that of Debian 12, whose
/// package has these corrections since 1.22.1-9+deb12u11 and whose users are nearly all that still
/// run this version. 1.26.3 is not taken so: that of Debian 13 is without them.
bool guards_memory(const Version& version) {
    return version >= Version{1, 30, 6} || version == Version{1, 22, 1};
}

HttpConfs::HttpConfs(const Model& a_model, const RouterOptions& an_options, Protocol a_protocol) :
    model(a_model), options(an_options), protocol(a_protocol), regexes(names),
    locations(model, names, regexes), maps(compile_variable_maps(model, protocol, names, regexes)) {
    set_by_others_.insert(maps.others.begin(), maps.others.end());
    find_other_setters();
}

void HttpConfs::find_other_setters() {
    for (std::uint32_t level = 0; level < model.locations().size(); ++level) {
        for (const Setting& setting : model.settings({level})) {
            const bool is_keyval = setting.name == "keyval";
            const bool is_auth = setting.name == "auth_request_set";
            if (!is_keyval && !is_auth && !sets_by_itself(setting.name)) {
                continue;
            }
            const auto words = model.words(setting.directive);
            const std::size_t at = is_keyval ? 2 : 1;
            if (words.size() > at && words[at].starts_with('$')) {
                (is_auth ? set_by_auth_requests_ : set_by_others_)
                    .insert(names.index(lower(std::string_view(words[at]).substr(1))));
            }
        }
    }
}

const ServerConf& HttpConfs::server(ServerId id) {
    const auto [known, is_new] = servers_.try_emplace(id.value);
    if (is_new) {
        const LocationId level = model.server(id).level;
        read(known->second, model.location(level).parent);
        read(known->second, level);
    }
    return known->second;
}

void HttpConfs::read(ServerConf& conf, LocationId level) const {
    const auto is_on = [&](const Setting& setting) {
        return equal_ignoring_case(model.words(setting.directive)[1], "on");
    };
    bool has_name = false;
    for (const Setting& setting : model.settings(level)) {
        if (setting.name == "server_name" && !has_name) {
            has_name = true;
            const std::string name = model.words(setting.directive)[1];
            conf.name = name.starts_with('~')   ? name
                        : name.starts_with('.') ? lower(name.substr(1))
                                                : lower(name);
            if (equal_ignoring_case(name, "$hostname")) {
                conf.name = lower(options.hostname.value_or("$hostname"));
            }
        } else if (setting.name == "merge_slashes") {
            conf.merges_slashes = is_on(setting);
        } else if (setting.name == "underscores_in_headers") {
            conf.takes_underscores = is_on(setting);
        } else if (setting.name == "ignore_invalid_headers") {
            conf.ignores_invalid_headers = is_on(setting);
        } else if (setting.name == "ssl_reject_handshake") {
            conf.rejects_handshake = is_on(setting);
        } else if (setting.name == "http2") {
            conf.enables_http2 = is_on(setting);
        } else if (setting.name == "ssl_verify_client") {
            conf.verifies_client = !equal_ignoring_case(model.words(setting.directive)[1], "off");
        }
    }
}

Value Evaluator::supposed(Value value) const {
    if (value.known) {
        return value;
    }
    const std::string* const known = assumptions_.value_of(value.text);
    return known != nullptr ? Value{*known} : value;
}

Value Evaluator::evaluate(HttpRequest& request, const ComplexValue& value, Flush flush) {
    if (!value.has_variables) {
        return {std::string(value.constant())};
    }
    std::size_t counted = std::string::npos;
    if (value.is_mixed) {
        counted = evaluate_parts(request, value, flush).text.size();
        flush = Flush::no;
    }
    Value result = evaluate_parts(request, value, flush);
    if (result.known && counted < result.text.size()) {
        request.has_no_buffer_space = true;
    }
    return supposed(std::move(result));
}

Value Evaluator::evaluate_parts(HttpRequest& request, const ComplexValue& value, Flush flush) {
    Value result;
    for (const Part& part : value.parts) {
        result += evaluate_part(request, part, false, flush);
    }
    return result;
}

Value Evaluator::evaluate_part(HttpRequest& request, const Part& part, bool escapes_captures,
                               Flush flush) {
    switch (part.kind) {
    case Part::Kind::text:
        return {part.text};
    case Part::Kind::variable:
        return variable(request, part.number, flush);
    case Part::Kind::capture: {
        Value value = capture(request, part.number);
        if (escapes_captures && value.known && (request.is_quoted_uri || request.has_plus_in_uri)) {
            value.text = escaped(value.text, Escape::args);
        }
        return value;
    }
    case Part::Kind::args:
        break;
    }
    return {};
}

Value Evaluator::variable(HttpRequest& request, VariableIndex variable, Flush flush) {
    return find_variable(request, variable, flush).value_or(Value());
}

std::optional<Value> Evaluator::find_variable(HttpRequest& request, VariableIndex index,
                                              Flush flush) {
    auto& variables = *request.variables;
    if (variables.size() <= index) {
        variables.resize(std::max<std::size_t>(confs_.names.size(), index + 1));
    }
    {
        const VariableValue& kept = variables[index];
        if (kept.state != State::unset && !(kept.no_cacheable && flush == Flush::yes)) {
            return kept.state == State::valid ? std::optional(supposed(kept.value)) : std::nullopt;
        }
    }
    if (depth_left_ == 0) {
        return std::nullopt; // `cycle while evaluating variable`
    }
    --depth_left_;
    Computed computed = compute(request, index);
    ++depth_left_;
    VariableValue& kept = variables[index]; // computing may have moved them
    kept.state = computed.value ? State::valid : State::not_found;
    kept.no_cacheable = computed.has_failed ? kept.no_cacheable : computed.no_cacheable;
    kept.value = computed.value.value_or(Value());
    return computed.value;
}

Evaluator::Computed Evaluator::compute(HttpRequest& request, VariableIndex index) {
    if (const auto map = confs_.maps.maps.find(index); map != confs_.maps.maps.end()) {
        return {compute_map(request, index, map->second), map->second.is_volatile, false};
    }
    if (const auto geo = confs_.maps.geos.find(index); geo != confs_.maps.geos.end()) {
        return {compute_geo(request, index, geo->second), geo->second.is_volatile, false};
    }
    if (const auto split = confs_.maps.splits.find(index); split != confs_.maps.splits.end()) {
        return {compute_split(request, index, split->second), false, false};
    }
    const std::string& name = confs_.names.name(index);
    if (confs_.is_set_by_others(index) && !confs_.is_set_by_auth_requests(index)) {
        return {unknown_variable(name), false, false};
    }
    const bool is_stream = confs_.protocol == Protocol::stream;
    const BuiltinVariable* builtin =
        is_stream ? find_stream_variable(name) : find_builtin_variable(name);
    if (builtin == nullptr && !is_stream) {
        builtin = find_variable_family(name);
    }
    if (builtin != nullptr) {
        auto value = builtin->get(*this, request, name);
        const bool has_failed = !value && name == "request_filename";
        return {std::move(value), builtin->no_cacheable, has_failed};
    }
    const NginxBuild& build = confs_.model.config().build();
    const VariableScope scope = is_stream ? VariableScope::stream : VariableScope::http;
    if (upstream_lint::find_variable(name, scope, build) != nullptr ||
        is_in_family(name, scope, build)) {
        return {unknown_variable(name), false, false};
    }
    return {}; // `set` and groups with names that did not come to it
}

std::optional<Value> Evaluator::suppose_one(VariableIndex variable,
                                            const std::set<std::string>& values) {
    const std::string name = "$" + confs_.names.name(variable);
    std::vector<std::string> answers;
    answers.reserve(values.size());
    for (const std::string& value : values) {
        answers.push_back(fmt::format("{} is \"{}\"", name, value));
    }
    if (answers.empty()) {
        return Value();
    }
    const std::size_t chosen = assumptions_.choose(name, answers);
    return Value{*std::next(values.begin(), static_cast<std::ptrdiff_t>(chosen))};
}

std::optional<Value> Evaluator::compute_map(HttpRequest& request, VariableIndex index,
                                            const VariableMap& map) {
    Value source = evaluate(request, map.source);
    const auto value_at = [&](VariableMap::Index found) -> std::optional<Value> {
        if (found == ServerNameTable::none) {
            return Value();
        }
        return evaluate(request, map.values[found]);
    };
    if (!source.known) {
        std::set<std::string> values;
        for (const ComplexValue& value : map.values) {
            if (value.has_variables) {
                return unknown_variable(confs_.names.name(index));
            }
            values.emplace(value.constant());
        }
        if (map.default_value == ServerNameTable::none) {
            values.emplace();
        }
        return suppose_one(index, values);
    }
    if (map.has_hostnames && source.text.ends_with('.')) {
        source.text.pop_back();
    }
    const VariableMap::Index found = map.find(lower(source.text));
    if (found != ServerNameTable::none) {
        return value_at(found);
    }
    if (!source.text.empty()) {
        for (const auto& [regex, value] : map.regexes) {
            const Matcher::Outcome outcome = match(request, *regex, source);
            if (outcome == Matcher::Outcome::matched) {
                return value_at(value);
            }
            if (outcome == Matcher::Outcome::failed) {
                break;
            }
        }
    }
    return value_at(map.default_value);
}

std::optional<Value> Evaluator::compute_geo(HttpRequest& request, VariableIndex index,
                                            const GeoMap& geo) {
    const Value address = evaluate(request, geo.address);
    const bool may_be_forwarded =
        geo.has_proxies && (!request.connection->headers_known ||
                            find_header(*request.connection, "X-Forwarded-For") != nullptr);
    if (address.known && !may_be_forwarded) {
        return Value{std::string(geo.find(parse_address(address.text)))};
    }
    std::set<std::string> values;
    for (const auto& value : geo.values) {
        values.insert(*value);
    }
    values.emplace(geo.default_value);
    return suppose_one(index, values);
}

std::optional<Value> Evaluator::compute_split(HttpRequest& request, VariableIndex index,
                                              const SplitClients& split) {
    // ngx_http_split_clients_variable: who asks for it again meanwhile finds nothing
    (*request.variables)[index] = {Value(), State::valid, false};
    const Value source = evaluate(request, split.source);
    if (source.known) {
        return Value{std::string(split.find(source.text))};
    }
    std::set<std::string> values;
    for (const SplitClients::Part& part : split.parts) {
        values.insert(part.value);
    }
    if (split.parts.empty() || split.parts.back().until != 0) {
        values.emplace();
    }
    return suppose_one(index, values);
}

Value Evaluator::capture(const HttpRequest& request, std::size_t number) const {
    const Captures& captures = request.captures;
    if (!captures.unknown_pattern.empty()) {
        return {fmt::format("${} of {}", number, captures.unknown_pattern), false};
    }
    if (number >= captures.groups.size()) {
        return {};
    }
    const Matcher::Group group = captures.groups[number];
    if (group.begin == Matcher::Group::none) {
        return {};
    }
    return {captures.subject.text.substr(group.begin, group.end - group.begin)};
}

Matcher::Outcome Evaluator::match(HttpRequest& request, HttpRegex& regex, Value subject) {
    subject = supposed(std::move(subject));
    Captures captures;
    if (subject.known) {
        const Matcher::Outcome outcome = regex.matcher.match(subject.text);
        if (outcome != Matcher::Outcome::matched) {
            return outcome;
        }
        captures.groups.assign(regex.matcher.groups().begin(), regex.matcher.groups().end());
    } else {
        if (!assumptions_.holds(
                fmt::format("{} matches `{}`", subject.text, regex.pattern),
                fmt::format("{} does not match `{}`", subject.text, regex.pattern))) {
            return Matcher::Outcome::not_matched;
        }
        captures.unknown_pattern = regex.pattern;
    }
    captures.subject = std::move(subject);
    request.captures = std::move(captures);
    auto& variables = *request.variables;
    variables.resize(std::max(variables.size(), confs_.names.size()));
    for (const auto& [group, variable] : regex.variables) {
        variables[variable] = {capture(request, group), State::valid, false};
    }
    return Matcher::Outcome::matched;
}

Value Evaluator::document_root(HttpRequest& request) {
    const LocationConf& conf = confs_.locations.of(request.location);
    const std::string& prefix = confs_.options.prefix;
    return conf.root != nullptr ? full_name(prefix, evaluate(request, conf.root->path))
                                : Value{prefix + "html"};
}

std::optional<Evaluator::Path> Evaluator::map_uri_to_path(HttpRequest& request) {
    const LocationConf& conf = confs_.locations.of(request.location);
    std::size_t alias = conf.root != nullptr ? conf.root->alias : 0;
    const bool is_rewritten =
        !request.is_location_valid ||
        (request.is_uri_changed && guards_memory(confs_.model.config().build().version));
    if (alias != 0 && is_rewritten) {
        return std::nullopt; // `"alias" cannot be used in location ... where URI was rewritten`
    }
    Path path;
    path.root = document_root(request);
    path.whole = path.root;
    if (alias == Root::whole) {
        if (!request.adds_uri_to_alias) {
            return path;
        }
        alias = 0;
    }
    if (!request.uri.known) {
        path.whole += request.uri;
        return path;
    }
    request.reads_beyond_uri = request.reads_beyond_uri || request.uri.text.size() < alias;
    path.whole.text += request.uri.text.substr(std::min(alias, request.uri.text.size()));
    return path;
}

} // namespace upstream_lint
