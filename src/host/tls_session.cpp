#include "host/tls_session.hpp"

#include "host/proc_files.hpp"

#include <utility>

#if UPSTREAM_LINT_HAS_OPENSSL

#include "host/openssl_library.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <ctime>
#include <fmt/format.h>

namespace upstream_lint {

namespace {

constexpr std::size_t most_names = 32;
constexpr std::size_t longest_name = 255;

// Where it is missing no context is complete, and nothing is called.
const OpenSslLibrary& ssl() {
    return *openssl_library();
}

struct ContextCloser {
    void operator()(SSL_CTX* context) const { ssl().SSL_CTX_free(context); }
};

struct SessionCloser {
    void operator()(SSL* session) const { ssl().SSL_free(session); }
};

struct BioCloser {
    void operator()(BIO* bio) const { ssl().BIO_free(bio); }
};

struct CertificateCloser {
    void operator()(X509* certificate) const { ssl().X509_free(certificate); }
};

struct NamesCloser {
    void operator()(GENERAL_NAMES* names) const { ssl().GENERAL_NAMES_free(names); }
};

// ngx_ssl_error: all errors of the queue behind the message.
std::string with_openssl_errors(std::string message) {
    const char* data = nullptr;
    int flags = 0;
    bool has_any = false;
    constexpr std::size_t max_text = 256;
    while (const unsigned long code =
               ssl().ERR_get_error_all(nullptr, nullptr, nullptr, &data, &flags)) {
        std::array<char, max_text> text{};
        ssl().ERR_error_string_n(code, text.data(), text.size());
        message += has_any ? " " : " (SSL: ";
        message += text.data();
        if ((flags & ERR_TXT_STRING) != 0 && data != nullptr && *data != '\0') {
            message += ':';
            message += data;
        }
        has_any = true;
    }
    return has_any ? message + ")" : message;
}

// ngx_ssl_verify_callback: the handshake goes on, and the last of the errors stays.
extern "C" int go_on_verifying(int /*is_well*/, X509_STORE_CTX* /*store*/) {
    return 1;
}

extern "C" int note_certificate_request(SSL* session, X509** /*certificate*/, EVP_PKEY** /*key*/) {
    *static_cast<bool*>(ssl().SSL_get_ex_data(session, 0)) = true;
    return 0; // none is shown
}

struct ProtocolOption {
    std::string_view name;
    std::uint64_t off;
};

constexpr std::array<ProtocolOption, 5> protocol_options = {{{"SSLv3", SSL_OP_NO_SSLv3},
                                                             {"TLSv1", SSL_OP_NO_TLSv1},
                                                             {"TLSv1.1", SSL_OP_NO_TLSv1_1},
                                                             {"TLSv1.2", SSL_OP_NO_TLSv1_2},
                                                             {"TLSv1.3", SSL_OP_NO_TLSv1_3}}};

// ngx_ssl_create
void set_protocols(SSL_CTX* context, const std::vector<std::string>& protocols) {
    ssl().SSL_CTX_set_min_proto_version(context, 0);
    const bool has_newest = std::ranges::find(protocols, "TLSv1.3") != protocols.end();
    ssl().SSL_CTX_set_max_proto_version(context, has_newest ? TLS1_3_VERSION : TLS1_2_VERSION);
    for (const ProtocolOption& option : protocol_options) {
        if (std::ranges::find(protocols, option.name) == protocols.end())
            ssl().SSL_CTX_set_options(context, option.off);
        else
            ssl().SSL_CTX_clear_options(context, option.off);
    }
    ssl().SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION);
#ifdef SSL_OP_IGNORE_UNEXPECTED_EOF
    ssl().SSL_CTX_set_options(context, SSL_OP_IGNORE_UNEXPECTED_EOF);
#endif
}

// The macros of OpenSSL's stacks begin with a cast.
template <typename Item, typename Stack> const Item* item_at(const Stack* stack, int place) {
    return static_cast<const Item*>(
        ssl().OPENSSL_sk_value(reinterpret_cast<const OPENSSL_STACK*>(stack), place)); // NOLINT
}

// How many certificates and lists of revoked ones a file gives to the store.
int add_to_store(X509_STORE* store, std::string_view text) {
    const std::unique_ptr<BIO, BioCloser> bio(
        ssl().BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
    STACK_OF(X509_INFO)* const items =
        ssl().PEM_X509_INFO_read_bio(bio.get(), nullptr, nullptr, nullptr);
    int added = 0;
    for (int i = 0; items != nullptr && i < ssl().sk_X509_INFO_num(items); ++i) {
        const X509_INFO* const item = item_at<X509_INFO>(items, i);
        added += item->x509 != nullptr && ssl().X509_STORE_add_cert(store, item->x509) == 1 ? 1 : 0;
        added += item->crl != nullptr && ssl().X509_STORE_add_crl(store, item->crl) == 1 ? 1 : 0;
    }
    ssl().sk_X509_INFO_pop_free(items, ssl().X509_INFO_free);
    ssl().ERR_clear_error();
    return added;
}

std::string shown(const unsigned char* text, int length) {
    std::string name(
        reinterpret_cast<const char*>(text), // NOLINT
        std::min<std::size_t>(static_cast<std::size_t>(std::max(length, 0)), longest_name));
    std::ranges::replace_if(
        name, [](char letter) { return letter < ' ' || letter > '~'; }, '?');
    return name;
}

std::string address_name(const ASN1_OCTET_STRING& bytes) {
    constexpr int inet_size = 4;
    constexpr int inet6_size = 16;
    SocketAddress address;
    if (bytes.length != inet_size && bytes.length != inet6_size)
        return {};
    address.family = bytes.length == inet_size ? AddressFamily::inet : AddressFamily::inet6;
    std::copy_n(bytes.data, bytes.length, address.bytes.begin());
    return address_text(address);
}

std::vector<std::string> names_of(X509* certificate) {
    std::vector<std::string> names;
    const std::unique_ptr<GENERAL_NAMES, NamesCloser> all(static_cast<GENERAL_NAMES*>(
        ssl().X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
    for (int i = 0; all && i < ssl().sk_GENERAL_NAME_num(all.get()) && names.size() < most_names;
         ++i) {
        const GENERAL_NAME* const name = item_at<GENERAL_NAME>(all.get(), i);
        if (name->type == GEN_DNS)
            names.push_back(shown(name->d.dNSName->data, name->d.dNSName->length));
        else if (name->type == GEN_IPADD)
            names.push_back(address_name(*name->d.iPAddress));
    }
    if (!names.empty())
        return names;
    X509_NAME* const subject = ssl().X509_get_subject_name(certificate);
    const int index = ssl().X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
    if (index >= 0) {
        const ASN1_STRING* const text =
            ssl().X509_NAME_ENTRY_get_data(ssl().X509_NAME_get_entry(subject, index));
        names.push_back(shown(ssl().ASN1_STRING_get0_data(text), ssl().ASN1_STRING_length(text)));
    }
    return names;
}

std::optional<UnixTime> time_of(const ASN1_TIME* time) {
    std::tm parts{};
    if (time == nullptr || ssl().ASN1_TIME_to_tm(time, &parts) != 1)
        return std::nullopt;
    return ::timegm(&parts);
}

} // namespace

struct TlsContext::State {
    UpstreamTls settings;
    Reading reading = complete_reading("OpenSSL");
    std::unique_ptr<SSL_CTX, ContextCloser> context;

    void refuse(ReadStatus status, std::string reason) {
        if (reading.is_complete())
            reading = {status, "OpenSSL", std::move(reason)};
    }

    void trust(const std::string& path, const FileSystem& files) {
        const auto bytes = files.read(path);
        if (!bytes) {
            reading = failed_reading(bytes.error(), path);
            return;
        }
        if (add_to_store(ssl().SSL_CTX_get_cert_store(context.get()), bytes->view()) == 0)
            refuse(ReadStatus::unsupported, "there is no certificate in " + path);
    }

    void prepare(const FileSystem& files) {
        if (!settings.left_out.empty()) {
            refuse(ReadStatus::not_asked, settings.left_out);
            return;
        }
        context.reset(ssl().SSL_CTX_new(ssl().TLS_client_method()));
        if (!context) {
            refuse(ReadStatus::unsupported, with_openssl_errors("SSL_CTX_new() failed"));
            return;
        }
        set_protocols(context.get(), settings.protocols);
        if (ssl().SSL_CTX_set_cipher_list(context.get(), settings.ciphers.c_str()) != 1)
            refuse(ReadStatus::unsupported,
                   with_openssl_errors("SSL_CTX_set_cipher_list() failed"));
        ssl().SSL_CTX_set_client_cert_cb(context.get(), note_certificate_request);
        if (settings.verify)
            prepare_verification(files);
    }

    void prepare_verification(const FileSystem& files) {
        ssl().SSL_CTX_set_verify(context.get(), SSL_VERIFY_NONE, go_on_verifying);
        ssl().SSL_CTX_set_verify_depth(context.get(), static_cast<int>(settings.verify_depth));
        if (!settings.trusted_certificate.empty())
            trust(settings.trusted_certificate, files);
        if (!settings.crl.empty()) {
            trust(settings.crl, files);
            ssl().X509_STORE_set_flags(ssl().SSL_CTX_get_cert_store(context.get()),
                                       X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL);
        }
    }
};

TlsContext::TlsContext(const UpstreamTls& settings, const FileSystem& files) :
    state_(std::make_shared<State>()) {
    state_->settings = settings;
    if (!openssl_library()) {
        state_->reading = failed_reading(openssl_library().error(), "OpenSSL");
        return;
    }
    ssl().ERR_clear_error();
    state_->prepare(files);
}

const Reading& TlsContext::reading() const {
    return state_->reading;
}

const UpstreamTls& TlsContext::settings() const {
    return state_->settings;
}

struct TlsSession::Connection {
    std::shared_ptr<TlsContext::State> context;
    std::unique_ptr<SSL, SessionCloser> session;
    BIO* in = nullptr; // of the session
    BIO* out = nullptr;
    State state = State::shaking_hands;
    HandshakeFacts facts;
    bool asks_for_certificate = false;
    bool has_ended = false;
    std::string read_error;

    explicit Connection(std::shared_ptr<TlsContext::State> prepared) :
        context(std::move(prepared)) {
        facts.reading = complete_reading("TLS handshake");
        const UpstreamTls& settings = context->settings;
        session.reset(ssl().SSL_new(context->context.get()));
        in = ssl().BIO_new(ssl().BIO_s_mem());
        out = ssl().BIO_new(ssl().BIO_s_mem());
        if (!session || in == nullptr || out == nullptr) {
            ssl().BIO_free(in);
            ssl().BIO_free(out);
            session.reset();
            fail(with_openssl_errors("SSL_new() failed"));
            return;
        }
        ssl().SSL_set_bio(session.get(), in, out);
        ssl().SSL_set_ex_data(session.get(), 0, &asks_for_certificate); // the application's own
        if (!settings.server_name.empty())
            // the macro for it casts as C does
            ssl().SSL_ctrl(session.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                           const_cast<char*>(settings.server_name.c_str())); // NOLINT
        if (!settings.alpn.empty()) {
            std::string list(1, static_cast<char>(settings.alpn.size()));
            list += settings.alpn;
            ssl().SSL_set_alpn_protos(session.get(),
                                      reinterpret_cast<const unsigned char*>(list.data()), // NOLINT
                                      static_cast<unsigned>(list.size()));
        }
        ssl().SSL_set_connect_state(session.get());
        shake_hands();
    }

    void fail(std::string error) {
        facts.error = std::move(error);
        state = State::failed;
    }

    // ngx_ssl_handshake
    void shake_hands() {
        if (state != State::shaking_hands)
            return;
        ssl().ERR_clear_error();
        const int result = ssl().SSL_do_handshake(session.get());
        if (result == 1) {
            state = State::made;
            look();
            verify();
            return;
        }
        const int reason = ssl().SSL_get_error(session.get(), result);
        if (reason == SSL_ERROR_WANT_READ || reason == SSL_ERROR_WANT_WRITE)
            return;
        look();
        if (reason == SSL_ERROR_ZERO_RETURN || ssl().ERR_peek_error() == 0)
            fail("peer closed connection in SSL handshake");
        else
            fail(with_openssl_errors("SSL_do_handshake() failed"));
    }

    // What the peer has shown up to now.
    void look() {
        facts.asks_for_certificate = asks_for_certificate;
        if (state != State::made)
            return;
        facts.protocol = ssl().SSL_get_version(session.get());
        if (const char* const cipher =
                ssl().SSL_CIPHER_get_name(ssl().SSL_get_current_cipher(session.get())))
            facts.cipher = cipher;
        const unsigned char* alpn = nullptr;
        unsigned size = 0;
        ssl().SSL_get0_alpn_selected(session.get(), &alpn, &size);
        if (alpn != nullptr)
            facts.alpn = shown(alpn, static_cast<int>(size));
        const std::unique_ptr<X509, CertificateCloser> certificate(
            ssl().SSL_get_peer_certificate(session.get()));
        if (certificate) {
            facts.names = names_of(certificate.get());
            facts.not_before = time_of(ssl().X509_get0_notBefore(certificate.get()));
            facts.not_after = time_of(ssl().X509_get0_notAfter(certificate.get()));
        }
        ssl().ERR_clear_error();
    }

    // ngx_http_upstream_ssl_handshake
    void verify() {
        const UpstreamTls& settings = context->settings;
        if (!settings.verify)
            return;
        const long code = ssl().SSL_get_verify_result(session.get());
        facts.verify_code = code;
        if (code != X509_V_OK) {
            facts.verify_error = fmt::format("upstream SSL certificate verify error: ({}:{})", code,
                                             ssl().X509_verify_cert_error_string(code));
            return;
        }
        const std::unique_ptr<X509, CertificateCloser> certificate(
            ssl().SSL_get_peer_certificate(session.get()));
        if (!certificate || ssl().X509_check_host(certificate.get(), settings.verified_name.data(),
                                                  settings.verified_name.size(), 0, nullptr) != 1)
            facts.verify_error = fmt::format("upstream SSL certificate does not match \"{}\"",
                                             settings.verified_name);
    }

    std::string read() {
        constexpr std::size_t at_once = 4096;
        std::string text;
        while (state == State::made && !has_ended) {
            std::array<char, at_once> bytes{};
            ssl().ERR_clear_error();
            const int count = ssl().SSL_read(session.get(), bytes.data(), bytes.size());
            if (count > 0) {
                text.append(bytes.data(), static_cast<std::size_t>(count));
                continue;
            }
            const int reason = ssl().SSL_get_error(session.get(), count);
            if (reason == SSL_ERROR_WANT_READ || reason == SSL_ERROR_WANT_WRITE)
                break;
            has_ended = true;
            if (reason != SSL_ERROR_ZERO_RETURN && ssl().ERR_peek_error() != 0)
                read_error = with_openssl_errors("SSL_read() failed");
        }
        // TLS 1.3 lets a peer ask later
        facts.asks_for_certificate = asks_for_certificate;
        return text;
    }
};

TlsSession::TlsSession(const TlsContext& context) :
    connection_(std::make_unique<Connection>(context.state_)) {}

TlsSession::~TlsSession() = default;

void TlsSession::take_input(std::string_view bytes) {
    if (!connection_->session)
        return;
    ssl().BIO_write(connection_->in, bytes.data(), static_cast<int>(bytes.size()));
    connection_->shake_hands();
}

void TlsSession::take_end(int code) {
    Connection& connection = *connection_;
    if (!connection.session)
        return;
    ssl().BIO_set_mem_eof_return(connection.in, 0);
    const bool was_shaking = connection.state == State::shaking_hands;
    connection.shake_hands();
    if (was_shaking && connection.state == State::shaking_hands)
        connection.fail("peer closed connection in SSL handshake");
    if (was_shaking && code != 0 &&
        connection.facts.error == "peer closed connection in SSL handshake")
        connection.facts.error += fmt::format(" ({}: {})", code, std::strerror(code));
}

std::string TlsSession::take_output() {
    std::string bytes;
    if (!connection_->session)
        return bytes;
    bytes.resize(ssl().BIO_ctrl_pending(connection_->out));
    if (!bytes.empty())
        ssl().BIO_read(connection_->out, bytes.data(), static_cast<int>(bytes.size()));
    return bytes;
}

TlsSession::State TlsSession::state() const {
    return connection_->state;
}

const HandshakeFacts& TlsSession::facts() const {
    return connection_->facts;
}

void TlsSession::write(std::string_view text) {
    ssl().ERR_clear_error();
    if (connection_->state == State::made)
        ssl().SSL_write(connection_->session.get(), text.data(), static_cast<int>(text.size()));
}

std::string TlsSession::read() {
    return connection_->read();
}

bool TlsSession::has_ended() const {
    return connection_->has_ended;
}

const std::string& TlsSession::read_error() const {
    return connection_->read_error;
}

void TlsSession::close() {
    ssl().ERR_clear_error();
    if (connection_->state == State::made && connection_->read_error.empty())
        ssl().SSL_shutdown(connection_->session.get());
    ssl().ERR_clear_error();
}

} // namespace upstream_lint

#else

namespace upstream_lint {

struct TlsContext::State {
    UpstreamTls settings;
    Reading reading{ReadStatus::unsupported, "OpenSSL", "this build was made without OpenSSL"};
};

TlsContext::TlsContext(const UpstreamTls& settings, const FileSystem& /*files*/) :
    state_(std::make_shared<State>()) {
    state_->settings = settings;
}

const Reading& TlsContext::reading() const {
    return state_->reading;
}

const UpstreamTls& TlsContext::settings() const {
    return state_->settings;
}

// Never made: no context is complete.
struct TlsSession::Connection {
    HandshakeFacts facts;
    std::string read_error;
};

TlsSession::TlsSession(const TlsContext& /*context*/) :
    connection_(std::make_unique<Connection>()) {}

TlsSession::~TlsSession() = default;

void TlsSession::take_input(std::string_view /*bytes*/) {}

void TlsSession::take_end(int /*code*/) {}

std::string TlsSession::take_output() {
    return {};
}

TlsSession::State TlsSession::state() const {
    return State::failed;
}

const HandshakeFacts& TlsSession::facts() const {
    return connection_->facts;
}

void TlsSession::write(std::string_view /*text*/) {}

std::string TlsSession::read() {
    return {};
}

bool TlsSession::has_ended() const {
    return true;
}

const std::string& TlsSession::read_error() const {
    return connection_->read_error;
}

void TlsSession::close() {}

} // namespace upstream_lint

#endif
