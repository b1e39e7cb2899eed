// Short links: the list, and one being written. What changes on the server comes by events.
import { api, ask, type Schemas } from '../api/client';
import { handleError, sentenceOf } from '../shared/errors';
import { t, place } from '../shared/locale.svelte';
import { toasts } from '../shared/toasts.svelte';
import { addDays, dayOf, dayStart, parseWall, resolveWall, wallText } from '../shared/zone';
import { session } from '../team/session.svelte';

export type ShortLink = Schemas['Link'];
export type LinkClicks = Schemas['LinkClicks'];
export type Count = Schemas['LinkCount'];

const LINKS = '/api/v1/workspaces/{workspace}/links' as const;
const LINK = `${LINKS}/{short_link}` as const;
const pathOf = (id: string) => ({ params: { path: { ...session.path, short_link: id } } });
const RANGE_DAYS = 30;

export const qrOf = (id: string, format: 'svg' | 'png') => `/api/v1/workspaces/${session.path.workspace}/links/${id}/qr?format=${format}&size=1024`;

export class Links {
  list = $state.raw<ShortLink[] | null>(null);
  next = $state<string | null>(null);
  base = $state('');
  health = $state.raw<Schemas['LinkHealth'] | null>(null);
  words = $state('');
  isArchived = $state(false);
  failure = $state('');
  #turn = 0;

  async load(cursor?: string) {
    const turn = ++this.#turn;
    const words = this.words.trim();
    try {
      const reply = await ask(api.GET(LINKS, { params: { path: session.path, query: { ...(words && { words }), archived: this.isArchived, ...(cursor && { cursor }) } } }));
      if (turn !== this.#turn) return;
      this.list = cursor ? [...(this.list ?? []), ...reply.links] : reply.links;
      this.next = reply.next;
      this.base = reply.base;
      this.health = reply.health;
      this.failure = '';
    } catch (error) {
      this.failure = sentenceOf(error);
    }
  }

  async archive(link: ShortLink, isArchived: boolean) {
    try {
      await ask(api.POST(`${LINK}/archive`, { ...pathOf(link.id), body: { is_archived: isArchived } }));
      toasts.show(t(isArchived ? 'shortLink.archived' : 'shortLink.restored'), { undo: () => void this.archive(link, !isArchived) });
      await this.load();
    } catch (error) {
      handleError(error);
    }
  }
}

/** One link with its clicks of the last thirty days, by day of the workspace. */
export class LinkView {
  link = $state.raw<ShortLink | null>(null);
  clicks = $state.raw<LinkClicks | null>(null);
  failure = $state('');
  days = $derived.by(() => byDay(this.clicks?.hours ?? [], Date.now(), place.zone));

  constructor(readonly id: string) {}

  async load() {
    try {
      const from = new Date(dayStart(addDays(dayOf(Date.now(), place.zone), 1 - RANGE_DAYS), place.zone)).toISOString();
      [this.link, this.clicks] = await Promise.all([
        ask(api.GET(LINK, pathOf(this.id))),
        ask(api.GET(`${LINK}/clicks`, { params: { ...pathOf(this.id).params, query: { from } } })),
      ]);
      this.failure = '';
    } catch (error) {
      this.failure = sentenceOf(error);
    }
  }
}

export type Day = { at: number; people: number; programs: number };

/** Thirty days that end today; those without a click too. */
export function byDay(hours: { at: string; count: Count }[], now: number, zone: string): Day[] {
  const last = dayOf(now, zone);
  const names = Array.from({ length: RANGE_DAYS }, (_, at) => addDays(last, at + 1 - RANGE_DAYS));
  const days = new Map(names.map((name) => [name, { at: dayStart(name, zone) / 1000, people: 0, programs: 0 }]));
  for (const { at, count } of hours) {
    const day = days.get(dayOf(Date.parse(at), zone));
    if (!day) continue;
    day.people += count.clicks;
    day.programs += count.bots + count.floods;
  }
  return [...days.values()];
}

/** A link being made or changed. */
export class LinkEdit {
  readonly link: ShortLink | null;
  target = $state('');
  title = $state('');
  code = $state('');
  ends = $state('');
  limit = $state<number | null>(null);
  endedUrl = $state('');
  iosUrl = $state('');
  androidUrl = $state('');
  campaign = $state<string | null>(null);
  variants = $state<{ network: string; target: string }[]>([]);

  constructor(link: ShortLink | null) {
    this.link = link;
    if (!link) return;
    this.target = link.target;
    this.title = link.title;
    this.ends = link.expires_at ? wallText(Date.parse(link.expires_at), place.zone) : '';
    this.limit = link.click_limit;
    this.endedUrl = link.ended_url ?? '';
    this.iosUrl = link.ios_url ?? '';
    this.androidUrl = link.android_url ?? '';
    this.campaign = link.campaign_id;
    this.variants = link.variants.map((one) => ({ ...one }));
  }

  get #body() {
    const wall = this.ends ? parseWall(this.ends) : null;
    const isSame = this.link?.expires_at && wallText(Date.parse(this.link.expires_at), place.zone) === this.ends;
    return {
      target: this.target.trim(),
      title: this.title.trim(),
      expires_at: isSame ? this.link!.expires_at : wall ? new Date(resolveWall(wall, place.zone)).toISOString() : null,
      click_limit: this.limit || null,
      ended_url: this.endedUrl.trim() || null,
      ios_url: this.iosUrl.trim() || null,
      android_url: this.androidUrl.trim() || null,
      campaign_id: this.campaign,
      variants: $state.snapshot(this.variants).filter((one) => one.target.trim()),
    };
  }

  async save(): Promise<ShortLink> {
    if (this.link) return ask(api.PUT(LINK, { ...pathOf(this.link.id), body: { ...this.#body, version: this.link.version } }));
    return ask(api.POST(LINKS, { params: { path: session.path }, body: { ...this.#body, code: this.code.trim().toLowerCase() || null } }));
  }
}
