/* The record of accounts/: its jobs. It listens to nobody. */
#include "accounts/accounts.h"
#include "accounts/accounts_private.h"

static const HibForgetKind forgets[] = {{"webhooks", hib_accounts_forget}, {0}};

const HibFeature hib_accounts = {
    .name = "accounts",
    .jobs = hib_accounts_jobs,
    .forgets = forgets,
};
