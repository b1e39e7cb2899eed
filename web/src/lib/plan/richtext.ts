// How a text will look on the network: which parts become links, mentions and tags. For the preview only; what is sent
// is decided by the server's connector.

export type Piece = { kind: 'text' | 'link' | 'mention' | 'tag'; text: string };

// Japanese is written without spaces: behind the host a link ends where kana, kanji or hangul begin, as the connector ends it.
const UNSPACED = String.raw`\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}\p{sc=Bopo}ー`;
const PATH = String.raw`(?:[!#-;=?-\[\]_a-z~]|(?![${UNSPACED}])(?!\p{ASCII})[\p{L}\p{N}])`;
const LINK = String.raw`https?://(?:[a-z0-9.-]+|[\p{L}\p{N}.-]+)(?::\d+)?(?:[/?#]${PATH}*)?`;
const MENTION = String.raw`@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+`;
const TAG = String.raw`[#＃](?!\d+(?:[\s\p{P}]|$))[^\s\p{P}\u200b\u00ad]{1,64}`;
const PARTS = new RegExp(String.raw`(?<link>${LINK})|(?<=^|[\s(])(?<mention>${MENTION})|(?<=^|\s)(?<tag>${TAG})`, 'giu');
const TRAILING = /[.,;:!?'")\]]+$/;

const RIGHT_TO_LEFT = /^\P{L}*[\p{sc=Hebr}\p{sc=Arab}\p{sc=Syrc}\p{sc=Thaa}\p{sc=Nkoo}]/u;

/** As the first letter goes. Told to the preview by name: dir="auto" is not looked at again by every browser when the text changes. */
export const directionOf = (text: string) => (RIGHT_TO_LEFT.test(text) ? 'rtl' : 'ltr');

export function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  let at = 0;
  for (const match of text.matchAll(PARTS)) {
    const kind = match.groups?.link ? 'link' : match.groups?.mention ? 'mention' : 'tag';
    const part = kind === 'link' ? match[0].replace(TRAILING, '') : match[0];
    if (match.index > at) found.push({ kind: 'text', text: text.slice(at, match.index) });
    found.push({ kind, text: part });
    at = match.index + part.length;
  }
  if (at < text.length) found.push({ kind: 'text', text: text.slice(at) });
  return found;
}
