// Putting the better words where a finding stands, though the text may have moved on since it was looked at.
import type { Finding } from './words';

/** The text with the replacement in place; null when the words are no longer there. */
export function applied(text: string, finding: Pick<Finding, 'found' | 'replacement' | 'utf16_start' | 'utf16_end'>): string | null {
  const { found, replacement, utf16_start: start } = finding;
  if (replacement === null || !found) return null;
  let at = text.slice(start, finding.utf16_end) === found ? start : -1;
  if (at < 0) {
    const before = text.lastIndexOf(found, start);
    const behind = text.indexOf(found, start);
    at = before < 0 || (behind >= 0 && behind - start < start - before) ? behind : before;
  }
  return at < 0 ? null : text.slice(0, at) + replacement + text.slice(at + found.length);
}
