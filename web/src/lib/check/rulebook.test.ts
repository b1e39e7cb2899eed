// Finding a rule among a hundred: by kind, by words, by area.
import { describe, expect, it } from 'vitest';
import { byArea, chosen } from './rulebook.svelte';
import { pieces, type Rule } from './words';

const rule = (id: string, more: Partial<Rule> = {}): Rule => ({
  id, category: 'drug', severity: 'warn', tuned: null, is_off: false, is_own: false, industries: [], networks: [],
  message: { ja: `${id}の説明`, en: `about ${id}` }, fix: { ja: '', en: '' }, law: { ja: '薬機法', en: 'PMD Act' }, source: '', as_of: '', expires: null,
  is_stale: false, hit: [], pass: [], n_told: 0, n_false: 0, precision: null, ...more,
});
const rules = [
  rule('YKK-01', { severity: 'block', hit: ['ニキビが治る'] }),
  rule('KHY-05', { category: 'representation', tuned: 'block' }),
  rule('TM-01', { category: 'marks', is_off: true, n_false: 1, is_stale: true }),
  rule('NG-1', { category: 'rules', is_own: true }),
];
const ids = (list: Rule[]) => list.map((one) => one.id);

describe('the list of rules', () => {
  it('counts what the workspace made of a rule, and nothing that is off', () => {
    expect(ids(chosen(rules, 'block', ''))).toEqual(['YKK-01', 'KHY-05']);
    expect(ids(chosen(rules, 'warn', ''))).toEqual(['NG-1']);
    expect(ids(chosen(rules, 'off', ''))).toEqual(['TM-01']);
    expect(ids(chosen(rules, 'changed', ''))).toEqual(['KHY-05', 'TM-01']);
    expect(ids(chosen(rules, 'stale', ''))).toEqual(['TM-01']);
    expect(ids(chosen(rules, 'false', ''))).toEqual(['TM-01']);
  });

  it('finds all words, in any width and case', () => {
    expect(ids(chosen(rules, 'all', 'ＹＫＫ'))).toEqual(['YKK-01']);
    expect(ids(chosen(rules, 'all', 'ﾆｷﾋﾞ 薬機法'))).toEqual(['YKK-01']);
    expect(ids(chosen(rules, 'all', 'ニキビ 商標'))).toEqual([]);
  });

  it('puts own rules first, areas in their order, strangers among the own', () => {
    expect(byArea(rules).map(({ area, rules: own }) => [area, ...ids(own)])).toEqual([['rules', 'NG-1'], ['representation', 'KHY-05'], ['drug', 'YKK-01'], ['marks', 'TM-01']]);
    expect(byArea([rule('X-1', { category: 'novel' })])[0].area).toBe('rules');
  });
});

describe('a source', () => {
  it('gives its addresses as links', () => {
    expect(pieces('告示 (https://a.example/b); 実務')).toEqual([
      { text: '告示 (', isLink: false }, { text: 'https://a.example/b', isLink: true }, { text: '); 実務', isLink: false },
    ]);
    expect(pieces('実務の慣行')).toEqual([{ text: '実務の慣行', isLink: false }]);
  });
});
