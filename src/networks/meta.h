/* Inside networks/ only: what Instagram, Facebook Pages and Threads share, because all three are Meta's Graph: its errors, its tokens, its
 * containers, its numbers and its webhooks.
 *
 * The one idea: what is prepared (container, photo, video) has an id that is stored before the effect and can be asked afterwards,
 * so an unknown outcome is a question about that id, not a guess. */
#pragma once
#include "networks/audience.h"
#include "networks/call.h"

/* --- answers: meta_answer.c ------------------------------------------------------------------------------------------------- */
/* The class of a refusal. `code` 0: the answer names none; `subcode` 0: none. Pure. */
HibNetClass hib_meta_class(HibNetCallKind kind, int status, int64_t code, int64_t subcode,
                           bool is_transient);
/* HibNetRead of all three. result.code is "9007/2207027", "190", or what the upload server calls its error. */
void hib_meta_read(HibArena *arena, HibNetCallKind kind, const HibHttpReply *reply, HibJson json,
                   HibInstant now, HibNetResult *out);

/* --- calls: meta_call.c ------------------------------------------------------------------------------------------------------- */
/* "https://graph.instagram.com" for an account of the network itself, the practice network's address for one of those. */
const char *hib_meta_host(const char *service, const char *real_host);

typedef struct {
    HibNetCallKind kind;
    const char *method, *url;
    const char *form;  /* query of a GET or DELETE, body of a POST; NULL: none */
    const char *token; /* NULL: none (or in the form, where Meta wants it there) */
} HibMetaCall;
/* Sets the field `name` of a comment to true or false: is it hidden? */
HibNetResult hib_meta_hide(const HibNetContext *net, const char *url, const char *name,
                           bool is_hidden, const char *token);
/* *ret: the answer's object, also of a failure. A 2xx that holds no object is nonsense, but for REMOVE. */
HibNetResult hib_meta_call(const HibNetContext *net, const HibMetaCall *call, HibJson *ret);
/* The same, and the answer's text: ids above 2^53 that came as numbers are read from it. */
HibNetResult hib_meta_call_text(const HibNetContext *net, const HibMetaCall *call, HibJson *ret,
                                const char **ret_body);
/* Sends a medium from `offset` to its end to the upload server; `where` is the address it was given (only its path is used). */
HibNetResult hib_meta_upload(const HibNetContext *net, const HibGrant *grant, const char *where,
                             const HibNetMedia *media, int64_t offset);

/* Fields as they are needed: absent, null or of another type reads as the last argument (text: NULL). "a.b.0" walks
 * objects and, by one digit, lists. */
const char *hib_meta_text(HibJson in, const char *path);
int64_t hib_meta_int(HibJson in, const char *path,
                     int64_t otherwise);            /* numbers and digits in quotes */
HibJson hib_meta_get(HibJson in, const char *path); /* value NULL: absent; objects and arrays */
/* An id: text, or a number of any size (`body`: the answer's text). NULL: none that could stand in an address. */
const char *hib_meta_id(HibJson in, const char *key, const char *body);
bool hib_meta_is_id(const char *text); /* digits, letters, _ and -; at most 200 */
/* "2024-08-07T10:33:16+0000" or RFC 3339 or epoch seconds or milliseconds; 0: none. */
HibInstant hib_meta_time(HibJson in, const char *path);
/* A choice of HibNetPost.options as text ("true" for a flag); NULL: not set. */
const char *hib_meta_option(HibArena *arena, const HibNetPost *post, const char *name);

const char *hib_meta_or_empty(const char *text);

HibNetResult hib_meta_ok(void);
/* When to ask again for the n-th time (from 0): soon at first, then once a minute as the guides ask. */
HibInstant hib_meta_ask_again(const HibNetContext *net, int64_t n);
/* Counts the questions in the progress: n of this one. */
int64_t hib_meta_count_ask(cJSON *progress);
void hib_meta_put(cJSON *progress, const char *key,
                  const char *value); /* replaces; NULL takes it out */

/* --- tokens: meta_token.c ------------------------------------------------------------------------------------------------------ */
/* Where a person signs in with Facebook; `scope`: comma-separated. */
const char *hib_meta_facebook_url(const HibNetContext *net, const char *service, const char *scope,
                                  const char *redirect_uri, const char *state);
