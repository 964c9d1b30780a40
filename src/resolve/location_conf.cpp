#include "resolve/location_conf.hpp"

#include "config/ascii.hpp"
#include "config/value.hpp"
#include "resolve/http_status.hpp"

#include <algorithm>
#include <span>
#include <unordered_map>

namespace upstream_lint {

namespace {

using Words = std::span<const std::string>;

/// What a location has from the level around, before its own directives are read.
LocationConf inherited_conf(const LocationConf& outer, const Location& location) {
    LocationConf conf = outer;
    conf.handler = ContentHandler::none;
    conf.handler_directive = {};
    conf.try_files = nullptr;
    conf.rewrites.clear();
    conf.limit_except = {};
    conf.limit_except_directive = {};
    conf.limit_except_methods.clear();
    conf.has_name =
        location.kind != Location::Kind::if_block && location.kind != Location::Kind::limit_except;
    if (conf.has_name) {
        conf.passes = {};
    }
    return conf;
}

/// A list of a level: the first directive that adds to it hides that of the level around.
template <typename T> class OwnList {
public:
    explicit OwnList(std::shared_ptr<const std::vector<T>>& target) : target_(target) {}

    std::vector<T>& get() {
        if (!own_) {
            own_ = std::make_shared<std::vector<T>>();
            target_ = own_;
        }
        return *own_;
    }

private:
    std::shared_ptr<const std::vector<T>>& target_;
    std::shared_ptr<std::vector<T>> own_;
};

class ConfReader {
public:
    ConfReader(const Model& model, VariableNames& names, const Location& location,
               LocationConf& conf) :
        model_(model),
        names_(names), location_(location), conf_(conf) {}

    void read(LocationId id) {
        for (const Setting& setting : model_.settings(id)) {
            const auto reader = readers().find(setting.name);
            if (reader != readers().end()) {
                setting_ = &setting;
                const auto words = model_.words(setting.directive);
                (this->*reader->second)(words);
            } else {
                note_script(setting);
            }
        }
        if (location_.kind == Location::Kind::limit_except) {
            inherit_handler();
        }
    }

private:
    using Reader = void (ConfReader::*)(Words words);

