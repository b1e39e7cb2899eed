/* The list of features. The only place that knows them all. */
#pragma once
#include "store/feature.h"

const HibJobKind *hib_features_jobs(void);               /* of all features, ended by {0} */
const HibSubscription *hib_features_subscriptions(void); /* of all features, ended by {0} */
const HibForgetKind *hib_features_forgets(void);         /* of all features, ended by {0} */
