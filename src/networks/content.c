/* Fetching what came with something said. The bytes go into the caller's file as they come: a video is never whole in memory, and what is larger than it
 * may be is given up as soon as that is known. Addresses of networks' stores end (Meta signs them for days), so a refusal there means that it is gone. */
#include "networks/content.h"
#include "base/error.h"
#include "networks/call.h"
#include <string.h>

#define TOTAL_MS 120000
#define REDIRECTS 3

bool
hib_net_fetch_with(const HibNetContext *net, const char *url, const char *const *headers,
                   bool is_foreign, HibNetContent *content, HibHttpReply *ret_reply,
                   HibNetResult *ret)
{
    g_autoptr(GError) error = NULL;
    const HibHttpRequest request = {.method = "GET",
                                    .url = url,
                                    .headers = headers,
                                    .total_ms = TOTAL_MS,
                                    .reply_cap = (size_t)content->most,
                                    .into = content->fd,
                                    .redirects = headers ? 0 : REDIRECTS,
                                    .is_foreign = is_foreign};
    if (!hib_http_do(net->http, net->arena, &request, ret_reply, &error)) {
        content->is_full = g_str_equal(hib_error_reason(error), "store.disk_full");
        *ret = hib_net_no_answer(net->arena, HIB_CALL_READ, error);
        return false;
    }
    content->is_over = ret_reply->is_over;
    return true;
}

static bool
is_of(const char *service, const char *url)
{
    size_t n = strlen(service);
    return n && g_str_has_prefix(url, service) && (url[n] == '/' || service[n - 1] == '/');
}

HibNetResult
hib_net_fetch(const HibNetContext *net, const char *service, const char *url, HibNetContent *ret)
{
    HibHttpReply reply;
    HibNetResult said;
    bool is_near = net->may_lead_private || (net->may_be_private && is_of(service, url));
    if (!g_str_has_prefix(url, "https://") && !(is_near && g_str_has_prefix(url, "http://")))
        return hib_net_say(HIB_NET_FATAL, "BadUrl", "that is no address to fetch from");
    if (!hib_net_fetch_with(net, url, NULL, !is_near, ret, &reply, &said))
        return said;
    HibInstant now = hib_clock_now(net->clock);
    bool is_ok = reply.status >= 200 && reply.status < 300;
    bool is_passing = reply.status >= 500 || reply.status == 408 || reply.status == 429;
    said = hib_net_say(is_ok        ? HIB_NET_OK
                       : is_passing ? HIB_NET_RETRY_AFTER
                                    : HIB_NET_FATAL,
                       "", "");
    said.http_status = reply.status;
    said.retry_at = is_passing ? hib_net_retry_after(&reply, now) : 0;
    ret->is_gone = reply.status == 403 || reply.status == 404 || reply.status == 410;
    return said;
}
