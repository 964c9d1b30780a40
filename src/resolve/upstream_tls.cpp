#include "resolve/upstream_tls.hpp"

#include "config/ascii.hpp"
#include "resolve/inherited_setting.hpp"
#include "resolve/script.hpp"
#include "upstream_lint/address.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>
#include <utility>
#include <vector>

namespace upstream_lint {

namespace {

using Kind = GraphEdge::Kind;

/// RFC 6066 does not let addresses be names.
bool is_name(const std::string& text) {
    return !text.empty() && text.front() != '[' && !parse_address_and_port(text);
}

std::string folder_of(std::string_view path) {
    return std::string(path.substr(0, path.rfind('/') + 1));
}

class Reader {
public:
    Reader(const Model& model, const GraphEdge& edge, const GraphTarget& target,
           const std::optional<PassRequest>& request) :
        model_(model),
        edge_(edge), target_(target), request_(request) {}

    UpstreamTls read() {
        read_protocols();
        tls_.ciphers = value("ciphers").value_or("DEFAULT");
        tls_.alpn = edge_.kind == Kind::grpc || is_http2() ? "h2" : "";
        tls_.has_client_certificate = value("certificate").value_or("") != "";
        read_names();
        read_verification();
        leave_out_what_is_not_known();
        return std::move(tls_);
    }

private:
    [[nodiscard]] std::string_view prefix() const {
        return edge_.kind == Kind::grpc ? "grpc" : edge_.kind == Kind::uwsgi ? "uwsgi" : "proxy";
    }

    [[nodiscard]] const Setting* setting(std::string_view name) const {
        return find_inherited_setting(model_, edge_.level,
                                      fmt::format("{}_ssl_{}", prefix(), name));
    }

    [[nodiscard]] std::optional<std::string> value(std::string_view name) const {
        return inherited_value(model_, edge_.level, fmt::format("{}_ssl_{}", prefix(), name));
    }

    [[nodiscard]] bool is_on(std::string_view name) const {
        return equal_ignoring_case(value(name).value_or("off"), "on");
    }

    [[nodiscard]] bool is_http2() const {
        return edge_.kind == Kind::proxy &&
               inherited_value(model_, edge_.level, "proxy_http_version") == "2";
    }

    /// ngx_http_proxy_merge_loc_conf: the defaults of each version.
    void read_protocols() {
        constexpr std::array<std::string_view, 6> all = {"SSLv2",   "SSLv3",   "TLSv1",
                                                         "TLSv1.1", "TLSv1.2", "TLSv1.3"};
        const Setting* const found = setting("protocols");
        if (found != nullptr) {
            const std::vector<std::string> words = model_.words(found->directive);
            for (const std::string_view protocol : all) {
                if (std::ranges::any_of(words, [&](const std::string& word) {
                        return equal_ignoring_case(word, protocol);
                    })) {
                    tls_.protocols.emplace_back(protocol);
                }
            }
            return;
        }
        const Version version = model_.config().build().version;
        if (version < Version{1, 27, 3}) {
            tls_.protocols = {"TLSv1", "TLSv1.1"};
        }
        tls_.protocols.emplace_back("TLSv1.2");
        if (version >= Version{1, 23, 4}) {
            tls_.protocols.emplace_back("TLSv1.3");
        }
    }

    void read_names() {
        const bool asks = is_on("server_name");
        tls_.verify = is_on("verify");
        if (!asks && !tls_.verify) {
            return;
        }
        const auto name = server_name();
        if (!name) {
            leave_out(fmt::format("`{}_ssl_name` depends on requests", prefix()));
            return;
        }
        tls_.server_name = asks && is_name(*name) ? *name : "";
        tls_.verified_name = tls_.verify ? *name : "";
    }

