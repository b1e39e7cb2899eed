/* Inside practice/ only: what the files of the crowd share. */
#pragma once
#include "base/secrets.h"
#include "practice/crowd.h"

/* Exposure: one stream of views of a post, from the followers' feed of a community or from one reshare. Views are a Poisson process of
 * `mean` times the kernel, thinned by the rhythm; one candidate of each source waits in the heap. */
typedef enum { CROWD_FEED, CROWD_SLOW, CROWD_RESHARE, CROWD_STRANGERS } CrowdKernel;
typedef struct {
    HibInstant began_at;
    double mean; /* candidates in all, before thinning */
    double used; /* share of the kernel that has passed */
    CrowdKernel kernel;
    int community; /* of a feed */
    uint64_t root; /* of a reshare: the number of the post's own repost it goes back to */
} CrowdSource;

/* What a post needs while it lives; freed when it has died down. */
typedef struct {
    HibSeeded dice;
    double quality, sqrt_quality, content, fits[HIB_AUDIENCE_COMMUNITIES];
    double half_life_h, feed_views,
        expected_likes; /* feed_views: in the mean; expected: what so many views should have brought */
    GArray *sources;    /* CrowdSource */
    GArray *free;       /* places of sources that ended: guint32 */
    size_t n_waiting;
    int64_t n_roots;
    int n_reviews;
} CrowdLive;

typedef struct {
    uint64_t who, words; /* words: chooses the sentence */
    HibInstant at;
    HibSentiment sentiment;
} CrowdComment;

typedef struct {
    uint64_t key;
    HibInstant at;
    HibDuration length;
    int graphemes, n_images;
    char *topic; /* until it is out */
    HibAudienceNumbers n;
    GArray *comments;            /* CrowdComment; NULL: none */
    CrowdLive *live;             /* NULL: not out, or died down */
    bool is_leaving, is_removed; /* leaving: told to go, at an instant to come perhaps */
} CrowdPost;

typedef struct {
    HibInstant at;
    guint32 post, what; /* what: a source's place, or one of these */
} CrowdEvent;
#define CROWD_BIRTH (G_MAXUINT32 - 1)
#define CROWD_REVIEW (G_MAXUINT32 - 2) /* the ranking looks at how it does */
#define CROWD_REMOVE (G_MAXUINT32 - 5)
#define CROWD_NO_POST G_MAXUINT32
#define CROWD_JOIN 0u /* with CROWD_NO_POST */
#define CROWD_LEAVE 1u

/* After the communities' rhythms: everybody's, and how readily everybody passes on. The second swings less (TiDeH's amplitude), for who
 * reshares is awake already: reshares follow reshares, and the evening would feed on itself. */
#define CROWD_ALL HIB_AUDIENCE_COMMUNITIES
#define CROWD_SHARING (HIB_AUDIENCE_COMMUNITIES + 1)
#define CROWD_SHARING_SWING 0.424
#define CROWD_RHYTHMS (HIB_AUDIENCE_COMMUNITIES + 2)

struct HibCrowd {
    HibAudience audience;
    HibInstant now;
    GArray *heap;       /* CrowdEvent */
    GArray *posts;      /* CrowdPost, in the order they were told */
    GHashTable *by_key; /* key → place + 1 */
    HibSeeded dice;     /* of those who come and go by themselves */
    int64_t followers;
    size_t n_live;
    HibInstant last_births[8]; /* the newest posts: they share the attention */
    int n_births;
    float rhythm[CROWD_RHYTHMS][168];
    float rhythm_max[CROWD_RHYTHMS];
    double kernel_share; /* of the reshare's kernel within its horizon */
    void (*hear)(const HibCrowdEvent *event, void *data);
    void *hear_data;
};

/* crowd_heap.c */
void hib_crowd_push(HibCrowd *crowd, CrowdEvent event);
bool hib_crowd_pop(HibCrowd *crowd, HibInstant until, CrowdEvent *ret); /* false: none is due */

/* crowd_post.c */
#define CROWD_RESHARE_HORIZON (21 * HIB_DAY)
double hib_crowd_kernel_share(
    double age_s); /* of a reshare's exposure that has passed by an age, were there no horizon */
void hib_crowd_birth(HibCrowd *crowd, guint32 place);
void hib_crowd_review(HibCrowd *crowd, guint32 place);
void hib_crowd_view(HibCrowd *crowd, guint32 place, guint32 source, HibInstant at);
void hib_crowd_settle(HibCrowd *crowd, guint32 place); /* frees what died down */
void hib_crowd_live_free(CrowdLive *live);
static inline int
hib_crowd_hour(HibInstant at) /* of the week in Japan; after 1970 */
{
    return (int)((uint64_t)(at / HIB_HOUR + 9 + 72) % 168);
}
static inline void
hib_crowd_tell(const HibCrowd *crowd, HibCrowdKind kind, HibInstant at, uint64_t key, uint64_t n,
               uint64_t who)
{
    if (!crowd->hear)
        return;
    const HibCrowdEvent event = {.kind = kind, .at = at, .key = key, .n = n, .who = who};
    crowd->hear(&event, crowd->hear_data);
}

/* crowd_comment.c */
CrowdComment hib_crowd_comment_new(CrowdLive *live, HibInstant at);
void hib_crowd_comment_tell(const HibAudience *audience, const CrowdComment *comment,
                            HibArena *arena, HibComment *ret);
