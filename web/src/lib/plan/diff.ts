// What changed between two texts, word by word. Japanese has no spaces, so a word is a run of one script (kanji, hiragana, katakana, letters, digits); all else stands alone.
export type Piece = { kind: 'same' | 'gone' | 'new'; text: string };

const WORDS = /\p{sc=Han}+|\p{sc=Hira}+|[\p{sc=Kana}ー]+|\p{sc=Hang}+|[\p{L}\p{M}]+|\p{N}+|\r?\n|[ \t\u3000]+|\P{L}/gu;
/** Beyond so many differences two texts have little in common: then all of the one stands against all of the other. */
const MOST_STEPS = 500;

export const wordsOf = (text: string): string[] => text.match(WORDS) ?? [];

/** The words both have, in order: pairs of places (Myers' shortest script). null: too different. */
function common(a: string[], b: string[]): [number, number][] | null {
  const most = Math.min(a.length + b.length, MOST_STEPS);
  const reach = new Map<number, number>([[1, 0]]);
  const trail: Map<number, number>[] = [];
  for (let steps = 0; steps <= most; steps++) {
    trail.push(new Map(reach));
    for (let line = -steps; line <= steps; line += 2) {
      const isDown = line === -steps || (line !== steps && (reach.get(line - 1) ?? -1) < (reach.get(line + 1) ?? -1));
      let x = isDown ? (reach.get(line + 1) ?? 0) : (reach.get(line - 1) ?? 0) + 1;
      while (x < a.length && x - line < b.length && a[x] === b[x - line]) x++;
      reach.set(line, x);
      if (x >= a.length && x - line >= b.length) return walkBack(a.length, b.length, trail);
    }
  }
  return null;
}

function walkBack(x: number, y: number, trail: Map<number, number>[]): [number, number][] {
  const pairs: [number, number][] = [];
  for (let steps = trail.length - 1; steps >= 0; steps--) {
    const reach = trail[steps];
    const line = x - y;
    const isDown = line === -steps || (line !== steps && (reach.get(line - 1) ?? -1) < (reach.get(line + 1) ?? -1));
    const before = isDown ? line + 1 : line - 1;
    const fromX = reach.get(before) ?? 0;
    const fromY = fromX - before;
    while (x > fromX && y > fromY) pairs.push([--x, --y]);
    if (steps > 0) [x, y] = [fromX, fromY];
  }
  return pairs.reverse();
}

export function diff(before: string, after: string): Piece[] {
  if (before === after) return before ? [{ kind: 'same', text: before }] : [];
  const [a, b] = [wordsOf(before), wordsOf(after)];
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  const [middleA, middleB] = [a.slice(head, a.length - tail), b.slice(head, b.length - tail)];
  const out: Piece[] = [];
  const add = (kind: Piece['kind'], words: string[]) => {
    const text = words.join('');
    if (!text) return;
    const last = out.at(-1);
    if (last?.kind === kind) last.text += text;
    else out.push({ kind, text });
  };
  add('same', a.slice(0, head));
  let [x, y] = [0, 0];
  for (const [i, k] of common(middleA, middleB) ?? []) {
    add('gone', middleA.slice(x, i));
    add('new', middleB.slice(y, k));
    add('same', [middleA[i]]);
    [x, y] = [i + 1, k + 1];
  }
  add('gone', middleA.slice(x));
  add('new', middleB.slice(y));
  add('same', a.slice(a.length - tail));
  return out;
}
