#include "config/ascii.hpp"
#include "config/hash.hpp"
#include "config/messages.hpp"
#include "config/modules/modules.hpp"
#include "config/script.hpp"
#include "config/slots.hpp"

#include <array>
#include <fmt/format.h>
#include <optional>

/// src/http/modules/ngx_http_map_module.c; src/stream/ngx_stream_map_module.c says the same.
namespace upstream_lint {

namespace {

constexpr std::int64_t default_max_size = 2048;

/// A size of the hashes of all maps: the first `map` fixes it.
struct Fixed {
    std::optional<std::int64_t> value;
    Place place;
};

struct MapHash {
    Fixed max_size;
    Fixed bucket_size;
};

/// The body of one `map`.
struct Map {
    HashKeys keys;
    bool hostnames = false;
    Place default_place;
};

/// ngx_conf_set_num_slot, where a `map` sets what is not set yet.
void hash_number(Directive& directive, Fixed& size) {
    if (size.value) {
        directive.error("is duplicate", Cause::duplicate).label(size.place, "fixed here");
        return;
    }
    size.value = slot::number(directive);
    size.place = directive.place();
}

void fix(Fixed& size, std::int64_t value, const Place& place) {
    if (!size.value) {
        size = {value, place};
    }
}

void add_key(Directive& line, Map& map) {
    std::string_view key = line[0];
    if (key.starts_with('\\')) {
        key.remove_prefix(1);
    }
    const auto wildcards = map.hostnames ? HashKeys::Wildcards::yes : HashKeys::Wildcards::no;
    const std::string_view name = line.cycle().keep(lower(key));
    switch (map.keys.add(name, wildcards)) {
    case HashKeys::Added::invalid:
        line.emerg(0, fmt::format("invalid hostname or wildcard \"{}\"", key));
        break;
    case HashKeys::Added::conflicting:
        line.emerg(0, fmt::format("conflicting parameter \"{}\"", name), Cause::duplicate)
            .notes.emplace_back("the case of letters does not count");
        break;
    case HashKeys::Added::yes:
        break;
    }
}

/// ngx_http_map
void map_line(Directive& line) {
    auto& map = line.scope().conf<Map>();
    const std::string_view key = c_string(line[0]);
    if (line.size() == 0 && (key == "hostnames" || key == "volatile")) {
        map.hostnames = map.hostnames || key == "hostnames";
        return;
    }
    if (line.size() != 1) {
        line.emerg(0, "invalid number of the map parameters", Cause::arguments);
        return;
    }
    Directive outer = line.read_from(line.scope());
    if (!script::compile(outer, 1).valid) {
        return;
    }
    if (key == "default") {
        if (!map.default_place.is_none()) {
            line.emerg(0, "duplicate default map parameter", Cause::duplicate)
                .label(map.default_place, "first here");
            return;
        }
        map.default_place = line.place();
        return;
    }
    if (line[0].starts_with('~')) {
        const bool caseless = line[0].starts_with("~*");
        (void)script::compile_regex(outer, 0, line[0].substr(caseless ? 2 : 1),
                                    caseless ? Case::insensitive : Case::sensitive, true);
        return;
    }
    add_key(line, map);
}

void end_map(Cycle& cycle, Scope& block, const Place& /*brace*/) {
    const auto* const map = block.find<Map>();
    if (map == nullptr) {
        return;
    }
    const auto& sizes = block.parent()->conf<MapHash>();
    const HashPlan plan{.name = "map_hash",
                        .max_size = sizes.max_size.value.value_or(default_max_size),
                        .bucket_size =
                            align_to_cache_line(sizes.bucket_size.value.value_or(cache_line)),
                        .shown = cycle.place(block)};
    (void)map->keys.build(cycle, plan);
}

constexpr std::array<DirectiveSetter, 3> setters = {{
    {"map", shared::map_block},
    {"map_hash_bucket_size", shared::map_hash_bucket_size},
    {"map_hash_max_size", shared::map_hash_max_size},
}};

} // namespace

/// ngx_http_map_block
void shared::map_block(Directive& directive) {
    auto& sizes = directive.scope().conf<MapHash>();
    fix(sizes.max_size, default_max_size, directive.place());
    fix(sizes.bucket_size, cache_line, directive.place());
    directive.set_line_handler(map_line);
    directive.set_end_handler(end_map);
    if (!script::compile(directive, 1).valid) {
        return;
    }
    const std::string_view name = script::variable_name(directive, 2);
    if (!name.empty()) {
        (void)script::define_variable(directive, 2, name, true);
    }
}

void shared::map_hash_bucket_size(Directive& directive) {
    hash_number(directive, directive.scope().conf<MapHash>().bucket_size);
}

void shared::map_hash_max_size(Directive& directive) {
    hash_number(directive, directive.scope().conf<MapHash>().max_size);
}

const ModuleSetters ngx_http_map_module = {"ngx_http_map", setters};

} // namespace upstream_lint
