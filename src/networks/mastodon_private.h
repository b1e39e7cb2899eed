/* Inside networks/ only: the parts of the Mastodon connector that its files share. */
#pragma once
#include "networks/call.h"
#include "networks/mastodon.h"
#include "networks/network_optional.h"
#include "networks/rival.h"

/* --- answers (mastodon_answer.c) ----------------------------------------------------------------------------------------- */
/* The class of an answer; `words`: what the server said is wrong, "" when nothing. Pure. */
HibNetClass hib_mastodon_class(HibNetCallKind kind, int status, const char *words);
void hib_mastodon_answer(HibArena *arena, HibNetCallKind kind, const HibHttpReply *reply,
                         HibJson json, HibInstant now, HibNetResult *out);

typedef struct {
    HibNetCallKind kind;
    const char *method, *path; /* "/api/v1/statuses?limit=40", escaped */
    const char *token;         /* NULL: none */
    const char *form;          /* a=b&c=d; NULL: none */
    cJSON *json;               /* a JSON body instead, freed by the call; NULL: none */
    const char *key;           /* Idempotency-Key; NULL: none */
    const HibNetMultipart *parts;
    bool is_list; /* the answer is an array */
    const char **
        next; /* *next: the max_id of the next page as the Link header has it, NULL none; NULL: not asked */
} MastodonRequest;
/* One call; a 2xx whose body is not the object (or array) it should be is hib_net_nonsense. *ret_in is what came, also with a failure. */
HibNetResult hib_mastodon_call(const HibNetContext *net, const char *service,
                               const MastodonRequest *request, HibJson *ret_in);

/* --- instances (mastodon_instance.c): what a server is, kept in HibGrant.extra ------------------------------------------- */
/* Asks the server for its software and limits; what it does not say is left out. *ret_domain: what stands behind the @ of its people. */
const char *hib_mastodon_ask_instance(const HibNetContext *net, const char *service,
                                      const char **ret_domain);
/* It keeps Mastodon's code: an Idempotency-Key holds for an hour, links count 23. */
bool hib_mastodon_is_genuine(const char *extra);
/* Several posts can be read in one call. */
bool hib_mastodon_has_batch(const char *extra);
const HibNetLimits *hib_mastodon_limits_of(HibArena *arena, const char *extra);

/* --- signing in (mastodon_session.c) --------------------------------------------------------------------------------------- */
HibNetResult hib_mastodon_register_app(const HibNetContext *net, const char *service,
                                       const char *redirect_uri, HibNetApp *ret);
const char *hib_mastodon_authorize_url(const HibNetContext *net, const char *service,
                                       const char *redirect_uri, const char *state,
                                       const char *verifier);
HibNetResult hib_mastodon_exchange(const HibNetContext *net, const char *service,
                                   const char *redirect_uri, const char *code, const char *verifier,
                                   HibGrant **ret_grants, size_t *ret_n);
HibNetResult hib_mastodon_refresh(const HibNetContext *net, const HibGrant *grant, HibGrant *ret);

/* --- statuses (mastodon_status.c) --------------------------------------------------------------------------------------------- */
/* The text of a status' HTML: tags gone, breaks as lines, entities as what they stand for. */
const char *hib_mastodon_plain(HibArena *arena, const char *html);
/* What is sent: the post's text, behind "@name " where it goes to somebody the text does not name (nobody hears of it otherwise). */
const char *hib_mastodon_text(HibArena *arena, const HibNetPost *post, const char *addressee);
/* Whom progress (or the recipient of a message) says the post goes to; NULL: nobody. */
const char *hib_mastodon_addressee(HibArena *arena, const HibNetSending *sending);
/* id and address of a status of this account. False: it is none. */
bool hib_mastodon_published(const HibNetContext *net, const HibGrant *grant, HibJson status,
                            HibNetPublished *ret);
HibNetResult hib_mastodon_find(const HibNetContext *net, const HibGrant *grant,
                               HibNetSending *sending, bool *ret_found);
/* "user@host" of an account as the server names it ("user" when it is one of its own). */
const char *hib_mastodon_full_name(HibArena *arena, const HibGrant *grant, const char *acct);
HibNetResult hib_mastodon_edit(const HibNetContext *net, const HibGrant *grant,
                               const char *remote_id, const HibNetPost *post, HibNetPublished *ret);
/* Adds spoiler_text, sensitive and language as the post says. */
void hib_mastodon_add_choices(HibArena *arena, const HibNetPost *post, cJSON *body);
const char *hib_mastodon_option(HibArena *arena, const HibNetPost *post,
                                const char *name); /* text; "" when not said */

/* --- reading (mastodon_read.c, mastodon_talk.c) -------------------------------------------------------------------------------- */
/* What a server says of an account by refusing to look it up: one that is not the own server shows some only to who is signed in there. FOUND: nothing of the account. Pure. */
HibNetRivalState hib_mastodon_rival_state(int status, bool is_own_server);
HibNetResult hib_mastodon_read_rival(const HibNetContext *net, const HibGrant *grant,
                                     const char *who, HibInstant from, HibNetRival *ret);
HibNetResult hib_mastodon_read_posts(const HibNetContext *net, const HibGrant *grant,
                                     const char *const *remote_ids, size_t n, HibNetReading *ret);
HibNetResult hib_mastodon_read_account(const HibNetContext *net, const HibGrant *grant,
                                       HibNetReading *ret);
HibNetResult hib_mastodon_read_talk(const HibNetContext *net, const HibGrant *grant,
                                    const char *const *posts, const char *cursor, HibNetTalk **ret,
                                    size_t *ret_n, const char **ret_cursor);
HibNetResult hib_mastodon_search_tag(const HibNetContext *net, const HibGrant *grant,
                                     const char *tag, const char *cursor, HibNetTalk **ret,
                                     size_t *ret_n, const char **ret_cursor);
/* mastodon_people.c */
HibNetResult hib_mastodon_follows(const HibNetContext *net, const HibGrant *grant,
                                  const char *const *people, size_t n, HibNetDone *ret);
HibNetResult hib_mastodon_list_people(const HibNetContext *net, const HibGrant *grant,
                                      HibNetDeed deed, const char *post, const char *cursor,
                                      const char ***ret, size_t *ret_n, const char **ret_cursor);
