// One post being written. Three copies keep it safe: what is on the screen, a draft in this browser at every keystroke, and the
// server's, saved a second after the last change while the post is a draft. A scheduled post changes only when the person says so.
import { api, ask, Problem, type Schemas } from '../api/client';
import { accounts } from '../accounts/accounts.svelte';
import { sentenceOf } from '../shared/errors';
import { t } from '../shared/locale.svelte';
import { parseWall, resolveWall, wallText } from '../shared/zone';
import { session } from '../team/session.svelte';
import { Attachments, type Medium } from '../media/media.svelte';
import { dropDraft, keepChosen, keepDraft, lastChosen, readDraft, type Draft } from './drafts';
import { renumbered, type Rich } from './line/rich';
import { bare, extraOf, formOf, TEXT_MOST, variantOf, type Extra } from './variant';

type Post = Schemas['Post'];
export type Content = Schemas['PostDraft'];
type SaveState = 'idle' | 'saving' | 'saved' | 'local';
export type Place = 'text' | 'accounts' | 'media' | 'when' | 'form';

const PAUSE_MS = 1_000;
const RETRY_MS = 8_000;
const NOTHING_TOLD: Schemas['PostDisclosure'] = { is_advertising: false, is_own_brand: false, is_ai_made: false };
/** Nothing a reader would see: spaces, line ends, zero-width characters. */
const isBlank = (text: string) => /^[\s\p{Cf}\p{Cc}\u{fe00}-\u{fe0f}\u{115f}\u{1160}\u{3164}\u{ffa0}]*$/u.test(text);

/** What people write of it, to be compared. */
const contentOf = ({ text, variants, media, disclosure, is_short, due_at }: Post) => JSON.stringify([text, variants, media, disclosure, is_short, due_at]);

const POST = '/api/v1/workspaces/{workspace}/posts/{post}' as const;

export class Composer {
  post = $state.raw<Post | null>(null);
  text = $state('');
  chosen = $state<string[]>([]);
  ownTexts = $state<Record<string, string>>({});
  /** Of each chosen account: its form, options, thread … */
  extras = $state<Record<string, Extra>>({});
  disclosure = $state({ ...NOTHING_TOLD });
  isShort = $state(false);
  wall = $state('');
  media = new Attachments(() => this.changed());
  /** Pictures of the parts of threads, each part's own. */
  #ofPart = new WeakMap<object, Attachments>();
  #partMedia = $state.raw<Attachments[]>([]);
  /** The campaign it belongs to. */
  campaign = $state<string | null>(null);
  /** The account whose settings and preview are looked at. */
  #wanted = $state<string | null>(null);
  isReady = $state(false);
  isBusy = $state(false);
  isDirty = $state(false);
  isRecovered = $state(false);
  saveState = $state<SaveState>('idle');
  savedAt = $state(0);
  failure = $state('');
  errors = $state.raw<Partial<Record<Place, string>>>({});
  conflict = $state.raw<Post | null>(null);
  /** What somebody else saved while nothing was being written here. */
  newer = $state.raw<Post | null>(null);
  /** Called when a new post got its id. */
  onsaved: (post: Post) => void = () => {};
  #timer = 0;
  /** What is stored must stay a version of its own: it was chosen against. */
  #isApart = false;
  #saving: Promise<boolean> | null = null;
  #turn = 0;
  /** Keys of the media in the order that options know them by. */
  #order: Medium['key'][] = [];

  get id() {
    return this.post?.id ?? null;
  }

  get isScheduled() {
    return this.post?.state === 'scheduled';
  }

  /** Approved: like a scheduled post it changes only when the person says so, because a change takes the approval away. */
  get isGuarded() {
    return this.isScheduled || this.post?.state === 'approved';
  }

  get lock(): 'sending' | 'published' | 'unknown' | 'role' | null {
    if (!session.can('edit')) return 'role';
    const state = this.post?.state;
    return state === 'sending' || state === 'published' || state === 'unknown' ? state : null;
  }

  get isEmpty() {
    return isBlank(this.text) && this.media.list.length === 0 && Object.keys(this.ownTexts).length === 0 && !this.#isBareMeant;
  }

