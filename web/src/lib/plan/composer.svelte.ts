// One post being written. Three copies keep it safe: what is on the screen, a draft in this browser at every keystroke, and the
// server's, saved a second after the last change while the post is a draft. A scheduled post changes only when the person says so.
import { api, ask, Problem, type Schemas } from '../api/client';
import { accounts } from '../accounts/accounts.svelte';
import { sentenceOf } from '../shared/errors';
import { t } from '../shared/locale.svelte';
import { parseWall, resolveWall, wallText } from '../shared/zone';
import { session } from '../team/session.svelte';
import { dropDraft, keepChosen, keepDraft, lastChosen, readDraft, type Draft } from './drafts';
import { Pictures } from './pictures.svelte';

type Post = Schemas['Post'];
type SaveState = 'idle' | 'saving' | 'saved' | 'local';
export type Place = 'text' | 'accounts' | 'images' | 'when' | 'form';

const PAUSE_MS = 1_000;
const RETRY_MS = 8_000;
const FALLBACK_LIMITS = { count: 4, bytes: 1_000_000, types: ['image/jpeg', 'image/png', 'image/webp'] };
/** Nothing a reader would see: spaces, line ends, zero-width characters. */
const isBlank = (text: string) => /^[\s\p{Cf}\p{Cc}\u{fe00}-\u{fe0f}\u{115f}\u{1160}\u{3164}\u{ffa0}]*$/u.test(text);

const POST = '/api/v1/workspaces/{workspace}/posts/{post}' as const;

export class Composer {
  post = $state.raw<Post | null>(null);
  text = $state('');
  chosen = $state<string[]>([]);
  ownTexts = $state<Record<string, string>>({});
  wall = $state('');
  pictures = new Pictures(() => this.changed());
  isReady = $state(false);
  isBusy = $state(false);
  isDirty = $state(false);
  isRecovered = $state(false);
  saveState = $state<SaveState>('idle');
  savedAt = $state(0);
  failure = $state('');
  errors = $state.raw<Partial<Record<Place, string>>>({});
  conflict = $state.raw<Post | null>(null);
  /** Called when a new post got its id. */
  onsaved: (post: Post) => void = () => {};
  #timer = 0;
  #saving: Promise<boolean> | null = null;
  #turn = 0;

  get id() {
    return this.post?.id ?? null;
  }

  get isScheduled() {
    return this.post?.state === 'scheduled';
  }

  get lock(): 'sending' | 'published' | 'unknown' | 'role' | null {
    if (!session.can('edit')) return 'role';
    const state = this.post?.state;
    return state === 'sending' || state === 'published' || state === 'unknown' ? state : null;
  }

  get isEmpty() {
    return isBlank(this.text) && this.pictures.list.length === 0 && Object.keys(this.ownTexts).length === 0;
  }

  get networks(): string[] {
    return [...new Set(this.chosen.flatMap((id) => accounts.byId(id)?.network ?? []))];
  }

  /** The strictest of the chosen networks. */
  get imageLimits() {
    const named = this.networks.flatMap((name) => accounts.network(name) ?? []);
    const limits = named.length ? named : accounts.networks;
    if (!limits.length) return FALLBACK_LIMITS;
    const forms = limits.map((one) => one.formats[0]);
    const specs = forms.flatMap((form) => form.image ?? []);
    return {
      count: Math.min(...forms.map((form) => form.max_media)),
      bytes: Math.min(...specs.map((spec) => spec.max_bytes || FALLBACK_LIMITS.bytes)),
      types: (specs[0]?.types ?? []).filter((type) => specs.every((spec) => spec.types.includes(type))),
    };
  }

  /** The instant the chosen wall-clock time means in the workspace's zone. */
  get dueAt(): number | null {
    const wall = parseWall(this.wall);
    return wall && session.workspace ? resolveWall(wall, session.workspace.zone) : null;
  }

