#include "resolve/answer_place.hpp"

namespace upstream_lint {

namespace {

bool is_unnamed(const Location& location) {
    return location.kind == Location::Kind::if_block ||
           location.kind == Location::Kind::limit_except;
}

} // namespace

void place_answer(const Model& model, LocationId level, Answer& answer) {
    answer.location = level;
    answer.block = {};
    if (is_unnamed(model.location(level))) {
        answer.block = level;
    }
    while (is_unnamed(model.location(answer.location))) {
        answer.location = model.location(answer.location).parent;
    }
    if (model.location(answer.location).kind == Location::Kind::server) {
        answer.location = {};
    }
}

} // namespace upstream_lint
