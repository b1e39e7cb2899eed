import { describe, expect, it } from 'vitest';
import en from 'virtual:messages/en';
import ja from 'virtual:messages/ja';
import { fill, place, t } from './locale.svelte';

describe('sentences', () => {
  it('fill in values and choose the plural by the language', () => {
    expect(fill('{count} {count|post|posts}', { count: 1 }, 'en')).toBe('1 post');
    expect(fill('{count} {count|post|posts}', { count: 3 }, 'en')).toBe('3 posts');
    expect(fill('ほか {count} 件', { count: 3 }, 'ja')).toBe('ほか 3 件');
    expect(fill('{name}', {}, 'en')).toBe('');
  });
  it('exist in both languages, none empty', () => {
    expect(Object.keys(ja).sort()).toEqual(Object.keys(en).sort());
    for (const text of [...Object.values(ja), ...Object.values(en)]) expect(text.trim()).not.toBe('');
  });
  it('follow the chosen language', async () => {
    await place.use('en');
    expect(t('nav.today')).toBe('Today');
    expect(document.documentElement.lang).toBe('en');
    await place.use('ja');
    expect(t('nav.today')).toBe('今日');
  });
});
