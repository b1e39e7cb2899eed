// What the server put into the page: <script type="application/json" id="boot">. Saves the first round trips.
import type { components } from './schema';

type Schemas = components['schemas'];
export type Boot = { about: Schemas['About']; session: Schemas['Session'] | null; screen: { url: string; data: unknown } | null };

function read(): Partial<Boot> {
  const text = document.getElementById('boot')?.textContent;
  try {
    return text ? (JSON.parse(text) as Boot) : {};
  } catch {
    return {};
  }
}

export const boot = read();

/** The first screen's reply, once: it is as fresh as the page and not a moment longer. */
export function takeBootScreen(request: Request): Response | null {
  const url = new URL(request.url);
  if (request.method !== 'GET' || boot.screen?.url !== url.pathname + url.search) return null;
  const { data } = boot.screen;
  boot.screen = null;
  return Response.json(data);
}
