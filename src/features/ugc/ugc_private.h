/* Inside ugc/ only. */
#pragma once
#include "check/check.h"
#include "http/services.h"
#include "ugc/contest.sql.h"
#include "ugc/item.sql.h"
#include "ugc/ugc.h"

#define HIB_JOB_UGC_HEARD "ugc.heard"   /* an event of engage/ */
#define HIB_JOB_UGC_GATHER "ugc.gather" /* looks through what was said since */
#define HIB_JOB_UGC_FETCH "ugc.fetch"   /* subject: item; its picture into the library */
#define HIB_JOB_UGC_EXPIRE "ugc.expire" /* subject: item */
#define HIB_JOB_UGC_TELL "ugc.tell"     /* subject: contest */
#define HIB_JOB_UGC_SEARCH "ugc.search" /* asks the networks for the hashtags that are due */
#define HIB_JOB_UGC_LAPSE "ugc.lapse"   /* subject: contest; who did not answer makes room */
typedef bool HibUgcJob(HibDb *db, const HibJob *job, void *context, HibJobEnd *ret_end,
                       HibInstant *ret_at, GError **error);
HibUgcJob hib_ugc_heard_run, hib_ugc_gather_run, hib_ugc_fetch_run, hib_ugc_expire_run,
    hib_ugc_tell_run, hib_ugc_lapse_run, hib_ugc_search_run;

/* --- posts of customers (item.c, request.c, decide.c) ------------------------------------------------------------------------ */
typedef enum { /* the contract's order */
               HIB_UGC_FOUND,
               HIB_UGC_ASKED,
               HIB_UGC_GRANTED,
               HIB_UGC_REFUSED,
               HIB_UGC_EXPIRED,
               HIB_UGC_WITHDRAWN
} HibUgcState;
typedef enum { /* the contract's order */
               HIB_UGC_STEP_FOUND,
               HIB_UGC_STEP_ASKED,
               HIB_UGC_STEP_ANSWERED,
               HIB_UGC_STEP_GRANTED,
               HIB_UGC_STEP_REFUSED,
               HIB_UGC_STEP_EXPIRED,
               HIB_UGC_STEP_WITHDRAWN,
               HIB_UGC_STEP_TAKEN,
               HIB_UGC_STEP_LOST /* its picture could not be fetched: "gone" "too_large" "no_picture" */
} HibUgcStepKind;
typedef enum { HIB_UGC_UNCLEAR, HIB_UGC_YES, HIB_UGC_NO } HibUgcReading; /* the contract's order */
typedef HibSqlUgcItemRow HibUgcItem;
typedef HibSqlUgcTalk HibUgcTalk;

bool hib_ugc_item(HibDb *db, const char *item, HibUgcItem **ret,
                  GError **error); /* NOT_FOUND ugc.unknown */
/* Newest found first. INVALID ugc.bad_cursor. */
bool hib_ugc_items(HibDb *db, const int64_t *state, const char *cursor, int64_t most,
                   HibUgcItem **ret, size_t *ret_n, const char **ret_next, GError **error);
/* Pictures that came with it: their addresses. */
const char **hib_ugc_pictures(HibArena *arena, const char *attachments, size_t *ret_n);
bool hib_ugc_waiting(HibDb *db, int64_t *ret, GError **error); /* answers for a person to confirm */
bool hib_ugc_history(HibDb *db, const char *item, HibSqlUgcSteps **ret, size_t *ret_n,
                     GError **error);
