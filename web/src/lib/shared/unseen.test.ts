import { expect, test } from 'vitest';
import { shown } from './unseen';

const say = (text: string) => shown(text).map((one) => (one.isUnseen ? `[${one.text}]` : one.text)).join('');

test('what plays tricks gets its name', () => {
  expect(say('公式\u202emoc.elpmaxe\u202c')).toBe('公式[RLO]moc.elpmaxe[PDF]');
  expect(say('最\u200b安\u2060値\ufeff')).toBe('最[ZWSP]安[WJ]値[BOM]');
  expect(say('a\u200cb\u3164')).toBe('a[ZWNJ]b[U+3164]');
  expect(say('a\u{e0068}')).toBe('a[U+E0068]');
});

test('what emoji, flags and joining scripts need stays', () => {
  for (const text of ['👨‍👩‍👧と👩🏽‍💻と❤️‍🔥', '\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}', 'می\u200cخواهم', 'क्\u200dष', 'ふつうの文']) expect(say(text)).toBe(text);
});