/* The code → a user token of 60 days. */
HibNetResult hib_meta_facebook_token(const HibNetContext *net, const char *service,
                                     const char *redirect_uri, const char *code,
                                     const char **ret_token);
/* The person's pages with their own tokens: a list of page objects (id, name, access_token, instagram_business_account …). */
HibNetResult hib_meta_pages(const HibNetContext *net, const char *service, const char *user_token,
                            HibJson ret[200], size_t *ret_n);
/* Instagram Login and Threads: the code → a short token → one of 60 days in *ret (access, access_expires_at). */
typedef struct {
    const char *code_url, *long_url, *renew_url; /* without query */
    const char *long_type, *renew_type;          /* "ig_exchange_token" "ig_refresh_token" */
} HibMetaTokens;
HibNetResult hib_meta_token(const HibNetContext *net, const HibMetaTokens *at,
                            const char *redirect_uri, const char *code, HibGrant *ret);
/* A fresh token of 60 days; *ret unset on anything but OK, and never with an empty token. */
HibNetResult hib_meta_renew(const HibNetContext *net, const HibMetaTokens *at,
                            const HibGrant *grant, HibGrant *ret);
/* Asks for webhooks of an account or page (`owner`: its address). A courtesy: its failure is nobody's. */
void hib_meta_subscribe(const HibNetContext *net, const char *owner, const char *token,
                        const char *fields);
/* A code as Meta appends it ("…#_"), cleaned. */
const char *hib_meta_code(HibArena *arena, const char *code);

/* --- containers: meta_container.c ------------------------------------------------------------------------------------------------ */
/* How a network names the parts of: create containers → ask until ready → publish → read the address. */
typedef struct {
    const char *create, *publish; /* "media" "media_publish" */
    const char *status, *why;     /* fields of a container: "status_code" "status" */
    const char *text;             /* field of a post: "caption" */
    /* Form of container number `part` of a carousel, or of the post's own (part -1) with the children's ids. */
    const char *(*form)(const HibNetContext *net, const HibGrant *grant, const HibNetPost *post,
                        int part, const char *children);
    /* With version: "https://graph.instagram.com/v25.0". */
    const char *(*host)(const HibNetContext *net, const HibGrant *grant);
    /* Where the account's newest posts of this kind are listed: "media" "stories" "replies". */
    const char *(*listed)(const HibNetPost *post);
} HibMetaContainers;
HibNetStep hib_meta_container_step(const HibNetSending *sending);
HibNetResult hib_meta_container_run(const HibMetaContainers *kind, const HibNetContext *net,
                                    const HibGrant *grant, HibNetSending *sending);
HibNetResult hib_meta_container_find(const HibMetaContainers *kind, const HibNetContext *net,
                                     const HibGrant *grant, HibNetSending *sending,
                                     bool *ret_found);
/* `find` marks that an attempt before has been looked for: only after that a "there is one like it" (506) may be our own post. Without the
 * mark it is another one, and a person must change the text. */
void hib_meta_mark_tried(const HibNetContext *net, HibNetSending *sending);
bool hib_meta_was_tried(const HibNetSending *sending);
HibNetResult hib_meta_twin(HibNetResult said, const HibNetSending *sending);

/* A video without an address is uploaded. */
bool hib_meta_is_uploaded(const HibNetMedia *media);
/* For `check`: names what is wrong and is false. */
bool hib_meta_refuse(const char **ret_reason, const char **ret_pointer, const char *reason,
                     const char *pointer);
/* "/media/3"; static. */
const char *hib_meta_media_place(size_t i);

/* --- what people say: meta_talk.c -------------------------------------------------------------------------------------------------- */
/* A list of talk being gathered from several sources. */
typedef struct {
    const HibNetContext *net;
    const HibGrant *grant;
    HibInstant since; /* older is left out */
    GArray *rows;     /* HibNetTalk */
} HibMetaTalk;
HibMetaTalk hib_meta_talk_begin(const HibNetContext *net, const HibGrant *grant,
                                const char *cursor);
void hib_meta_talk_add(HibMetaTalk *talk, const HibNetTalk *one);
/* Calls `url?form` and adds each row of its data with `take`. A source that is refused (no right, gone) is left out: OK. */
HibNetResult hib_meta_talk_source(HibMetaTalk *talk, const char *url, const char *form,
                                  void (*take)(HibMetaTalk *talk, HibJson row, const char *of),
                                  const char *of);
