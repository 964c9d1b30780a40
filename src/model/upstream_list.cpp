#include "model/upstream_list.hpp"

#include "config/directive_table.hpp"
#include "config/messages.hpp"
#include "config/modules/ngx_http_upstream_module.hpp"
#include "config/value.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <unordered_map>
#include <utility>

namespace upstream_lint {

namespace {

constexpr std::array<std::string_view, 8> balancers = {"balancer_by_lua_block",
                                                       "balancer_by_lua_file",
                                                       "fair",
                                                       "hash",
                                                       "ip_hash",
                                                       "least_conn",
                                                       "least_time",
                                                       "random"};

std::uint32_t bounded(std::optional<std::int64_t> number, std::uint32_t otherwise) {
    constexpr std::int64_t most = std::numeric_limits<std::uint32_t>::max();
    return number ? static_cast<std::uint32_t>(std::min(*number, most)) : otherwise;
}

void take_parameter(UpstreamServer& server, std::string_view word) {
    if (const auto weight = behind(word, "weight=")) {
        server.weight = bounded(parse_number(*weight), server.weight);
    } else if (const auto connections = behind(word, "max_conns=")) {
        server.max_conns = bounded(parse_number(*connections), server.max_conns);
    } else if (const auto fails = behind(word, "max_fails=")) {
        server.max_fails = bounded(parse_number(*fails), server.max_fails);
    } else if (const auto timeout = behind(word, "fail_timeout=")) {
        server.fail_timeout = bounded(parse_time(*timeout, TimeUnit::seconds), server.fail_timeout);
    } else if (const auto service = behind(word, "service=")) {
        server.service = *service;
    }
    const std::string_view flag = c_string(word);
    server.backup = server.backup || flag == "backup";
    server.down = server.down || flag == "down";
    server.drain = server.drain || flag == "drain";
    server.resolve = server.resolve || flag == "resolve";
}

UpstreamServer server_of(DirectiveRef directive, WordReader& words) {
    UpstreamServer server{.address = words.value(directive, 1), .directive = directive};
    for (std::size_t i = 2; i <= words.count(directive); ++i) {
        take_parameter(server, words.value(directive, i));
    }
    return server;
}

/// A statement that stands in the block of an upstream.
void take_statement(Upstream& upstream, const Blocks::Statement& statement, WordReader& words) {
    const std::string_view name = statement.row->name;
    const DirectiveRef directive = statement.directive;
    if (name == "server") {
        upstream.servers.push_back(server_of(directive, words));
    } else if (name == "zone") {
        upstream.zone = words.value(directive, 1);
    } else if (name == "keepalive") {
        upstream.keepalive = bounded(parse_number(words.value(directive, 1)), 0);
    } else if (name == "resolver") {
        upstream.resolver = directive;
    } else if (std::ranges::find(balancers, name) != balancers.end()) {
        upstream.balancer = name; // the last one counts
    }
}

Upstream upstream_of(const NamedUpstream& named, Protocol protocol) {
    return {.protocol = protocol,
            .name = named.host,
            .is_implied = !named.is_defined,
            .is_unix = !named.is_defined && named.has_address && named.port == 0,
            .port = named.port,
            .directive = named.is_defined ? named.block_word.statement : named.word.statement};
}

} // namespace

std::vector<Upstream> upstreams_of(const Blocks& blocks, WordReader& words) {
    std::vector<Upstream> upstreams;
    std::unordered_map<const Scope*, std::size_t> by_block;
    constexpr std::array protocols = {std::pair(Context::http, Protocol::http),
                                      std::pair(Context::stream, Protocol::stream)};
    for (const auto& [context, protocol] : protocols) {
        for (const Scope* main = blocks.main().first_child(); main != nullptr;
             main = main->next_sibling()) {
            if (main->context() != context) {
                continue;
            }
            for (const NamedUpstream* const named : upstream::all(*main)) {
                by_block.try_emplace(named->block, upstreams.size());
                upstreams.push_back(upstream_of(*named, protocol));
            }
        }
    }
    for (const Blocks::Statement& statement : blocks.statements()) {
        const Context context = statement.scope->context();
        const bool is_inside = context == Context::upstream || context == Context::stream_upstream;
        const auto found = is_inside ? by_block.find(statement.scope) : by_block.end();
        if (found != by_block.end() && statement.row != nullptr) {
            take_statement(upstreams[found->second], statement, words);
        }
    }
    return upstreams;
}

} // namespace upstream_lint
