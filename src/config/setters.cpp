#include "config/setters.hpp"

#include "config/modules/modules.hpp"
#include "config/slots.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

namespace upstream_lint {

namespace {

/// Generic setters by the name of the C function.
constexpr std::array<DirectiveSetter, 14> generic = {{
    {"ngx_conf_set_access_slot", [](Directive& d) { (void)slot::access(d); }},
    {"ngx_conf_set_bitmask_slot", [](Directive& d) { (void)slot::bitmask(d); }},
    {"ngx_conf_set_bufs_slot", [](Directive& d) { (void)slot::buffers(d); }},
    {"ngx_conf_set_enum_slot", [](Directive& d) { (void)slot::enumeration(d); }},
    {"ngx_conf_set_flag_slot", [](Directive& d) { (void)slot::flag(d); }},
    {"ngx_conf_set_keyval_slot", [](Directive& d) { (void)slot::key_value(d); }},
    {"ngx_conf_set_msec_slot", [](Directive& d) { (void)slot::milliseconds(d); }},
    {"ngx_conf_set_num_slot", [](Directive& d) { (void)slot::number(d); }},
    {"ngx_conf_set_off_slot", [](Directive& d) { (void)slot::offset(d); }},
    {"ngx_conf_set_path_slot", [](Directive& d) { (void)slot::path(d); }},
    {"ngx_conf_set_sec_slot", [](Directive& d) { (void)slot::seconds(d); }},
    {"ngx_conf_set_size_slot", [](Directive& d) { (void)slot::size(d); }},
    {"ngx_conf_set_str_array_slot", [](Directive& d) { (void)slot::string_array(d); }},
    {"ngx_conf_set_str_slot", [](Directive& d) { (void)slot::string(d); }},
}};

const DirectiveSetter* find(std::span<const DirectiveSetter> setters, std::string_view name) {
    const auto found = std::ranges::find(setters, name, &DirectiveSetter::name);
    return found == setters.end() ? nullptr : &*found;
}

Setter look_up(const DirectiveRow& row) {
    const std::string_view module = module_name(row.module);
    for (const ModuleSetters* const each : checked_modules()) {
        if (each->module == module) {
            if (const DirectiveSetter* const own = find(each->setters, row.name)) {
                return own->set;
            }
        }
    }
    for (const std::span<const DirectiveSetter> shared :
         {std::span<const DirectiveSetter>(generic), shared_setters()}) {
        if (const DirectiveSetter* const found = find(shared, row.setter)) {
            return found->set;
        }
    }
    return nullptr;
}

std::vector<Setter> look_up_all() {
    std::vector<Setter> setters;
    setters.reserve(directive_rows().size());
    for (const DirectiveRow& row : directive_rows()) {
        setters.push_back(look_up(row));
    }
    return setters;
}

} // namespace

Setter setter_of(const DirectiveRow& row) noexcept {
    static const std::vector<Setter> setters = look_up_all();
    return setters[static_cast<std::size_t>(&row - directive_rows().data())];
}

} // namespace upstream_lint
