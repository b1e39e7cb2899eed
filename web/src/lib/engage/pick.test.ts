import { describe, expect, it } from 'vitest';
import { pickOf, put } from './pick';

const saved = [{ id: '1', name: 'お礼', shortcut: 'thanks', n_used: 1 }, { id: '2', name: '在庫', shortcut: 'stock', n_used: 9 }];
const ids = (text: string) => pickOf(text, saved).map((one) => one.id);

describe('calling up a saved reply', () => {
  it('begins with a slash that stands alone, by shortcut or name, the most used first', () => {
    expect(ids('/')).toEqual(['2', '1']);
    expect(ids('はい /TH')).toEqual(['1']);
    expect(ids('／在')).toEqual(['2']);
    expect(ids('https://a.example/')).toEqual([]);
    expect(ids('and/or')).toEqual([]);
    expect(ids('/x')).toEqual([]);
  });
  it('is replaced by the filled text, and nothing else is', () => {
    expect(put('はい /th', 'ありがとう')).toBe('はい ありがとう');
    expect(put('/', 'x')).toBe('x');
  });
});
