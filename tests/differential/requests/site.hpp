#pragma once

#include "configuration_generator.hpp"
#include "random.hpp"
#include "requests/echo.hpp"
#include "upstream_lint/nginx_build.hpp"
#include "upstream_lint/resolution.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace upstream_lint::differential {

/// A request as a client sends it: every byte of its head is given, nothing is made better.
struct ClientRequest {
    std::string connect;            ///< `ADDRESS:PORT`, `[ADDRESS]:PORT`, `unix:/path`
    std::string from = "127.0.0.1"; ///< the client's address; only over IPv4
    bool tls = false;
    std::optional<std::string> sni; ///< of TLS; none: no server is named
    std::string method = "GET";
    std::string target = "/";
    std::string http = "1.1";         ///< `0.9` (no version, no headers), `1.0`, `1.1`
    std::vector<HeaderField> headers; ///< all, Host among them or not
    std::string body;
};

/// The bytes on the wire.
[[nodiscard]] std::string bytes_of(const ClientRequest& request);

/// The same request as the router takes it.
[[nodiscard]] Request request_of(const ClientRequest& request);

/// For people: the request line, where it goes, and the headers.
[[nodiscard]] std::string description_of(const ClientRequest& request);

/// A configuration, the files beside it, and requests to it.
struct Site {
    GeneratedConfiguration configuration;
    std::vector<ClientRequest> requests;
};

/// What a site is made for.
struct Surroundings {
    std::string folder;               ///< nginx's prefix without the slash at its end
    std::vector<std::uint16_t> ports; ///< nginx may listen there, on every address
    EchoPlaces echo;
    bool has_ipv6 = false;   ///< `::1` can be listened on
    std::string certificate; ///< its path, with `.key` behind it the key's; empty: no TLS
    Version version;
};

// One kind of site each, with `count` requests.

/// 1: locations of all kinds, and odd targets.
[[nodiscard]] Site location_site(Random& random, const Surroundings& around, std::size_t count);
/// 2: servers, their addresses and names.
[[nodiscard]] Site server_site(Random& random, const Surroundings& around, std::size_t count);
/// 3: rewrites, conditions, variables and what is passed on.
[[nodiscard]] Site rewrite_site(Random& random, const Surroundings& around, std::size_t count);
/// 4: files, error pages, access, internal redirects and subrequests.
[[nodiscard]] Site internal_site(Random& random, const Surroundings& around, std::size_t count);
/// 5: requests beside the client's, access, and the rest of the protocols.
[[nodiscard]] Site beside_site(Random& random, const Surroundings& around, std::size_t count);

} // namespace upstream_lint::differential
