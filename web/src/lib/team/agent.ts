// A browser's own description of itself in two words: "Chrome", "Linux". What is no browser keeps its name without the version.

const BROWSERS: [RegExp, string][] = [
  [/\bEdg(e|A|iOS)?\//, 'Edge'], [/\bOPR\//, 'Opera'], [/\bVivaldi\//, 'Vivaldi'], [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(Firefox|FxiOS)\//, 'Firefox'], [/\b(Headless)?(Chrome|CriOS|Chromium)\//, 'Chrome'], [/\bVersion\/[\d.]+ .*Safari\//, 'Safari'],
];
// iPad before Mac, Android before Linux: the later word stands in the former's text too.
const SYSTEMS: [RegExp, string][] = [
  [/iPhone|iPod/, 'iPhone'], [/iPad/, 'iPad'], [/Android/, 'Android'], [/Windows/, 'Windows'], [/CrOS/, 'ChromeOS'], [/Macintosh|Mac OS X/, 'macOS'], [/Linux/, 'Linux'],
];

export function readAgent(agent: string): { browser: string; system: string } {
  const find = (list: [RegExp, string][]) => list.find(([pattern]) => pattern.test(agent))?.[1] ?? '';
  return { browser: find(BROWSERS) || agent.split(/[/ ]/)[0] || agent, system: find(SYSTEMS) };
}
