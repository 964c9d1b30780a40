#include "support/tls_peer.hpp"

#include <array>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdexcept>

namespace upstream_lint::test {

struct FreeOpenssl {
    void operator()(SSL_CTX* one) const { ::SSL_CTX_free(one); }

    void operator()(SSL* one) const { ::SSL_free(one); }

    void operator()(BIO* one) const { ::BIO_free(one); }

    void operator()(X509* one) const { ::X509_free(one); }

    void operator()(EVP_PKEY* one) const { ::EVP_PKEY_free(one); }

    void operator()(EVP_PKEY_CTX* one) const { ::EVP_PKEY_CTX_free(one); }

    void operator()(X509_EXTENSION* one) const { ::X509_EXTENSION_free(one); }
};

template <typename Of> using Owned = std::unique_ptr<Of, FreeOpenssl>;

namespace {

void require(bool holds, const char* what) {
    if (!holds)
        throw std::runtime_error(what);
}

Owned<EVP_PKEY> make_key() {
    const Owned<EVP_PKEY_CTX> maker(::EVP_PKEY_CTX_new_id(EVP_PKEY_EC, nullptr));
    EVP_PKEY* key = nullptr;
    require(::EVP_PKEY_keygen_init(maker.get()) == 1 &&
                ::EVP_PKEY_CTX_set_ec_paramgen_curve_nid(maker.get(), NID_X9_62_prime256v1) == 1 &&
                ::EVP_PKEY_keygen(maker.get(), &key) == 1,
            "a key");
    return Owned<EVP_PKEY>(key);
}

std::string text_of(BIO* bio) {
    char* bytes = nullptr;
    const long size = BIO_get_mem_data(bio, &bytes);
    return {bytes, static_cast<std::size_t>(size)};
}

void add_names(X509* certificate, const std::vector<std::string>& names) {
    std::string list;
    for (const std::string& name : names)
        list += (list.empty() ? "DNS:" : ",DNS:") + name;
    const Owned<X509_EXTENSION> extension(
        ::X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, list.c_str()));
    require(extension && ::X509_add_ext(certificate, extension.get(), -1) == 1, "subjectAltName");
}

int refuse_without_name(SSL* session, int* alert, void* /*unused*/) {
    const char* const name = ::SSL_get_servername(session, TLSEXT_NAMETYPE_host_name);
    if (name != nullptr && std::string_view(name) == "app.example")
        return SSL_TLSEXT_ERR_OK;
    *alert = name == nullptr ? SSL_AD_HANDSHAKE_FAILURE : SSL_AD_UNRECOGNIZED_NAME;
    return SSL_TLSEXT_ERR_ALERT_FATAL;
}

int choose_protocol(SSL* /*session*/, const unsigned char** chosen, unsigned char* size,
                    const unsigned char* offered, unsigned offered_size, void* wanted) {
    const auto& name = *static_cast<const std::string*>(wanted);
    for (unsigned at = 0; at < offered_size; at += offered[at] + 1U)
        if (std::string_view(reinterpret_cast<const char*>(offered + at + 1),
                             offered[at]) == // NOLINT
            name) {
            *chosen = offered + at + 1;
            *size = offered[at];
            return SSL_TLSEXT_ERR_OK;
        }
    return SSL_TLSEXT_ERR_NOACK;
}

} // namespace

CertificateText make_certificate(const CertificateWish& wish) {
    constexpr long day = 24L * 60 * 60;
    const Owned<EVP_PKEY> key = make_key();
    const Owned<X509> certificate(::X509_new());
    ::X509_set_version(certificate.get(), 2);
    ::ASN1_INTEGER_set(::X509_get_serialNumber(certificate.get()), 1);
    ::X509_gmtime_adj(X509_getm_notBefore(certificate.get()), wish.days_from * day);
    ::X509_gmtime_adj(X509_getm_notAfter(certificate.get()), wish.days_to * day);
    ::X509_set_pubkey(certificate.get(), key.get());
    X509_NAME* const name = ::X509_get_subject_name(certificate.get());
    ::X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                                 reinterpret_cast<const unsigned char*>( // NOLINT
                                     wish.names.front().c_str()),
                                 -1, -1, 0);
    ::X509_set_issuer_name(certificate.get(), name);
    add_names(certificate.get(), wish.names);
    require(::X509_sign(certificate.get(), key.get(), ::EVP_sha256()) > 0, "a signature");
    CertificateText text;
    const Owned<BIO> first(::BIO_new(::BIO_s_mem()));
    ::PEM_write_bio_X509(first.get(), certificate.get());
    text.certificate = text_of(first.get());
    const Owned<BIO> second(::BIO_new(::BIO_s_mem()));
    ::PEM_write_bio_PrivateKey(second.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    text.key = text_of(second.get());
    return text;
}

