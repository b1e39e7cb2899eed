import { expect, test } from 'vitest';
import { ranked, type RivalFigures } from './rivals.svelte';

const account = (handle: string, followers: number | null): RivalFigures => ({
  id: null, account_id: null, network: 'bluesky', handle, handle_before: null, name: '', url: null, state: 'ok', reason: null, read_at: null,
  followers, followers_change: null, change_since: null, n_posts: 0, posts_per_week: null, per_post: null, rate: null, days: 28, is_whole: true,
});

test('own accounts stand among the others by their followers, who does not tell last', () => {
  const list = { own: [account('own', 500), account('hidden', null)], rivals: [account('big', 900), account('small', 20)] };
  expect(ranked(list).map((one) => one.handle)).toEqual(['big', 'own', 'small', 'hidden']);
});
