import { describe, expect, it } from 'vitest';
import type { Metric } from './metrics.svelte';
import { breaksOf, daysDrawn, isOfDays, isOfHours, isOfParts, placeOf } from './series.svelte';

const metric = (more: Partial<Metric>) => ({ slug: 'x', kind: 'counter', adds_over_posts: true, changes: [], ...more }) as Metric;

describe('metrics over time', () => {
  const known = [metric({ slug: 'likes' }), metric({ slug: 'reach', adds_over_posts: false }), metric({ slug: 'followers', kind: 'gauge' }), metric({ slug: 'er', kind: 'derived', over: 'likes', under: 'reach' }), metric({ slug: 'per', kind: 'derived', over: 'likes', under: 'followers' })];
  const find = (slug: string) => known.find((one) => one.slug === slug);
  it('tells by hour what is not told of whole days, and by what posts are what is of posts', () => {
    const day = metric({ slug: 'day_views', kind: 'flow' });
    expect([...known, day, undefined].map((one) => [isOfHours(one, find), isOfParts(one, find)])).toEqual([[true, true], [false, true], [true, false], [false, true], [true, false], [false, false], [false, false]]);
    expect([daysDrawn(28, false, true), daysDrawn(28, true, false), daysDrawn(28, true, true), daysDrawn(1, true, true)]).toEqual([28, 14, 3, 1]);
    expect(placeOf({ day: '2026-11-27', hour: 5 }) - placeOf({ day: '2026-11-26', hour: null })).toBe(29 * 3600);
  });
  it('leaves out people, and what is made of them', () => {
    expect(known.filter((one) => isOfDays(one, find)).map((one) => one.slug)).toEqual(['likes', 'followers', 'per']);
    expect(isOfDays(undefined, find)).toBe(false);
  });
  it('tells changes of connected networks within the days only', () => {
    const views = metric({ changes: [{ network: 'instagram', on: '2025-04-21', text: { ja: '変更', en: 'changed' } }, { network: 'tiktok', on: '2025-04-22', text: { ja: '別', en: 'other' } }] });
    expect(breaksOf(views, new Set(['instagram']), '2025-04-01', '2025-04-30', 'en', (name) => name)).toEqual([{ day: '2025-04-21', text: 'instagram: changed', isBreak: true }]);
    expect(breaksOf(views, new Set(['instagram']), '2025-05-01', '2025-05-30', 'en', (name) => name)).toEqual([]);
  });
});