  async open(id: string | null, day: string | null) {
    clearTimeout(this.#timer);
    const turn = ++this.#turn;
    this.isReady = false;
    this.failure = '';
    this.errors = {};
    this.conflict = null;
    this.isRecovered = false;
    try {
      const post = id ? await ask(api.GET(POST, { params: { path: { ...session.path, post: id } } })) : null;
      if (turn !== this.#turn) return;
      this.#take(post);
      if (!post) this.#startNew(day);
      this.#recover();
      this.isReady = true;
    } catch (error) {
      if (turn === this.#turn) this.failure = sentenceOf(error);
    }
  }

  #startNew(day: string | null) {
    const usable = (accounts.list ?? []).filter((account) => account.state === 'ok');
    const before = usable.filter((account) => lastChosen(session.path.workspace).includes(account.id));
    this.chosen = (before.length ? before : usable.slice(0, 1)).map((account) => account.id);
    if (day) this.wall = `${day}T09:00`;
  }

  #take(post: Post | null) {
    this.post = post;
    this.text = post?.text ?? '';
    this.chosen = post?.variants.map((variant) => variant.account_id) ?? [];
    this.ownTexts = Object.fromEntries((post?.variants ?? []).flatMap(({ account_id, text }) => (text === null ? [] : [[account_id, text]])));
    this.wall = post?.due_at && session.workspace ? wallText(Date.parse(post.due_at), session.workspace.zone) : '';
    this.pictures.set(post?.media ?? []);
    this.isDirty = false;
    this.saveState = 'idle';
  }

  #recover() {
    const kept = readDraft(session.path.workspace, this.id);
    if (!kept || this.lock) return;
    // Nobody saved since: what is kept is newer, whatever this computer's clock says.
    const isOverSaved = this.post && kept.version !== this.post.version && kept.at < Date.parse(this.post.updated_at);
    if (isOverSaved) return dropDraft(session.path.workspace, this.id);
    Object.assign(this, { text: kept.text, chosen: kept.chosen, ownTexts: kept.ownTexts, wall: kept.wall });
    this.pictures.set(kept.images.map(({ mediaId, alt }) => ({ media_id: mediaId, alt })));
    this.isRecovered = true;
    this.isDirty = true;
  }

  /** Back to the stored post, without what was recovered. */
  discardRecovered() {
    dropDraft(session.path.workspace, this.id);
    this.#take(this.post);
    this.isRecovered = false;
  }

  /** After every change by the person. */
  changed() {
    if (this.lock) return;
    this.isDirty = true;
    this.errors = {};
    const draft: Draft = {
      text: this.text, chosen: [...this.chosen], ownTexts: { ...this.ownTexts }, wall: this.wall,
      images: this.pictures.images.map(({ media_id, alt }) => ({ mediaId: media_id, alt })), version: this.post?.version ?? 0, at: Date.now(),
    };
    keepDraft(session.path.workspace, this.id, draft);
    clearTimeout(this.#timer);
    if (!this.isScheduled) this.#timer = window.setTimeout(() => void this.save(), PAUSE_MS);
  }

  #content() {
    // What this screen does not show (form, thread …) stays as it is stored.
    const stored = (id: string) => this.post?.variants.find((variant) => variant.account_id === id);
    const variants = this.chosen.map((id) => ({ ...stored(id), account_id: id, text: this.ownTexts[id] ?? null }));
    const dueAt = this.isScheduled ? Date.parse(this.post!.due_at!) : this.dueAt;
    const disclosure = this.post ? { disclosure: this.post.disclosure } : {};
    return { text: this.text, variants, media: this.pictures.images, ...disclosure, ...(dueAt ? { due_at: new Date(dueAt).toISOString() } : {}) };
  }

