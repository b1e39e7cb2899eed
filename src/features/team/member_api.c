/* Handlers: the people of a workspace. */
#include "team/team_api.h"

static HibApiMember
of_row(const HibMember *row)
{
    return (HibApiMember){
        .person_id = row->person_id,
        .name = row->name,
        .email = row->email,
        .role = hib_api_member_role_from(row->role),
        .has_totp = row->has_totp,
        .joined_at = row->joined_at,
        .has_seen_at = row->has_seen_at,
        .seen_at = row->seen_at,
    };
}

bool
hib_on_list_members(HibCall *call, GError **error)
{
    HibMember *rows;
    size_t n;
    if (!hib_team_members(hib_call_db(call), &rows, &n, error))
        return false;
    HibApiMemberList out = {.members = hib_arena_array(hib_call_arena(call), HibApiMember, n),
                            .n_members = n};
    for (size_t i = 0; i < n; i++)
        out.members[i] = of_row(&rows[i]);
    return hib_reply_member_list(call, 200, &out);
}

bool
hib_on_change_member(HibCall *call, const char *person, const HibApiMemberChange *in,
                     GError **error)
{
    HibMember *member;
    if (!hib_team_change_member(hib_call_db(call), hib_team_services(call), hib_call_role(call),
                                person, hib_api_member_change_role_names[in->role], &member, error))
        return false;
    const HibApiMember out = of_row(member);
    return hib_reply_member(call, 200, &out);
}

bool
hib_on_remove_member(HibCall *call, const char *person, GError **error)
{
    return hib_team_remove_member(hib_call_db(call), hib_team_services(call), hib_call_role(call),
                                  person, error) &&
           hib_call_reply_empty(call, 204);
}
