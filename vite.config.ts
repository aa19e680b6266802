import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

/** The engine that a development page talks to: a browser host, or the double of the UI tests. */
const engine = process.env['KITH_ENGINE'] ?? 'http://127.0.0.1:4310';

export default defineConfig({
  root: 'renderer',
  base: './',
  cacheDir: '../node_modules/.vite',
  plugins: [svelte({ configFile: false })],
  build: {
    outDir: '../out/renderer',
    emptyOutDir: true,
    // The page runs in the Chromium that Electron brings, or in a current browser.
    target: 'chrome130',
    // Fonts and icons stay files: the content policy allows no data: fonts.
    assetsInlineLimit: 0,
  },
  server: {
    proxy: {
      '/socket': { target: engine, ws: true },
      '/crop': engine,
      '/photo': engine,
    },
  },
});
