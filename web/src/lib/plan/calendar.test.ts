import { beforeEach, describe, expect, it, vi } from 'vitest';
import { place } from '../shared/locale.svelte';
import { toasts } from '../shared/toasts.svelte';
import { session } from '../team/session.svelte';
import { addMonth, Calendar, daysOf, type Post } from './calendar.svelte';

const HOUR = 3_600_000;

function post(over: Partial<Post> = {}): Post {
  const at = new Date(Math.ceil((Date.now() + 48 * HOUR) / HOUR) * HOUR).toISOString();
  return { id: 'p1', state: 'scheduled', text: 'x', variants: [], media: [], disclosure: { is_advertising: false, is_own_brand: false, is_ai_made: false }, lang: null, due_at: at, version: 4, created_at: at, updated_at: at, created_by: null, created_by_name: '', ...over };
}

const later = (at: string, days: number) => new Date(Date.parse(at) + days * 24 * HOUR).toISOString();
const dayOfPost = (at: string) => new Date(Date.parse(at) + 9 * HOUR).toISOString().slice(0, 10);

describe('the days shown', () => {
  it('are whole weeks from Monday', () => {
    const days = daysOf('month', '2026-11-23');
    expect([days[0], days.at(-1), days.length]).toEqual(['2026-10-26', '2026-12-06', 42]);
    expect(daysOf('month', '2027-02-10')).toHaveLength(28);
    expect(daysOf('week', '2026-11-29')[0]).toBe('2026-11-23');
  });
  it('turn by months without skipping a short one', () => {
    expect(addMonth('2026-01-31', 1)).toBe('2026-02-28');
    expect(addMonth('2026-03-31', -1)).toBe('2026-02-28');
    expect(addMonth('2026-12-15', 1)).toBe('2027-01-15');
  });
});

describe('moving a post', () => {
  beforeEach(async () => {
    await place.use('ja');
    place.zone = 'Asia/Tokyo';
    toasts.list = [];
    session.workspace = { workspace_id: 'w', name: 'w', zone: 'Asia/Tokyo', role: 'editor', is_practice: false };
  });

  it('shows at once, sends the same time of day, and takes over the new version', async () => {
    const before = post();
    const target = later(before.due_at!, 3);
    const sent = vi.spyOn(globalThis, 'fetch').mockImplementation(async () => Response.json({ ...before, due_at: target, version: 5 }));
    const calendar = new Calendar();
    calendar.posts = [before];
    calendar.moveToDay('p1', dayOfPost(target));
    expect(calendar.find('p1')?.due_at).toBe(target);
    await vi.waitFor(() => expect(calendar.find('p1')?.version).toBe(5));
    const request = sent.mock.calls[0][0] as Request;
    expect(request.url).toContain('/posts/p1/schedule');
    expect(await request.json()).toEqual({ at: target, version: 4 });
    expect(toasts.list.at(-1)?.undo).toBeTypeOf('function');
    sent.mockRestore();
  });

  it('goes back with the server’s sentence when it is refused', async () => {
    const before = post();
    const refusal = { type: '', title: '', status: 409, reason: 'post.already_sending', detail: 'すでに送信が始まっています。', request_id: 'r' };
    const sent = vi.spyOn(globalThis, 'fetch').mockImplementation(async (request) =>
      (request as Request).method === 'POST' ? Response.json(refusal, { status: 409, headers: { 'Content-Type': 'application/problem+json' } }) : Response.json(before));
    const calendar = new Calendar();
    calendar.posts = [before];
    calendar.moveToDay('p1', dayOfPost(later(before.due_at!, 1)));
    await vi.waitFor(() => expect(calendar.find('p1')?.due_at).toBe(before.due_at));
    expect(toasts.list.at(-1)?.text).toBe('すでに送信が始まっています。');
    sent.mockRestore();
  });

  it('is refused for what is out already and for times gone by', () => {
    const sent = vi.spyOn(globalThis, 'fetch');
    const calendar = new Calendar();
    const published = post({ state: 'published' });
    calendar.posts = [published, post({ id: 'p2' })];
    calendar.moveToDay('p1', '2099-01-01');
    calendar.moveToDay('p2', '2020-01-01');
    expect(calendar.find('p1')).toEqual(published);
    expect(sent).not.toHaveBeenCalled();
    expect(toasts.list).toHaveLength(2);
    sent.mockRestore();
  });
});
