import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest';
import { findChromium } from './chromium.ts';
import { startDouble, type DoubleServer } from './double/server.ts';

const executablePath = findChromium();

/** How many times slower than this computer the page is to be, for finding what depends on speed. */
const slowness = Number(process.env['KITH_SLOWNESS'] ?? 1);
/** Milliseconds that an answer takes for each time. */
const answerDelay = 30;

export interface Opened {
  readonly page: Page;
  readonly double: DoubleServer;
}

export interface OpenOptions extends Partial<Parameters<typeof startDouble>[1]> {
  readonly colorScheme?: 'light' | 'dark';
  /** Runs in the page before anything else. */
  readonly before?: string | null;
}

export interface Stage {
  /** Shows an address of the renderer on a double of the engine; both are closed after the test. */
  open(hash: string, options?: OpenOptions): Promise<Opened>;
  /** What pages reported as errors; none may be left after a test. */
  readonly complaints: string[];
}

export interface StageOptions {
  /** Of Chromium, beside those that it needs here. */
  readonly launchArguments?: readonly string[];
  /** Which of the page's errors are what a test is about. */
  readonly isExpected?: (message: string) => boolean;
}

/** Goes to a view by G and another key, as quickly as a hand does however slow the computer is. */
export async function goTo(page: Page, key: string): Promise<void> {
  await Promise.all([page.keyboard.press('g'), page.keyboard.press(key)]);
}

/** Tests of the built renderer in a real Chromium; skipped, and saying so, where there is none. */
export function describeInChromium(
  title: string,
  { launchArguments = [], isExpected = () => false }: StageOptions,
  tests: (stage: Stage) => void,
): void {
  const skipped = executablePath === null;
  const told = skipped ? `${title} (skipped: no Chromium found, set KITH_CHROMIUM)` : title;
  describe.skipIf(skipped)(told, { timeout: 120_000 }, () => {
    let root = '';
    let browser: Browser;
    let opened: Opened | undefined;
    const complaints: string[] = [];

    beforeAll(async () => {
      root = await mkdtemp(join(tmpdir(), 'kith-renderer-'));
      await build({
        configFile: join(import.meta.dirname, '../../vite.config.ts'),
        root: join(import.meta.dirname, '../../renderer'),
        logLevel: 'warn',
        build: { outDir: root, emptyOutDir: true },
      });
      browser = await chromium.launch({
        executablePath: executablePath ?? '',
        args: ['--no-sandbox', ...launchArguments],
      });
    }, 120_000);

    afterAll(async () => {
      await browser?.close();
      await rm(root, { recursive: true, force: true });
    });

    afterEach(async () => {
      await opened?.page.context().close();
      await opened?.double.close();
      opened = undefined;
      expect(complaints.splice(0)).toEqual([]);
    });

    tests({
      complaints,
      async open(hash, options = {}) {
        const { colorScheme = 'light', before = null, ...library } = options;
        const double = await startDouble(root, {
          ...{ groups: 24, named: 4, scanning: false, empty: false },
          ...library,
        });
        const context = await browser.newContext({
          viewport: { width: 1280, height: 800 },
          colorScheme,
          reducedMotion: 'reduce',
        });
        const page = await context.newPage();
        page.setDefaultTimeout(30_000);
        opened = { page, double };
        if (slowness > 1) {
          double.delay(slowness * answerDelay);
          const session = await context.newCDPSession(page);
          await session.send('Emulation.setCPUThrottlingRate', { rate: slowness });
        }
        if (before !== null) await page.addInitScript({ content: before });
        page.on('pageerror', (error) => complaints.push(error.message));
        page.on('console', (message) => {
          if (message.type() === 'error' && !isExpected(message.text())) {
            complaints.push(message.text());
          }
        });
        await page.goto(double.address + hash);
        return opened;
      },
    });
  });
}