    static const std::unordered_map<std::string_view, Reader>& readers() {
        using R = ConfReader;
        static const std::unordered_map<std::string_view, Reader> all = {
            {"root", &R::root},
            {"alias", &R::root},
            {"error_page", &R::error_page},
            {"index", &R::index},
            {"try_files", &R::try_files},
            {"allow", &R::access_rule},
            {"deny", &R::access_rule},
            {"limit_except", &R::limit_except},
            {"auth_request", &R::auth_request},
            {"auth_request_set", &R::auth_variable},
            {"mirror", &R::mirror},
            {"mirror_request_body", &R::flag<&LocationConf::mirrors_body>},
            {"post_action", &R::post_action},
            {"proxy_pass", &R::pass<ContentHandler::proxy>},
            {"fastcgi_pass", &R::pass<ContentHandler::fastcgi>},
            {"uwsgi_pass", &R::pass<ContentHandler::uwsgi>},
            {"scgi_pass", &R::pass<ContentHandler::scgi>},
            {"grpc_pass", &R::pass<ContentHandler::grpc>},
            {"memcached_pass", &R::pass<ContentHandler::memcached>},
            {"tunnel_pass", &R::pass<ContentHandler::tunnel>},
            {"empty_gif", &R::handle<ContentHandler::empty_gif>},
            {"stub_status", &R::handle<ContentHandler::stub_status>},
            {"flv", &R::handle<ContentHandler::media>},
            {"mp4", &R::handle<ContentHandler::media>},
            {"perl", &R::handle<ContentHandler::script>},
            {"js_content", &R::handle<ContentHandler::script>},
            {"content_by_lua", &R::handle<ContentHandler::script>},
            {"content_by_lua_block", &R::handle<ContentHandler::script>},
            {"content_by_lua_file", &R::handle<ContentHandler::script>},
            {"api", &R::handle<ContentHandler::script>},
            {"hls", &R::handle<ContentHandler::script>},
            {"f4f", &R::handle<ContentHandler::script>},
            {"upload_pass", &R::handle<ContentHandler::script>},
            {"memc_pass", &R::handle<ContentHandler::script>},
            {"postgres_pass", &R::handle<ContentHandler::script>},
            {"redis2_pass", &R::handle<ContentHandler::script>},
            {"nchan_pubsub", &R::handle<ContentHandler::script>},
            {"nchan_publisher", &R::handle<ContentHandler::script>},
            {"nchan_subscriber", &R::handle<ContentHandler::script>},
            {"nchan_stub_status", &R::handle<ContentHandler::script>},
            {"push_stream_publisher", &R::handle<ContentHandler::script>},
            {"push_stream_subscriber", &R::handle<ContentHandler::script>},
            {"rtmp_stat", &R::handle<ContentHandler::script>},
            {"rtmp_control", &R::handle<ContentHandler::script>},
            {"echo", &R::handle<ContentHandler::script>},
            {"echo_exec", &R::handle<ContentHandler::script>},
            {"echo_location", &R::handle<ContentHandler::script>},
            {"proxy_set_header", &R::field<&LocationConf::proxy_headers>},
            {"grpc_set_header", &R::field<&LocationConf::grpc_headers>},
            {"fastcgi_param", &R::field<&LocationConf::fastcgi_params>},
            {"uwsgi_param", &R::field<&LocationConf::uwsgi_params>},
            {"scgi_param", &R::field<&LocationConf::scgi_params>},
            {"proxy_method", &R::named<&LocationConf::proxy_method>},
            {"fastcgi_index", &R::named<&LocationConf::fastcgi_index>},
            {"fastcgi_split_path_info", &R::split_path_info},
            {"auth_basic", &R::auth_basic},
            {"internal", &R::internal},
            {"satisfy", &R::satisfy},
            {"absolute_redirect", &R::flag<&LocationConf::absolute_redirect>},
            {"server_name_in_redirect", &R::flag<&LocationConf::server_name_in_redirect>},
            {"port_in_redirect", &R::flag<&LocationConf::port_in_redirect>},
            {"recursive_error_pages", &R::flag<&LocationConf::recursive_error_pages>},
            {"autoindex", &R::flag<&LocationConf::autoindex>},
            {"random_index", &R::flag<&LocationConf::random_index>},
            {"fancyindex", &R::flag<&LocationConf::autoindex>},
            {"proxy_pass_request_headers", &R::flag<&LocationConf::pass_request_headers>},
            {"client_max_body_size", &R::max_body_size},
            {"dav_methods", &R::dav_methods},
            {"gzip_static", &R::gzip_static},
            {"etag", &R::flag<&LocationConf::etag>},
            {"if_modified_since", &R::if_modified_since},
            {"max_ranges", &R::max_ranges},
            {"resolver", &R::resolver},
        };
        return all;
    }

    [[nodiscard]] ComplexValue compile(std::string_view text) {
        return compile_complex_value(text, names_);
    }

    [[nodiscard]] std::shared_ptr<const Named> make_named(std::string_view text) {
        return std::make_shared<const Named>(Named{compile(text), setting_->directive});
    }

    void root(Words words) {
        Root root;
        root.is_alias = words[0] == "alias";
        std::string_view path = words[1];
        if (root.is_alias) {
            root.alias =
                location_.kind == Location::Kind::regex ? Root::whole : name_of(location_).size();
        } else if (path.ends_with('/')) {
            path.remove_suffix(1);
        }
        root.path = compile(path);
        root.directive = setting_->directive;
        conf_.root = std::make_shared<const Root>(std::move(root));
    }

