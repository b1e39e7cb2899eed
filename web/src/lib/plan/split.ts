// A text too long for one post, cut where sentences end (Japanese too), so that each part fits.
const sentences = new Intl.Segmenter('ja', { granularity: 'sentence' });
const graphemes = new Intl.Segmenter('ja', { granularity: 'grapheme' });
/** Where a single sentence that is too long may be cut: behind a comma or a space. */
const PAUSE = /[、，,;；\s]/u;

/** The longest beginning that fits, cut at a pause when there is one in its second half. */
function headOf(sentence: string, fits: (text: string) => boolean): string {
  const letters = [...graphemes.segment(sentence)].map(({ segment }) => segment);
  let low = 1;
  let high = letters.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(letters.slice(0, middle).join('').trim())) low = middle;
    else high = middle - 1;
  }
  for (let at = low; at > low / 2; at--) if (PAUSE.test(letters[at - 1])) return letters.slice(0, at).join('');
  return letters.slice(0, low).join('');
}

export function splitText(text: string, fits: (text: string) => boolean, most = Infinity): string[] {
  const parts: string[] = [];
  let part = '';
  const close = () => {
    if (part.trim()) parts.push(part.trim());
    part = '';
  };
  for (const { segment } of sentences.segment(text)) {
    if (fits((part + segment).trim())) {
      part += segment;
      continue;
    }
    close();
    let rest = segment;
    while (!fits(rest.trim())) {
      const head = headOf(rest, fits);
      parts.push(head.trim());
      rest = rest.slice(head.length);
    }
    part = rest;
  }
  close();
  // More than the network's thread takes: the last one holds the rest, and the check says so there.
  return parts.length > most ? [...parts.slice(0, most - 1), parts.slice(most - 1).join('')] : parts;
}
