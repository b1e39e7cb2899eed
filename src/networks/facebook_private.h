/* Inside networks/ only: the parts of the Facebook connector that its files share. */
#pragma once
#include "networks/facebook.h"
#include "networks/meta.h"

/* "https://graph.facebook.com/v25.0", or where the page lives. */
const char *hib_facebook_host(const HibNetContext *net, const HibGrant *grant);
/* …/PAGE/edge */
const char *hib_facebook_edge(const HibNetContext *net, const HibGrant *grant, const char *edge);

/* facebook_publish.c */
HibNetStep hib_facebook_next_step(const HibNetSending *sending);
HibNetResult hib_facebook_run_step(const HibNetContext *net, const HibGrant *grant,
                                   HibNetSending *sending);
/* facebook_find.c */
HibNetResult hib_facebook_find(const HibNetContext *net, const HibGrant *grant,
                               HibNetSending *sending, bool *ret_found);
/* What a video is doing: OK when it is out (sending->published is set), WAIT_ASYNC, or what went wrong. *ret_is_accepted: Facebook has
 * begun to publish it. */
HibNetResult hib_facebook_ask_video(const HibNetContext *net, const HibGrant *grant,
                                    const char *video, HibNetSending *sending,
                                    bool *ret_is_accepted);
/* A video of its own kind: reel, story, or one with a title. */
bool hib_facebook_is_video(const HibNetPost *post);
/* facebook_read.c */
HibNetResult hib_facebook_read_posts(const HibNetContext *net, const HibGrant *grant,
                                     const char *const *remote_ids, size_t n, HibNetReading *ret);
HibNetResult hib_facebook_read_account(const HibNetContext *net, const HibGrant *grant,
                                       HibNetReading *ret);
HibNetResult hib_facebook_read_talk(const HibNetContext *net, const HibGrant *grant,
                                    const char *const *posts, const char *cursor, HibNetTalk **ret,
                                    size_t *ret_n, const char **ret_cursor);
