#pragma once
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

// Macro: server name indication (RFC 6066 §3).
static inline long ssm_ssl_set_server_name(SSL *ssl, const char *name) {
  return SSL_set_tlsext_host_name(ssl, name);
}

// Macro: the bytes a memory BIO holds, without copying them.
static inline long ssm_bio_bytes(BIO *bio, char **bytes) { return BIO_get_mem_data(bio, bytes); }

// Macro: an empty memory BIO must ask for more (-1) instead of reporting the end of the stream.
static inline void ssm_bio_set_retry_when_empty(BIO *bio) { BIO_set_mem_eof_return(bio, -1); }

// Macro: lowest protocol version a context accepts.
static inline long ssm_context_set_minimum_version(SSL_CTX *context, int version) {
  return SSL_CTX_set_min_proto_version(context, version);
}

// Macro: modes such as partial writes and moving write buffers.
static inline long ssm_context_set_mode(SSL_CTX *context, long mode) { return SSL_CTX_set_mode(context, mode); }

// Macro: curve of a key to be generated.
static inline EVP_PKEY *ssm_generate_p256(void) { return EVP_EC_gen("P-256"); }

// Macro: a server that keeps no sessions for resumption.
static inline void ssm_context_disable_session_cache(SSL_CTX *context) {
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
}

// Macro: a further certificate to send; the context takes a reference of its own.
static inline long ssm_context_add_chain_certificate(SSL_CTX *context, X509 *certificate) {
  return SSL_CTX_add1_chain_cert(context, certificate);
}

// Macros with casts: option and mode bits.
static inline uint64_t ssm_no_renegotiation(void) { return SSL_OP_NO_RENEGOTIATION; }
static inline long ssm_release_buffers(void) { return SSL_MODE_RELEASE_BUFFERS; }
