// From a number to the posts behind it. What is asked stands in the address: it can be shared, and the browser's way back works.
import type { Schemas } from '../api/client';

/** What the list of posts is narrowed to. `value`: '' their newest numbers, 'gained' what came in within the time, 'settled' as they stood 48 hours after publishing. */
export type Behind = {
  metric?: string; value?: '' | 'gained' | 'settled'; days?: number; first_day?: string; last_day?: string; ever?: boolean;
  account?: string; network?: string; campaign?: string; tag?: string; format?: string; media?: string; without?: '' | 'campaign' | 'tag'; weekday?: number | string; hour?: number | string;
};

export function postsBehind(of: Behind): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(of)) if (value !== undefined && value !== '' && value !== false) search.set(key, String(value));
  return search.size ? `/measure/posts?${search}` : '/measure/posts';
}

/** The posts of one group of a breakdown; '' stands for those in none. */
export function groupBehind(by: Schemas['Breakdown']['by'], key: string): Record<string, string> {
  if (!key) return by === 'campaign' || by === 'tag' ? { without: by } : {};
  return { [by]: key };
}

type Dictionary = (slug: string) => Schemas['Metric'] | undefined;

/** The metric by which posts are listed that a number over time is made of; '' when no post is behind it. */
export const gainOf = (slug: string, find: Dictionary): string => (find(slug)?.is_of_posts ? slug : '');

type Counted = Pick<Schemas['Goal'], 'metric' | 'account_id' | 'starts_on' | 'as_of'>;

/** What a goal's current value is made of; clicks lead to the links, and followers are nobody's post: ''. */
export function goalBehind(goal: Counted): string {
  if (goal.metric === 'followers') return '';
  if (goal.metric === 'clicks') return '/links';
  return gainBehind(goal.metric, goal.starts_on, goal.as_of ?? goal.starts_on, goal.account_id);
}

/** What came in from day to day: of posts those that went out, of all else what posts gained. */
export function gainBehind(metric: string, first_day: string, last_day: string, account: string | null): string {
  if (metric === 'followers' || metric === 'clicks') return '';
  return postsBehind({ metric: metric === 'posts' ? 'engagements' : metric, value: metric === 'posts' ? '' : 'gained', first_day, last_day, account: account ?? '' });
}

/** The posts that a finding speaks of, as they stood after two days: those of a year, or `since` a day where there are more than are looked at. */
export function findingBehind(of: Pick<Schemas['Finding'], 'kind' | 'key'>, account: string, since: string | null, today: string): string {
  const time = since ? { first_day: since, last_day: today } : { days: 365 };
  const asked = { value: 'settled', ...time, account } as const;
  const [weekday, hour] = of.key.split('-');
  if (of.kind === 'time') return postsBehind({ ...asked, weekday, hour });
  if (of.kind === 'weekday') return postsBehind({ ...asked, weekday: of.key });
  return of.kind === 'type' ? postsBehind({ ...asked, media: of.key }) : postsBehind({ ...asked, tag: of.key.replaceAll('#', '') });
}
