#include "config/blocks.hpp"

#include <algorithm>

namespace upstream_lint {

namespace {

bool is_protocol(Context context) {
    return context == Context::http || context == Context::stream || context == Context::mail;
}

} // namespace

Scope::~Scope() {
    for (Conf* conf = confs_; conf != nullptr; conf = conf->next) {
        if (conf->type->destroy != nullptr) {
            conf->type->destroy(*conf);
        }
    }
}

Scope& Blocks::add(Context context, DirectiveRef statement, Scope* parent, Scope* previous) {
    const bool is_outermost = is_protocol(context);
    const Scope::Common* common = parent != nullptr ? parent->common_ : nullptr;
    if (common == nullptr || is_outermost) {
        common = &commons_.emplace_back(Scope::Common{&memory_, nullptr});
    }
    Scope& block = scopes_.emplace_back(context, parent, statement, common);
    if (is_outermost) {
        commons_.back().protocol_block = &block;
    }
    if (parent != nullptr) {
        (previous == nullptr ? parent->first_child_ : previous->next_sibling_) = &block;
    }
    return block;
}

std::string_view Blocks::keep(std::string_view text) {
    char* const kept =
        std::pmr::polymorphic_allocator<>(&memory_).allocate_object<char>(text.size());
    std::ranges::copy(text, kept);
    return {kept, text.size()};
}

} // namespace upstream_lint
