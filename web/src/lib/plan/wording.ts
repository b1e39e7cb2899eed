// A text as a network gets it: @{name} as its own handle there, links to one's own sites marked. As src/features/plan/wording.c, which has the last word; tests/data/wording.json holds both.
import type { Schemas } from '../api/client';
import { pieces } from './richtext';

export type Wording = { mentions: Pick<Schemas['Mention'], 'name' | 'handles'>[]; hosts: string[]; medium: string; campaign: string | null; /** Links are made short: what stands before a code. */ short?: string | null };

const NAMED = /@\{([^{}\n\r]{1,60})\}/gu;
const OPENS = /(?:^|[\s\p{Ps}\p{Pi}])$/u;
const GOES_ON = /^(?:[\p{L}\p{N}_\-@ー]|\.[\p{L}\p{N}])/u;

/** The names a text calls somebody by, each once. */
export const namedIn = (text: string): string[] => [...new Set([...text.matchAll(NAMED)].map((match) => match[1]))];

export function handleOf(wording: Wording, name: string, network: string | null): string | null {
  const mention = wording.mentions.find((one) => one.name === name);
  return mention?.handles.find((one) => one.network === network)?.handle ?? null;
}

function withMentions(text: string, wording: Wording, network: string | null): string {
  let out = '';
  let done = 0;
  for (const match of text.matchAll(NAMED)) {
    const handle = handleOf(wording, match[1], network);
    out += text.slice(done, match.index);
    done = match.index + match[0].length;
    out += handle ? `${OPENS.test(out) ? '' : ' '}@${handle}${GOES_ON.test(text.slice(done, done + 4)) ? ' ' : ''}` : match[1];
  }
  return out + text.slice(done);
}

function isOwn(url: string, hosts: string[]): boolean {
  const host = url.slice(url.indexOf('://') + 3).split(/[/?#:]/, 1)[0].toLowerCase();
  return hosts.some((own) => host === own.toLowerCase() || host.endsWith(`.${own.toLowerCase()}`));
}

function marked(url: string, { medium, campaign }: Wording, network: string): string {
  const at = url.indexOf('#');
  const before = at < 0 ? url : url.slice(0, at);
  const isBare = !/^[a-z]+:\/\/[^/?#]*\//i.test(before);
  const joint = before.includes('?') ? (/[?&]$/.test(before) ? '' : '&') : isBare ? '/?' : '?';
  const tags = [['utm_source', network], ['utm_medium', medium], ...(campaign ? [['utm_campaign', campaign]] : [])];
  return before + joint + tags.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&') + url.slice(before.length);
}

/** One that has no code yet is as long as it will be. */
function asSent(url: string, wording: Wording, network: string): string {
  if (wording.short && /^https?:\/\//.test(url)) return url.startsWith(wording.short) ? url : `${wording.short}xxxxxxx`;
  return isOwn(url, wording.hosts) && !/[?&]utm_/.test(url) ? marked(url, wording, network) : url;
}

export function worded(text: string, wording: Wording, network: string | null): string {
  const named = text.includes('@{') ? withMentions(text, wording, network) : text;
  if ((!wording.hosts.length && !wording.short) || !network || !named.includes('://')) return named;
  return pieces(named)
    .map(({ kind, text: piece }) => (kind === 'link' ? asSent(piece, wording, network) : piece))
    .join('');
}
