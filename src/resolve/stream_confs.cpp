#include "resolve/stream_confs.hpp"

#include "config/ascii.hpp"

namespace upstream_lint {

namespace {

using Handler = StreamServerConf::Handler;

Handler handler_of(std::string_view directive) {
    if (directive == "proxy_pass") {
        return Handler::proxy;
    }
    if (directive == "return") {
        return Handler::return_text;
    }
    if (directive == "pass") {
        return Handler::pass;
    }
    const bool is_script = directive.starts_with("content_by_lua") || directive == "echo";
    return is_script ? Handler::script : Handler::none;
}

} // namespace

const StreamServerConf& StreamConfs::server(ServerId id) {
    const auto [known, is_new] = servers_.try_emplace(id.value);
    StreamServerConf& conf = known->second;
    if (is_new) {
        const LocationId level = values.model.server(id).level;
        read(conf, values.model.location(level).parent);
        std::vector<Cidr> outer = std::exchange(conf.real_ip_from, {});
        read(conf, level);
        if (conf.real_ip_from.empty()) {
            conf.real_ip_from = std::move(outer);
        }
        conf.access = values.locations.of(level).access;
    }
    return conf;
}

void StreamConfs::read(StreamServerConf& conf, LocationId level) {
    for (const Setting& setting : values.model.settings(level)) {
        const std::string_view name = setting.name;
        const Handler handler = handler_of(name);
        const auto word = [&](std::size_t i) { return values.model.words(setting.directive)[i]; };
        if (handler != Handler::none) {
            conf.handler = handler;
            conf.directive = setting.directive;
            conf.value = handler == Handler::script ? ComplexValue()
                                                    : compile_complex_value(word(1), values.names);
        } else if (name == "set") {
            conf.sets.push_back({values.names.index(lower(word(1).substr(1))),
                                 compile_complex_value(word(2), values.names), setting.directive});
        } else if (name == "ssl_preread") {
            conf.prereads = equal_ignoring_case(word(1), "on");
        } else if (name == "resolver") {
            conf.has_resolver = true;
        } else if (name == "set_real_ip_from") {
            conf.real_ip_from.push_back(parse_cidr(word(1)).value_or(Cidr()));
        } else if (name == "js_access") {
            conf.access_script = setting.directive;
        } else if (name == "js_preread" || name.starts_with("preread_by_lua")) {
            conf.preread_script = setting.directive;
        }
    }
}

} // namespace upstream_lint
