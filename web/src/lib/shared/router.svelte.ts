// The address bar: one path, changed by go(). Links are ordinary <a href>; followLink() takes over plain clicks on our own pages.
class Router {
  path = $state(location.pathname);
  search = $state.raw(new URLSearchParams(location.search));

  go(address: string, how: 'push' | 'replace' = 'push') {
    const url = new URL(address, location.origin);
    if (url.href === location.href) return;
    if (how === 'push') history.pushState(null, '', url);
    else history.replaceState(null, '', url);
    const moved = url.pathname !== this.path;
    this.read();
    if (moved && how === 'push') scrollTo(0, 0);
  }

  /** Another page asked the same, with parts of the question changed; '' takes a part away. */
  address(path: string, change: Record<string, string>): string {
    const search = new URLSearchParams(this.search);
    for (const [key, value] of Object.entries(change)) {
      if (value) search.set(key, value);
      else search.delete(key);
    }
    return search.size ? `${path}?${search}` : path;
  }
  /** The same page asked something else, in the place of what it was asked. */
  ask(change: Record<string, string>) {
    this.go(this.address(this.path, change), 'replace');
  }

  read() {
    this.path = location.pathname;
    this.search = new URLSearchParams(location.search);
  }
}

export const router = new Router();

export function followLink(event: MouseEvent) {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = (event.target as Element).closest?.('a');
  if (!link || link.origin !== location.origin || link.target || link.hasAttribute('download') || link.hash) return;
  event.preventDefault();
  router.go(link.pathname + link.search);
}
