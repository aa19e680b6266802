import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron } from 'playwright-core';
import type { ElectronApplication, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { findElectron } from '../../build/electron-binary.ts';
import { ensureMainSide, ensureRenderer } from '../../build/parts.ts';

const root = join(import.meta.dirname, '..', '..');
const program = findElectron(root, process.env);
const display = process.platform !== 'linux' || process.env['DISPLAY'];
const obstacle =
  program === null ? "Electron's binary is not here" : display ? null : 'there is no display';

describe.skipIf(obstacle !== null)(
  `the application in real Electron${obstacle === null ? '' : ` (skipped: ${obstacle})`}`,
  () => {
    let folder: string;
    let application: ElectronApplication;
    let window: Page;
    const complaints: string[] = [];

    beforeAll(async () => {
      await ensureRenderer(root, () => undefined);
      await ensureMainSide(root, () => undefined);
      folder = mkdtempSync(join(tmpdir(), 'kith-electron-'));
      const photos = join(folder, 'photos');
      mkdirSync(photos);
      const samples = join(root, 'node_modules', '@vladmandic', 'face-api', 'demo');
      cpSync(join(samples, 'sample1.jpg'), join(photos, 'sample1.jpg'));
      application = await _electron.launch({
        executablePath: program ?? '',
        args: [
          ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
          root,
          `--library=${join(folder, 'library')}`,
          `--user-data-dir=${join(folder, 'user')}`,
          photos,
        ],
      });
      window = await application.firstWindow();
      window.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text());
      });
      window.on('pageerror', (error) => complaints.push(error.message));
    }, 120_000);
    afterAll(async () => {
      await application?.close();
      rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    });

    it('shows the interface under its own scheme, with no way to Node', async () => {
      await window.waitForFunction("document.querySelector('#app').childElementCount > 0");
      expect(window.url()).toMatch(/^kith:\/\/app\//);
      expect(
        await window.evaluate('[typeof require, typeof process, typeof kithHost.requestPort]'),
      ).toEqual(['undefined', 'undefined', 'function']);
    });

    it('finds the faces of the folder it was given, and shows their crops', async () => {
      await vi.waitFor(
        async () => {
          const answer = await window.evaluate(
            "fetch('/crop/1').then((response) => [response.status, response.headers.get('content-type')])",
          );
          expect(answer).toEqual([200, 'image/jpeg']);
        },
        { timeout: 60_000, interval: 500 },
      );
    }, 90_000);

    it('stays where it is and opens no window', async () => {
      await window.evaluate(
        "window.open('https://example.com/'); location.href = 'https://example.com/'",
      );
      await window.waitForFunction("document.querySelector('#app').childElementCount > 0");
      expect(window.url()).toMatch(/^kith:\/\/app\//);
      expect(application.windows()).toHaveLength(1);
      expect(complaints.filter((line) => !/crop\/1|status of 404|example\.com/.test(line))).toEqual(
        [],
      );
    });
  },
);
