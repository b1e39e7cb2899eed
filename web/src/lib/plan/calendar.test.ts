import { beforeEach, describe, expect, it, vi } from 'vitest';
import { place } from '../shared/locale.svelte';
import { toasts } from '../shared/toasts.svelte';
import { dayOf } from '../shared/zone';
import { session } from '../team/session.svelte';
import { Acts } from './acts.svelte';
import { Calendar, type PlacedPost } from './calendar.svelte';

const HOUR = 3_600_000;
const DAY = { days: 1, minutes: 0 };

// In the middle of the next month, so that a day on or back stays in the view.
const base = Math.ceil((Date.now() + 24 * HOUR) / HOUR) * HOUR;
const iso = (at: number) => new Date(at).toISOString();
function post(id: string, over: Partial<PlacedPost> = {}): PlacedPost {
  return { id, due_at: iso(base), state: 'scheduled', version: 4, text: 'x', accounts: [], campaign: null, ...over };
}

function shown(...posts: PlacedPost[]) {
  const calendar = new Calendar();
  calendar.anchor = dayOf(base, place.zone);
  calendar.view = 'lanes';
  calendar.put(posts);
  vi.spyOn(calendar, 'load').mockResolvedValue();
  return { calendar, acts: new Acts(calendar) };
}

type Sent = { act: string; is_whole?: boolean; items: { post_id: string; version?: number; at?: string | null }[] };
/** A server that does what it is asked, except to the posts of `refused`. */
function server(refused: Record<string, string> = {}) {
  const sent: Sent[] = [];
  const spy = vi.spyOn(globalThis, 'fetch').mockImplementation(async (request) => {
    const body = (await (request as Request).json()) as Sent;
    sent.push(body);
    const stops = body.is_whole && body.items.some((item) => refused[item.post_id]);
    const items = body.items.map((item) => {
      const why = refused[item.post_id];
      const outcome = why ? 'refused' : stops ? 'left' : 'done';
      const isCopy = body.act === 'copy';
      return { post_id: item.post_id, outcome, reason: why ? 'post.edited' : null, detail: why ?? null, made_id: isCopy && !why ? `${item.post_id}-copy` : null,
        version: outcome === 'done' && body.act !== 'delete' ? (item.version ?? 0) + 1 : null };
    });
    return Response.json({ n_done: items.filter((one) => one.outcome === 'done').length, items });
  });
  return { sent, spy };
}

beforeEach(async () => {
  vi.restoreAllMocks();
  await place.use('ja');
  place.zone = 'Asia/Tokyo';
  toasts.list = [];
  session.workspace = { workspace_id: 'w', name: 'w', zone: 'Asia/Tokyo', role: 'editor', is_practice: false };
});

describe('cells', () => {
  it('count what they hold, however little of it is shown', () => {
    const { calendar } = shown(post('a'), post('b', { due_at: iso(base - HOUR) }));
    const day = dayOf(base, place.zone);
    expect(calendar.cell(day).n + calendar.cell(dayOf(base - HOUR, place.zone)).n).toBeGreaterThanOrEqual(2);
    calendar.drop(['a']);
    expect(calendar.find('a')).toBeUndefined();
    calendar.put([post('b', { due_at: null })]);
    expect(calendar.undated.map((one) => one.id)).toEqual(['b']);
    expect(calendar.cell(day).n).toBe(0);
  });
});