bool hib_ugc_used(HibDb *db, const char *media, HibSqlUgcUses **ret, size_t *ret_n, GError **error);
/* Hashtags as they are written, a line each, no two that are compared as one; other words without what breaks a line. */
const char *hib_ugc_tags(HibArena *arena, const char *const *tags, size_t n);
const char *hib_ugc_lines(HibArena *arena, const char *const *words, size_t n);
/* Of something that was said; *ret_id NULL: it is there already. In the caller's transaction. */
bool hib_ugc_take_talk(HibDb *db, const HibUgcTalk *talk, const char **ret_id, GError **error);
typedef struct {
    const char *talk;                                               /* or the rest */
    const char *network, *url, *text, *author_handle, *author_name; /* NULL: not said */
} HibUgcDraft;
/* CONFLICT ugc.twice; INVALID ugc.no_link, ugc.network_unknown; NOT_FOUND engage.unknown. */
bool hib_ugc_add(HibDb *db, const HibUgcDraft *draft, HibUgcItem **ret, GError **error);
bool hib_ugc_step(HibDb *db, const char *item, HibUgcStepKind kind, const char *text,
                  const char *ref, GError **error);

typedef struct {
    const char *tags, *wording, *yes_words, *no_words; /* lines; wording "": the usual one */
    const char *networks; /* where the hashtags are searched for, a blank between */
    int64_t most_a_day;   /* posts read a day, where reading is paid for */
    bool mentions;
    const char *talk_id; /* how far talk was looked through */
    int64_t version;     /* 0: nothing was chosen yet */
} HibUgcSetting;
bool hib_ugc_setting(HibDb *db, HibUgcSetting *ret, GError **error);
/* CONFLICT ugc.edited. */
bool hib_ugc_set_setting(HibDb *db, const HibUgcSetting *setting, GError **error);

typedef struct {
    const char *purpose, *places, *until_day; /* until_day NULL: no end */
    const char *text;                         /* NULL: of the wording */
    bool again;
} HibUgcAsk;
/* Words with {name} {purpose} …: `values` are pairs, ended by NULL. */
const char *hib_ugc_fill(HibArena *arena, const char *wording, const char *const *values);
/* What would be sent. INVALID ugc.bad_day. */
bool hib_ugc_request(HibDb *db, const HibUgcItem *item, const HibUgcAsk *ask, const char **ret,
                     GError **error);
/* Asks, once. CONFLICT ugc.asked, ugc.cannot_ask, ugc.decided, ugc.needs_approval; the errors of hib_engage_reply. */
bool hib_ugc_ask(HibDb *db, const char *item, const HibUgcAsk *ask, GError **error);
/* What an answer seems to say. Pure. */
HibUgcReading hib_ugc_read_answer(HibArena *arena, const char *text, const char *yes_words,
                                  const char *no_words);
/* Looks for answers and shows them; a person confirms. */
bool hib_ugc_answers(HibDb *db, GError **error);

typedef struct {
    HibUgcState state;                            /* GRANTED, REFUSED, WITHDRAWN */
    const char *note, *media, *until_day, *proof; /* NULL: not said */
    int64_t version;
} HibUgcDecision;
/* CONFLICT ugc.edited, ugc.decided, ugc.not_granted; INVALID ugc.bad_day, ugc.no_proof; NOT_FOUND media.unknown; GONE media.deleted. */
bool hib_ugc_decide(HibDb *db, const char *item, const HibUgcDecision *decision, GError **error);

