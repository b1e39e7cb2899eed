// The one door to the server. Types come from api/openapi.yaml; every failure becomes a Problem with a sentence for the person.
import createClient from 'openapi-fetch';
import type { components, paths } from './schema';
import { place, t } from '../shared/locale.svelte';
import { takeBootScreen } from './boot';

export type Schemas = components['schemas'];
export type Reason = Schemas['Problem']['reason'] | 'net.offline' | 'net.unreadable';

export class Problem extends Error {
  constructor(
    readonly reason: Reason,
    readonly status: number,
    detail: string,
    readonly pointer = '',
    readonly retryAt?: string,
    readonly requestId = '',
    /** Of the file that was given, from 1; 0: none. */
    readonly line = 0,
  ) {
    super(detail);
  }
}

let csrf = '';
export const setCsrf = (token: string) => (csrf = token);

let signedOut = () => {};
/** Called when the server no longer knows the session. */
export const onSignedOut = (listener: () => void) => (signedOut = listener);

export const api = createClient<paths>({
  baseUrl: location.origin,
  fetch: async (request) => takeBootScreen(request) ?? fetch(request),
});

api.use({
  onRequest({ request }) {
    request.headers.set('Accept-Language', place.locale);
    if (request.method !== 'GET' && csrf) request.headers.set('X-CSRF-Token', csrf);
    return request;
  },
});

type Reply<T> = { data?: T; error?: unknown; response: Response };

function problemOf(error: unknown, response: Response): Problem {
  const body = (typeof error === 'object' && error ? error : {}) as Partial<Schemas['Problem']>;
  if (!body.reason) return new Problem('net.unreadable', response.status, t('errors.unreadable', { status: response.status }));
  return new Problem(body.reason, response.status, body.detail || body.title || body.reason, body.pointer, body.retry_at, body.request_id, body.line);
}

/** The data, or a Problem thrown. An empty reply (204) is undefined. */
export async function ask<T>(pending: Promise<Reply<T>>): Promise<T> {
  let reply: Reply<T>;
  try {
    reply = await pending;
  } catch (failure) {
    if (failure instanceof DOMException && failure.name === 'AbortError') throw failure;
    throw new Problem('net.offline', 0, t('errors.offline'));
  }
  if (reply.response.ok) return reply.data as T;
  const problem = problemOf(reply.error, reply.response);
  if (problem.reason === 'auth.needed') signedOut();
  throw problem;
}