  /** Saves to the server; true when it holds what is on the screen. One save at a time. */
  async save(): Promise<boolean> {
    clearTimeout(this.#timer);
    while (this.#saving) await this.#saving; // whoever waited longest goes first; the others look again
    if (this.lock || (!this.post && this.isEmpty && !this.isDirty)) return false;
    if (!this.isDirty && this.post) return true;
    this.#saving = this.#saveOnce();
    const isSaved = await this.#saving;
    this.#saving = null;
    return isSaved;
  }

  async #saveOnce(): Promise<boolean> {
    const turn = this.#turn;
    const keptAs = this.id;
    this.saveState = 'saving';
    this.isDirty = false;
    try {
      const body = this.#content();
      const post = this.post
        ? await ask(api.PUT(POST, { params: { path: { ...session.path, post: this.post.id } }, body: { ...body, version: this.post.version } }))
        : await ask(api.POST('/api/v1/workspaces/{workspace}/posts', { params: { path: session.path }, body }));
      if (!this.isDirty) dropDraft(session.path.workspace, keptAs);
      else if (!keptAs) dropDraft(session.path.workspace, null);
      if (turn !== this.#turn) return false;
      this.post = post;
      this.saveState = 'saved';
      this.savedAt = Date.now();
      this.isRecovered = false;
      if (this.errors.form) this.errors = {};
      if (!keptAs) this.onsaved(post);
      if (this.isDirty) this.changed();
      return true;
    } catch (error) {
      if (turn === this.#turn) await this.#saveFailed(error);
      return false;
    }
  }

  async #saveFailed(error: unknown) {
    this.isDirty = true;
    this.saveState = 'local';
    if (error instanceof Problem && error.reason === 'post.edited' && this.post) {
      this.conflict = await ask(api.GET(POST, { params: { path: { ...session.path, post: this.post.id } } })).catch(() => null);
    } else if (error instanceof Problem && error.reason === 'net.offline') {
      this.#timer = window.setTimeout(() => void this.save(), RETRY_MS);
    } else {
      this.showError(error);
    }
  }

  /** The connection is back: what waited is saved at once. */
  online() {
    if (this.saveState === 'local' && this.isDirty && !this.isScheduled && !this.conflict) void this.save();
  }

  async keepMine() {
    this.post = this.conflict;
    this.conflict = null;
    this.isDirty = true;
    if (!this.isScheduled) await this.save();
  }

  /** Neither yet: what is typed stays in this browser, and the next save asks again. */
  decideLater() {
    this.conflict = null;
  }

  keepTheirs() {
    dropDraft(session.path.workspace, this.id);
    this.#take(this.conflict);
    this.conflict = null;
  }

  showError(error: unknown) {
    const pointer = error instanceof Problem ? error.pointer : '';
    const place: Place = /^\/(at|wall|zone|due_at|now)/.test(pointer) ? 'when'
      : /^\/media/.test(pointer) ? 'images'
      : /^\/(text|variants\/\d+\/text)/.test(pointer) ? 'text'
      : /^\/variants/.test(pointer) ? 'accounts' : 'form';
    this.errors = { [place]: sentenceOf(error) };
  }

  /** Schedules (or moves, or sends now); the new post, or null with the sentence at its place. */
  async schedule(how: 'wall' | 'now'): Promise<Post | null> {
    if (how === 'wall' && !this.wall) {
      this.errors = { when: t('compose.timeMissing') };
      return null;
    }
    return this.#act(async (path) => {
      const isMoved = this.isScheduled && how === 'wall' && this.dueAt === Date.parse(this.post!.due_at!);
      if (isMoved) return this.post!;
      const when = how === 'now' ? { now: true } : { wall: this.wall };
      return ask(api.POST(`${POST}/schedule`, { params: { path }, body: { ...when, version: this.post!.version } }));
    });
  }

  unschedule(): Promise<Post | null> {
    return this.#act((path) => ask(api.POST(`${POST}/unschedule`, { params: { path } })), false);
  }

  /** Takes the post away; the caller offers undo. */
  async delete(): Promise<string | null> {
    const id = this.id;
    clearTimeout(this.#timer);
    if (this.#saving) await this.#saving;
    dropDraft(session.path.workspace, id);
    if (!id) return null;
    await ask(api.DELETE(POST, { params: { path: { ...session.path, post: id } } }));
    return id;
  }

  async #act(call: (path: { workspace: string; post: string }) => Promise<Post>, savesFirst = true): Promise<Post | null> {
    if (this.isBusy) return null;
    this.isBusy = true;
    this.errors = {};
    try {
      if (savesFirst) {
        this.isDirty ||= !this.post;
        if (!(await this.save())) {
          // A save that failed by itself is tried again quietly; here a person waits for an answer.
          if (!this.conflict && !Object.keys(this.errors).length) this.errors = { form: t('errors.offline') };
          return null;
        }
      }
      const post = await call({ ...session.path, post: this.post!.id });
      this.post = post;
      if (savesFirst) keepChosen(session.path.workspace, this.chosen);
      return post;
    } catch (error) {
      if (error instanceof Problem && error.reason === 'post.edited') await this.#saveFailed(error);
      else this.showError(error);
      return null;
    } finally {
      this.isBusy = false;
    }
  }

  /** Leaving the screen: what is not saved yet is saved now. */
  close() {
    clearTimeout(this.#timer);
    if (this.isDirty && !this.isScheduled && !this.isEmpty) void this.save();
    this.#turn++;
  }
}
