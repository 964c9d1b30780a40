#pragma once

#include "upstream_lint/model.hpp"
#include "upstream_lint/render.hpp"
#include "upstream_lint/resolution.hpp"

#include <nlohmann/json.hpp>

namespace upstream_lint {

/// What several documents say of the parts of a configuration. Views both, which have to outlive
/// it.
class ModelJson {
public:
    using Json = nlohmann::ordered_json;

    ModelJson(const Model& model, const TextStyle& style) : model_(model), style_(style) {}

    /// `file` and `line`: both null where no directive stands for it.
    void add_place(Json& object, DirectiveRef directive) const;
    [[nodiscard]] Json place(DirectiveRef directive) const;

    // Null of none.

    [[nodiscard]] Json listener(ListenerId id) const;
    [[nodiscard]] Json server(ServerId id) const;
    [[nodiscard]] Json location(LocationId id) const;
    [[nodiscard]] Json block(LocationId id) const;

    [[nodiscard]] static Json target(const Target& target);
    [[nodiscard]] Json peer(const Peer& peer) const;
    [[nodiscard]] Json peers(const std::vector<Peer>& peers) const;

    [[nodiscard]] static Json texts(const std::vector<std::string>& all);

private:
    const Model& model_;
    const TextStyle& style_;
};

} // namespace upstream_lint
