/* Inside networks/ only: the parts of the Threads connector that its files share. */
#pragma once
#include "networks/audience.h"
#include "networks/threads.h"

/* "https://graph.threads.net/v1.0", or where the account lives. */
const char *hib_threads_host(const HibNetContext *net, const HibGrant *grant);

/* threads_read.c */
HibNetResult hib_threads_read_posts(const HibNetContext *net, const HibGrant *grant,
                                    const char *const *remote_ids, size_t n, HibNetReading *ret);
HibNetResult hib_threads_read_account(const HibNetContext *net, const HibGrant *grant,
                                      HibNetReading *ret);
HibNetResult hib_threads_read_talk(const HibNetContext *net, const HibGrant *grant,
                                   const char *const *posts, const char *cursor, HibNetTalk **ret,
                                   size_t *ret_n, const char **ret_cursor);
HibNetResult hib_threads_search_tag(const HibNetContext *net, const HibGrant *grant,
                                    const char *tag, const char *cursor, HibNetTalk **ret,
                                    size_t *ret_n, const char **ret_cursor);
HibNetResult hib_threads_read_audience(const HibNetContext *net, const HibGrant *grant,
                                       HibNetAudience *ret);
HibNetResult hib_threads_read_quota(const HibNetContext *net, const HibGrant *grant,
                                    HibNetQuota ret[8], size_t *ret_n);
