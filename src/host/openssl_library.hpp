#pragma once

#include "upstream_lint/result.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#if OPENSSL_VERSION_NUMBER < 0x30000000L
#error "OpenSSL 3 is needed; -DUPSTREAM_LINT_WITH_OPENSSL=OFF leaves TLS out"
#endif

namespace upstream_lint {

// The functions that are used, those behind OpenSSL's macros among them: `library.MACRO(...)` is
// then a call of `library`'s function.
#define UPSTREAM_LINT_OPENSSL_FUNCTIONS(FUNCTION)                                                  \
    FUNCTION(ASN1_STRING_get0_data)                                                                \
    FUNCTION(ASN1_STRING_length)                                                                   \
    FUNCTION(ASN1_TIME_to_tm)                                                                      \
    FUNCTION(BIO_ctrl)                                                                             \
    FUNCTION(BIO_ctrl_pending)                                                                     \
    FUNCTION(BIO_free)                                                                             \
    FUNCTION(BIO_new)                                                                              \
    FUNCTION(BIO_new_mem_buf)                                                                      \
    FUNCTION(BIO_read)                                                                             \
    FUNCTION(BIO_s_mem)                                                                            \
    FUNCTION(BIO_write)                                                                            \
    FUNCTION(ERR_clear_error)                                                                      \
    FUNCTION(ERR_error_string_n)                                                                   \
    FUNCTION(ERR_get_error_all)                                                                    \
    FUNCTION(ERR_peek_error)                                                                       \
    FUNCTION(GENERAL_NAMES_free)                                                                   \
    FUNCTION(OPENSSL_init_ssl)                                                                     \
    FUNCTION(OPENSSL_sk_num)                                                                       \
    FUNCTION(OPENSSL_sk_pop_free)                                                                  \
    FUNCTION(OPENSSL_sk_value)                                                                     \
    FUNCTION(PEM_X509_INFO_read_bio)                                                               \
    FUNCTION(SSL_CTX_clear_options)                                                                \
    FUNCTION(SSL_CTX_ctrl)                                                                         \
    FUNCTION(SSL_CTX_free)                                                                         \
    FUNCTION(SSL_CTX_get_cert_store)                                                               \
    FUNCTION(SSL_CTX_new)                                                                          \
    FUNCTION(SSL_CTX_set_cipher_list)                                                              \
    FUNCTION(SSL_CTX_set_client_cert_cb)                                                           \
    FUNCTION(SSL_CTX_set_options)                                                                  \
    FUNCTION(SSL_CTX_set_verify)                                                                   \
    FUNCTION(SSL_CTX_set_verify_depth)                                                             \
    FUNCTION(SSL_ctrl)                                                                             \
    FUNCTION(SSL_do_handshake)                                                                     \
    FUNCTION(SSL_free)                                                                             \
    FUNCTION(SSL_get0_alpn_selected)                                                               \
    FUNCTION(SSL_get1_peer_certificate)                                                            \
    FUNCTION(SSL_CIPHER_get_name)                                                                  \
    FUNCTION(SSL_get_current_cipher)                                                               \
    FUNCTION(SSL_get_error)                                                                        \
    FUNCTION(SSL_get_ex_data)                                                                      \
    FUNCTION(SSL_get_verify_result)                                                                \
    FUNCTION(SSL_get_version)                                                                      \
    FUNCTION(SSL_new)                                                                              \
    FUNCTION(SSL_read)                                                                             \
    FUNCTION(SSL_set_alpn_protos)                                                                  \
    FUNCTION(SSL_set_bio)                                                                          \
    FUNCTION(SSL_set_connect_state)                                                                \
    FUNCTION(SSL_set_ex_data)                                                                      \
    FUNCTION(SSL_shutdown)                                                                         \
    FUNCTION(SSL_write)                                                                            \
    FUNCTION(TLS_client_method)                                                                    \
    FUNCTION(X509_INFO_free)                                                                       \
    FUNCTION(X509_NAME_ENTRY_get_data)                                                             \
    FUNCTION(X509_NAME_get_entry)                                                                  \
    FUNCTION(X509_NAME_get_index_by_NID)                                                           \
    FUNCTION(X509_STORE_add_cert)                                                                  \
    FUNCTION(X509_STORE_add_crl)                                                                   \
    FUNCTION(X509_STORE_set_flags)                                                                 \
    FUNCTION(X509_check_host)                                                                      \
    FUNCTION(X509_free)                                                                            \
    FUNCTION(X509_get0_notAfter)                                                                   \
    FUNCTION(X509_get0_notBefore)                                                                  \
    FUNCTION(X509_get_ext_d2i)                                                                     \
    FUNCTION(X509_get_subject_name)                                                                \
    FUNCTION(X509_verify_cert_error_string)

/// The functions of OpenSSL, under its names and as its headers have them.
struct OpenSslLibrary {
#define UPSTREAM_LINT_MEMBER(name) decltype(&::name) name = nullptr;
    UPSTREAM_LINT_OPENSSL_FUNCTIONS(UPSTREAM_LINT_MEMBER)
#undef UPSTREAM_LINT_MEMBER
};

/// OpenSSL, loaded and started when it is asked for first. Safe in any thread; the result lives as
/// long as the process. Errors: those of LibraryLoader.
[[nodiscard]] const Result<OpenSslLibrary>& openssl_library();

} // namespace upstream_lint
