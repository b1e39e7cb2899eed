// Two states of a post beside each other: what differs, place by place, in words; and one made of both.
import type { Schemas } from '../api/client';

export type Content = Schemas['PostDraft'];
export type Variant = Schemas['PostVariant'];
/** `key`: the place. `isText`: it can be written by hand. */
export type Row = { key: string; label: string; before: string; after: string; isText: boolean };
export type Words = {
  place: (name: 'text' | 'own' | 'title' | 'comment' | 'thread' | 'format' | 'options' | 'recipient' | 'accounts' | 'when' | 'disclosure' | 'media', account?: string) => string;
  account: (id: string) => string;
  when: (at: string) => string;
  disclosure: (told: Content['disclosure']) => string;
  format: (account: string, format: NonNullable<Variant['format']>) => string;
};

const PARTED = '\n\n— — —\n\n';
const threadOf = (variant: Variant) => (variant.thread ?? []).map((part) => part.text).join(PARTED);
const partsOf = (media: Content['media']) => (media ?? []).map((one, at) => `${at + 1}. ${one.alt || one.media_id}`).join('\n');

const OF_VARIANT: { name: 'own' | 'title' | 'thread' | 'comment' | 'format' | 'recipient' | 'options'; isText: boolean; say: (variant: Variant, words: Words) => string; put: (to: Variant, from: Variant) => void }[] = [
  { name: 'own', isText: true, say: (one) => one.text ?? '', put: (to, from) => (to.text = from.text) },
  { name: 'title', isText: true, say: (one) => one.title ?? '', put: (to, from) => (to.title = from.title ?? '') },
  { name: 'thread', isText: false, say: threadOf, put: (to, from) => (to.thread = from.thread ?? []) },
  { name: 'comment', isText: true, say: (one) => one.first_comment ?? '', put: (to, from) => (to.first_comment = from.first_comment ?? '') },
  { name: 'format', isText: false, say: (one, words) => (one.format ? words.format(one.account_id, one.format) : ''), put: (to, from) => (to.format = from.format) },
  { name: 'recipient', isText: true, say: (one) => one.recipient ?? '', put: (to, from) => (to.recipient = from.recipient ?? '') },
  { name: 'options', isText: false, say: (one) => (one.options && Object.keys(one.options).length ? JSON.stringify(one.options, null, 1) : ''), put: (to, from) => (to.options = from.options ?? {}) },
];
const OF_POST: { name: 'when' | 'disclosure' | 'media'; say: (content: Content, words: Words) => string; put: (to: Content, from: Content) => void }[] = [
  { name: 'when', say: (one, words) => (one.due_at ? words.when(one.due_at) : ''), put: (to, from) => (to.due_at = from.due_at) },
  { name: 'disclosure', say: (one, words) => words.disclosure(one.disclosure), put: (to, from) => (to.disclosure = from.disclosure) },
  { name: 'media', say: (one) => partsOf(one.media), put: (to, from) => (to.media = from.media) },
];

const accountsOf = (content: Content) => content.variants.map((one) => one.account_id);
const variantOf = (content: Content, account: string) => content.variants.find((one) => one.account_id === account);

/** The places that differ, in the order of the screen. */
export function rowsOf(before: Content, after: Content, words: Words): Row[] {
  const both = accountsOf(after).filter((id) => variantOf(before, id));
  const names = (content: Content) => accountsOf(content).map(words.account).join('\n');
  const rows: Row[] = [
    { key: 'text', label: words.place('text'), before: before.text, after: after.text, isText: true },
    ...(accountsOf(before).join() === accountsOf(after).join() ? [] : [{ key: 'accounts', label: words.place('accounts'), before: names(before), after: names(after), isText: false }]),
    ...both.flatMap((id) => OF_VARIANT.map(({ name, isText, say }): Row => ({
      key: `${name} ${id}`, label: words.place(name, id), before: say(variantOf(before, id)!, words), after: say(variantOf(after, id)!, words), isText: isText && variantOf(after, id)!.text !== null,
    }))),
    ...OF_POST.map(({ name, say }): Row => ({ key: name, label: words.place(name), before: say(before, words), after: say(after, words), isText: false })),
  ];
  return rows.filter((row) => row.before !== row.after);
}

/** Mine, but for the places where `theirs` was chosen (their keys), and what was written by hand (key → text). */
export function merged(mine: Content, theirs: Content, fromTheirs: string[], byHand: Record<string, string>): Content {
  const out = structuredClone(mine);
  for (const key of fromTheirs) {
    const [name, account] = key.split(' ');
    if (key === 'text') out.text = theirs.text;
    else if (key === 'accounts') out.variants = theirs.variants.map((one) => structuredClone(variantOf(mine, one.account_id) ?? one));
    else OF_POST.find((one) => one.name === name)?.put(out, theirs);
    const [to, from] = account ? [variantOf(out, account), variantOf(theirs, account)] : [];
    if (to && from) OF_VARIANT.find((one) => one.name === name)?.put(to, structuredClone(from));
  }
  for (const [key, text] of Object.entries(byHand)) {
    const [name, account] = key.split(' ');
    const to = account ? variantOf(out, account) : undefined;
    if (key === 'text') out.text = text;
    else if (to) OF_VARIANT.find((one) => one.name === name)?.put(to, { ...to, text, title: text, first_comment: text, recipient: text });
  }
  return out;
}
