/* What a network takes, as data: built in from rules/networks/NAME.json (tools/netlimits.py), dated and with its source.
 *
 * Every number is the network's own: 0 (or NULL) says that the network sets no such limit. Ratios are width / height. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

/* What a post is on its network. Same order as the contract's PostFormat. */
typedef enum {
    HIB_FORMAT_POST, /* the network's plain form: text, pictures, one video; a carousel where several pictures are one */
    HIB_FORMAT_REEL,       /* short vertical video: Instagram, Facebook */
    HIB_FORMAT_STORY,      /* gone after 24 h: Instagram, Facebook */
    HIB_FORMAT_VIDEO,      /* a long video with a title: YouTube, Facebook */
    HIB_FORMAT_SHORT,      /* YouTube Short */
    HIB_FORMAT_BROADCAST,  /* LINE: to every friend */
    HIB_FORMAT_NARROWCAST, /* LINE: to an audience */
    HIB_FORMAT_MESSAGE,    /* to one person: LINE push, a direct message */
    HIB_FORMAT_N
} HibNetFormat;

/* The unit a text is counted in. Same order as the contract's TextUnit. */
typedef enum {
    HIB_UNIT_GRAPHEMES, /* what a reader calls characters (Bluesky) */
    HIB_UNIT_WEIGHTED,  /* X: CJK and emoji 2, links 23 */
    HIB_UNIT_CHARS,     /* code points (Instagram, Facebook, YouTube title) */
    HIB_UNIT_UTF16,     /* LINE, TikTok */
    HIB_UNIT_BYTES,     /* YouTube description */
    HIB_UNIT_THREADS,   /* characters, emoji as their UTF-8 bytes */
    HIB_UNIT_MASTODON,  /* characters, links 23, @user@host as @user */
} HibTextUnit;

typedef struct {
    const char *const *types; /* MIME, ended by NULL; NULL: none of this kind is taken */
    int64_t max_bytes;
    int min_width, max_width, min_height, max_height;
    double min_ratio, max_ratio;
    int64_t min_ms, max_ms; /* videos */
    double min_fps, max_fps;
    int64_t max_bitrate; /* bit/s, all streams */
} HibNetMediaSpec;

typedef struct {
    HibNetFormat format;
    int min_media, max_media, max_videos;
    bool can_mix; /* pictures and videos in one post */
    bool needs_title, needs_text;
    bool
        can_be_bare; /* neither text nor media: what is said may stand in the options (LINE's cards) */
    int max_text;    /* in the network's unit; 0: no text */
    HibNetMediaSpec image, gif, video;
    int safe_top, safe_bottom, safe_left,
        safe_right; /* px on 1080 x 1920 that the app covers; all 0: none */
} HibNetFormatLimits;

/* One quota of the network and what a call of ours takes from it. */
typedef struct {
    const char *name; /* "posts" "replies" "messages" "uploads" "units" */
    int64_t limit,
        window_s; /* limit 0: only the network knows (read at run time); window_s 0: calendar month */
    int post, reply,
        message; /* what one of ours takes; all 0: the name says it ("replies": one of each reply …) */
    bool is_per_recipient; /* and that for everybody it reaches (LINE) */
} HibNetQuotaRule;

/* Searching public posts by a hashtag. */
typedef enum { /* may what was found be answered from the account? The contract's order */
               HIB_SEARCH_ANSWERED,
               HIB_SEARCH_ANSWERED_IF_NAMED, /* only who mentions the account */
               HIB_SEARCH_UNANSWERED
} HibNetSearchAnswer;
typedef struct {
    int every_s;          /* at least between two searches of an account for one hashtag */
    int posts;            /* one search brings at most */
    int days;             /* it goes back; 0: not said */
    int tags, tags_s;     /* so many different hashtags in so long; 0: no such limit */
    int calls, calls_s;   /* so many searches in so long */
    int64_t price_micros; /* of one post read, in the limits' currency */
    bool has_author;
    HibNetSearchAnswer answer;
    const char *source, *as_of;
} HibNetSearchRule;

/* What the network tells of who follows an account. */
typedef struct {
    int least;          /* followers below which it tells nothing; 0: it does not say */
    bool is_of_viewers; /* of who watched, not of who follows */
    const char *source, *as_of;
} HibNetAudienceRule;

/* Telling who follows the account, and who reposted or liked a post. */
typedef struct {
    int batch, page; /* people asked about in one call; people one page of a list brings at most */
    int64_t price_micros; /* of one person read, in the limits' currency */
    bool is_local;        /* ids of people hold on the account's own server alone */
    const char *source, *as_of;
} HibNetPeopleRule;

/* Looking at accounts of others once a day: what one look reads, and what it takes. */
typedef struct {
    int posts;      /* at most */
    int fresh_days; /* later looks read only posts younger than that; 0: always as many */
    int64_t price_account_micros, price_post_micros; /* of what is read, in the limits' currency */
    const char *quota;                               /* as in HibNetQuotaRule; NULL: none */
    int takes;                                       /* of it, a look */
    int64_t rounded_from; /* followers from so many on are told rounded; 0: as they are */
    const char *source, *as_of;
} HibNetRivalRule;

typedef struct {
    const HibNetFormatLimits *formats; /* the first is the usual one */
    int n_formats;
    HibTextUnit unit;
    int max_text, max_bytes; /* of the usual format: units, and UTF-8 bytes beside them */
    int max_title, max_alt;  /* title in the unit, alternative text in graphemes */
    int max_hashtags, max_mentions, max_links;
    int max_thread;      /* posts in a thread, the first included; 1: no threads */
    int64_t settling_ms; /* after a cut call "not there" counts only from then on */
    int64_t
        handle_life_s; /* containers, upload sessions, retry keys: given up after this; 0: for good */
    int64_t edit_s;    /* how long a post can be edited; 0: not at all, -1: for good */
    const HibNetQuotaRule *quotas;
    int n_quotas;
    int64_t price_post_micros, price_link_micros, price_reply_micros, price_message_micros,
        price_alt_micros; /* of one post, of a post or reply with a URL …, of one
                                                   alternative text besides; in `currency` */
    const char *currency;
    const HibNetSearchRule *search;     /* NULL: public posts cannot be searched */
    const HibNetAudienceRule *audience; /* NULL: it tells nobody who follows an account */
    const HibNetPeopleRule *people;     /* NULL: who follows, reposts or likes is not told */
    const HibNetRivalRule *rival;       /* NULL: looking at others takes nothing */
    const char *
        options; /* the network's own choices for a post, JSON of rules/: [{"name":"privacy","kind":"choice|choices|text|flag|number|list|object","values":[…],
                             "default":…,"formats":[…],"max":…,"needed":true}]; for the page, and for checking HibNetPost.options */
    const char *default_service, *source, *as_of;
} HibNetLimits;

const HibNetFormatLimits *
hib_net_format(const HibNetLimits *limits,
               HibNetFormat format);                  /* NULL: the network has no such form */
const char *hib_net_format_name(HibNetFormat format); /* "reel", as in the contract and in rules/ */
const char *hib_net_unit_name(HibTextUnit unit);

/* How a text counts: what the composer shows beside the limit. Pure. */
typedef struct {
    int used, max; /* in the limits' unit, of the format */
    int bytes, max_bytes;
    bool is_over;
} HibNetCount;
HibNetCount hib_net_count_in(const HibNetLimits *limits, HibNetFormat format, const char *text);
int hib_net_units(HibTextUnit unit, const char *text);