  /** Some forms need neither text nor media: their options say it (a LINE message of its own shape). */
  get #isBareMeant() {
    return this.chosen.some((id) => {
      const network = this.networkOf(id);
      const extra = this.extras[id];
      return network && extra && formOf(network, extra.format).can_be_bare && Object.keys(extra.options).length > 0;
    });
  }

  /** Longer than anything is stored as: kept in this browser only, and said so. */
  get isTooLong() {
    const texts = [this.text, ...Object.values(this.ownTexts), ...this.chosen.flatMap((id) => this.extras[id]?.thread.map((part) => part.text) ?? [])];
    return texts.some((text) => text.length > TEXT_MOST && [...text].length > TEXT_MOST);
  }

  get isUploading() {
    return this.media.isUploading || this.#partMedia.some((media) => media.isUploading);
  }

  /** Of one part of a thread; made when it is first asked for. */
  mediaOf(part: Schemas['PostPart']): Attachments {
    const known = this.#ofPart.get(part);
    if (known) return known;
    const media = new Attachments(() => {
      part.media = media.stored;
      this.changed();
    });
    media.set(part.media ?? []);
    this.#ofPart.set(part, media);
    this.#partMedia = [...this.#partMedia, media];
    return media;
  }

  get shown(): string | null {
    return this.#wanted && this.chosen.includes(this.#wanted) ? this.#wanted : (this.chosen[0] ?? null);
  }

  show(id: string) {
    this.#wanted = id;
  }

  networkOf(id: string) {
    const account = accounts.byId(id);
    return account && accounts.network(account.network);
  }

  /** The text as this account gets it. */
  textOf(id: string): string {
    return this.ownTexts[id] ?? this.text;
  }

  choose(ids: string[]) {
    for (const id of ids) this.extras[id] ??= bare(this.networkOf(id));
    for (const id of this.chosen) if (!ids.includes(id)) delete this.ownTexts[id];
    const added = ids.find((id) => !this.chosen.includes(id));
    this.chosen = ids;
    if (added && this.isReady) this.#wanted = added;
  }

  get networks(): string[] {
    return [...new Set(this.chosen.flatMap((id) => accounts.byId(id)?.network ?? []))];
  }

  /** The instant the chosen wall-clock time means in the workspace's zone. */
  get dueAt(): number | null {
    const wall = parseWall(this.wall);
    return wall && session.workspace ? resolveWall(wall, session.workspace.zone) : null;
  }

  async open(id: string | null, day: string | null, time: string | null = null, campaign: string | null = null) {
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
      if (!post) this.#startNew(day, time);
      if (!post) this.campaign = campaign;
      this.#recover();
      this.isReady = true;
    } catch (error) {
      if (turn === this.#turn) this.failure = sentenceOf(error);
    }
  }

  #startNew(day: string | null, time: string | null) {
    const usable = (accounts.list ?? []).filter((account) => account.state === 'ok');
    const before = usable.filter((account) => lastChosen(session.path.workspace).includes(account.id));
    this.choose((before.length ? before : usable.slice(0, 1)).map((account) => account.id));
    if (day) this.wall = `${day}T${time ?? '09:00'}`;
  }

  #show(content: Omit<Content, 'due_at' | 'lang'> & { due_at?: string | null }) {
    this.#partMedia = [];
    this.text = content.text;
    this.extras = Object.fromEntries(content.variants.map((variant) => [variant.account_id, extraOf(variant, this.networkOf(variant.account_id))]));
    this.chosen = content.variants.map((variant) => variant.account_id);
    this.disclosure = { ...NOTHING_TOLD, ...content.disclosure };
    this.isShort = content.is_short ?? false;
    this.ownTexts = Object.fromEntries(content.variants.flatMap(({ account_id, text }) => (text === null ? [] : [[account_id, text]])));
    this.wall = content.due_at && session.workspace ? wallText(Date.parse(content.due_at), session.workspace.zone) : '';
    this.media.set(content.media ?? []);
    this.#order = this.media.sent.map((medium) => medium.key);
  }

  #take(post: Post | null) {
    this.post = post;
    this.newer = null;
    this.#show(post ?? { text: '', variants: [] });
    this.campaign = post?.campaign_id ?? null;
    this.isDirty = false;
    this.saveState = 'idle';
  }

  /** Puts other content on the screen, as if the person had written it. */
  write(content: Content) {
    this.#show(content);
    this.changed();
  }

  #recover() {
    const kept = readDraft(session.path.workspace, this.id);
    if (!kept || this.lock) return;
    // Nobody saved since: what is kept is newer, whatever this computer's clock says.
    const isOverSaved = this.post && kept.version !== this.post.version && kept.at < Date.parse(this.post.updated_at);
    if (isOverSaved) return dropDraft(session.path.workspace, this.id);
    const { text, ownTexts, extras, wall, disclosure, isShort = false } = kept;
    Object.assign(this, { text, extras, wall, disclosure, isShort, chosen: [], ownTexts: {} });
    this.choose(kept.chosen);
    this.ownTexts = ownTexts;
    this.media.set(kept.media);
    this.#order = this.media.sent.map((medium) => medium.key);
    this.isRecovered = true;
    this.isDirty = true;
  }

  /** Back to the stored post, without what was recovered. */
  discardRecovered() {
    dropDraft(session.path.workspace, this.id);
    this.#take(this.post);
    this.isRecovered = false;
  }

  /** Options that name a picture by its number keep to the same picture when pictures come, go and move. */
  #followMedia() {
    const before = this.#order;
    const now = this.media.sent.map((medium) => medium.key);
    this.#order = now;
    if (before.every((key, at) => key === now[at])) return;
    const to = (at: number) => (now.includes(before[at]) ? now.indexOf(before[at]) : undefined);
    for (const extra of Object.values(this.extras))
      if (extra.options.rich) extra.options.rich = renumbered(extra.options.rich as Rich, to);
  }

  /** After every change by the person. */
  changed() {
    if (this.lock) return;
    this.#followMedia();
    this.isDirty = true;
    this.errors = {};
    const draft: Draft = {
      text: this.text, chosen: [...this.chosen], ownTexts: { ...this.ownTexts }, extras: $state.snapshot(this.extras), wall: this.wall,
      media: this.media.stored, disclosure: { ...this.disclosure }, isShort: this.isShort, version: this.post?.version ?? 0, at: Date.now(),
    };
    keepDraft(session.path.workspace, this.id, draft);
    clearTimeout(this.#timer);
    if (!this.isGuarded) this.#timer = window.setTimeout(() => void this.save(), PAUSE_MS);
  }

  /** What is on the screen, as the contract takes it. */
  content(): Schemas['PostDraft'] {
    const variants = this.chosen.map((id) => variantOf(id, this.ownTexts[id] ?? null, $state.snapshot(this.extras[id]) ?? bare(this.networkOf(id)), this.networkOf(id)));
    const dueAt = this.isScheduled ? Date.parse(this.post!.due_at!) : this.dueAt;
    const lang = this.post?.lang ? { lang: this.post.lang } : {};
    return { text: this.text, variants, media: this.media.stored, disclosure: { ...this.disclosure }, is_short: this.isShort, ...lang, ...(dueAt ? { due_at: new Date(dueAt).toISOString() } : {}) };
  }

  /** Saves to the server; true when it holds what is on the screen. One save at a time. */
  async save(): Promise<boolean> {
    clearTimeout(this.#timer);
    while (this.#saving) await this.#saving; // whoever waited longest goes first; the others look again
    if (this.lock || (!this.post && this.isEmpty && !this.isDirty)) return false;
    if (!this.isDirty && this.post) return true;
    if (this.isTooLong) {
      this.saveState = 'local';
      this.errors = { text: t('compose.tooLong', { count: TEXT_MOST }) };
      return false;
    }
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
      const body = this.content();
      const post = this.post
        ? await ask(api.PUT(POST, { params: { path: { ...session.path, post: this.post.id } }, body: { ...body, version: this.post.version, ...(this.#isApart ? { is_apart: true } : {}) } }))
        : await ask(api.POST('/api/v1/workspaces/{workspace}/posts', { params: { path: session.path }, body }));
      if (!this.isDirty) dropDraft(session.path.workspace, keptAs);
      else if (!keptAs) dropDraft(session.path.workspace, null);
      if (turn !== this.#turn) return false;
      this.post = post;
      this.newer = null;
      this.#isApart = false;
      this.saveState = 'saved';
      this.savedAt = Date.now();
      this.isRecovered = false;
      if (this.errors.form) this.errors = {};
      if (!keptAs && this.campaign) await this.#storeCampaign();
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
    this.newer = null;
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
    if (this.saveState === 'local' && this.isDirty && !this.isGuarded && !this.conflict) void this.save();
  }

  /** What was chosen of both; what is stored stays beside it as a version. */
  async settle(content: Content) {
    const { conflict } = this;
    if (!conflict) return;
    this.post = conflict;
    this.conflict = null;
    this.#isApart = true;
    this.write(content);
    if (!this.isGuarded) await this.save();
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

  /** Into a campaign, or out of it: kept at once, as it may hold the post. A new post takes it along when it is first saved. */
  async putInto(campaign: string | null) {
    const before = this.campaign;
    this.campaign = campaign;
    if (this.post && !(await this.#storeCampaign())) this.campaign = before;
  }

  async #storeCampaign(): Promise<boolean> {
    try {
      await ask(api.PUT(`${POST}/campaign`, { params: { path: { ...session.path, post: this.post!.id } }, body: { campaign_id: this.campaign } }));
      return true;
    } catch (error) {
      this.showError(error);
      return false;
    }
  }

  showError(error: unknown) {
    const pointer = error instanceof Problem ? error.pointer : '';
    const place: Place = /^\/(at|wall|zone|due_at|now)/.test(pointer) ? 'when'
      : /^\/media/.test(pointer) ? 'media'
      : /^\/(text|variants\/\d+\/text)/.test(pointer) ? 'text'
      : /^\/variants(\/\d+(\/account_id)?)?$/.test(pointer) ? 'accounts' : 'form';
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

  /** Into the next free slot of its accounts. */
  queue(): Promise<Post | null> {
    return this.#act((path) => ask(api.POST(`${POST}/queue`, { params: { path } })));
  }

  unschedule(): Promise<Post | null> {
    return this.#act((path) => ask(api.POST(`${POST}/unschedule`, { params: { path } })), false);
  }

  showNewer() {
    this.#take(this.newer);
  }

  /** Makes it say again what it said in that version; what is on the screen is saved first, so that it stays one too. */
  async restore(version: number): Promise<boolean> {
    const post = await this.#act((path) => {
      const params = { path: { ...path, version: String(version) } };
      return ask(api.POST(`${POST}/versions/{version}/restore`, { params, body: { version: this.post!.version } }));
    }, this.isDirty);
    if (post) this.#take(post);
    return post !== null;
  }

  /** Somebody else moved its approval on: that is taken over, unless something is being written. What they wrote is only told of: nothing on the screen changes by itself. */
  async follow(state: Post['state'], version: number) {
    if (!this.post || this.isDirty || this.isBusy || this.#saving || (this.post.state === state && this.post.version === version)) return;
    const turn = this.#turn;
    const post = await ask(api.GET(POST, { params: { path: { ...session.path, post: this.post.id } } })).catch(() => null);
    if (!post || turn !== this.#turn || this.isDirty || this.#saving || post.version <= this.post.version) return;
    if (contentOf(post) === contentOf(this.post)) this.#take(post);
    else this.newer = post;
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
    const wasGuarded = this.isGuarded;
    try {
      if (savesFirst) {
        this.isDirty ||= !this.post;
        if (!(await this.save())) {
          // A save that failed by itself is tried again quietly; here a person waits for an answer.
          if (!this.conflict && !Object.keys(this.errors).length) this.errors = { form: t('errors.offline') };
          return null;
        }
      }
      if (wasGuarded && this.post!.state === 'in_review') {
        this.errors = { form: t('approval.withdrawnNow') };
        return null;
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
    if (this.isDirty && !this.isGuarded && !this.isEmpty) void this.save();
    this.#turn++;
  }
}
