// Files of numbers: sent in parts, looked through by the server, told what their columns are, confirmed once, taken back whole.
import { api, ask, Problem, type Schemas } from '../api/client';
import { sentenceOf } from '../shared/errors';
import { session } from '../team/session.svelte';

export type MetricImport = Schemas['MetricImport'];
export type MetricMapping = Schemas['MetricImportMapping'];
export type MetricColumn = Schemas['MetricImportColumn'];

const IMPORTS = '/api/v1/workspaces/{workspace}/metric-imports' as const;
const ONE = `${IMPORTS}/{metric_import}` as const;
const PART = 4_000_000;
const TRIES = 6;
const LOOK_MS = 700;

const bytes = (body: Blob) => ({ body: body as unknown as string, bodySerializer: (content: unknown) => content as BodyInit });
const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));
const at = (id: string) => ({ path: { ...session.path, metric_import: id } });

export const isWorking = (one: MetricImport) => one.state === 'looking' || one.state === 'storing' || one.state === 'undoing';

/** Each column as one choice: its role, or the metric it is of. */
export const choiceOf = (column: MetricColumn | undefined) => (column?.role === 'metric' ? `metric:${column.metric}` : (column?.role ?? 'skip'));
export function columnOf(choice: string, before: MetricColumn | undefined): MetricColumn {
  const [role, metric] = choice.split(':') as [MetricColumn['role'], string | undefined];
  return metric ? { role, metric, unit: before?.unit ?? 'count' } : { role };
}
export const isConfirmable = (one: MetricImport, withoutWrong: boolean) =>
  one.state === 'open' && !!one.mapping.account_id && !one.is_wrong && !one.same_id && (one.n_bad_rows === 0 || withoutWrong);

export class MetricImports {
  list = $state.raw<MetricImport[] | null>(null);
  current = $state.raw<MetricImport | null>(null);
  sent = $state(0);
  isSending = $state(false);
  isBusy = $state(false);
  failure = $state('');
  #timer = 0;

  async load() {
    try {
      this.list = (await ask(api.GET(IMPORTS, { params: { path: session.path } }))).imports;
    } catch (error) {
      this.failure = sentenceOf(error);
    }
  }
  /** What the job has come to; asked again while it works. */
  async look() {
    clearTimeout(this.#timer);
    const id = this.current?.id;
    if (!id) return;
    const now = await ask(api.GET(ONE, { params: at(id) })).catch(() => null);
    if (!now || this.current?.id !== id) return;
    this.current = now;
    if (isWorking(now)) this.#timer = window.setTimeout(() => void this.look(), LOOK_MS);
    else await this.load();
  }
  stop() {
    clearTimeout(this.#timer);
  }

  async #run(work: () => Promise<MetricImport>) {
    if (this.isBusy) return;
    this.isBusy = true;
    this.failure = '';
    try {
      this.current = await work();
      await this.look();
    } catch (error) {
      this.failure = sentenceOf(error);
    } finally {
      this.isBusy = false;
    }
  }

  async #part(id: string, file: File, from: number) {
    for (let tries = 0; ; tries++) {
      try {
        return await ask(api.PUT(`${ONE}/content`, { params: { ...at(id), query: { from } }, ...bytes(file.slice(from, from + PART)), headers: { 'Content-Type': 'application/octet-stream' } }));
      } catch (error) {
        // A cut line is tried again; a refusal is not.
        if (!(error instanceof Problem) || error.reason !== 'net.offline' || tries >= TRIES) throw error;
        await pause(500 * 2 ** tries);
      }
    }
  }
  send(file: File) {
    return this.#run(async () => {
      this.isSending = true;
      this.sent = 0;
      try {
        let made = await ask(api.POST(IMPORTS, { params: { path: session.path }, body: { name: file.name.slice(0, 200), bytes: file.size } }));
        while (made.state === 'receiving') {
          made = await this.#part(made.id, file, made.received);
          this.sent = made.received / file.size;
        }
        return made;
      } finally {
        this.isSending = false;
      }
    });
  }
  open(id: string) {
    return this.#run(() => ask(api.GET(ONE, { params: at(id) })));
  }
  map(mapping: MetricMapping) {
    const id = this.current!.id;
    return this.#run(() => ask(api.PUT(`${ONE}/mapping`, { params: at(id), body: mapping })));
  }
  confirm(withoutWrong: boolean) {
    const id = this.current!.id;
    return this.#run(() => ask(api.POST(`${ONE}/confirm`, { params: at(id), body: { without_wrong: withoutWrong } })));
  }
  undo(id: string) {
    return this.#run(() => ask(api.POST(`${ONE}/undo`, { params: at(id) })));
  }
  /** Another file; one that was not confirmed is forgotten. */
  async clear() {
    const one = this.current;
    this.stop();
    this.current = null;
    this.failure = '';
    if (one && (one.state === 'open' || one.state === 'failed')) await ask(api.DELETE(ONE, { params: at(one.id) })).catch(() => undefined);
    await this.load();
  }
}
