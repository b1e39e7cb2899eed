// Gives `virtual:messages/ja` and `virtual:messages/en`: section "web" of ../messages/*.json, flattened to "area.name".
// The other sections (errors, command line) are the server's and stay out of the bundle.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

type Tree = { [name: string]: string | Tree };

const fileOf = (locale: string) => fileURLToPath(new URL(`../../messages/${locale}.json`, import.meta.url));

function flatten(tree: Tree, prefix = ''): Record<string, string> {
  return Object.entries(tree).reduce((all, [name, value]) => {
    const key = prefix + name;
    return { ...all, ...(typeof value === 'string' ? { [key]: value } : flatten(value, `${key}.`)) };
  }, {});
}

export function messages(): Plugin {
  const prefix = 'virtual:messages/';
  return {
    name: 'hibiki-messages',
    resolveId: (id) => (id.startsWith(prefix) ? `\0${id}` : undefined),
    load(id) {
      if (!id.startsWith(`\0${prefix}`)) return undefined;
      const file = fileOf(id.slice(prefix.length + 1));
      this.addWatchFile(file);
      const web = (JSON.parse(readFileSync(file, 'utf8')) as { web: Tree }).web;
      return `export default ${JSON.stringify(flatten(web))}`;
    },
  };
}
