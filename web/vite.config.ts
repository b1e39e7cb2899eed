// The build: Svelte, the message files as virtual modules, hashed names under /assets and a manifest for the server's preloads.
import { defineConfig } from 'vitest/config';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { messages } from './tools/messages.ts';

export default defineConfig({
  plugins: [svelte(), messages()],
  build: {
    target: 'es2022',
    manifest: true,
    assetsInlineLimit: 0, // data: URLs in style sheets would need a wider content security policy
    modulePreload: { polyfill: false },
  },
  server: { proxy: Object.fromEntries(['/api', '/connect', '/hooks'].map((path) => [path, process.env.HIBIKI_SERVER ?? 'http://127.0.0.1:8470'])) },
  resolve: process.env.VITEST ? { conditions: ['browser'] } : undefined,
  test: { environment: 'jsdom', include: ['src/**/*.test.ts'] },
});
