import { describe, expect, it } from 'vitest';
import { splitText } from './split';

const upTo = (n: number) => (text: string) => [...text].length <= n;

describe('splitText', () => {
  it('cuts where sentences end and loses nothing', () => {
    const text = '今日はパンを焼きました。とてもいい香りです！明日も焼きます。';
    const parts = splitText(text, upTo(14));
    expect(parts).toEqual(['今日はパンを焼きました。', 'とてもいい香りです！', '明日も焼きます。']);
    expect(parts.join('')).toBe(text);
  });
  it('puts as many sentences into a part as fit', () => {
    expect(splitText('あ。い。う。え。', upTo(4))).toEqual(['あ。い。', 'う。え。']);
    expect(splitText('One. Two. Three.', upTo(9))).toEqual(['One. Two.', 'Three.']);
  });
  it('cuts one long sentence at a pause, else anywhere between letters', () => {
    expect(splitText('いちごのパン、くるみのパン、食パン', upTo(10))).toEqual(['いちごのパン、', 'くるみのパン、食パン']);
    const parts = splitText('👩‍👩‍👧'.repeat(5), (text) => [...new Intl.Segmenter().segment(text)].length <= 2);
    expect(parts.map((part) => [...new Intl.Segmenter().segment(part)].length)).toEqual([2, 2, 1]);
  });
  it('keeps within the number of parts', () => {
    expect(splitText('あ。い。う。え。', upTo(2), 3)).toEqual(['あ。', 'い。', 'う。え。']);
  });
  it('gives nothing for nothing', () => {
    expect(splitText('  \n', upTo(5))).toEqual([]);
  });
});
