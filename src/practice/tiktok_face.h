/* The practice network's TikTok. */
#pragma once
#include "practice/face_oauth.h"
#include "practice/face_posts.h"

extern const HibPracticeNetwork hib_practice_tiktok;
