// Putting words into a field where its cursor stands, as if they had been typed: the browser's own undo takes them back.
export type Field = HTMLTextAreaElement | HTMLInputElement;

/** With a blank on each side where a word stands. */
export function spaced(before: string, words: string, behind: string): string {
  return `${before && !/[\s\p{Ps}]$/u.test(before) ? ' ' : ''}${words}${behind && !/^[\s\p{P}]/u.test(behind) ? ' ' : ''}`;
}

export function insert(field: Field, words: string) {
  const { value } = field;
  const start = field.selectionStart ?? value.length;
  const end = field.selectionEnd ?? start;
  const text = spaced(value.slice(0, start), words, value.slice(end));
  field.focus();
  field.setSelectionRange(start, end);
  // Deprecated and irreplaceable: only this keeps what was typed before undoable.
  if (document.execCommand('insertText', false, text)) return;
  field.setRangeText(text, start, end, 'end');
  field.dispatchEvent(new InputEvent('input', { bubbles: true }));
}
