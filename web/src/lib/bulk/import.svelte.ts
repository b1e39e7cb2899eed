// One import on its way: a file is read by the server, shown with what is wrong, and confirmed. The file stays with the person, so that it can be read anew.
import { api, ask, Problem, type Schemas } from '../api/client';
import { sentenceOf } from '../shared/errors';
import { session } from '../team/session.svelte';

type Found = Schemas['ImportProblem'];
const IMPORTS = '/api/v1/workspaces/{workspace}/imports' as const;
const PAGE = 200;
const keyOf = () => `hibiki.import.${session.path.workspace}`;

export class Import {
  current = $state.raw<Schemas['Import'] | null>(null);
  problems = $state.raw<Found[]>([]);
  hasMore = $state(false);
  file = $state.raw<File | null>(null);
  schedules = $state(false);
  busy = $state<'' | 'reading' | 'storing' | 'more'>('');
  failure = $state('');
  #asked = 0;

  isDone = $derived(this.current?.state === 'done');
  mayConfirm = $derived(this.current?.state === 'open' && this.current.n_errors === 0 && !this.busy);

  #take(current: Schemas['Import']) {
    this.current = current;
    this.schedules = current.schedules;
    this.problems = current.problems;
    this.hasMore = current.has_more_problems;
    sessionStorage.setItem(keyOf(), current.id);
  }

  /** Does one thing at a time; a later one takes the place of an earlier. */
  async #run(busy: 'reading' | 'storing' | 'more', work: () => Promise<void>) {
    const mine = ++this.#asked;
    this.busy = busy;
    this.failure = '';
    try {
      await work();
    } catch (error) {
      if (mine === this.#asked) this.failure = sentenceOf(error);
    } finally {
      if (mine === this.#asked) this.busy = '';
    }
  }

  /** What was on its way before the page was loaded anew. */
  async resume() {
    const id = sessionStorage.getItem(keyOf());
    if (!id) return;
    try {
      this.#take(await ask(api.GET(`${IMPORTS}/{import}`, { params: { path: { ...session.path, import: id } } })));
    } catch (error) {
      if (error instanceof Problem && error.status === 404) sessionStorage.removeItem(keyOf());
    }
  }

  read(file: File) {
    this.file = file;
    this.current = null;
    return this.#run('reading', async () => {
      const made = await ask(api.POST(IMPORTS, {
        params: { path: session.path, query: { name: file.name.slice(0, 200), schedules: this.schedules } },
        body: file as unknown as string, bodySerializer: (content: unknown) => content as BodyInit, headers: { 'Content-Type': 'application/octet-stream' },
      }));
      this.#take(made);
    });
  }

  /** Rows that say nothing of it become something else: the file is read again. */
  setSchedules(schedules: boolean) {
    this.schedules = schedules;
    if (this.file && this.current?.state === 'open') void this.read(this.file);
  }

  more() {
    const { current } = this;
    if (!current) return;
    return this.#run('more', async () => {
      const page = await ask(api.GET(`${IMPORTS}/{import}/problems`, {
        params: { path: { ...session.path, import: current.id }, query: { limit: PAGE, cursor: String(this.problems.length) } },
      }));
      this.problems = [...this.problems, ...page.problems];
      this.hasMore = page.next_cursor !== null;
    });
  }

  confirm() {
    const { current } = this;
    if (!current) return;
    return this.#run('storing', async () => {
      const path = { ...session.path, import: current.id };
      try {
        this.#take(await ask(api.POST(`${IMPORTS}/{import}/confirm`, { params: { path } })));
      } catch (error) {
        // Something changed since the preview: it is shown as it is now.
        if (error instanceof Problem && error.reason === 'import.has_errors') this.#take(await ask(api.GET(`${IMPORTS}/{import}`, { params: { path } })));
        throw error;
      }
    });
  }

  /** Back to the beginning. */
  clear() {
    const { current } = this;
    this.#asked++;
    this.current = this.file = null;
    this.problems = [];
    this.busy = this.failure = '';
    sessionStorage.removeItem(keyOf());
    if (current?.state === 'open') void api.DELETE(`${IMPORTS}/{import}`, { params: { path: { ...session.path, import: current.id } } });
  }

  get problemsFile() {
    return `/api/v1/workspaces/${session.path.workspace}/imports/${this.current?.id}/problems.csv`;
  }
}
