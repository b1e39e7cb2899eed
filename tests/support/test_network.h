/* For tests of accounts/: networks that do what a test says, reached through hib_network_find (link with -Wl,--wrap=hib_network_find).
 *
 * "testnet" sends the person to its page and wants an app registered by hand; "testinst" lets the person name the instance and registers apps by
 * itself; "testline" takes a channel's id and secret. All answer from `hib_test_net`; no socket is opened. */
#pragma once
#include "networks/network.h"

typedef struct {
    HibNetResult exchange, refresh, connect, quota, options, profile; /* .class OK unless set */
    HibGrant grants[4];                                               /* of the next exchange */
    size_t n_grants;
    HibGrant refreshed; /* of the next refresh */
    HibNetQuota quotas[3];
    size_t n_quotas;
    const char *choices; /* of read_options */
    int64_t followers;
    void (*during)(void *); /* called inside exchange */
    void *data;
    /* what it was asked */
    gint n_registers, n_exchanges, n_refreshes, n_connects, n_quota_reads, n_option_reads;
    char app[100], service[200], redirect[300], state[100], verifier[200], code[100], login[100];
} HibTestNet;
extern HibTestNet hib_test_net;
void hib_test_net_reset(void); /* everything answers OK, one account "remote-1" */

#define HIB_TEST_CHANNEL_SECRET "channel-secret-of-test"
/* A webhook's body for "x-test-signature: SECRET": lines "id|kind|account|remote_id|text|µs". */
