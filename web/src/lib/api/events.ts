// What changes by itself: the workspace's server-sent events, one typed list. Several listeners share one connection;
// a burst of events becomes one call a listener.

export const EVENT_KINDS = [
  'post.imported', 'post.created', 'post.changed', 'post.deleted', 'post.restored', 'post.purged', 'post.scheduled', 'post.moved', 'post.unscheduled',
  'delivery.sending', 'delivery.published', 'delivery.failed', 'delivery.unknown', 'delivery.waiting', 'delivery.cancelled',
  'hold.changed',
  'account.connected', 'account.reconnected', 'account.needs_reconnect', 'account.paused', 'account.disconnected', 'account.expiring',
  'contact.changed', 'contact.merged', 'contact.forgotten', 'segment.changed',
  'talk.received', 'ugc.changed', 'talk.read', 'talk.hidden', 'thread.changed', 'thread.typing', 'note.added', 'reply.waiting',
  'hours.changed', 'saved.changed', 'rule.changed', 'wait.accounts',
  'conversion.recorded', 'conversion.corrected', 'conversion.imported', 'conversion.undone',
  'metrics.collected', 'report.changed', 'report.unsent', 'goal.changed', 'goal.reached', 'goal.missed', 'anomaly.found', 'anomaly.changed', 'annotation.changed', 'rival.changed', 'metric_import.changed',
  'media.ready', 'media.failed', 'media.deleted', 'media.fitting', 'media.fitted',
  'series.changed', 'series.failed',
  'approval.asked', 'approval.voted', 'approval.approved', 'approval.changes', 'approval.withdrawn', 'approval.policy', 'approval.deputy',
  'comment.added', 'comment.changed', 'review.created', 'review.revoked',
  'notice.created', 'notice.read',
  'link.created', 'link.changed', 'link.clicked',
  'campaign.created', 'campaign.changed', 'idea.changed', 'task.changed', 'kit.changed',
  'reset',
] as const;
export type EventKind = (typeof EVENT_KINDS)[number];
export type Area = 'post' | 'delivery' | 'hold' | 'account' | 'talk' | 'contact' | 'segment' | 'ugc' | 'thread' | 'metrics' | 'report' | 'media' | 'series' | 'approval' | 'comment' | 'review' | 'notice' | 'campaign' | 'idea' | 'task' | 'kit' | 'link' | 'conversion' | 'note' | 'reply' | 'hours' | 'saved' | 'rule' | 'wait' | 'goal' | 'anomaly' | 'annotation' | 'rival' | 'metric_import';
export type ServerEvent = { kind: EventKind; subject: string; at: string; data: Record<string, unknown> | null };

type Listener = { areas: Area[]; call: (events: ServerEvent[]) => void; waiting: ServerEvent[]; timer: number };

const GATHER_MS = 150;
const listeners = new Set<Listener>();
const AGAIN_MS = 30_000;
let source: EventSource | null = null;
let again = 0;

function deliver(event: ServerEvent) {
  const area = event.kind.split('.')[0] as Area;
  for (const listener of listeners) {
    if (event.kind !== 'reset' && !listener.areas.includes(area)) continue;
    listener.waiting.push(event);
    listener.timer ||= window.setTimeout(() => {
      listener.timer = 0;
      listener.call(listener.waiting.splice(0));
    }, GATHER_MS);
  }
}

export function openEvents(workspace: string) {
  closeEvents();
  source = new EventSource(`/api/v1/workspaces/${workspace}/events`);
  // The browser tries again by itself after a cut, but never after a refusal (the server was busy, or just starting).
  source.onerror = () => {
    if (source?.readyState === EventSource.CLOSED) again ||= window.setTimeout(() => openEvents(workspace), AGAIN_MS);
  };
  for (const kind of EVENT_KINDS) {
    source.addEventListener(kind, (message: MessageEvent<string>) => {
      let body: Partial<ServerEvent> = {};
      try {
        body = JSON.parse(message.data) as Partial<ServerEvent>;
      } catch {
        // "reset" may come without a body; the kind is all that matters then.
      }
      deliver({ kind, subject: body.subject ?? '', at: body.at ?? '', data: body.data ?? null });
    });
  }
}

export function closeEvents() {
  clearTimeout(again);
  again = 0;
  source?.close();
  source = null;
}

/** Listens until the returned function is called; made for `$effect(() => onEvents(…))`. */
export function onEvents(areas: Area[], call: (events: ServerEvent[]) => void): () => void {
  const listener: Listener = { areas, call, waiting: [], timer: 0 };
  listeners.add(listener);
  return () => {
    clearTimeout(listener.timer);
    listeners.delete(listener);
  };
}
