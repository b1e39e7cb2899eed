/* The shares, and the little by which accounts differ. */
#include "practice/people.h"
#include "practice/audience.h"

static const struct {
    HibPeoplePart part;
    HibFaceGroup people;
} all[] = {
    {HIB_PEOPLE_AGE, {"13-17", 0.03}},
    {HIB_PEOPLE_AGE, {"18-24", 0.19}},
    {HIB_PEOPLE_AGE, {"25-34", 0.31}},
    {HIB_PEOPLE_AGE, {"35-44", 0.24}},
    {HIB_PEOPLE_AGE, {"45-54", 0.13}},
    {HIB_PEOPLE_AGE, {"55-64", 0.05}},
    {HIB_PEOPLE_AGE, {"65+", 0.02}},
    {HIB_PEOPLE_GENDER, {"female", 0.58}},
    {HIB_PEOPLE_GENDER, {"male", 0.34}},
    {HIB_PEOPLE_GENDER, {"unknown", 0.07}},
    {HIB_PEOPLE_COUNTRY, {"JP", 0.91}},
    {HIB_PEOPLE_COUNTRY, {"TW", 0.03}},
    {HIB_PEOPLE_COUNTRY, {"US", 0.02}},
    {HIB_PEOPLE_COUNTRY, {"KR", 0.01}},
    {HIB_PEOPLE_CITY, {"Shibuya, Tokyo", 0.06}},
    {HIB_PEOPLE_CITY, {"Osaka, Osaka", 0.05}},
    {HIB_PEOPLE_CITY, {"Yokohama, Kanagawa", 0.04}},
    {HIB_PEOPLE_CITY, {"Nagoya, Aichi", 0.03}},
    {HIB_PEOPLE_CITY, {"Kyoto, Kyoto", 0.02}},
    {HIB_PEOPLE_AREA, {"東京", 0.19}},
    {HIB_PEOPLE_AREA, {"大阪", 0.11}},
    {HIB_PEOPLE_AREA, {"神奈川", 0.08}},
    {HIB_PEOPLE_AREA, {"愛知", 0.06}},
    {HIB_PEOPLE_AREA, {"徳島", 0.02}},
    {HIB_PEOPLE_AREA, {"unknown", 0.41}},
};

size_t
hib_people(const char *account, HibPeoplePart part, HibFaceGroup ret[HIB_PEOPLE_MOST])
{
    const double tilt = (double)(hib_audience_key(account) % 21) / 100 - 0.1; /* ± a tenth */
    size_t n = 0;
    for (size_t i = 0; i < sizeof all / sizeof *all && n < HIB_PEOPLE_MOST; i++)
        if (all[i].part == part) {
            const double sign = n % 2 ? -1 : 1;
            ret[n] = all[i].people;
            ret[n++].share *= 1 - 0.02 + sign * tilt * 0.2;
        }
    return n;
}
