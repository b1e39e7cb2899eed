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
