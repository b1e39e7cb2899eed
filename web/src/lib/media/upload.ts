// Sending a file: small ones at once, large ones in parts that go on where they stopped, also after the page was closed.
import { api, ask, Problem, type Schemas } from '../api/client';
import { session } from '../team/session.svelte';

type Media = Schemas['Media'];
export type Sending = { signal: AbortSignal; onprogress: (share: number) => void };

const WHOLE_BELOW = 4_000_000;
const PART = 4_000_000;
const TRIES = 6;
const UPLOADS = '/api/v1/workspaces/{workspace}/uploads' as const;

const keyOf = (file: File) => `hibiki.upload.${session.path.workspace}.${file.name}.${file.size}.${file.lastModified}`;
const bytes = (body: Blob) => ({ body: body as unknown as string, bodySerializer: (content: unknown) => content as BodyInit });
const pathOf = (upload: string) => ({ ...session.path, upload });
const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

export async function send(file: File, sending: Sending): Promise<Media> {
  if (file.size < WHOLE_BELOW) {
    const { signal } = sending;
    return ask(api.POST('/api/v1/workspaces/{workspace}/media', {
      params: { path: session.path, query: { name: file.name.slice(0, 255) } }, ...bytes(file), headers: { 'Content-Type': file.type || 'application/octet-stream' }, signal,
    }));
  }
  const upload = (await unfinished(file)) ?? (await begin(file));
  await sendParts(file, upload, sending);
  localStorage.removeItem(keyOf(file));
  return ask(api.POST(`${UPLOADS}/{upload}/finish`, { params: { path: pathOf(upload.id) } }));
}

/** What an earlier try of the same file left on the server. */
async function unfinished(file: File): Promise<Schemas['Upload'] | null> {
  const id = localStorage.getItem(keyOf(file));
  if (!id) return null;
  return ask(api.GET(`${UPLOADS}/{upload}`, { params: { path: pathOf(id) } })).catch(() => null);
}

async function begin(file: File): Promise<Schemas['Upload']> {
  const upload = await ask(api.POST(UPLOADS, { params: { path: session.path }, body: { name: file.name.slice(0, 255), bytes: file.size } }));
  localStorage.setItem(keyOf(file), upload.id);
  return upload;
}

async function sendParts(file: File, upload: Schemas['Upload'], { signal, onprogress }: Sending) {
  let at = upload.received;
  let tries = 0;
  while (at < file.size) {
    onprogress(at / file.size);
    try {
      const part = file.slice(at, at + PART);
      const reply = await ask(api.PUT(`${UPLOADS}/{upload}`, { params: { path: pathOf(upload.id), query: { from: at } }, ...bytes(part), signal,
        headers: { 'Content-Type': 'application/octet-stream' } }));
      at = reply.received;
      tries = 0;
    } catch (error) {
      // A cut line is tried again from where the server stands; a refusal is not.
      if (!(error instanceof Problem) || error.reason !== 'net.offline' || ++tries >= TRIES) throw error;
      await pause(500 * 2 ** tries);
      at = (await ask(api.GET(`${UPLOADS}/{upload}`, { params: { path: pathOf(upload.id) }, signal })).catch(() => null))?.received ?? at;
    }
  }
  onprogress(1);
}

/** Takes away what has arrived of a file that is not wanted any more. */
export async function forget(file: File) {
  const id = localStorage.getItem(keyOf(file));
  localStorage.removeItem(keyOf(file));
  if (id) await ask(api.DELETE(`${UPLOADS}/{upload}`, { params: { path: pathOf(id) } })).catch(() => undefined);
}
