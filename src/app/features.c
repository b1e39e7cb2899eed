/* The list of features, in the order of the loop; their jobs and subscriptions are joined once, at the first call. */
#include "app/features.h"
#include "accounts/accounts.h"
#include "bulk/bulk.h"
#include "contacts/contacts.h"
#include "engage/engage.h"
#include "links/links.h"
#include "measure/measure.h"
#include "media/media.h"
#include "notify/notify.h"
#include "plan/plan.h"
#include "publish/publish.h"
#include "report/report.h"
#include "store/prune.h"
#include "team/team.h"
#include "ugc/ugc.h"

static const HibFeature upkeep = {.name = "store", .jobs = hib_prune_jobs};

static const HibFeature *const features[] = {
    &upkeep,   &hib_team,   &hib_accounts, &hib_media,    &hib_links, &hib_plan,    &hib_publish,
    &hib_bulk, &hib_notify, &hib_engage,   &hib_contacts, &hib_ugc,   &hib_measure, &hib_report,
};

static gpointer
join_jobs(gpointer unused G_GNUC_UNUSED)
{
    GArray *all = g_array_new(TRUE, TRUE, sizeof(HibJobKind));
    for (size_t i = 0; i < G_N_ELEMENTS(features); i++)
        for (const HibJobKind *kind = features[i]->jobs; kind && kind->kind; kind++)
            g_array_append_vals(all, kind, 1);
    return g_array_free(all, FALSE);
}

static gpointer
join_subscriptions(gpointer unused G_GNUC_UNUSED)
{
    GArray *all = g_array_new(TRUE, TRUE, sizeof(HibSubscription));
    for (size_t i = 0; i < G_N_ELEMENTS(features); i++)
        for (const HibSubscription *s = features[i]->subscriptions; s && s->event; s++)
            g_array_append_vals(all, s, 1);
    return g_array_free(all, FALSE);
}

static gpointer
join_forgets(gpointer unused G_GNUC_UNUSED)
{
    GArray *all = g_array_new(TRUE, TRUE, sizeof(HibForgetKind));
    for (size_t i = 0; i < G_N_ELEMENTS(features); i++)
        for (const HibForgetKind *kind = features[i]->forgets; kind && kind->forget; kind++)
            g_array_append_vals(all, kind, 1);
    return g_array_free(all, FALSE);
}

const HibJobKind *
hib_features_jobs(void)
{
    static GOnce once = G_ONCE_INIT;
    return g_once(&once, join_jobs, NULL);
}

const HibSubscription *
hib_features_subscriptions(void)
{
    static GOnce once = G_ONCE_INIT;
    return g_once(&once, join_subscriptions, NULL);
}

const HibForgetKind *
hib_features_forgets(void)
{
    static GOnce once = G_ONCE_INIT;
    return g_once(&once, join_forgets, NULL);
}
