#include "rules/pass_module.hpp"

namespace upstream_lint {

std::string_view pass_module(GraphEdge::Kind kind) {
    switch (kind) {
    case GraphEdge::Kind::proxy:
    case GraphEdge::Kind::stream:
        return "proxy";
    case GraphEdge::Kind::fastcgi:
        return "fastcgi";
    case GraphEdge::Kind::uwsgi:
        return "uwsgi";
    case GraphEdge::Kind::scgi:
        return "scgi";
    case GraphEdge::Kind::grpc:
        return "grpc";
    case GraphEdge::Kind::memcached:
        return "memcached";
    case GraphEdge::Kind::tunnel:
        return "tunnel";
    default:
        return {};
    }
}

} // namespace upstream_lint