/* --- campaigns people take part in (contest.c, gather.c, draw.c, winner.c) ------------------------------------------------------ */
typedef enum {
    HIB_CONTEST_DRAFT,
    HIB_CONTEST_OPEN,
    HIB_CONTEST_CLOSED,
    HIB_CONTEST_DRAWN,
    HIB_CONTEST_CHECKING /* entries are closed, the networks are asked about its conditions */
} HibContestState;
typedef enum { HIB_WAY_HASHTAG, HIB_WAY_MENTION, HIB_WAY_COMMENT, HIB_WAY_MESSAGE } HibContestWay;
typedef enum { /* the contract's order */
               HIB_ENTRY_ELIGIBLE,
               HIB_ENTRY_EARLY,
               HIB_ENTRY_LATE,
               HIB_ENTRY_DUPLICATE,
               HIB_ENTRY_BLOCKED,
               HIB_ENTRY_STAFF,
               HIB_ENTRY_OWN,
               HIB_ENTRY_GONE,
               HIB_ENTRY_UNKNOWN, /* the network does not say who it is: nobody could be told */
               HIB_ENTRY_NOT_FOLLOWING, /* these three in the order of HibNetDeed */
               HIB_ENTRY_NOT_REPOSTED,
               HIB_ENTRY_NOT_LIKED,
               HIB_ENTRY_UNCHECKED /* a condition could not be checked */
} HibEntryReason;
typedef enum { /* the contract's order */
               HIB_WINNER_DRAWN,
               HIB_WINNER_TOLD,
               HIB_WINNER_ACCEPTED,
               HIB_WINNER_LAPSED,
               HIB_WINNER_SUBSTITUTE,
               HIB_WINNER_FAILED
} HibWinnerState;
typedef HibSqlContestRow HibContest;
typedef HibSqlPrizeList HibPrize;
typedef HibSqlEntryRow HibEntry;
typedef HibSqlDrawRow HibDraw;
typedef HibSqlWinnerList HibWinner;

bool hib_contest(HibDb *db, const char *contest, HibContest **ret,
                 GError **error); /* NOT_FOUND ugc.campaign_unknown */
bool hib_contest_prizes(HibDb *db, const char *contest, HibPrize **ret, size_t *ret_n,
                        GError **error);
bool hib_contests(HibDb *db, HibContest **ret, size_t *ret_n, GError **error);
typedef struct {
    int64_t n, n_eligible, n_unmet, n_unchecked, n_told;
} HibContestCounts;
bool hib_contest_counts(HibDb *db, const char *contest, HibContestCounts *ret, GError **error);
bool hib_contest_entries(HibDb *db, const char *contest, HibInstant after, const char *after_id,
                         const int64_t *reason, int64_t most, HibEntry **ret, size_t *ret_n,
                         GError **error);
/* INVALID ugc.bad_span, ugc.no_prize, ugc.no_tag; NOT_FOUND campaign.unknown, post.unknown. `in`: id, state … are not looked at. */
bool hib_contest_add(HibDb *db, const HibContest *in, const HibPrize *prizes, size_t n,
                     const char **ret_id, GError **error);
/* CONFLICT ugc.edited, ugc.frozen: an open one changes nothing people took part for. */
bool hib_contest_change(HibDb *db, const char *contest, int64_t version, const HibContest *in,
                        const HibPrize *prizes, size_t n, GError **error);
typedef struct {
    HibPremiumCap cap;
    int64_t dearest_yen, sum_yen;
    bool is_over;
} HibContestCap;
HibContestCap hib_contest_cap(const HibContest *contest, const HibPrize *prizes, size_t n);
typedef HibSqlTick HibTick;
bool hib_contest_ticks(HibDb *db, const char *contest, HibTick **ret, size_t *ret_n,
                       GError **error);
/* Rules of these networks ('': all) that are not among the lines of `checked`. Pure. */
const char **hib_promotion_open(HibArena *arena, const char *networks, const char *checked,
                                size_t *ret_n);
/* Writes down who answered what when; INVALID ugc.rule_unknown. In the caller's transaction. */
bool hib_promotion_tick(HibDb *db, const char *contest, const char *checked, GError **error);
bool hib_promotion_answered(HibDb *db, const HibContest *contest,
                            GError **error); /* INVALID ugc.rules_open */
/* CONFLICT ugc.not_draft; INVALID ugc.rules_open, ugc.over_cap with what it is and what it may be. */
bool hib_contest_open(HibDb *db, const char *contest, GError **error);
/* Takes in what was said since and judges whoever entered, page by page, never inside a HibTx; the last few within the caller's. Nothing where it is not open. */
bool hib_contest_gather(HibDb *db, const char *contest, GError **error);
bool hib_contest_gather_last(HibDb *db, const char *contest, GError **error);
/* All its entries anew, page by page, never inside a HibTx; or those of whoever is in `people`, into which entered puts them. */
bool hib_contest_judge(HibDb *db, const HibContest *contest, GError **error);
void hib_contest_entered(HibArena *arena, GHashTable *people, const char *network,
                         const char *author);
