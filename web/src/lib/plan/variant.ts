// What a post is on one account beside its text: its form, title, the network's own options, whom it goes to, what follows it.
import type { Schemas } from '../api/client';
import type { Network } from '../accounts/accounts.svelte';

export type Form = Schemas['NetworkFormat'];
export type Format = Form['format'];
export type Extra = {
  format: Format;
  title: string;
  options: Record<string, unknown>;
  recipient: string;
  comment: string;
  thread: Schemas['PostPart'][];
};
/** One row of NetworkInfo.options. `from`: the account's own options know the values (TikTok's privacy levels, LINE's audiences). */
export type Option = {
  name: string;
  kind: 'choice' | 'choices' | 'text' | 'flag' | 'number' | 'list' | 'object';
  values?: string[];
  default?: string | number | boolean;
  formats?: Format[];
  min?: number;
  max?: number;
  needed?: boolean;
  needed_unless?: string;
  from?: string;
  /** Of an option with an editor of its own (LINE): how long its texts may be, how a picture is divided. */
  limits?: Record<string, number>;
  grids?: Record<string, number[]>;
};

/** The longest text the contract takes. */
export const TEXT_MOST = 20_000;

export const bare = (network?: Network): Extra =>
  ({ format: network?.formats[0]?.format ?? 'post', title: '', options: {}, recipient: '', comment: '', thread: [] });

export function extraOf(stored: Schemas['PostVariant'], network?: Network): Extra {
  const empty = bare(network);
  return {
    format: stored.format ?? empty.format,
    title: stored.title ?? '',
    options: { ...stored.options },
    recipient: stored.recipient ?? '',
    comment: stored.first_comment ?? '',
    thread: (stored.thread ?? []).map((part) => ({ ...part })),
  };
}

export const formOf = (network: Network, format: Format): Form => network.formats.find((form) => form.format === format) ?? network.formats[0];

export const optionsOf = (network: Network, format: Format): Option[] =>
  (network.options as unknown as Option[]).filter((option) => !option.formats || option.formats.includes(format));

const isPublic = (format: Format) => format === 'post' || format === 'reel' || format === 'video' || format === 'short';

/** Where a title is asked for: in the forms that need one, else in videos, else in the network's post. */
export function hasTitle(network: Network, format: Format): boolean {
  if (network.max_title === 0) return false;
  if (network.formats.some((form) => form.needs_title)) return formOf(network, format).needs_title;
  return format === (network.formats.some((form) => form.format === 'video') ? 'video' : 'post');
}
export const hasThread = (network: Network, format: Format) => network.max_thread > 1 && format === 'post';
export const hasComment = (network: Network, format: Format) => network.can_reply && isPublic(format);
export const hasRecipient = (format: Format) => format === 'message' || format === 'narrowcast';

/** As the contract takes it: nothing empty, and no option the chosen form does not have. */
export function variantOf(accountId: string, text: string | null, extra: Extra, network?: Network): Schemas['PostVariant'] {
  const { format, title, recipient, comment, thread } = extra;
  const known = network && new Set(optionsOf(network, format).map((option) => option.name));
  const options = Object.fromEntries(Object.entries(extra.options).filter(([name]) => !known || known.has(name)));
  return {
    account_id: accountId,
    text,
    format,
    // The contract leaves the options to each network (an open object, which the generated type calls empty).
    ...(Object.keys(options).length ? { options: options as Record<string, never> } : {}),
    ...(title && (!network || hasTitle(network, format)) ? { title } : {}),
    ...(recipient && hasRecipient(format) ? { recipient } : {}),
    ...(comment && (!network || hasComment(network, format)) ? { first_comment: comment } : {}),
    ...(thread.length && (!network || hasThread(network, format)) ? { thread } : {}),
  };
}
