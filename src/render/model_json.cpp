#include "render/model_json.hpp"

#include "render/route_words.hpp"
#include "source/utf8.hpp"

namespace upstream_lint {

using Json = ModelJson::Json;

void ModelJson::add_place(Json& object, DirectiveRef directive) const {
    const auto place = directive_place(model_, directive, style_);
    object["file"] = place ? Json(to_utf8(place->file)) : Json(nullptr);
    object["line"] = place ? Json(place->line) : Json(nullptr);
}

Json ModelJson::place(DirectiveRef directive) const {
    Json object;
    add_place(object, directive);
    return object;
}

Json ModelJson::listener(ListenerId id) const {
    if (id.is_none()) {
        return nullptr;
    }
    const Listener& each = model_.listener(id);
    Json object{{"address", to_utf8(listener_address(each))}};
    add_place(object, each.directive);
    return object;
}

Json ModelJson::server(ServerId id) const {
    return id.is_none() ? Json(nullptr) : place(model_.server(id).block);
}

Json ModelJson::location(LocationId id) const {
    if (id.is_none()) {
        return nullptr;
    }
    const Location& each = model_.location(id);
    Json object = place(each.block);
    object["pattern"] = to_utf8(location_pattern(each));
    return object;
}

Json ModelJson::block(LocationId id) const {
    if (id.is_none()) {
        return nullptr;
    }
    const Location& each = model_.location(id);
    Json object{{"kind", location_pattern(each)}};
    add_place(object, each.block);
    return object;
}

Json ModelJson::target(const Target& target) {
    return {{"kind", target_word(target.kind)}, {"text", to_utf8(target.text)}};
}

Json ModelJson::peer(const Peer& peer) const {
    const bool at_load = peer.resolved == Peer::Resolved::load;
    Json object{{"address", to_utf8(peer.address)},
                {"weight", peer.weight},
                {"backup", peer.backup},
                {"down", peer.down},
                {"resolved", at_load ? "load" : "runtime"}};
    add_place(object, peer.directive);
    return object;
}

Json ModelJson::peers(const std::vector<Peer>& peers) const {
    Json list = Json::array();
    for (const Peer& each : peers) {
        list.push_back(peer(each));
    }
    return list;
}

Json ModelJson::texts(const std::vector<std::string>& all) {
    Json list = Json::array();
    for (const std::string& each : all) {
        list.push_back(to_utf8(each));
    }
    return list;
}

} // namespace upstream_lint
