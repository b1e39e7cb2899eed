/* The client's page, inside plan/: what review_page.c opens and review_post.c draws. */
#pragma once
#include "http/html.h"
#include "plan/comment.h"
#include "team/team.h"

typedef struct {
    HibCall *call;
    HibArena *arena;
    const char *locale, *token;
    HibReview review;
    HibDb *db; /* scoped to the workspace of the link; the caller's */
    HibWorkspace *workspace;
    const char *const *posts; /* what the link shows */
    size_t n_posts;
    HibPost *post; /* the one at hand; NULL: all of them are listed */
    HibApproval approval;
} HibReviewPage;

/* What a person wrote into the form, to show it again when something was wrong. */
typedef struct {
    const char *name, *text, *error, *done;
} HibReviewForm;

const char *hib_review_say(const HibReviewPage *page,
                           const char *key); /* of the messages review.… */
/* Of an area and how the post stands: "review.state.", "asked". */
const char *hib_review_say_of(const HibReviewPage *page, const char *area, const char *key);
const char *hib_review_stamp(const HibReviewPage *page, HibInstant at);
HibVoter hib_review_voter(const HibReviewPage *page, const char *name);
bool hib_review_may_vote(const HibReviewPage *page);
/* How the post at hand stands, for review.state.… and review.tag.… */
const char *hib_review_state(const HibReviewPage *page);
/* The post at hand with its form. */
bool hib_review_write(HibHtml *html, const HibReviewPage *page, const HibReviewForm *form,
                      GError **error);
