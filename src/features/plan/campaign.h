/* What is planned before there is a post, and what holds posts together: campaigns, ideas, tasks. A part of plan.h, through which others reach it. */
#pragma once
#include "store/store.h"

/* A campaign: what holds posts together, with its goal, days, budget and one-page brief. A post belongs to one at most. */
typedef enum {
    HIB_CAMPAIGN_PLANNED,
    HIB_CAMPAIGN_RUNNING,
    HIB_CAMPAIGN_PAUSED,
    HIB_CAMPAIGN_DONE,
    HIB_CAMPAIGN_CANCELLED
} HibCampaignStatus; /* same order as the contract's enum */
typedef struct {
    const char *name;
    HibCampaignStatus status;
    const char *starts_on, *ends_on; /* YYYY-MM-DD in the workspace's zone; NULL: open */
    const char *goal_metric;         /* of the KPI dictionary; NULL: no goal */
    double goal_target;      /* by the metric's unit: a count, a rate 0..1, minor units … */
    const char *goal_due_on; /* NULL: none */
    const char *currency;    /* ISO 4217; NULL: no budget */
    int64_t budget_minor;
    const char *networks,
        *industries; /* names, a blank between them; NULL: none. Industries are the scopes of rules. */
    int relation; /* how those who post for it stand to what is praised: HibCheckRelation; 0: nobody said */
    const char *tags;  /* one a line; NULL: none */
    const char *brief; /* JSON: field → text; NULL: empty */
} HibCampaignContent;
typedef struct {
    const char *id;
    HibCampaignContent content;
    HibInstant created_at, updated_at;
    bool has_ended_at;
    HibInstant ended_at; /* done or cancelled since; its posts keep it */
    const char *created_by_name;
    int64_t version;
    /* Of its posts. */
    int64_t n_posts;
    const int64_t *n_in_state; /* by HibPostState */
    bool has_next_at, has_posts_at;
    HibInstant next_at, first_at,
        last_at; /* the next scheduled; the first and the last with a time */
} HibCampaign;
bool hib_plan_campaigns(HibDb *db, HibCampaign **ret_rows, size_t *ret_n,
                        GError **error); /* newest first, ended ones last */
bool hib_plan_campaign(HibDb *db, const char *campaign, HibCampaign **ret,
                       GError **error); /* NOT_FOUND campaign.unknown */
bool hib_plan_knows_campaign(HibDb *db, const char *campaign, bool *ret, GError **error);
/* INVALID campaign.no_name, campaign.bad_day, campaign.bad_range, campaign.bad_rate, accounts.network_unknown. */
bool hib_plan_add_campaign(HibDb *db, const HibCampaignContent *content, HibCampaign **ret,
                           GError **error);
/* CONFLICT campaign.edited when the stored version differs. */
bool hib_plan_change_campaign(HibDb *db, const char *campaign, int64_t version,
                              const HibCampaignContent *content, HibCampaign **ret, GError **error);

/* The set of campaigns with this tag; lives with the arena. */
bool hib_plan_campaigns_tagged(HibDb *db, const char *tag, GHashTable **ret, GError **error);
/* `campaign` NULL: none. NOT_FOUND post.unknown, campaign.unknown. Whatever is held by the campaign is publish/'s to look at. */
bool hib_plan_set_campaign(HibDb *db, const char *post, const char *campaign, GError **error);
/* The campaign a post belongs to; NULL: none. */
bool hib_plan_campaign_of(HibDb *db, const char *post, const char **ret, GError **error);

/* An idea: what might become a post. Errors of both: INVALID idea.no_title, task.no_title, campaign.bad_day; NOT_FOUND campaign.unknown, media.unknown,
 * post.unknown, team.member_unknown, each with its pointer. */
typedef enum {
    HIB_IDEA_NEW,
    HIB_IDEA_SHAPING,
    HIB_IDEA_READY,
    HIB_IDEA_DRAFTED,
    HIB_IDEA_DROPPED
} HibIdeaStatus; /* same order as the contract's enum: the columns of the board */
typedef struct {
    const char *title, *note;
    HibIdeaStatus status;
    const char *campaign_id, *owner_id, *due_on, *url, *media_id; /* NULL: none */
    const char *tags;                                             /* one a line; NULL: none */
} HibIdeaContent;
bool hib_plan_add_idea(HibDb *db, const HibIdeaContent *content, const char **ret_id,
                       GError **error);
/* A task of a person; `assignee_id` NULL: of anybody. */
typedef struct {
    const char *title, *note;
    const char *assignee_id, *due_on, *campaign_id, *post_id; /* NULL: none */
} HibTaskContent;
bool hib_plan_add_task(HibDb *db, const HibTaskContent *content, const char **ret_id,
                       GError **error);
