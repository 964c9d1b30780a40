#include "config/modules/ngx_http_script.hpp"

#include "config/script.hpp"
#include "config/value.hpp"

namespace upstream_lint::http_slot {

bool complex_value(Directive& directive) {
    return !directive.is_duplicate() && script::compile(directive, 1).valid;
}

bool complex_value_size(Directive& directive) {
    if (directive.is_duplicate()) {
        return false;
    }
    const script::Value value = script::compile(directive, 1);
    if (value.valid && value.constant && !parse_size(directive[1])) {
        directive.error(1, "invalid value");
        return false;
    }
    return value.valid;
}

bool predicates(Directive& directive) {
    for (std::size_t i = 1; i <= directive.size(); ++i) {
        if (!script::compile(directive, i).valid) {
            return false;
        }
    }
    return true;
}

} // namespace upstream_lint::http_slot
