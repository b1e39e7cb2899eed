/* The practice network's Instagram: professional accounts that sign in with Instagram itself. */
#pragma once
#include "practice/face_oauth.h"
#include "practice/face_posts.h"

extern const HibPracticeNetwork hib_practice_instagram;
