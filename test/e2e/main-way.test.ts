import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium, type Browser, type Locator, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium } from '../renderer/chromium.ts';

const executablePath = findChromium();
const title =
  executablePath === null
    ? 'the main way, in a real browser (skipped: no Chromium found, set KITH_CHROMIUM)'
    : 'the main way, in a real browser';

/** Where pictures of each screen are put, for looking at; none are taken without it. */
const screenshots = process.env['KITH_SCREENSHOTS'];

const root = mkdtempSync(join(tmpdir(), 'kith-e2e-'));
const main = join(import.meta.dirname, '../../electron/browser-host/main.ts');

let browser: Browser;
let host: ChildProcess;
let page: Page;
const complaints: string[] = [];

async function open(): Promise<void> {
  host = spawn(process.execPath, [main, '--no-open', '--library', join(root, 'library')], {
    stdio: ['ignore', 'pipe', 'inherit'],
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
  page = await context.newPage();
  page.setDefaultTimeout(30_000);
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.goto(address);
}

async function close(): Promise<void> {
  await page.context().close();
  const gone = once(host, 'exit');
  host.kill('SIGTERM');
  await gone;
}

async function show(name: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
  if (screenshots) await page.screenshot({ path: join(screenshots, `${name}.png`) });
}

const press = async (...keys: string[]) => {
  for (const key of keys) await page.keyboard.press(key);
};
/** Goes to a control as a keyboard user does. */
async function tabTo(name: RegExp | string): Promise<void> {
  const wanted = page.getByRole('button', { name }).first();
  await wanted.waitFor();
  for (let step = 0; step < 40; step++) {
    if (await wanted.evaluate((element) => element.matches(':focus'))) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not reach ${String(name)}`);
}

const person = (name: string) =>
  page.getByRole('gridcell', { name: new RegExp(`^${name}, \\d+ face`, 'u') });
/** How many faces a tile says it stands for. */
const facesIn = async (tile: Locator): Promise<number> =>
  Number(/(\d+) face/u.exec((await tile.getAttribute('aria-label')) ?? '')?.[1]);
/** How many groups wait for a name; the page holds only those in sight. */
const unnamed = async (): Promise<number> =>
  Number(/Not named yet\s+(\d+)/u.exec(await page.getByRole('rowheader').last().innerText())?.[1]);
const upToDate = () => page.getByText('Up to date').first().waitFor({ timeout: 90_000 });

describe.skipIf(executablePath === null)(title, { timeout: 240_000 }, () => {
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: executablePath!, args: ['--no-sandbox'] });
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(root, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  });

  it('from the first screen to named people that are there tomorrow, by keyboard alone', async () => {
    await open();
    await page.getByRole('heading', { name: 'Find everyone in your photos.' }).waitFor();
    await show('first-run');
    await tabTo('Try it on sample photos');
    await press('Enter');

    const groups = page.getByRole('gridcell', { name: /without a name/u });
    await groups.first().waitFor({ timeout: 90_000 });
    await show('scanning');
    await upToDate();
    expect(await groups.count()).toBeGreaterThanOrEqual(2);

    // Name the largest group.
    await groups.first().focus();
    await press('n');
    await page.keyboard.type('Anna');
    await press('Enter');
    await person('Anna').waitFor();
    await press('Control+z');
    await person('Anna').waitFor({ state: 'detached' });
    await press('Control+Shift+Z');
    await person('Anna').waitFor();
    await upToDate();
    await show('people');

    // Another of the same name joins her.
    const before = await unnamed();
    const own = await facesIn(person('Anna'));
    const joined = await facesIn(groups.first());
    await groups.first().focus();
    await press('n');
    await page.keyboard.type('Ann');
    await page.getByRole('option', { name: /Join Anna/u }).waitFor();
    await press('Enter');
    await expect.poll(() => facesIn(person('Anna'))).toBe(own + joined);
    await expect.poll(unnamed).toBe(before - 1);
    await press('Control+z');
    await expect.poll(() => facesIn(person('Anna'))).toBe(own);

    // Her page, and a photo of hers with her box.
    await person('Anna').focus();
    await press('Enter');
    await page.getByRole('heading', { name: 'Anna' }).waitFor();
    await show('person');
    await page.getByRole('gridcell', { name: /^Face/u }).first().focus();
    await press('Enter');
    await page.getByRole('button', { name: 'Face of Anna' }).first().waitFor();
    await show('photo');

    // A face that was missed is marked, and named at once.
    await press('a');
    await page.getByRole('application', { name: 'Mark a face' }).waitFor();
    for (let step = 0; step < 30; step++) await press('ArrowDown', 'ArrowLeft');
    await press('Enter');
    await page.getByRole('combobox', { name: 'Who is this?' }).waitFor();
    await page.keyboard.type('Mona');
    await press('Enter');
    await page.getByRole('button', { name: 'Face of Mona' }).waitFor();
    await show('photo-marked');
    await press('Escape');
    await page.getByRole('heading', { name: 'Anna' }).waitFor();

    // Questions, answered and taken back.
    await press('g', 'r');
    const asked = page.getByRole('heading', { level: 2 });
    await asked.waitFor();
    await show('review');
    const question = await asked.innerText();
    await press('s');
    await press('Backspace');
    await expect.poll(() => asked.innerText()).toBe(question);

    // Both of them on one photo.
    await press('g', 'f');
    for (const name of ['Anna', 'Mona']) {
      await press('n');
      await page.getByRole('combobox', { name: 'Add a person' }).waitFor();
      await page.keyboard.type(name);
      await press('Enter');
      await page.getByRole('button', { name: `with ${name}` }).waitFor();
    }
    await page.getByText('1 photo found').waitFor();
    await show('search');

    // What built on the marked face is taken back before it.
    await press('g', 'h');
    const marked = page.getByRole('listitem', { name: /^Marked one face by hand/u });
    await marked.waitFor();
    await show('history');
    await marked.focus();
    await press('t');
    await page.getByText('A later action builds on this').waitFor();
    await close();

    await open();
    await person('Anna').waitFor();
    await person('Mona').waitFor();
    await press('Control+z', 'Control+z');
    await person('Mona').waitFor({ state: 'detached' });
    await press('Control+Shift+Z', 'Control+Shift+Z');
    await person('Mona').waitFor();
    expect(complaints).toEqual([]);
    await close();
  });
});
