/* Who of the audience follows an account, and who reposted or liked a post, by name: whoever takes part in giveaways or said something.
 *
 * What somebody did follows from the names alone (SHA-256 of "deed\nof\nid", its first byte), so nothing is kept, a list of a post and a question about one
 * person agree, and a test knows the truth. Of the many whom the audience only counts nobody is named. */
#pragma once
#include "base/arena.h"
#include "practice/crowd.h"
#include <stdbool.h>
#include <stddef.h>

/* `deed`: "follow" (three in four do), "repost" (three in four), "like" (one in two); `of`: the account's or the post's id; `id`: the person's. */
bool hib_fan_did(HibArena *arena, const char *deed, const char *of, const char *id);

typedef struct {
    const char *id, *handle, *name;
} HibFan;
typedef struct {
    const char *deed, *of;
    const char *(*id_of)(HibArena *arena, const char *handle);
    const HibComment *said; /* whose authors are known besides those who take part in giveaways */
    size_t n_said;
} HibFans;
/* Those who did it, from number `from` on, at most `most`; *ret_next: where the next page begins, 0: none. In the arena. */
size_t hib_fans(HibArena *arena, const HibFans *fans, size_t from, size_t most, HibFan **ret,
                size_t *ret_next);
