#pragma once

#include "config/url.hpp"
#include "resolve/rewrite_program.hpp"

#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace upstream_lint {

/// Who answers in a location (ngx_http_core_loc_conf_t.handler).
enum class ContentHandler : std::uint8_t {
    none, ///< files
    proxy,
    fastcgi,
    uwsgi,
    scgi,
    grpc,
    memcached,
    tunnel, ///< the last of those that pass requests on
    empty_gif,
    stub_status,
    media,  ///< `flv`, `mp4`
    script, ///< Lua, njs, Perl, and what other modules do
};

inline constexpr std::size_t pass_handlers = static_cast<std::size_t>(ContentHandler::tunnel) + 1;

/// `root` or `alias` (ngx_http_core_root).
struct Root {
    static constexpr std::size_t whole = std::numeric_limits<std::size_t>::max();

    ComplexValue path;
    bool is_alias = false;
    std::size_t alias = 0; ///< how much of the URI the path stands for; `whole` in a location with
                           ///< a regular expression
    DirectiveRef directive;
};

/// One status of an `error_page` (ngx_http_err_page_t).
struct ErrorPage {
    int status = 0;
    std::optional<int> overwrite; ///< 0: that of what answers
    ComplexValue value;
    DirectiveRef directive;
};

/// `try_files` (ngx_http_try_files_loc_conf_t).
struct TryFiles {
    struct File {
        ComplexValue name;
        bool is_directory = false;
    };

    std::vector<File> files; ///< without the last word
    ComplexValue last;
    std::optional<int> code; ///< the last word is `=CODE`
    DirectiveRef directive;
};

/// `allow` or `deny` (ngx_http_access_rule_t).
struct AccessRule {
    enum class Kind : std::uint8_t { all, unix_socket, network };

    Kind kind = Kind::all;
    Cidr network;
    bool deny = false;
    DirectiveRef directive;
};

/// A pass directive.
struct PassDirective {
    ContentHandler handler = ContentHandler::proxy;
    ComplexValue target;
    std::string_view location; ///< the part of the URI that the target's replaces
    DirectiveRef directive;
};

/// A name with a value that is sent on: `proxy_set_header`, `fastcgi_param` and their like.
struct Field {
    std::string name;
    ComplexValue value;
    bool if_not_empty = false;
};

using Fields = std::vector<Field>;

/// A value with the directive that sets it.
struct Named {
    ComplexValue value;
    DirectiveRef directive;
};

/// `auth_request_set` (ngx_http_auth_request_variable_t).
struct AuthVariable {
    VariableIndex variable = 0;
    ComplexValue value; ///< of the request that is asked
};

/// What the directives of a level and of those around it come to (nginx: the merged configurations
/// of ngx_http_core_module and of those that answer).
struct LocationConf {
    LocationId id;
    bool has_name = true; ///< false of `if` and `limit_except`

    // taken over from the level around where there are none
    std::shared_ptr<const Root> root;
    std::shared_ptr<const std::vector<ErrorPage>> error_pages;
    std::shared_ptr<const std::vector<Named>> index;
    std::shared_ptr<const std::vector<AccessRule>> access;
    std::shared_ptr<const Named> auth_request; ///< empty: `off`
    std::shared_ptr<const std::vector<AuthVariable>> auth_variables;
    std::shared_ptr<const std::vector<Named>> mirrors;
    std::shared_ptr<const Named> post_action;
    std::shared_ptr<const Fields> proxy_headers;
    std::shared_ptr<const Fields> grpc_headers;
    std::shared_ptr<const Fields> fastcgi_params;
    std::shared_ptr<const Fields> uwsgi_params;
    std::shared_ptr<const Fields> scgi_params;
    std::shared_ptr<const Named> proxy_method;
    std::shared_ptr<const Named> fastcgi_index;
    std::string fastcgi_split_path_info; ///< the pattern; empty: none
    std::optional<bool> mirrors_body;    ///< `mirror_request_body`
    std::optional<bool> auth_basic;
    std::optional<bool> internal;
    std::optional<bool> satisfies_any;
    std::optional<bool> absolute_redirect;
    std::optional<bool> server_name_in_redirect;
    std::optional<bool> port_in_redirect;
    std::optional<bool> recursive_error_pages;
    std::optional<bool> autoindex;
    std::optional<bool> random_index;
    std::optional<bool> pass_request_headers;
    std::optional<std::int64_t> client_max_body_size;
    std::shared_ptr<const std::vector<std::string>> dav_methods;
    std::string if_modified_since; ///< `off`, `before`; else exact
    std::optional<bool> etag;
    std::optional<std::int64_t> max_ranges;
    std::string gzip_static; ///< `on`, `always`; else empty
    bool has_resolver = false;

    // of this level alone
    ContentHandler handler = ContentHandler::none;
    DirectiveRef handler_directive;
    /// By handler; in `if` and `limit_except` also those of the level around.
    std::array<std::shared_ptr<const PassDirective>, pass_handlers> passes;
    std::shared_ptr<const TryFiles> try_files;
    RewriteProgram rewrites;
    LocationId limit_except;
    DirectiveRef limit_except_directive;
    std::vector<std::string> limit_except_methods; ///< those that are not limited

    // what nobody can tell before the request is there: Lua and its like
    DirectiveRef rewrite_script;
    DirectiveRef access_script;
};

/// The merged settings of a model's levels, each made when it is first asked for. For one thread.
class LocationConfs {
public:
    LocationConfs(const Model& model, VariableNames& names, HttpRegexes& regexes) :
        model_(model), names_(names), regexes_(regexes), confs_(model.locations().size()) {}

    [[nodiscard]] const LocationConf& of(LocationId id);

private:
    const Model& model_;
    VariableNames& names_;
    HttpRegexes& regexes_;
    LocationConf outermost_; // what surrounds `http`
    std::vector<std::unique_ptr<const LocationConf>> confs_;
};

} // namespace upstream_lint
