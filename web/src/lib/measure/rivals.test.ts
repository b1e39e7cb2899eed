import { expect, test } from 'vitest';
import { at, costOf, ranked, type RivalFigures } from './rivals.svelte';

const account = (handle: string, followers: number | null): RivalFigures => ({
  id: null, account_id: null, network: 'bluesky', handle, handle_before: null, name: '', url: null, state: 'ok', reason: null, read_at: null,
  followers, followers_is: followers === null ? 'untold' : 'exact', followers_change: null, change_since: null, n_posts: 0, posts_per_week: null, per_post: null, rate: null, days: 28, is_whole: true,
});

test('own accounts stand among the others by their followers, who does not tell last', () => {
  const list = { own: [account('own', 500), account('hidden', null)], rivals: [account('big', 900), account('small', 20)] };
  expect(ranked(list).map((one) => one.handle)).toEqual(['big', 'own', 'small', 'hidden']);
});

test('a handle is written with one @, an id of a channel without', () => {
  expect(at('x', 'tonari')).toBe('@tonari');
  expect(at('youtube', '@kissa')).toBe('@kissa');
  expect(at('youtube', 'UC0123456789012345678901')).toBe('UC0123456789012345678901');
});

test('what a network takes is told for one more account and for those there are', () => {
  const costs = [{ network: 'x', most_micros: 110_000, account_micros: 10_000, post_micros: 5_000, spent_micros: 60_000, currency: 'USD', posts: 20, fresh_days: 7, quota: null, takes: 0, source: '', as_of: '' }];
  const list = { costs, rivals: [{ ...account('a', 1), network: 'x' }, { ...account('b', 1), network: 'x' }, account('c', 1)] };
  expect(costOf(list, 'x')).toMatchObject({ count: 2, now_micros: 220_000, spent_micros: 60_000 });
  expect(costOf(list, 'bluesky')).toBeNull();
});
