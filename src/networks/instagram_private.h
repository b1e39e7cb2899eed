/* Inside networks/ only: the parts of the Instagram connector that its files share. */
#pragma once
#include "networks/audience.h"
#include "networks/instagram.h"
#include "networks/meta.h"
#include "networks/rival.h"

/* "https://graph.instagram.com/v25.0", or where the account lives. */
const char *hib_instagram_host(const HibNetContext *net, const HibGrant *grant);
bool hib_instagram_is_by_facebook(const HibGrant *grant);
/* Whose edges messages hang on: the linked page, or the account itself. */
const char *hib_instagram_inbox(const HibNetContext *net, const HibGrant *grant);

/* instagram_login.c */
const char *hib_instagram_authorize_url(const HibNetContext *net, const char *service,
                                        const char *redirect_uri, const char *state,
                                        const char *verifier);
HibNetResult hib_instagram_exchange(const HibNetContext *net, const char *service,
                                    const char *redirect_uri, const char *code,
                                    const char *verifier, HibGrant **ret_grants, size_t *ret_n);
HibNetResult hib_instagram_refresh(const HibNetContext *net, const HibGrant *grant, HibGrant *ret);

/* instagram_read.c */
HibNetResult hib_instagram_read_posts(const HibNetContext *net, const HibGrant *grant,
                                      const char *const *remote_ids, size_t n, HibNetReading *ret);
HibNetResult hib_instagram_read_account(const HibNetContext *net, const HibGrant *grant,
                                        HibNetReading *ret);
HibNetResult hib_instagram_read_talk(const HibNetContext *net, const HibGrant *grant,
                                     const char *const *posts, const char *cursor, HibNetTalk **ret,
                                     size_t *ret_n, const char **ret_cursor);
HibNetResult hib_instagram_search_tag(const HibNetContext *net, const HibGrant *grant,
                                      const char *tag, const char *cursor, HibNetTalk **ret,
                                      size_t *ret_n, const char **ret_cursor);
HibNetResult hib_instagram_read_rival(const HibNetContext *net, const HibGrant *grant,
                                      const char *who, HibInstant from, HibNetRival *ret);
HibNetResult hib_instagram_read_audience(const HibNetContext *net, const HibGrant *grant,
                                         HibNetAudience *ret);
HibNetResult hib_instagram_read_quota(const HibNetContext *net, const HibGrant *grant,
                                      HibNetQuota ret[8], size_t *ret_n);
