/* The practice networks there are: one row each, in the order people see them. */
#include "practice/face.h"
#include "practice/facebook_face.h"
#include "practice/instagram_face.h"
#include "practice/line_face.h"
#include "practice/mastodon_face.h"
#include "practice/threads_face.h"
#include "practice/tiktok_face.h"
#include "practice/x_face.h"
#include "practice/youtube_face.h"

#include <string.h>

const HibPracticeNetwork *const hib_practice_networks[] = {
    &hib_practice_instagram, &hib_practice_line,     &hib_practice_threads,
    &hib_practice_facebook,  &hib_practice_mastodon, &hib_practice_tiktok,
    &hib_practice_x,         &hib_practice_youtube,  NULL,
};

const HibPracticeNetwork *
hib_practice_network(const char *name)
{
    for (size_t i = 0; hib_practice_networks[i]; i++)
        if (!strcmp(hib_practice_networks[i]->name, name))
            return hib_practice_networks[i];
    return NULL;
}
