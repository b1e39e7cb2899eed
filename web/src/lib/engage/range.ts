// A range of a list, as Shift selects it.
/** From one to the other, both in it, in the list's order; empty when one of them is not in the list. */
export function rangeOf(ids: string[], from: string, to: string): string[] {
  const [a, b] = [ids.indexOf(from), ids.indexOf(to)];
  return a < 0 || b < 0 ? [] : ids.slice(Math.min(a, b), Math.max(a, b) + 1);
}
