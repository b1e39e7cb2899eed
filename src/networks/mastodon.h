/* Mastodon and servers that speak its API: one app an instance, posts under a key of ours, limits of each instance's own.
 *
 * The one idea: a post is sent with an Idempotency-Key, written down before the call. A Mastodon server makes one post of it however
 * often it arrives within an hour; other software ignores the key, so there, and later, the account's posts are listed before
 * anything is sent a second time. */
#pragma once
#include "networks/network.h"

extern const HibNetwork hib_mastodon;