bool hib_contest_judge_people(HibDb *db, const HibContest *contest, GHashTable *people,
                              GError **error);
/* Where looking through talk goes on: ten seconds before, since what is stored at the same time is not seen in order. */
const char *hib_ugc_before(HibArena *arena, const char *talk_id);
const char *hib_ugc_talk_at(HibArena *arena, HibInstant at); /* an id as old as that */
bool hib_ugc_has_tag(HibArena *arena, const char *text, const char *tags); /* one of the lines */

/* Who takes part, as it is judged. Sorted by time, then id. */
typedef struct {
    const char *id, *network, *author, *handle;
    const char *person; /* who contacts/ says it is; NULL: not known */
    HibInstant at;
    bool is_own, is_gone;
    HibEntryReason unmet;  /* the condition that is not fulfilled; ELIGIBLE: none */
    HibEntryReason reason; /* out */
} HibJudged;
/* Pure. The first that counts of each person is eligible. `staff` and `blocked`: a line each, "@handle" or "network:handle". `seen`: who had one that counts before these. */
void hib_ugc_judge(HibArena *arena, HibJudged *entries, size_t n, HibInstant opens_at,
                   HibInstant closes_at, const char *staff, const char *blocked, GHashTable *seen);
GHashTable *hib_ugc_seen(void); /* nobody yet */

/* --- the lottery (lottery.c): pure, described in docs/lottery.md ---------------------------------------------------------------- */
typedef struct {
    const char *id, *score;
} HibDrawn;
/* `ids` in ascending order. */
const char *hib_lottery_entries_hash(HibArena *arena, const char *const *ids, size_t n);
const char *hib_lottery_score(HibArena *arena, const char *seed, const char *outside,
                              const char *entries_hash, const char *id);
/* All in the order they are drawn. */
HibDrawn *hib_lottery(HibArena *arena, const char *seed, const char *outside,
                      const char *entries_hash, const char *const *ids, size_t n);

/* CONFLICT ugc.not_open. */
bool hib_contest_close(HibDb *db, HibKeys *keys, const char *contest, GError **error);
/* The winners of the last draw, drawn now or before. CONFLICT ugc.not_closed, ugc.no_entries; ugc.edited: its entries are no longer those that were sealed. */
bool hib_contest_draw(HibDb *db, HibKeys *keys, const char *contest, const char *outside,
                      GError **error);
/* CONFLICT ugc.not_drawn, ugc.told. */
bool hib_contest_redraw(HibDb *db, HibKeys *keys, const char *contest, const char *reason,
                        GError **error);
bool hib_contest_draws(HibDb *db, const char *contest, HibDraw **ret, size_t *ret_n,
                       GError **error);
/* Of the last draw that was drawn; none before. */
bool hib_contest_winners(HibDb *db, const char *contest, HibWinner **ret, size_t *ret_n,
                         int64_t *ret_draw, GError **error);
bool hib_contest_tell(HibDb *db, const char *contest, GError **error); /* CONFLICT ugc.not_drawn */
/* NOT_FOUND ugc.winner_unknown; CONFLICT ugc.not_waiting. */
bool hib_contest_answer(HibDb *db, const char *contest, int64_t rank, bool is_accepted,
                        GError **error);
/* CONFLICT ugc.not_drawn. */
bool hib_contest_protocol(HibDb *db, const char *contest, bool is_json, GBytes **ret,
                          GError **error);

/* forget.c: HibForget */
bool hib_ugc_forget(HibDb *db, const HibForgotten *who, int64_t *ret_n, int64_t *ret_left,
                    GError **error);
