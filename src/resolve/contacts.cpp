#include "resolve/contacts.hpp"

#include "config/ascii.hpp"
#include "config/url.hpp"
#include "config/value.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <optional>

namespace upstream_lint {

namespace {

using Kind = GraphEdge::Kind;
using Style = ContactStyle;

constexpr std::uint16_t dns_port = 53;
constexpr std::uint16_t syslog_port = 514;
constexpr std::uint16_t http_port = 80;

struct Scheme {
    std::string_view prefix;
    std::uint16_t port;
    bool uses_tls = false;
};

constexpr std::array<Scheme, 6> schemes = {{{"http://", http_port},
                                            {"https://", 443, true},
                                            {"rtmp://", 1935},
                                            {"redis://", 6379},
                                            {"rediss://", 6379, true},
                                            {"ldap://", 389}}};

/// By name.
constexpr std::array<ContactDirective, 27> directives = {{
    {"access_log", Kind::syslog, Style::syslog},
    {"auth_http", Kind::auth_http, Style::url},
    {"endpoint", Kind::other, Style::url},
    {"error_log", Kind::syslog, Style::syslog},
    {"issuer", Kind::other, Style::url},
    {"js_fetch_proxy", Kind::other, Style::url},
    {"nchan_redis_server", Kind::other, Style::url},
    {"nchan_redis_url", Kind::other, Style::url},
    {"on_connect", Kind::other, Style::url},
    {"on_disconnect", Kind::other, Style::url},
    {"on_done", Kind::other, Style::url},
    {"on_play", Kind::other, Style::url},
    {"on_play_done", Kind::other, Style::url},
    {"on_publish", Kind::other, Style::url},
    {"on_publish_done", Kind::other, Style::url},
    {"on_record_done", Kind::other, Style::url},
    {"on_update", Kind::other, Style::url},
    {"passenger_pre_start", Kind::other, Style::url},
    {"postgres_server", Kind::other, Style::url},
    {"pull", Kind::other, Style::url},
    {"push", Kind::other, Style::url},
    {"resolver", Kind::resolver, Style::addresses},
    {"session_log", Kind::syslog, Style::syslog},
    {"ssl_ocsp_responder", Kind::ocsp, Style::url},
    {"ssl_stapling_responder", Kind::ocsp, Style::url},
    {"uri", Kind::other, Style::url},
    {"zone_sync_server", Kind::other, Style::url},
}};

static_assert(std::ranges::is_sorted(directives, {}, &ContactDirective::name));

/// Nothing where nginx would not take it.
std::optional<Contact> contact_at(std::string_view text, const UrlOptions& options) {
    const Url url = parse_url(text, options);
    if (!url.error.empty()) {
        return std::nullopt;
    }
    Contact contact;
    contact.is_unix = url.address && url.address->family == AddressFamily::unix_socket;
    contact.address = url.address     ? socket_text(*url.address)
                      : url.port == 0 ? std::string(url.host)
                                      : fmt::format("{}:{}", url.host, url.port);
    return contact;
}

void add_resolver(std::vector<Contact>& contacts, std::string_view word) {
    constexpr std::array<std::string_view, 4> parameters = {
        "valid=", "ipv4=", "ipv6=", "status_zone="};
    if (std::ranges::any_of(parameters, [&](auto name) { return word.starts_with(name); })) {
        return;
    }
    if (auto contact = contact_at(word, {.default_port = dns_port})) {
        contact->is_datagram = true;
        contacts.push_back(*std::move(contact));
    }
}

/// ngx_syslog_parse_args
void add_syslog(std::vector<Contact>& contacts, std::string_view word) {
    constexpr std::string_view prefix = "syslog:";
    if (!word.starts_with(prefix)) {
        return;
    }
    word.remove_prefix(prefix.size());
    while (!word.empty()) {
        const std::string_view parameter = word.substr(0, word.find(','));
        if (const auto server = behind(parameter, "server=")) {
            if (auto contact = contact_at(*server, {.default_port = syslog_port})) {
                contact->is_datagram = true;
                contacts.push_back(*std::move(contact));
            }
        }
        word.remove_prefix(std::min(parameter.size() + 1, word.size()));
    }
}

void add_url(std::vector<Contact>& contacts, std::string_view word) {
    if (word.find('$') != std::string_view::npos) {
        contacts.push_back(
            {.written = std::string(word), .reason = "its variables come with the request"});
        return;
    }
    Scheme scheme = {.prefix = {}, .port = http_port};
    const auto known = std::ranges::find_if(
        schemes, [&](const Scheme& each) { return starts_ignoring_case(word, each.prefix); });
    if (known != schemes.end() && word.size() > known->prefix.size()) {
        scheme = *known;
        word.remove_prefix(scheme.prefix.size());
    }
    const std::size_t authority_end = std::min(word.find('/'), word.size());
    if (const std::size_t user = word.substr(0, authority_end).rfind('@');
        user != std::string_view::npos) {
        word.remove_prefix(user + 1); // passwords are nobody's business
    }
    auto contact = contact_at(word, {.uri_part = true, .default_port = scheme.port});
    if (contact) {
        contact->uses_tls = scheme.uses_tls;
        contacts.push_back(*std::move(contact));
    }
}

} // namespace

const ContactDirective* find_contact_directive(std::string_view name) {
    const auto found = std::ranges::lower_bound(directives, name, {}, &ContactDirective::name);
    return found != directives.end() && found->name == name ? &*found : nullptr;
}

std::vector<Contact> contacts_of(const ContactDirective& directive,
                                 std::span<const std::string> words) {
    std::vector<Contact> contacts;
    if (words.size() < 2) {
        return contacts;
    }
    switch (directive.style) {
    case ContactStyle::addresses:
        for (const std::string& word : words.subspan(1)) {
            add_resolver(contacts, word);
        }
        break;
    case ContactStyle::syslog:
        add_syslog(contacts, words[1]);
        break;
    case ContactStyle::url:
        add_url(contacts, words[1]);
        break;
    }
    return contacts;
}

} // namespace upstream_lint
