/* Secret links: 256 random bits, kept as their hash, ending by themselves or when revoked. Whoever holds one sees what it shows and nothing else; a password, where there is one, is asked for as well. */
#include "accounts/accounts.h"
#include "base/error.h"
#include "base/json.h"
#include "report/link.h"
#include "team/team.h"
#include <string.h>

#define TOKEN_BYTES 32
#define PURPOSE "report.link"

static bool
unknown(GError **error)
{
    hib_error_set(error, HIB_ERROR_NOT_FOUND, "report.link_unknown", "no such link");
    return false;
}

static const char *
described(HibDb *db, const char *name, const char *report, HibInstant expires_at)
{
    char text[HIB_INSTANT_TEXT];
    cJSON *json = cJSON_CreateObject();
    cJSON_AddStringToObject(json, "name", name);
    if (report)
        cJSON_AddStringToObject(json, "report", report);
    if (expires_at)
        cJSON_AddStringToObject(json, "expires_at", hib_instant_format(expires_at, text));
    return hib_json_print(hib_db_arena(db), json);
}

/* What is to be shown is there. */
static bool
refer(HibDb *db, const HibLinkDraft *draft, GError **error)
{
    HibReport *report;
    HibAccount *account;
    GError *fault = NULL;
    if (!draft->report_id == !draft->n_days) {
        hib_error_set_at(error, HIB_ERROR_INVALID, "report.nothing_to_share", "/report_id",
                         "a report, or figures of some days");
        return false;
    }
    if (draft->report_id && !hib_report_get(db, draft->report_id, &report, &fault))
        hib_error_set_pointer(fault, "/report_id");
    else if (draft->account_id && !hib_accounts_get(db, draft->account_id, &account, &fault))
        hib_error_set_pointer(fault, "/account_id");
    else
        return true;
    g_propagate_error(error, fault);
    return false;
}

bool
hib_report_link_add(HibDb *db, const HibServices *services, const HibLinkDraft *draft,
                    HibSqlReportShareRow **ret, const char **ret_token, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    const char *id = draft->id ? draft->id : hib_db_new_id(db), *actor = NULL, *hash = NULL,
               *token = draft->token ? draft->token : hib_random_token(arena, TOKEN_BYTES);
    const char *by = hib_db_actor(db, &actor) == HIB_ACTOR_PERSON ? actor : NULL;
    HibInstant now = hib_db_now(db), expires_at = now + draft->valid_days * HIB_DAY;
    if (!refer(db, draft, error))
        return false;
    if (draft->password) { /* hashed before the transaction: it takes its time */
        if (!hib_team_password_strong(draft->password, "", "/password", error))
            return false;
        hash = hib_team_password_hash(services->team_cache, arena, draft->password, error);
        if (!hash)
            return false;
    }
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    *ret_token = token;
    return tx &&
           hib_sql_share_insert(db, id, hib_sha256_hex(arena, token, strlen(token)),
                                draft->report_id, draft->n_days, draft->account_id, draft->locale,
                                draft->name, hash, now, by, expires_at, error) &&
           hib_sql_share_get(db, id, ret, error) &&
           hib_event_emit(db, "report.changed", draft->report_id ? draft->report_id : id, NULL,
                          error) &&
           hib_audit(db, "report.share", "report_link", id, NULL,
                     described(db, draft->name, draft->report_id, expires_at), error) &&
           hib_tx_commit(tx, error);
}

bool
hib_report_link_revoke(HibDb *db, const char *link, GError **error)
{
    HibSqlReportShareRow *row;
    int64_t changed;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_sql_share_get(db, link, &row, error))
        return false;
    if (!row)
        return unknown(error);
    return hib_sql_share_revoke(db, link, hib_db_now(db), &changed, error) &&
           (!changed || (hib_event_emit(db, "report.changed",
                                        row->report_id ? row->report_id : link, NULL, error) &&
                         hib_audit(db, "report.unshare", "report_link", link,
                                   described(db, row->name, row->report_id, 0), NULL, error))) &&
           hib_tx_commit(tx, error);
}

bool
hib_report_link_open(HibDb *db, const char *token, const char *client, HibLinkOpen *ret,
                     GError **error)
{
    HibArena *arena = hib_db_arena(db);
    HibSqlReportShareFound *row;
    if (!hib_sql_share_find(db, hib_sha256_hex(arena, token, strlen(token)), &row, error))
        return false;
    if (!row) /* a right link is always served; a guess costs */
        return hib_team_throttle_guess(db, "report", client, error) && unknown(error);
    if (row->has_revoked_at || row->expires_at <= hib_db_now(db)) {
        hib_error_set(error, HIB_ERROR_GONE, "report.link_over", "expired or revoked");
        return false;
    }
    *ret = (HibLinkOpen){.workspace = row->workspace_id,
                         .link = row->id,
                         .report_id = row->report_id,
                         .account_id = row->account_id,
                         .locale = row->locale,
                         .name = row->name,
                         .password_hash = row->password_hash,
                         .n_days = (int)row->n_days,
                         .expires_at = row->expires_at};
    return true;
}

bool
hib_report_link_try(HibDb *db, const HibServices *services, const HibLinkOpen *link,
                    const char *password, const char *client, bool *ret_right, GError **error)
{
    const char *what = hib_arena_printf(hib_db_arena(db), "report %s", link->link);
    return hib_team_throttle_guess(db, what, client, error) &&
           hib_team_password_verify(services->team_cache, link->password_hash, password, ret_right,
                                    error) &&
           (!*ret_right || hib_team_throttle_forget(db, what, client, error));
}

const char *
hib_report_link_word(HibArena *arena, const HibServices *services, const HibLinkOpen *link)
{
    return hib_mac_hex(services->keys, arena, PURPOSE,
                       hib_arena_printf(arena, "%s %s", link->link, link->password_hash));
}

/* Everything but the sentences, which compare whole weeks and months. */
static HibReport *
figures_of(HibDb *db, const HibLinkOpen *link, const HibZone *zone)
{
    static const HibSectionKind shown[] = {HIB_SECTION_KPIS,     HIB_SECTION_TREND,
                                           HIB_SECTION_ACCOUNTS, HIB_SECTION_POSTS,
                                           HIB_SECTION_RHYTHM,   HIB_SECTION_BASIS};
    HibReport *report = hib_arena_new0(hib_db_arena(db), HibReport);
    int64_t until = hib_measure_day_shift(hib_measure_day(zone, hib_db_now(db)), -1);
    report->id = link->link;
    report->account_id = link->account_id;
    report->is_figures = true;
    report->content =
        (HibReportContent){.kind = HIB_REPORT_WEEKLY,
                           .name = link->name,
                           .client = "",
                           .from_day = (int)hib_measure_day_shift(until, 1 - link->n_days),
                           .until_day = (int)until,
                           .locale = link->locale,
                           .n_sections = G_N_ELEMENTS(shown)};
    for (size_t i = 0; i < G_N_ELEMENTS(shown); i++)
        report->content.sections[i] = (HibReportSection){shown[i], false, ""};
    return report;
}

bool
hib_report_link_report(HibDb *db, const HibLinkOpen *link, HibReport **ret, GError **error)
{
    if (link->report_id)
        return hib_report_get(db, link->report_id, ret, error);
    g_autoptr(HibZone) zone = hib_measure_zone(db, error);
    if (!zone)
        return false;
    *ret = figures_of(db, link, zone);
    return true;
}
