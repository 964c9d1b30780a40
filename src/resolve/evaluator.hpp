#pragma once

#include "resolve/assumptions.hpp"
#include "resolve/http_request.hpp"
#include "resolve/location_conf.hpp"
#include "resolve/uri_escape.hpp"
#include "resolve/variable_maps.hpp"

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>

namespace upstream_lint {

/// Whether nginx refuses what would lead it beyond its memory, as it does since 1.30.6: `alias` as
/// soon as a `rewrite` has changed the URI (CVE-2026-15176), and values that became longer while
/// they were computed (CVE-2026-93479).
[[nodiscard]] bool guards_memory(const Version& version);

/// What the directives of a server and of `http` say of the requests that it reads.
struct ServerConf {
    std::string name; ///< the first `server_name`, as nginx keeps it: `$server_name`
    bool merges_slashes = true;
    bool takes_underscores = false; ///< `underscores_in_headers`
    bool ignores_invalid_headers = true;
    bool verifies_client = false;   ///< `ssl_verify_client`
    bool rejects_handshake = false; ///< `ssl_reject_handshake`
    bool enables_http2 = false;     ///< `http2`
};

/// All that is compiled from a model for its requests, or for its sessions of `stream`. For one
/// thread.
class HttpConfs {
public:
    HttpConfs(const Model& model, const RouterOptions& options, Protocol protocol = Protocol::http);

    const Model& model;
    const RouterOptions& options;
    const Protocol protocol;
    VariableNames names;
    HttpRegexes regexes;
    LocationConfs locations;
    VariableMaps maps;

    /// Whether a script or a module sets a variable, so that its value need not be known.
    [[nodiscard]] bool is_set_by_others(VariableIndex variable) const {
        return set_by_others_.contains(variable) || set_by_auth_requests_.contains(variable);
    }

    /// Whether that is `auth_request_set`; the variable is empty until then.
    [[nodiscard]] bool is_set_by_auth_requests(VariableIndex variable) const {
        return set_by_auth_requests_.contains(variable);
    }

    [[nodiscard]] const ServerConf& server(ServerId id);

private:
    void find_other_setters();
    void read(ServerConf& conf, LocationId level) const;

    std::set<VariableIndex> set_by_others_;
    std::set<VariableIndex> set_by_auth_requests_;
    std::unordered_map<std::uint32_t, ServerConf> servers_;
};

/// Computes values for requests (src/http/ngx_http_variables.c, src/http/ngx_http_script.c).
class Evaluator {
public:
    enum class Flush : std::uint8_t { yes, no };

    Evaluator(HttpConfs& confs, Assumptions& assumptions) :
        confs_(confs), assumptions_(assumptions) {}

    /// ngx_http_complex_value; without flushing, variables that nginx computes again and again keep
    /// the value that they had last.
    [[nodiscard]] Value evaluate(HttpRequest& request, const ComplexValue& value,
                                 Flush flush = Flush::yes);

    /// One piece of a value; captures may be escaped, as while `rewrite` directives run.
    [[nodiscard]] Value evaluate_part(HttpRequest& request, const ComplexValue::Part& part,
                                      bool escapes_captures, Flush flush = Flush::yes);

    /// Empty where nginx finds none.
    [[nodiscard]] Value variable(HttpRequest& request, VariableIndex variable,
                                 Flush flush = Flush::yes);

    /// The same; nothing where there is none.
    [[nodiscard]] std::optional<Value> find_variable(HttpRequest& request, VariableIndex index,
                                                     Flush flush);

    /// Group `number` of the last match.
    [[nodiscard]] Value capture(const HttpRequest& request, std::size_t number) const;

    /// ngx_http_regex_exec: keeps the groups, sets the variables of those with names.
    Matcher::Outcome match(HttpRequest& request, HttpRegex& regex, Value subject);

    /// What the path of a request is, and how long the part is that the configuration gives
    /// (ngx_http_map_uri_to_path).
    struct Path {
        Value whole;
        Value root;
    };

    /// Nothing where nginx answers 500.
    [[nodiscard]] std::optional<Path> map_uri_to_path(HttpRequest& request);

    /// As the version that is configured escapes it.
    [[nodiscard]] std::string escaped(std::string_view text, Escape what) const {
        return escape_uri(text, what, confs_.model.config().build().version >= Version{1, 21, 1});
    }

    /// The root alone.
    [[nodiscard]] Value document_root(HttpRequest& request);

    [[nodiscard]] HttpConfs& confs() noexcept { return confs_; }

    [[nodiscard]] Assumptions& assumptions() noexcept { return assumptions_; }

    /// A value that is supposed to be known in this branch is.
    [[nodiscard]] Value supposed(Value value) const;

private:
    [[nodiscard]] Value evaluate_parts(HttpRequest& request, const ComplexValue& value,
                                       Flush flush);

    struct Computed {
        std::optional<Value> value;
        bool no_cacheable = false;
        bool has_failed = false; ///< then nginx asks no more
    };

    [[nodiscard]] Computed compute(HttpRequest& request, VariableIndex index);
    [[nodiscard]] std::optional<Value> compute_map(HttpRequest& request, VariableIndex index,
                                                   const VariableMap& map);
    [[nodiscard]] std::optional<Value> compute_geo(HttpRequest& request, VariableIndex index,
                                                   const GeoMap& geo);
    [[nodiscard]] std::optional<Value> compute_split(HttpRequest& request, VariableIndex index,
                                                     const SplitClients& split);
    [[nodiscard]] std::optional<Value> suppose_one(VariableIndex variable,
                                                   const std::set<std::string>& values);

    HttpConfs& confs_;
    Assumptions& assumptions_;
    int depth_left_ = 100;
};

} // namespace upstream_lint
