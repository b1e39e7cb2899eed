import { expect, test } from 'vitest';
import { diff, wordsOf } from './diff';

const say = (before: string, after: string) => diff(before, after).map(({ kind, text }) => (kind === 'same' ? text : kind === 'gone' ? `[-${text}-]` : `[+${text}+]`)).join('');

test('Japanese is parted where the script changes', () => {
  expect(wordsOf('新作のカフェラテを3杯、coffee time!')).toEqual(['新作', 'の', 'カフェラテ', 'を', '3', '杯', '、', 'coffee', ' ', 'time', '!']);
});

test('what changed is told word by word', () => {
  expect(say('新作のカフェラテを出します', '新作の抹茶ラテを出します')).toBe('新作の[-カフェラテ-][+抹茶ラテ+]を出します');
  expect(say('朝7時に開店', '朝8時に開店です')).toBe('朝[-7-][+8+]時に開店[+です+]');
  expect(say('same words', 'same new words')).toBe('same [+new +]words');
  expect(say('', '新しい')).toBe('[+新しい+]');
  expect(say('消える', '')).toBe('[-消える-]');
  expect(say('同じ', '同じ')).toBe('同じ');
});

test('either text can be read out of it, whatever they are', () => {
  const letters = ['朝', 'の', 'カ', 'a', '1', '。', ' ', '\n', '👨‍👩‍👧', '\u202e', '\ud83d'];
  let seed = 7;
  const next = (n: number) => (seed = (seed * 1103515245 + 12345) % 2147483648) % n;
  const make = () => Array.from({ length: next(40) }, () => letters[next(letters.length)]).join('');
  for (let i = 0; i < 500; i++) {
    const [before, after] = [make(), make()];
    const found = diff(before, after);
    expect(found.filter((one) => one.kind !== 'new').map((one) => one.text).join('')).toBe(before);
    expect(found.filter((one) => one.kind !== 'gone').map((one) => one.text).join('')).toBe(after);
  }
});

test('two long texts without a word in common take no longer than a glance', () => {
  const started = performance.now();
  const found = diff('朝の珈琲。'.repeat(4_000), 'evening tea '.repeat(4_000));
  expect(found.map((one) => one.kind)).toEqual(['gone', 'new']);
  expect(performance.now() - started).toBeLessThan(2_000);
});