/* The same where a refusal is told: nobody else would say it. */
HibNetResult hib_meta_talk_search(HibMetaTalk *talk, const char *url, const char *form,
                                  void (*take)(HibMetaTalk *talk, HibJson row, const char *of));
/* Direct messages: one conversation of the list with its newest messages. */
void hib_meta_take_conversation(HibMetaTalk *talk, HibJson row, const char *self);
#define HIB_META_CONVERSATION                                                                      \
    "id,updated_time,participants,messages.limit(20){id,message,from,created_time,attachments}"
/* One thing that came with `one`, in the arena; without an address there is none. */
void hib_meta_attach(HibMetaTalk *talk, HibNetTalk *one, const HibNetAttachment *with);
/* The picture or video of a medium of Instagram or Threads: "media_type", "media_url", "thumbnail_url", "alt_text". */
void hib_meta_take_media(HibMetaTalk *talk, HibJson row, HibNetTalk *one);
/* Sorts, and says where the next reading goes on. Frees the list. */
void hib_meta_talk_end(HibMetaTalk *talk, HibNetTalk **ret, size_t *ret_n, const char **ret_cursor);

/* Who wrote: GET `url` with these fields; name, handle and picture into *ret. */
HibNetResult hib_meta_read_author(const HibNetContext *net, const HibGrant *grant, const char *url,
                                  const char *fields, HibNetTalk *ret);

/* Sends a direct message: POST `url`; `recipient` is a user's id, or "comment:ID" to answer a comment privately. */
HibNetResult hib_meta_send_message(const HibNetContext *net, const HibGrant *grant, const char *url,
                                   HibNetSending *sending);
/* Looks for it in the conversation with that user. */
HibNetResult hib_meta_find_message(const HibNetContext *net, const HibGrant *grant, const char *url,
                                   const char *platform, const char *self, HibNetSending *sending,
                                   bool *ret_found);
/* One of the rows of `url` that is what was sent: `text` and `time` are its fields. */
typedef struct {
    const char *text, *time, *url;                       /* fields; url NULL: none */
    int (*n_media)(HibJson row);                         /* NULL: not known */
    bool (*is_ours)(HibJson row, const HibGrant *grant); /* NULL: all are */
} HibMetaRows;
/* "since=…&until=…&limit=100": the hour in which it can have come out, so that nothing made later pushes it off a list. */
const char *hib_meta_then(const HibNetContext *net, const HibNetSending *sending);
HibNetResult hib_meta_find_in(const HibNetContext *net, const HibGrant *grant, const char *url,
                              const char *form, const HibMetaRows *rows, HibNetSending *sending,
                              bool *ret_found);
/* The same on rows that are here already; -1: none. */
int hib_meta_match(HibArena *arena, const HibMetaRows *rows, const HibGrant *grant, HibJson data,
                   HibNetSending *sending);

/* --- numbers: meta_number.c --------------------------------------------------------------------------------------------------------- */
typedef struct {
    const char *field, *metric; /* theirs, ours; the safest first. Ended by NULL */
} HibMetaMetric;
void hib_meta_take(HibJson in, const HibMetaMetric *fields, HibNetReading *ret);
/* Reads `metrics` from GET url (…/insights) with `form` besides. What the Graph does not know for this object is left out and the rest
 * asked again; numbers that are not there are no failure. */
HibNetResult hib_meta_insights(const HibNetContext *net, const HibGrant *grant, const char *url,
                               const char *form, const HibMetaMetric *metrics, HibNetReading *ret);
/* Followers by age, gender, country and city: GET `url` (…/insights) with `form` besides, one question a part. A part that is not told is left out; FATAL when every one was refused. */
HibNetResult hib_meta_audience(const HibNetContext *net, const HibGrant *grant, const char *url,
                               const char *form, int64_t total, HibNetAudience *ret);
/* Yesterday, whole, as "since=…&until=…". */
const char *hib_meta_last_day(const HibNetContext *net);
/* data[0] of a publishing limit: "quota_usage" and "config". */
void hib_meta_take_quota(HibJson row, const char *usage, const char *config, const char *name,
                         HibNetQuota ret[8], size_t *ret_n);

/* --- webhooks: meta_hook.c ------------------------------------------------------------------------------------------------------------- */
bool hib_meta_hook(HibArena *arena, const HibNetHookCall *call, HibNetHookAnswer *ret);
