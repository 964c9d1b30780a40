#pragma once

#include "support/peer.hpp"

#include <memory>
#include <string>
#include <vector>

namespace upstream_lint::test {

/// A certificate that a test makes, signed by itself.
struct CertificateWish {
    std::vector<std::string> names{"app.example"}; ///< subjectAltName; the first is the common name
    int days_from = -1;                            ///< from now
    int days_to = 30;
};

struct CertificateText {
    std::string certificate; ///< PEM
    std::string key;
};

[[nodiscard]] CertificateText make_certificate(const CertificateWish& wish = {});

/// What a server of TLS wants of its clients.
struct TlsWish {
    CertificateText identity = make_certificate();
    int min_version = 0;            ///< TLS1_2_VERSION, ...; 0: any
    int max_version = 0;            ///< likewise
    bool needs_name = false;        ///< refuses who does not ask for `app.example`
    bool needs_certificate = false; ///< of the client
    std::string alpn{};             ///< the one that it takes
    std::string answer = "HTTP/1.1 200 OK\r\n\r\n";
};

/// A server of TLS (OpenSSL) that answers whatever is said.
class TlsPeer {
public:
    explicit TlsPeer(TlsWish wish);
    ~TlsPeer();

    [[nodiscard]] std::uint16_t port() const;
    [[nodiscard]] int connections() const;

private:
    struct Server;
    std::unique_ptr<Server> server_;
};

} // namespace upstream_lint::test