struct TlsPeer::Server {
    TlsWish wish;
    Owned<SSL_CTX> context{::SSL_CTX_new(::TLS_server_method())};
    std::unique_ptr<Peer> peer;

    explicit Server(TlsWish wanted) : wish(std::move(wanted)) {
        SSL_CTX_set_min_proto_version(context.get(), wish.min_version);
        SSL_CTX_set_max_proto_version(context.get(), wish.max_version);
        ::SSL_CTX_set_options(context.get(), SSL_OP_IGNORE_UNEXPECTED_EOF);
        use_identity();
        if (wish.needs_name)
            // the macro for it casts as C does
            ::SSL_CTX_callback_ctrl(context.get(), SSL_CTRL_SET_TLSEXT_SERVERNAME_CB,
                                    reinterpret_cast<void (*)()>(refuse_without_name)); // NOLINT
        if (wish.needs_certificate)
            ::SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
                                 nullptr);
        if (!wish.alpn.empty())
            ::SSL_CTX_set_alpn_select_cb(context.get(), choose_protocol, &wish.alpn);
        peer = std::make_unique<Peer>([this](int connection) { serve(connection); });
    }

    void use_identity() {
        const std::string& certificate = wish.identity.certificate;
        const std::string& key = wish.identity.key;
        const Owned<BIO> first(
            ::BIO_new_mem_buf(certificate.data(), static_cast<int>(certificate.size())));
        const Owned<BIO> second(::BIO_new_mem_buf(key.data(), static_cast<int>(key.size())));
        const Owned<X509> read(::PEM_read_bio_X509(first.get(), nullptr, nullptr, nullptr));
        const Owned<EVP_PKEY> read_key(
            ::PEM_read_bio_PrivateKey(second.get(), nullptr, nullptr, nullptr));
        require(::SSL_CTX_use_certificate(context.get(), read.get()) == 1 &&
                    ::SSL_CTX_use_PrivateKey(context.get(), read_key.get()) == 1,
                "an identity");
    }

    // Between memory and the socket: writing to a closed socket is no signal.
    void serve(int connection) const {
        const Owned<SSL> session(::SSL_new(context.get()));
        BIO* const in = ::BIO_new(::BIO_s_mem());
        BIO* const out = ::BIO_new(::BIO_s_mem());
        ::SSL_set_bio(session.get(), in, out);
        ::SSL_set_accept_state(session.get());
        bool has_answered = false;
        for (;;) {
            ::ERR_clear_error();
            std::array<char, 4096> bytes{};
            const int count = ::SSL_read(session.get(), bytes.data(), bytes.size());
            const int reason = ::SSL_get_error(session.get(), count);
            if (count > 0 && !has_answered) {
                has_answered = true;
                ::SSL_write(session.get(), wish.answer.data(),
                            static_cast<int>(wish.answer.size()));
                ::SSL_shutdown(session.get());
            }
            send_all(connection, text_of(out));
            (void)BIO_reset(out);
            if (count <= 0 && reason != SSL_ERROR_WANT_READ)
                break;
            const ssize_t received = ::recv(connection, bytes.data(), bytes.size(), 0);
            if (received <= 0)
                return;
            ::BIO_write(in, bytes.data(), static_cast<int>(received));
        }
        ::shutdown(connection, SHUT_WR);
        wait_for_end(connection);
    }
};

TlsPeer::TlsPeer(TlsWish wish) : server_(std::make_unique<Server>(std::move(wish))) {}

TlsPeer::~TlsPeer() = default;

std::uint16_t TlsPeer::port() const {
    return server_->peer->port();
}

int TlsPeer::connections() const {
    return server_->peer->connections();
}

} // namespace upstream_lint::test
