import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { expect } from 'vitest';
import { goTo } from '../renderer/stage.ts';

const main = join(import.meta.dirname, '../../electron/browser-host/main.ts');

/** Where pictures of each screen are put, for looking at; none are taken without it. */
const screenshots = process.env['KITH_SCREENSHOTS'];

/** Kith in a browser, as a keyboard user has it. */
export interface App {
  readonly page: Page;
  press: (...keys: string[]) => Promise<void>;
  /** Goes to a view by G and this key. */
  goTo: (key: string) => Promise<void>;
  /** Goes to a button as a keyboard user does. */
  tabTo: (name: RegExp | string) => Promise<void>;
  /** Names whatever asks for a name now. */
  typeName: (name: string) => Promise<void>;
  upToDate: () => Promise<void>;
  /** Looks for what hinders people who hear or feel the page, and takes a picture where wanted. */
  show: (name: string) => Promise<void>;
  /** Ends the page and its host; nothing where they are gone. */
  close: () => Promise<void>;
}

/**
 * Starts the browser host on a library and opens its page.
 *
 * @param complaints gets what the page reports as errors
 * @param home the user's home folder, if not this user's own
 */
export async function openApp(
  browser: Browser,
  library: string,
  complaints: string[],
  home?: string,
): Promise<App> {
  const host: ChildProcess = spawn(process.execPath, [main, '--no-open', '--library', library], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: home === undefined ? process.env : { ...process.env, HOME: home, USERPROFILE: home },
  });
  let text = '';
  const address = await new Promise<string>((resolve, reject) => {
    host.once('exit', () => reject(new Error(`The host ended: ${text}`)));
    host.stdout!.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      const found = /http:\/\/127\.0\.0\.1:\d+\/\?token=\S+/u.exec(text);
      if (found) resolve(found[0]);
    });
  });
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.goto(address);
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  return {
    page,
    press,
    goTo: (key) => goTo(page, key),
    async tabTo(name) {
      const wanted = page.getByRole('button', { name }).first();
      await wanted.waitFor();
      for (let step = 0; step < 40; step++) {
        if (await wanted.evaluate((element) => element.matches(':focus'))) return;
        await page.keyboard.press('Tab');
      }
      throw new Error(`Tab does not reach ${String(name)}`);
    },
    async typeName(name) {
      await page.getByRole('combobox').first().waitFor();
      await page.keyboard.type(name);
      await press('Enter');
    },
    upToDate: () => page.getByText('Up to date').first().waitFor({ timeout: 120_000 }),
    async show(name) {
      const { violations } = await new AxeBuilder({ page }).analyze();
      const serious = violations.filter(
        ({ impact }) => impact === 'serious' || impact === 'critical',
      );
      expect(serious.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
      if (!screenshots) return;
      const small = sharp(await page.screenshot()).png({ palette: true, quality: 90, effort: 10 });
      await small.toFile(join(screenshots, `${name}.png`));
    },
    async close() {
      await context.close();
      if (host.exitCode !== null || host.signalCode !== null) return;
      const gone = once(host, 'exit');
      host.kill('SIGTERM');
      await gone;
    },
  };
}