describe('moving', () => {
  it('shows at once, sends all in one request with their versions, and is undone by the opposite move', async () => {
    const { sent } = server();
    const { calendar, acts } = shown(post('a'), post('b', { due_at: iso(base + HOUR), version: 7 }));
    acts.move(['a', 'b'], DAY);
    expect(calendar.find('a')?.due_at).toBe(iso(base + 24 * HOUR));
    await vi.waitFor(() => expect(sent).toHaveLength(1));
    expect(sent[0]).toEqual({ act: 'move', is_whole: true, items: [{ post_id: 'a', version: 4, at: iso(base + 24 * HOUR) }, { post_id: 'b', version: 7, at: iso(base + 25 * HOUR) }] });
    expect(toasts.undoLast()).toBe(true);
    expect(calendar.find('b')?.due_at).toBe(iso(base + HOUR));
    await vi.waitFor(() => expect(sent).toHaveLength(2));
    expect(sent[1].items).toEqual([{ post_id: 'a', version: 5, at: iso(base) }, { post_id: 'b', version: 8, at: iso(base + HOUR) }]);
  });

  it('of several goes back whole and says why when one is refused', async () => {
    const { sent } = server({ b: 'すでに送信が始まっています。' });
    const { calendar, acts } = shown(post('a'), post('b'));
    acts.move(['a', 'b'], DAY);
    await vi.waitFor(() => expect(calendar.find('a')?.due_at).toBe(iso(base)));
    expect(sent).toHaveLength(1);
    expect(toasts.list.at(-1)?.text).toContain('すでに送信が始まっています。');
  });

  it('is refused here already for what is out and for times gone by', () => {
    const { spy } = server();
    const { calendar, acts } = shown(post('a', { state: 'published' }), post('b'));
    acts.move(['a'], DAY);
    acts.move(['b'], { days: -40, minutes: 0 });
    expect(calendar.find('a')?.due_at).toBe(iso(base));
    expect(spy).not.toHaveBeenCalled();
    expect(toasts.list).toHaveLength(2);
  });

  it('gives a draft without a time nine o’clock of the day, and takes it back to none', async () => {
    const { sent } = server();
    const { calendar, acts } = shown(post('a', { state: 'draft', due_at: null }));
    const day = dayOf(base + 24 * HOUR, place.zone);
    acts.move(['a'], { days: 0, minutes: 0 }, day);
    await vi.waitFor(() => expect(sent).toHaveLength(1));
    expect(sent[0].items[0].at).toBe(new Date(`${day}T00:00:00Z`).toISOString());
    toasts.undoLast();
    await vi.waitFor(() => expect(sent).toHaveLength(2));
    expect(sent[1].items[0].at).toBeNull();
    expect(calendar.undated.map((one) => one.id)).toEqual(['a']);
  });
});

describe('other acts', () => {
  it('a copy is undone by deleting it', async () => {
    const { sent } = server();
    const { acts } = shown(post('a', { state: 'published' }));
    acts.copy(['a'], DAY);
    await vi.waitFor(() => expect(toasts.list.at(-1)?.undo).toBeTypeOf('function'));
    toasts.undoLast();
    await vi.waitFor(() => expect(sent).toHaveLength(2));
    expect(sent[1]).toEqual({ act: 'delete', items: [{ post_id: 'a-copy' }] });
  });

  it('what is deleted comes back, and is scheduled again when it was', async () => {
    const { sent } = server();
    const { calendar, acts } = shown(post('a'), post('b', { state: 'draft' }));
    acts.remove(['a', 'b']);
    expect(calendar.find('a')).toBeUndefined();
    await vi.waitFor(() => expect(toasts.list.at(-1)?.undo).toBeTypeOf('function'));
    toasts.undoLast();
    await vi.waitFor(() => expect(sent).toHaveLength(3));
    expect(sent.map((one) => [one.act, one.items.map((item) => item.post_id)])).toEqual([['delete', ['a', 'b']], ['restore', ['a', 'b']], ['schedule', ['a']]]);
    expect(sent[1].items[0].version).toBeUndefined();
  });

  it('only what can be done is asked for', async () => {
    const { sent } = server();
    const { acts } = shown(post('a'), post('b', { state: 'draft' }));
    acts.unschedule(['b']);
    expect(sent).toHaveLength(0);
    acts.unschedule(['a', 'b']);
    await vi.waitFor(() => expect(sent).toHaveLength(1));
    expect(sent[0].items.map((item) => item.post_id)).toEqual(['a']);
  });

  it('more than two hundred go in several requests', async () => {
    const { sent } = server();
    const many = Array.from({ length: 250 }, (_, at) => post(`p${at}`));
    const { acts } = shown(...many);
    acts.remove(many.map((one) => one.id));
    await vi.waitFor(() => expect(sent).toHaveLength(2));
    expect(sent.map((one) => one.items.length)).toEqual([200, 50]);
  });
});
