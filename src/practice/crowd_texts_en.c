/* What people write in English. Written for Hibiki; nobody is meant. */
#include "practice/crowd_texts.h"

#include <glib.h>

#define P HIB_SENTIMENT_POSITIVE
#define Q HIB_SENTIMENT_NEUTRAL
#define N HIB_SENTIMENT_NEGATIVE
#define ANY HIB_INDUSTRY_N
#define CAFE HIB_INDUSTRY_CAFE
#define BEAUTY HIB_INDUSTRY_BEAUTY
#define SHOP HIB_INDUSTRY_SHOP
#define TRAVEL HIB_INDUSTRY_TRAVEL
#define SOFT HIB_INDUSTRY_SOFTWARE

static const CrowdText texts[] = {
    {P, ANY, "Love this!"},
    {P, ANY, "This made my day"},
    {P, ANY, "Can't wait to try it {time}"},
    {P, ANY, "You never disappoint 👏"},
    {P, ANY, "Telling {who} about this right now"},
    {P, ANY, "Such a lovely photo"},
    {P, ANY, "Thank you for the kind service {time}"},
    {P, ANY, "Exactly what I was looking for"},
    {P, ANY, "Congratulations, well deserved!"},
    {P, ANY, "Best account on my timeline"},
    {Q, ANY, "Are you open {time}?"},
    {Q, ANY, "Where is this?"},
    {Q, ANY, "Do I need to book?"},
    {Q, ANY, "Until when does this run?"},
    {Q, ANY, "Do you have a menu in English?"},
    {Q, ANY, "Sent you a message"},
    {Q, ANY, "Coming {time} with {who}"},
    {Q, ANY, "Which card do you take?"},
    {N, ANY, "Still waiting for an answer to my mail"},
    {N, ANY, "Honestly, not worth it"},
    {N, ANY, "It used to be better"},
    {N, ANY, "Too many ads lately, unfollowing"},
    {N, ANY, "Very rude staff {time}"},
    {N, ANY, "That is not what you promised"},
    {N, ANY, "Prices went up again?"},
    {N, ANY, "This post is in poor taste"},

    {P, CAFE, "The {item} was heavenly"},
    {P, CAFE, "I could smell the {item} through the screen"},
    {P, CAFE, "Coziest place in town ☕"},
    {P, CAFE, "{who} and I are regulars now"},
    {P, CAFE, "Worth getting up early for the {item}"},
    {Q, CAFE, "Is the {item} vegan?"},
    {Q, CAFE, "Any {item} left for {time}?"},
    {Q, CAFE, "Is there wifi?"},
    {Q, CAFE, "Can I order the {item} to go?"},
    {N, CAFE, "My {item} was cold"},
    {N, CAFE, "Waited half an hour and left"},
    {N, CAFE, "The {item} got smaller, the price did not"},
    {N, CAFE, "Sticky tables, loud music"},

    {P, BEAUTY, "The {item} feels amazing on my skin"},
    {P, BEAUTY, "My hair has never looked this good"},
    {P, BEAUTY, "Third {item} and still in love"},
    {P, BEAUTY, "{who} asked me where I got the {item}"},
    {P, BEAUTY, "So gentle, even for sensitive skin"},
    {Q, BEAUTY, "How many shades does the {item} come in?"},
    {Q, BEAUTY, "Anything free {time}?"},
    {Q, BEAUTY, "Is the {item} fragrance free?"},
    {Q, BEAUTY, "How long does it take?"},
    {N, BEAUTY, "The {item} gave me a rash"},
    {N, BEAUTY, "Way shorter than I asked for"},
    {N, BEAUTY, "The color was gone in three days"},
    {N, BEAUTY, "Pushy sales talk the whole time"},

    {P, SHOP, "My {item} arrived and it's perfect"},
    {P, SHOP, "Beautifully wrapped, thank you!"},
    {P, SHOP, "Bought the {item} for {who}, big smile"},
    {P, SHOP, "Fast delivery, great quality"},
    {P, SHOP, "I use the {item} every single day"},
    {Q, SHOP, "What size is the {item}?"},
    {Q, SHOP, "Do you ship abroad?"},
    {Q, SHOP, "Will the {item} be back in stock?"},
    {Q, SHOP, "Is the {item} dishwasher safe?"},
    {N, SHOP, "The {item} came broken"},
    {N, SHOP, "Ten days and nothing has arrived"},
    {N, SHOP, "The {item} looks nothing like the picture"},
    {N, SHOP, "Returning it is a nightmare"},

    {P, TRAVEL, "The view from the {item} is unreal"},
    {P, TRAVEL, "Our best trip in years, thank you"},
    {P, TRAVEL, "We will be back for the {item}"},
    {P, TRAVEL, "Slept like a baby, so quiet"},
    {P, TRAVEL, "{who} still talks about the {item}"},
    {Q, TRAVEL, "Can you get to the {item} by bus?"},
    {Q, TRAVEL, "Is the {item} open when it rains?"},
    {Q, TRAVEL, "When can we check in {time}?"},
    {Q, TRAVEL, "Is it wheelchair accessible?"},
    {N, TRAVEL, "Nobody told us the {item} was closed"},
    {N, TRAVEL, "The room smelled of smoke"},
    {N, TRAVEL, "So crowded {time} we saw nothing"},
    {N, TRAVEL, "Still no refund for our booking"},

    {P, SOFT, "The {item} saves me hours"},
    {P, SOFT, "Support answered in minutes, wow"},
    {P, SOFT, "The new {item} is so clean"},
    {P, SOFT, "Even {who} gets it at once"},
    {P, SOFT, "Switched {time} and never looked back"},
    {Q, SOFT, "Does the {item} work on mobile?"},
    {Q, SOFT, "Which plan includes the {item}?"},
    {Q, SOFT, "Is there an API?"},
    {Q, SOFT, "How do I export my data?"},
    {N, SOFT, "The {item} keeps crashing"},
    {N, SOFT, "Lost all my work after the update"},
    {N, SOFT, "Charged twice {time}"},
    {N, SOFT, "Why did you move the {item}?"},
};

static const char *const cafe[] = {"pudding",    "latte",      "cheesecake", "egg sandwich",
                                   "dark roast", "melon soda", NULL};
static const char *const beauty[] = {"serum", "lip tint", "hair oil", "sunscreen", "shampoo", NULL};
static const char *const shop[] = {"mug", "apron", "tote bag", "plate", "blanket", NULL};
static const char *const travel[] = {"hot spring",     "lookout", "gorge",
                                     "morning market", "castle",  NULL};
static const char *const software[] = {"scheduler", "calendar", "app", "search", "dashboard", NULL};
static const char *const times[] = {"today",        "this weekend",      "on Saturday",
                                    "this morning", "over the holidays", NULL};
static const char *const whos[] = {"my mom",    "my friend", "a coworker",
                                   "my sister", "my kid",    NULL};

const CrowdTongue hib_crowd_english = {.lang = "en",
                                       .texts = texts,
                                       .n = G_N_ELEMENTS(texts),
                                       .items = {cafe, beauty, shop, travel, software},
                                       .times = times,
                                       .whos = whos};
