/* See price.h. */
#include "networks/price.h"
#include "text/weighted.h"

#include <string.h>

typedef enum { POST, REPLY, MESSAGE } Kind;

static Kind
kind_of(const HibNetPost *post)
{
    bool is_message = post->format == HIB_FORMAT_MESSAGE || post->format == HIB_FORMAT_BROADCAST ||
                      post->format == HIB_FORMAT_NARROWCAST;
    if (is_message)
        return MESSAGE;
    return post->reply_to ? REPLY : POST;
}

static int
taken_from(const HibNetQuotaRule *rule, Kind kind)
{
    static const char *const names[] = {
        [POST] = "posts", [REPLY] = "replies", [MESSAGE] = "messages"};
    if (rule->post || rule->reply || rule->message)
        return kind == POST ? rule->post : kind == REPLY ? rule->reply : rule->message;
    return g_str_equal(rule->name, names[kind]) ||
           (kind == POST && g_str_equal(rule->name, "uploads"));
}

HibNetPrice
hib_net_price(const HibNetwork *network, const HibNetPost *post)
{
    const HibNetLimits *limits = network->limits();
    const Kind kind = kind_of(post);
    HibNetPrice out = {.micros = kind == POST    ? limits->price_post_micros
                                 : kind == REPLY ? limits->price_reply_micros
                                                 : limits->price_message_micros,
                       .currency = limits->currency};
    if (limits->price_link_micros && kind != MESSAGE && hib_text_weighted(post->text).n_links) {
        out.has_link = true;
        out.micros = limits->price_link_micros;
    }
    for (size_t i = 0; i < post->n_media; i++)
        out.micros += post->media[i].alt && *post->media[i].alt ? limits->price_alt_micros : 0;
    /* The tightest window counts: what it takes is the same in each. */
    for (int i = 0; i < limits->n_quotas && !out.quota; i++) {
        const HibNetQuotaRule *rule = &limits->quotas[i];
        out.takes = taken_from(rule, kind);
        out.quota = out.takes ? rule->name : NULL;
        bool is_free = post->reply_token && *post->reply_token;
        bool is_to_many = rule->is_per_recipient && post->format != HIB_FORMAT_MESSAGE;
        if (out.quota && (is_free || is_to_many))
            out.takes = is_free ? 0 : -1;
    }
    return out;
}
