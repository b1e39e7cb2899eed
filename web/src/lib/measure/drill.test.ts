import { expect, test } from 'vitest';
import type { Schemas } from '../api/client';
import { findingBehind, gainBehind, gainOf, goalBehind, groupBehind, postsBehind } from './drill';

test('what is asked stands in the address, and what is not asked does not', () => {
  expect(postsBehind({})).toBe('/measure/posts');
  expect(postsBehind({ metric: 'likes', value: '', days: 28, account: '', ever: false, hour: 0 })).toBe('/measure/posts?metric=likes&days=28&hour=0');
  expect(postsBehind({ value: 'gained', first_day: '2026-11-03', last_day: '2026-11-03' })).toBe('/measure/posts?value=gained&first_day=2026-11-03&last_day=2026-11-03');
});

test('posts that are in no group are found too', () => {
  expect(groupBehind('hour', '19')).toEqual({ hour: '19' });
  expect(groupBehind('tag', '')).toEqual({ without: 'tag' });
  expect(groupBehind('campaign', '')).toEqual({ without: 'campaign' });
});

test('a rate by followers leads to the posts by that rate, and what is of accounts leads to no posts', () => {
  const of = (metric: Partial<Schemas['Metric']>) => metric as Schemas['Metric'];
  const all: Record<string, Schemas['Metric']> = {
    engagements: of({ is_of_posts: true, over: null, under: null }), followers: of({ is_of_posts: false }),
    er_followers: of({ is_of_posts: true, over: 'engagements', under: 'followers' }), ctr: of({ is_of_posts: true, over: 'clicks', under: 'impressions' }),
  };
  const find = (slug: string) => all[slug];
  expect(['er_followers', 'ctr', 'followers', 'unknown'].map((slug) => gainOf(slug, find))).toEqual(['er_followers', 'ctr', '', '']);
});

test('goals, unusual days and findings lead to what they are made of', () => {
  const goal = { metric: 'likes' as const, account_id: null, starts_on: '2026-11-01', as_of: '2026-11-20' };
  expect(goalBehind(goal)).toBe('/measure/posts?metric=likes&value=gained&first_day=2026-11-01&last_day=2026-11-20');
  expect(goalBehind({ ...goal, metric: 'posts', account_id: 'a', as_of: null })).toBe('/measure/posts?metric=engagements&first_day=2026-11-01&last_day=2026-11-01&account=a');
  expect([goalBehind({ ...goal, metric: 'followers' }), goalBehind({ ...goal, metric: 'clicks' }), gainBehind('clicks', 'a', 'b', null)]).toEqual(['', '/links', '']);
  const finding = (kind: Schemas['Finding']['kind'], key: string, since: string | null = null) => findingBehind({ kind, key }, 'a', since, '2026-11-27');
  expect(finding('time', '3-20')).toBe('/measure/posts?value=settled&days=365&account=a&weekday=3&hour=20');
  expect(finding('hashtag', '#珈琲')).toContain(`&tag=${encodeURIComponent('珈琲')}`);
  expect(finding('hashtag', '#bean #豆')).toContain(`&tag=bean+${encodeURIComponent('豆')}`);
  expect([finding('weekday', '3'), finding('type', 'image')]).toEqual(['/measure/posts?value=settled&days=365&account=a&weekday=3', '/measure/posts?value=settled&days=365&account=a&media=image']);
  expect(finding('type', 'text', '2026-06-03')).toBe('/measure/posts?value=settled&first_day=2026-06-03&last_day=2026-11-27&account=a&media=text');
});
