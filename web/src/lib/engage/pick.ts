// Saved replies called up while an answer is typed: "/" and the beginning of a shortcut or name.
type Saved = { id: string; name: string; shortcut: string; n_used: number };
const ASKED = /(?:^|\s)[/／](\S*)$/;
const MOST = 6;

/** What is meant by the end of the text, the most used first; empty when nothing is called up. */
export function pickOf<One extends Saved>(text: string, saved: One[]): One[] {
  const asked = ASKED.exec(text)?.[1].toLowerCase();
  if (asked === undefined) return [];
  return saved.filter((one) => one.shortcut.toLowerCase().startsWith(asked) || one.name.toLowerCase().startsWith(asked)).sort((a, b) => b.n_used - a.n_used).slice(0, MOST);
}

/** The text with what was called up in place of the call. */
export function put(text: string, filled: string): string {
  const at = ASKED.exec(text);
  return at ? text.slice(0, at.index + (/^\s/.test(at[0]) ? 1 : 0)) + filled : text + filled;
}
