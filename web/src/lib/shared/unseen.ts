// Characters that no reader sees, made visible where a text is looked at closely: findings, differences. What emoji and scripts need stays as it is (as src/core/text/unseen.c).
export type Shown = { text: string; isUnseen: boolean };

// eslint-disable-next-line no-misleading-character-class -- each is looked for alone
const UNSEEN = /[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\u3164\ufeff\uffa0\u{e0000}-\u{e007f}]/gu;
const EMOJI_BEFORE = /(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f)$/u;
const EMOJI_BEHIND = /^\p{Extended_Pictographic}/u;
const JOINED_BEFORE = /(?![\p{sc=Latin}\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}\p{sc=Cyrl}\p{sc=Grek}])[\p{L}\p{M}]$/u;
const FLAG = /\u{1f3f4}[\u{e0020}-\u{e007f}]*$/u;

const NAMES: Record<string, string> = { '\u200b': 'ZWSP', '\u200c': 'ZWNJ', '\u200d': 'ZWJ', '\u200e': 'LRM', '\u200f': 'RLM', '\u202a': 'LRE', '\u202b': 'RLE', '\u202c': 'PDF', '\u202d': 'LRO', '\u202e': 'RLO', '\u2066': 'LRI', '\u2067': 'RLI', '\u2068': 'FSI', '\u2069': 'PDI', '\u2060': 'WJ', '\ufeff': 'BOM', '\u00ad': 'SHY' };

export const nameOf = (c: string) => NAMES[c] ?? `U+${c.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;

function isNeeded(c: string, before: string, behind: string): boolean {
  if (c > '\u{e001f}' && c.length > 1) return FLAG.test(before);
  if (c === '\u200d' && EMOJI_BEFORE.test(before) && EMOJI_BEHIND.test(behind)) return true;
  return (c === '\u200c' || c === '\u200d') && JOINED_BEFORE.test(before);
}

/** The text in pieces: as it is, and the names of what is not seen in it. */
export function shown(text: string): Shown[] {
  const out: Shown[] = [];
  let done = 0;
  for (const { 0: c, index } of text.matchAll(UNSEEN)) {
    if (isNeeded(c, text.slice(Math.max(0, index - 40), index), text.slice(index + c.length, index + c.length + 4))) continue;
    if (index > done) out.push({ text: text.slice(done, index), isUnseen: false });
    out.push({ text: nameOf(c), isUnseen: true });
    done = index + c.length;
  }
  if (done < text.length) out.push({ text: text.slice(done), isUnseen: false });
  return out;
}
