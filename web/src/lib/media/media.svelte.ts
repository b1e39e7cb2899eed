// The pictures and videos of a post: sent, looked at by the server, described, put in order. The original is kept;
// a version that fits each network is made when the post is scheduled, and its progress is told here.
import { api, ask, type Schemas } from '../api/client';
import type { ServerEvent } from '../api/events';
import { sentenceOf } from '../shared/errors';
import { t } from '../shared/locale.svelte';
import { session } from '../team/session.svelte';
import type { Rect } from './crop';
import type { Item } from './library.svelte';
import { forget, send } from './upload';

type Stored = Schemas['PostMedia'];
type Media = Schemas['Media'];
/** A post of the contract takes no more. */
export const MOST = 20;

export class Medium {
  id = $state<string | null>(null);
  kind = $state<Media['kind']>('image');
  state = $state<'sending' | Media['state']>('sending');
  share = $state(0);
  error = $state('');
  alt = $state('');
  url = $state('');
  focus = $state.raw<{ x: number; y: number } | null>(null);
  coverMs = $state<number | null>(null);
  /** What a network gets to see of it; those not named here see all of it. */
  crops = $state.raw<Record<string, Rect>>({});
  about = $state.raw<Media | null>(null);
  /** How far the version is that a network needs; null: none is being made. */
  fitting = $state<number | null>(null);
  readonly key = crypto.randomUUID();
  readonly #stop = new AbortController();
  #file: File | null = null;

  static of(stored: Stored): Medium {
    const medium = new Medium();
    medium.id = stored.media_id;
    medium.alt = stored.alt;
    medium.state = 'ready';
    medium.coverMs = stored.cover_ms ?? null;
    if (stored.focus_x !== undefined && stored.focus_y !== undefined) medium.focus = { x: stored.focus_x, y: stored.focus_y };
    medium.crops = Object.fromEntries((stored.crops ?? []).map(({ network, ...rect }) => [network, rect]));
    medium.url = medium.source;
    void medium.look();
    return medium;
  }

  setCrop(network: string, rect: Rect | null) {
    const { [network]: _before, ...others } = this.crops;
    this.crops = rect ? { ...others, [network]: rect } : others;
  }

  /** The original, as the server gives it. */
  get source() {
    return `/api/v1/workspaces/${session.path.workspace}/media/${this.id}`;
  }

  /** A still picture of it, or "" while there is none. */
  get still() {
    if (this.kind !== 'video') return this.url;
    return this.about?.has_thumbnail ? `${this.source}/thumbnail` : '';
  }

  /** For `object-position`. */
  get position() {
    return this.focus ? `${this.focus.x * 100}% ${this.focus.y * 100}%` : '50% 50%';
  }

  /** For `object-view-box`: the part that a network gets; undefined: all of it. */
  viewOn(network: string) {
    const rect = this.crops[network];
    if (!rect || this.kind === 'gif') return undefined;
    return `inset(${[rect.y, 1 - rect.x - rect.width, 1 - rect.y - rect.height, rect.x].map((share) => `${share * 100}%`).join(' ')})`;
  }

  get isUploading() {
    return this.state === 'sending';
  }

  get stored(): Stored | null {
    if (!this.id) return null;
    return {
      media_id: this.id, alt: this.alt,
      ...(this.focus ? { focus_x: this.focus.x, focus_y: this.focus.y } : {}),
      ...(this.coverMs !== null && this.kind === 'video' ? { cover_ms: this.coverMs } : {}),
      ...(Object.keys(this.crops).length ? { crops: Object.entries(this.crops).map(([network, rect]) => ({ network, ...rect })) } : {}),
    };
  }

