/* Instagram: pictures, carousels, reels and stories through containers; comments, direct messages and numbers of a professional account.
 *
 * Two logins, one connector: Instagram Login (service https://graph.instagram.com, the default) and Facebook Login
 * (https://graph.facebook.com: accounts linked to a page, with that page's token). */
#pragma once
#include "networks/network.h"

extern const HibNetwork hib_instagram;