    [[nodiscard]] std::optional<std::string> server_name() const {
        const auto written = value("name");
        if (!written) {
            return upstream_host(model_, target_);
        }
        VariableNames names;
        std::string text;
        for (const ComplexValue::Part& part : compile_complex_value(*written, names).parts) {
            const auto known = part.kind == ComplexValue::Part::Kind::text ? part.text
                               : part.kind == ComplexValue::Part::Kind::variable
                                   ? variable(names.name(part.number))
                                   : std::nullopt;
            if (!known) {
                return std::nullopt;
            }
            text += *known;
        }
        // an empty name is none (ngx_http_upstream_ssl_name)
        return std::string(without_port(text));
    }

    [[nodiscard]] std::optional<std::string> variable(std::string_view name) const {
        if (name == "proxy_host" && edge_.kind == Kind::proxy) {
            const bool is_unix = target_.target.kind == Target::Kind::unix_socket;
            return is_unix ? "localhost" : upstream_host(model_, target_);
        }
        if (name == "server_name" && edge_.kind != Kind::stream) {
            const auto names = model_.server_names(edge_.server);
            const bool is_plain = !names.empty() && names.front().kind == ServerName::Kind::name;
            return is_plain ? std::optional(std::string(names.front().text)) : std::nullopt;
        }
        if (!request_ || request_->host.empty()) {
            return std::nullopt;
        }
        if (name == "host") {
            return request_->host;
        }
        return name == "http_host" ? std::optional(request_->url_host) : std::nullopt;
    }

    void read_verification() {
        if (!tls_.verify) {
            return;
        }
        tls_.trusted_certificate = file("trusted_certificate");
        tls_.crl = file("crl");
        const std::string depth = value("verify_depth").value_or("1");
        std::from_chars(depth.data(), depth.data() + depth.size(), tls_.verify_depth);
    }

    /// Names of files are relative to the folder of the main file (ngx_conf_full_name).
    std::string file(std::string_view name) {
        const std::string path = value(name).value_or("");
        if (path.empty() || path.starts_with('/')) {
            return path;
        }
        const std::string folder = folder_of(model_.config().sources().name(FileId{0}));
        if (!folder.starts_with('/')) {
            leave_out(
                fmt::format("the folder that `{}_ssl_{}` begins in is not known", prefix(), name));
        }
        return folder + path;
    }

    void leave_out_what_is_not_known() {
        if (setting("conf_command") != nullptr) {
            leave_out(fmt::format("`{}_ssl_conf_command` can change it", prefix()));
        }
        if (setting("alpn") != nullptr) {
            leave_out(fmt::format("`{}_ssl_alpn` can change it", prefix()));
        }
        const bool is_stream = edge_.kind == Kind::stream;
        if (is_stream &&
            inherited_value(model_, edge_.level, "proxy_protocol").value_or("off") != "off") {
            leave_out("`proxy_protocol` tells of the client before it");
        }
    }

    void leave_out(std::string reason) {
        if (tls_.left_out.empty()) {
            tls_.left_out = std::move(reason);
        }
    }

    const Model& model_;
    const GraphEdge& edge_;
    const GraphTarget& target_;
    const std::optional<PassRequest>& request_;
    UpstreamTls tls_;
};

} // namespace

std::string_view without_port(std::string_view host) {
    const std::size_t bracket = host.starts_with('[') ? host.find(']') : 0;
    const std::size_t colon = host.find(':', bracket == std::string_view::npos ? 0 : bracket);
    return host.substr(0, colon);
}

std::string upstream_host(const Model& model, const GraphTarget& target) {
    constexpr std::string_view unix_prefix = "unix:";
    switch (target.target.kind) {
    case Target::Kind::upstream:
        return std::string(model.upstream(target.upstream).name);
    case Target::Kind::unix_socket:
        return target.target.text.starts_with(unix_prefix)
                   ? target.target.text.substr(unix_prefix.size())
                   : target.target.text;
    case Target::Kind::tcp:
    case Target::Kind::dynamic:
        break;
    }
    return std::string(without_port(target.target.text));
}

UpstreamTls upstream_tls_of(const Model& model, const GraphEdge& edge, const GraphTarget& target,
                            const std::optional<PassRequest>& request) {
    return Reader(model, edge, target, request).read();
}

} // namespace upstream_lint
