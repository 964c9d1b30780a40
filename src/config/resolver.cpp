#include "config/resolver.hpp"

#include "config/messages.hpp"
#include "config/url.hpp"
#include "config/value.hpp"

#include <fmt/format.h>

namespace upstream_lint {

namespace {

/// Kept by the block with `resolver`.
struct HasResolver {};

class Resolver {
public:
    explicit Resolver(Directive& directive) : directive_(directive) {}

    bool take(std::size_t word) {
        const std::string_view parameter = c_string(directive_[word]);
        if (const auto valid = behind(parameter, "valid=")) {
            return parse_time(*valid, TimeUnit::seconds) || invalid(word);
        }
        // before 1.23.1 there is no `ipv4=`, and it would be taken for a name server
        const bool takes_ipv4 = !directive_.cycle().before(1, 23, 1);
        if (const auto ipv4 = behind(parameter, "ipv4="); ipv4 && takes_ipv4) {
            return on_off(word, *ipv4, ipv4_);
        }
        if (const auto ipv6 = behind(parameter, "ipv6=")) {
            return on_off(word, *ipv6, ipv6_);
        }
        const Url url = parse_url(directive_[word], {.default_port = 53});
        if (!url.error.empty()) {
            directive_.emerg(word,
                             fmt::format("{} in resolver \"{}\"", url.error, directive_[word]));
            return false;
        }
        has_server_ = true;
        return true;
    }

    void finish() {
        if (!ipv4_ && !ipv6_) {
            directive_.emerg(0, "\"ipv4\" and \"ipv6\" cannot both be \"off\"");
        } else if (!has_server_) {
            directive_.emerg(0, "no name servers defined");
        }
        (void)directive_.scope().conf<HasResolver>();
    }

private:
    bool invalid(std::size_t word) {
        directive_.emerg(word, fmt::format("invalid parameter: {}", directive_[word]));
        return false;
    }

    bool on_off(std::size_t word, std::string_view value, bool& flag) {
        flag = value == "on";
        return flag || value == "off" || invalid(word);
    }

    Directive& directive_;
    bool ipv4_ = true;
    bool ipv6_ = true;
    bool has_server_ = false;
};

} // namespace

void set_resolver(Directive& directive) {
    if (directive.is_duplicate()) {
        return;
    }
    Resolver resolver(directive);
    for (std::size_t i = 1; i <= directive.size(); ++i) {
        if (!resolver.take(i)) {
            return;
        }
    }
    resolver.finish();
}

bool has_resolver(const Scope& block) {
    return block.find<HasResolver>() != nullptr;
}

} // namespace upstream_lint
