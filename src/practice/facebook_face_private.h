/* Inside practice/ only: what the files of Facebook's face share. Posts are of kind "post" "draft" "video" "reel" "story" "comment"
 * "message"; their extra is {"link","photos":[ids],"video":id}. */
#pragma once
#include "practice/facebook_face.h"
#include "practice/meta_face_private.h"

#define FACEBOOK_PAGE "page_token" /* stands among the scopes of a page's token */
#define FACEBOOK_POSTS "pages_manage_posts"
#define FACEBOOK_REELS_A_DAY 30

const char *hib_facebook_face_post_id(HibPracticeCall *call, const HibPracticeAccount *account);
/* The post or comment of this id; a video's id stands for the post it is in. */
bool hib_facebook_face_row(HibPracticeCall *call, const HibPracticeAccount *account, const char *id,
                           MetaRow *ret);
bool hib_facebook_face_is_comment(const MetaRow *row);

/* facebook_face_publish.c */
void hib_facebook_face_create(HibPracticeCall *call);
void hib_facebook_face_add_photo(HibPracticeCall *call);
void hib_facebook_face_photo_story(HibPracticeCall *call);
/* facebook_face_video.c */
void hib_facebook_face_video(HibPracticeCall *call);
cJSON *hib_facebook_face_video_json(HibPracticeCall *call, const char *id, const cJSON *video);
/* facebook_face_post.c: posts, comments, numbers */
cJSON *hib_facebook_face_post_json(HibPracticeCall *call, const MetaRow *row);
cJSON *hib_facebook_face_comment_json(HibPracticeCall *call, const MetaRow *row);
cJSON *hib_facebook_face_comment_event(HibPracticeCall *call, const MetaRow *row);
void hib_facebook_face_list(HibPracticeCall *call);
void hib_facebook_face_stories(HibPracticeCall *call);
void hib_facebook_face_comments(HibPracticeCall *call);
void hib_facebook_face_add_comment(HibPracticeCall *call);
void hib_facebook_face_insights(HibPracticeCall *call);