  async upload(file: File) {
    this.#file = file;
    this.kind = file.type.startsWith('video/') ? 'video' : file.type === 'image/gif' ? 'gif' : 'image';
    if (this.kind !== 'video') this.url = URL.createObjectURL(file);
    try {
      const media = await send(file, { signal: this.#stop.signal, onprogress: (share) => (this.share = share) });
      this.id = media.id;
      this.#take(media);
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') return;
      this.state = 'failed';
      this.error = sentenceOf(error);
    }
  }

  /** Sends it once more after a failure. */
  async again() {
    if (!this.#file) return;
    this.state = 'sending';
    this.error = '';
    await this.upload(this.#file);
  }

  stop() {
    if (this.state !== 'sending') return;
    this.#stop.abort();
    if (this.#file) void forget(this.#file);
  }

  #take(media: Media) {
    this.about = media;
    this.kind = media.kind;
    this.state = media.state;
    if (media.kind === 'video') this.url = this.source;
    this.error = media.state === 'failed' ? t('compose.media.unreadable') : '';
  }

  /** Reads what the server knows of it. */
  async look() {
    if (!this.id) return;
    try {
      this.#take(await ask(api.GET('/api/v1/workspaces/{workspace}/media/{media}/about', { params: { path: { ...session.path, media: this.id } } })));
    } catch (error) {
      this.error = sentenceOf(error);
    }
  }
}

export class Attachments {
  list = $state<Medium[]>([]);
  note = $state('');

  constructor(private readonly onchange: () => void) {}

  set(stored: Stored[]) {
    this.list = stored.map((one) => Medium.of(one));
    this.note = '';
  }

  get stored(): Stored[] {
    return this.list.flatMap((medium) => medium.stored ?? []);
  }

  /** Those the server has, as a post names them by number. */
  get sent(): Medium[] {
    return this.list.filter((medium) => medium.id);
  }

  get isUploading() {
    return this.list.some((medium) => medium.isUploading);
  }

  get withoutAlt() {
    return this.list.filter((medium) => !medium.error && medium.kind !== 'video' && !medium.alt.trim()).length;
  }

  async add(files: Iterable<File>) {
    const all = [...files].filter((file) => /^(image|video)\//.test(file.type));
    const room = Math.max(MOST - this.list.length, 0);
    this.note = all.length > room ? t('compose.media.tooMany', { count: MOST }) : '';
    const added = all.slice(0, room).map((file) => ({ file, medium: new Medium() }));
    this.list = [...this.list, ...added.map(({ medium }) => medium)];
    await Promise.all(added.map(({ file, medium }) => medium.upload(file).then(this.onchange)));
  }

  /** From the library, with what it says of each. */
  addItems(items: Item[]) {
    const room = Math.max(MOST - this.list.length, 0);
    this.note = items.length > room ? t('compose.media.tooMany', { count: MOST }) : '';
    this.list = [...this.list, ...items.slice(0, room).map(({ media, card }) => Medium.of({ media_id: media.id, alt: card.alt }))];
    this.onchange();
  }

  remove(medium: Medium) {
    medium.stop();
    this.list = this.list.filter((one) => one !== medium);
    this.note = '';
    this.onchange();
  }

  /** Puts one back where it was: the undo of remove. */
  insert(medium: Medium, at: number) {
    this.list = this.list.toSpliced(at, 0, medium);
    this.onchange();
  }

  move(medium: Medium, step: -1 | 1) {
    const from = this.list.indexOf(medium);
    const to = from + step;
    if (to < 0 || to >= this.list.length) return;
    this.list = this.list.toSpliced(from, 1).toSpliced(to, 0, medium);
    this.onchange();
  }

  /** What the server tells: looked at, or a version of it being made. */
  async hear(events: ServerEvent[]) {
    for (const event of events) {
      if (event.kind === 'media.fitting' || event.kind === 'media.fitted') await this.#hearFitting(event.subject);
      else await Promise.all(this.list.filter((medium) => medium.id === event.subject || (event.kind === 'reset' && medium.id)).map((medium) => medium.look()));
    }
  }

  async #hearFitting(rendition: string) {
    const path = { ...session.path, rendition };
    const made = await ask(api.GET('/api/v1/workspaces/{workspace}/renditions/{rendition}', { params: { path } })).catch(() => null);
    for (const medium of this.list) if (made && medium.id === made.media_id) medium.fitting = made.state === 'working' ? made.progress : null;
  }
}
