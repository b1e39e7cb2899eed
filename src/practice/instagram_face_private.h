/* Inside practice/ only: what the files of Instagram's face share. Posts are of kind "post" "reel" "story" "comment" "message"; their extra
 * is {"media_type","product","media_url","alt_text","children":[…]}. */
#pragma once
#include "practice/instagram_face.h"
#include "practice/meta_face_private.h"

#define INSTAGRAM_POSTS_A_DAY 100
#define INSTAGRAM_PUBLISH "instagram_business_content_publish"
#define INSTAGRAM_COMMENTS "instagram_business_manage_comments"

/* instagram_face_publish.c */
void hib_instagram_face_create(HibPracticeCall *call);
void hib_instagram_face_publish(HibPracticeCall *call);
void hib_instagram_face_limit(HibPracticeCall *call);
cJSON *hib_instagram_face_container_json(HibPracticeCall *call, const char *id,
                                         const cJSON *container);
/* instagram_others.c: answers business_discovery; false: something else was asked */
bool hib_instagram_face_discover(HibPracticeCall *call, const HibPracticeAccount *account);
/* instagram_face_media.c: media, comments, numbers */
void hib_instagram_face_list(HibPracticeCall *call);
void hib_instagram_face_stories(HibPracticeCall *call);
void hib_instagram_face_comments(HibPracticeCall *call);
void hib_instagram_face_add_comment(HibPracticeCall *call);
void hib_instagram_face_insights(HibPracticeCall *call);
cJSON *hib_instagram_face_media_json(HibPracticeCall *call, const MetaRow *row);
cJSON *hib_instagram_face_comment_json(HibPracticeCall *call, const MetaRow *row);
cJSON *hib_instagram_face_comment_event(HibPracticeCall *call, const MetaRow *row);
void hib_instagram_face_tell_stories(HibPracticeCall *call, const HibPracticeAccount *account);
