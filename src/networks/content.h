/* What came with something said, on its way into a file: from the network by its content id (HibNetwork.read_content), or from an address. */
#pragma once
#include "networks/network.h"

struct HibNetContent {
    int fd;         /* where the bytes go, from its start */
    int64_t most;   /* bytes at most */
    bool is_over;   /* larger than that (with OK) */
    bool is_gone;   /* the network has it no longer, or the address ended (with FATAL) */
    bool is_full;   /* nothing more fits into the file: it is asked for again */
    bool is_spoilt; /* the network could not make it ready (with FATAL) */
};

/* From an address that a network told: of the service itself it may be private where the service may, of anybody else never. */
HibNetResult hib_net_fetch(const HibNetContext *net, const char *service, const char *url,
                           HibNetContent *ret);
/* The same with headers of ours (a bearer), for connectors; *ret_reply as it came, its body only with a failure. No answer is classed already (false). */
bool hib_net_fetch_with(const HibNetContext *net, const char *url, const char *const *headers,
                        bool is_foreign, HibNetContent *content, HibHttpReply *ret_reply,
                        HibNetResult *ret);