    /// `if` and `limit_except` have the name of the location around.
    [[nodiscard]] std::string_view name_of(const Location& location) const {
        const bool has_own = location.kind != Location::Kind::if_block &&
                             location.kind != Location::Kind::limit_except;
        return has_own ? location.name : name_of(model_.location(location.parent));
    }

    void error_page(Words words) {
        Words statuses = words.subspan(1, words.size() - 2);
        std::optional<int> overwrite;
        if (statuses.back().starts_with('=')) {
            const std::string_view code = std::string_view(statuses.back()).substr(1);
            overwrite = static_cast<int>(parse_number(code).value_or(0));
            statuses = statuses.first(statuses.size() - 1);
        }
        for (const std::string& word : statuses) {
            ErrorPage page;
            page.status = static_cast<int>(parse_number(word).value_or(0));
            page.overwrite = overwrite;
            if (!overwrite && page.status >= http_status::first_of_nginx &&
                page.status <= http_status::last_of_nginx) {
                page.overwrite = http_status::bad_request;
            }
            page.value = compile(words.back());
            page.directive = setting_->directive;
            error_pages_.get().push_back(std::move(page));
        }
    }

    void index(Words words) {
        for (const std::string& word : words.subspan(1)) {
            index_.get().push_back({compile(word), setting_->directive});
        }
    }

    void try_files(Words words) {
        auto files = std::make_shared<TryFiles>();
        files->directive = setting_->directive;
        for (const std::string& word : words.subspan(1, words.size() - 2)) {
            const bool is_directory = word.ends_with('/');
            const auto name =
                std::string_view(word).substr(0, word.size() - (is_directory ? 1 : 0));
            files->files.push_back({compile(name), is_directory});
        }
        const std::string_view last = words.back();
        if (last.starts_with('=')) {
            files->code = static_cast<int>(parse_number(last.substr(1)).value_or(0));
        }
        files->last = compile(last);
        conf_.try_files = std::move(files);
    }

    void access_rule(Words words) {
        AccessRule rule;
        rule.deny = words[0] == "deny";
        rule.directive = setting_->directive;
        if (words[1] == "unix:") {
            rule.kind = AccessRule::Kind::unix_socket;
        } else if (const auto network = parse_cidr(words[1])) {
            rule.kind = AccessRule::Kind::network;
            rule.network = *network;
        }
        access_.get().push_back(rule);
    }

