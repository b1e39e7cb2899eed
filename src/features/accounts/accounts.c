/* The record of accounts/: its jobs. It listens to nobody. */
#include "accounts/accounts.h"
#include "accounts/accounts_private.h"

const HibFeature hib_accounts = {
    .name = "accounts",
    .jobs = hib_accounts_jobs,
};
