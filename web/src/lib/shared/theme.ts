// Light, dark, or what the system says. The choice is the person's setting; a copy in the browser avoids a flash at the next start.
export type Theme = 'auto' | 'light' | 'dark';

export function keptTheme(): Theme {
  const kept = localStorage.getItem('hibiki.theme');
  return kept === 'light' || kept === 'dark' ? kept : 'auto';
}

export function applyTheme(theme: Theme) {
  if (theme === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  localStorage.setItem('hibiki.theme', theme);
  dispatchEvent(new Event('hibiki-theme'));
}
