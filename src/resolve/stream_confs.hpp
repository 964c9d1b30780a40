#pragma once

#include "resolve/evaluator.hpp"

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

namespace upstream_lint {

/// `set` of `stream` (src/stream/ngx_stream_set_module.c).
struct StreamSet {
    VariableIndex variable = 0;
    ComplexValue value;
    DirectiveRef directive;
};

/// What the directives of a server of `stream`, and of `stream` itself, come to.
struct StreamServerConf {
    /// Who answers (ngx_stream_core_srv_conf_t.handler): the last one that is there.
    enum class Handler : std::uint8_t {
        none,
        proxy,
        return_text,
        pass,   ///< on to another listener
        script, ///< Lua, and what other modules do
    };

    std::vector<StreamSet> sets;
    std::shared_ptr<const std::vector<AccessRule>> access;
    std::vector<Cidr> real_ip_from; ///< networks whose PROXY protocol tells the client's address
    bool prereads = false;          ///< `ssl_preread`
    bool has_resolver = false;
    DirectiveRef access_script; ///< what nobody can tell before the session is there
    DirectiveRef preread_script;
    Handler handler = Handler::none;
    ComplexValue value; ///< of the directive that answers
    DirectiveRef directive;
};

/// All that is compiled from a model for its sessions of `stream`. For one thread.
class StreamConfs {
public:
    StreamConfs(const Model& model, const RouterOptions& options) :
        values(model, options, Protocol::stream) {}

    HttpConfs values;

    /// Made when it is first asked for.
    [[nodiscard]] const StreamServerConf& server(ServerId id);

private:
    void read(StreamServerConf& conf, LocationId level);

    std::unordered_map<std::uint32_t, StreamServerConf> servers_;
};

} // namespace upstream_lint
