import { beforeEach, describe, expect, it } from 'vitest';
import { dropDraft, keepChosen, keepDraft, lastChosen, readDraft, type Draft } from './drafts';

const draft = (over: Partial<Draft> = {}): Draft => ({ text: '書きかけ', chosen: [], ownTexts: {}, extras: {}, media: [], disclosure: { is_advertising: false, is_own_brand: false, is_ai_made: false }, wall: '', version: 0, at: Date.now(), ...over });

describe('what is being typed', () => {
  beforeEach(() => localStorage.clear());

  it('is there again, for its post and workspace only', () => {
    keepDraft('w', 'p', draft());
    expect(readDraft('w', 'p')?.text).toBe('書きかけ');
    expect(readDraft('w', null)).toBeNull();
    expect(readDraft('v', 'p')).toBeNull();
    dropDraft('w', 'p');
    expect(readDraft('w', 'p')).toBeNull();
  });
  it('goes next to where the last one went', () => {
    expect(lastChosen('w')).toEqual([]);
    keepChosen('w', ['a', 'b']);
    expect(lastChosen('w')).toEqual(['a', 'b']);
  });
  it('is forgotten after a month and when it cannot be read', () => {
    keepDraft('w', 'old', draft({ at: Date.now() - 40 * 86_400_000 }));
    expect(readDraft('w', 'old')).toBeNull();
    localStorage.setItem('hibiki.draft.w.bad', '{');
    expect(readDraft('w', 'bad')).toBeNull();
  });
});
