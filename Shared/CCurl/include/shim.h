#pragma once
#include <curl/curl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

// curl's option calls are variadic, which Swift cannot call: one function per kind of value.
static inline CURLcode linda_curl_set_long(CURL *easy, CURLoption option, long value) { return curl_easy_setopt(easy, option, value); }
static inline CURLcode linda_curl_set_text(CURL *easy, CURLoption option, const char *value) { return curl_easy_setopt(easy, option, value); }
static inline CURLcode linda_curl_set_pointer(CURL *easy, CURLoption option, void *value) { return curl_easy_setopt(easy, option, value); }
static inline CURLcode linda_curl_set_list(CURL *easy, CURLoption option, struct curl_slist *value) { return curl_easy_setopt(easy, option, value); }

typedef size_t (*linda_curl_data_function)(char *, size_t, size_t, void *);
static inline CURLcode linda_curl_set_data_function(CURL *easy, CURLoption option, linda_curl_data_function function) {
    return curl_easy_setopt(easy, option, function);
}

typedef int (*linda_curl_prereq_function)(void *, char *, char *, int, int);
static inline CURLcode linda_curl_set_prereq_function(CURL *easy, linda_curl_prereq_function function) {
    return curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, function);
}

// Opens the socket to an address that curl has chosen; CURL_SOCKET_BAD refuses the address.
typedef curl_socket_t (*linda_curl_socket_function)(void *, curlsocktype, struct curl_sockaddr *);
static inline CURLcode linda_curl_set_socket_function(CURL *easy, linda_curl_socket_function function) {
    return curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, function);
}
static inline curl_socket_t linda_curl_open_socket(const struct curl_sockaddr *address) {
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}
// The bytes of an address, in network order: 4 or 16; none of another family.
static inline int linda_curl_address(const struct curl_sockaddr *address, unsigned char bytes[16]) {
    if (address->family == AF_INET) {
        memcpy(bytes, &((const struct sockaddr_in *)(const void *)&address->addr)->sin_addr, 4);
        return 4;
    }
    if (address->family == AF_INET6) {
        memcpy(bytes, &((const struct sockaddr_in6 *)(const void *)&address->addr)->sin6_addr, 16);
        return 16;
    }
    return 0;
}

static inline CURLcode linda_curl_status(CURL *easy, long *status) { return curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, status); }
static inline CURLcode linda_curl_request_bytes(CURL *easy, long *bytes) { return curl_easy_getinfo(easy, CURLINFO_REQUEST_SIZE, bytes); }
static inline CURLcode linda_curl_connections(CURL *easy, long *connections) { return curl_easy_getinfo(easy, CURLINFO_NUM_CONNECTS, connections); }
static inline CURLcode linda_curl_private(CURL *easy, void **value) { return curl_easy_getinfo(easy, CURLINFO_PRIVATE, value); }
static inline CURLMcode linda_curl_multi_set_long(CURLM *multi, CURLMoption option, long value) { return curl_multi_setopt(multi, option, value); }
static inline CURLcode linda_curl_message_result(CURLMsg *message) { return message->data.result; }
