import { expect, test } from 'vitest';
import { csvOf } from './rank.svelte';

const post = { post_id: 'p', delivery_id: 'd', account_id: 'a', network: 'x', format: 'post' as const, campaign_id: null, published_at: '2026-11-01T00:00:00Z', url: null, as_of: '2026-11-02T00:00:00Z', state: 'exact' as const, source: 'x' };

test('a table for a spreadsheet leaves empty what nobody told, and no text of a post becomes a formula', () => {
  const csv = csvOf([
    { ...post, text: '=1+1', value: 3, numbers: [{ metric: 'likes', value: 3, as_of: '2026-11-02T00:00:00Z', state: 'exact' }] },
    { ...post, text: '焼きたて、"本日"\n限定', value: null, numbers: [{ metric: 'views', value: 0, as_of: '2026-11-02T00:00:00Z', state: 'exact' }] },
  ]);
  expect(csv.split('\r\n')[0]).toBe('\uFEFFpublished_at,network,text,url,value,likes,views,source,as_of');
  expect(csv).toContain("x,'=1+1,,3,3,,x,");
  expect(csv).toContain('"焼きたて、""本日""\n限定",,,,0,x,');
});