    void limit_except(Words words) {
        conf_.limit_except = setting_->block;
        conf_.limit_except_directive = setting_->directive;
        for (const std::string& word : words.subspan(1)) {
            conf_.limit_except_methods.push_back(word);
            std::ranges::transform(
                conf_.limit_except_methods.back(), conf_.limit_except_methods.back().begin(),
                [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
        }
        auto& methods = conf_.limit_except_methods;
        if (std::ranges::find(methods, "GET") != methods.end()) {
            methods.emplace_back("HEAD");
        }
    }

    void auth_request(Words words) {
        conf_.auth_request = make_named(words[1] == "off" ? std::string_view() : words[1]);
    }

    void auth_variable(Words words) {
        const VariableIndex variable = names_.index(lower(std::string_view(words[1]).substr(1)));
        auth_variables_.get().push_back({variable, compile(words[2])});
    }

    void mirror(Words words) {
        auto& mirrors = mirrors_.get();
        if (words[1] != "off") {
            mirrors.push_back({compile(words[1]), setting_->directive});
        }
    }

    void post_action(Words words) { conf_.post_action = make_named(words[1]); }

    template <ContentHandler Handler> void handle(Words /*words*/) {
        conf_.handler = Handler;
        conf_.handler_directive = setting_->directive;
    }

    template <ContentHandler Handler> void pass(Words words) {
        handle<Handler>(words);
        const bool has_uri =
            location_.kind == Location::Kind::prefix || location_.kind == Location::Kind::exact;
        conf_.passes[static_cast<std::size_t>(Handler)] = std::make_shared<const PassDirective>(
            PassDirective{Handler, compile(words.size() > 1 ? words[1] : "$host:$request_port"),
                          has_uri ? location_.name : std::string_view(), setting_->directive});
    }

    template <auto Member> void field(Words words) {
        OwnList<Field>& list = fields_.try_emplace(words[0], conf_.*Member).first->second;
        list.get().push_back({words[1], compile(words[2]), words.size() > 3});
    }

    template <auto Member> void named(Words words) { conf_.*Member = make_named(words[1]); }

    template <auto Member> void flag(Words words) {
        conf_.*Member = equal_ignoring_case(words[1], "on");
    }

    void split_path_info(Words words) { conf_.fastcgi_split_path_info = words[1]; }

    void auth_basic(Words words) { conf_.auth_basic = words[1] != "off"; }

    void internal(Words /*words*/) { conf_.internal = true; }

    void satisfy(Words words) { conf_.satisfies_any = equal_ignoring_case(words[1], "any"); }

    void max_body_size(Words words) { conf_.client_max_body_size = parse_offset(words[1]); }

    void dav_methods(Words words) {
        conf_.dav_methods =
            std::make_shared<const std::vector<std::string>>(words.begin() + 1, words.end());
    }

    void gzip_static(Words words) { conf_.gzip_static = lower(words[1]); }

    void if_modified_since(Words words) { conf_.if_modified_since = lower(words[1]); }

    void max_ranges(Words words) { conf_.max_ranges = parse_number(words[1]); }

    void resolver(Words /*words*/) { conf_.has_resolver = true; }

    void note_script(const Setting& setting) {
        if (setting.name.starts_with("rewrite_by_lua") || setting.name == "js_set_in_rewrite") {
            conf_.rewrite_script = setting.directive;
        }
        if (setting.name.starts_with("access_by_lua") || setting.name == "auth_jwt" ||
            setting.name == "auth_pam" || setting.name == "auth_ldap" ||
            setting.name == "js_access") {
            conf_.access_script = setting.directive;
        }
    }

    /// Of the modules, in their order, the first that has a target.
    void inherit_handler() {
        if (conf_.handler != ContentHandler::none) {
            return;
        }
        for (const auto& pass : conf_.passes) {
            if (pass != nullptr && pass->handler != ContentHandler::memcached) {
                conf_.handler = pass->handler;
                conf_.handler_directive = pass->directive;
                return;
            }
        }
    }

    const Model& model_;
    VariableNames& names_;
    const Location& location_;
    LocationConf& conf_;
    const Setting* setting_ = nullptr;
    OwnList<ErrorPage> error_pages_{conf_.error_pages};
    OwnList<Named> index_{conf_.index};
    OwnList<AccessRule> access_{conf_.access};
    OwnList<Named> mirrors_{conf_.mirrors};
    OwnList<AuthVariable> auth_variables_{conf_.auth_variables};
    std::unordered_map<std::string, OwnList<Field>> fields_;
};

bool is_rewritten(const Location& location) {
    return location.kind != Location::Kind::http && location.kind != Location::Kind::if_block &&
           location.kind != Location::Kind::limit_except;
}

} // namespace

const LocationConf& LocationConfs::of(LocationId id) {
    std::vector<LocationId> missing;
    while (!id.is_none() && confs_[id.value] == nullptr) {
        missing.push_back(id);
        id = model_.location(id).parent;
    }
    const LocationConf* outer = id.is_none() ? &outermost_ : confs_[id.value].get();
    std::ranges::reverse(missing);
    for (const LocationId at : missing) {
        const Location& location = model_.location(at);
        auto conf = std::make_unique<LocationConf>(inherited_conf(*outer, location));
        conf->id = at;
        ConfReader(model_, names_, location, *conf).read(at);
        if (is_rewritten(location)) {
            conf->rewrites = compile_rewrites(model_, at, names_, regexes_);
        }
        outer = conf.get();
        confs_[at.value] = std::move(conf);
    }
    return *outer;
}

} // namespace upstream_lint
