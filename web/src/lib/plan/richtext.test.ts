import { describe, expect, it } from 'vitest';
import { directionOf, pieces } from './richtext';

const marked = (text: string) => pieces(text).filter((piece) => piece.kind !== 'text').map((piece) => `${piece.kind}:${piece.text}`);

describe('what the preview marks', () => {
  it('links without the punctuation after them', () => {
    expect(marked('見てください https://hibiki.example/a?b=1。')).toEqual(['link:https://hibiki.example/a?b=1']);
    expect(marked('(https://a.example).')).toEqual(['link:https://a.example']);
  });
  it('links up to the Japanese that follows without a space', () => {
    expect(marked('くわしくはhttps://hibiki.example/a?b=1をどうぞ')).toEqual(['link:https://hibiki.example/a?b=1']);
    expect(marked('https://hibiki.exampleです。https://日本語.example/x「豆」')).toEqual(['link:https://hibiki.example', 'link:https://日本語.example/x']);
  });
  it('mentions of whole handles and tags, in full width too', () => {
    expect(marked('@mori-pan.example さんと #喫茶ひびき')).toEqual(['mention:@mori-pan.example', 'tag:#喫茶ひびき']);
    expect(marked('いい天気 ＃朝ごはん')).toEqual(['tag:＃朝ごはん']);
  });
  it('mentions only where the network does: after a space or a bracket, not after 。', () => {
    expect(marked('から。@mori-pan.example (@b.example)')).toEqual(['mention:@b.example']);
  });
  it('neither mail addresses nor numbers', () => {
    expect(marked('mail a@b.example で #1 位')).toEqual([]);
  });
  it('from right to left when the first letter goes so', () => {
    expect(['قهوة latte', '☕️ שלום', 'latte قهوة', '秋 قهوة', '1234'].map(directionOf)).toEqual(['rtl', 'rtl', 'ltr', 'ltr', 'ltr']);
  });
  it('and loses no character', () => {
    const text = 'はじめに https://a.example/日本 #タグ、@x.example。\n改行 ☕️';
    expect(pieces(text).map((piece) => piece.text).join('')).toBe(text);
  });
});
