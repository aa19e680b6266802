import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type Locator, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium } from '../renderer/chromium.ts';
import { openApp, type App } from './app.ts';

const executablePath = findChromium();
const title =
  executablePath === null
    ? 'the main way, in a real browser (skipped: no Chromium found, set KITH_CHROMIUM)'
    : 'the main way, in a real browser';

const root = mkdtempSync(join(tmpdir(), 'kith-e2e-'));

let browser: Browser;
let app: App;
let page: Page;
const complaints: string[] = [];

async function open(): Promise<void> {
  app = await openApp(browser, join(root, 'library'), complaints);
  page = app.page;
}

const person = (name: string) =>
  page.getByRole('gridcell', { name: new RegExp(`^${name}, \\d+ face`, 'u') });
/** How many faces a tile says it stands for. */
const facesIn = async (tile: Locator): Promise<number> =>
  Number(/(\d+) face/u.exec((await tile.getAttribute('aria-label')) ?? '')?.[1]);
/** How many groups wait for a name; the page holds only those in sight. */
const unnamed = async (): Promise<number> =>
  Number(/Not named yet\s+(\d+)/u.exec(await page.getByRole('rowheader').last().innerText())?.[1]);

describe.skipIf(executablePath === null)(title, { timeout: 240_000 }, () => {
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: executablePath!, args: ['--no-sandbox'] });
  });
  afterAll(async () => {
    // After a test that failed half way it is open.
    await app?.close();
    await browser?.close();
    rmSync(root, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  });

  it('from the first screen to named people that are there tomorrow, by keyboard alone', async () => {
    await open();
    await page.getByRole('heading', { name: 'Find everyone in your photos.' }).waitFor();
    await app.show('first-run');
    await app.tabTo('Try it on sample photos');
    await app.press('Enter');

    const groups = page.getByRole('gridcell', { name: /without a name/u });
    await groups.first().waitFor({ timeout: 90_000 });
    await app.show('scanning');
    await app.upToDate();
    await expect.poll(() => groups.count()).toBeGreaterThanOrEqual(2);

    // Name the largest group.
    await groups.first().focus();
    await app.press('n');
    await page.keyboard.type('Anna');
    await app.press('Enter');
    await person('Anna').waitFor();
    await app.press('Control+z');
    await person('Anna').waitFor({ state: 'detached' });
    await app.press('Control+Shift+Z');
    await person('Anna').waitFor();
    await app.upToDate();
    await app.show('people');

    // Another of the same name joins her.
    const before = await unnamed();
    const own = await facesIn(person('Anna'));
    const joined = await facesIn(groups.first());
    await groups.first().focus();
    await app.press('n');
    await page.keyboard.type('Ann');
    await page.getByRole('option', { name: /Join Anna/u }).waitFor();
    await app.press('Enter');
    // Kith may find more of her meanwhile.
    await expect.poll(() => facesIn(person('Anna'))).toBeGreaterThanOrEqual(own + joined);
    await expect.poll(unnamed).toBeLessThan(before);
    await app.press('Control+z');
    await expect.poll(() => facesIn(person('Anna'))).toBeLessThan(own + joined);

    // Her page, and a photo of hers with her box.
    await person('Anna').focus();
    await app.press('Enter');
    await page.getByRole('heading', { name: 'Anna' }).waitFor();
    await app.show('person');
    await page.getByRole('gridcell', { name: /^Face/u }).first().focus();
    await app.press('Enter');
    await page.getByRole('button', { name: 'Face of Anna' }).first().waitFor();
    await app.show('photo');

    // A face that was missed is marked, and named at once.
    await app.press('a');
    await page.getByRole('application', { name: 'Mark a face' }).waitFor();
    for (let step = 0; step < 30; step++) await app.press('ArrowDown', 'ArrowLeft');
    await app.press('Enter');
    await page.getByRole('combobox', { name: 'Who is this?' }).waitFor();
    await page.keyboard.type('Mona');
    await app.press('Enter');
    await page.getByRole('button', { name: 'Face of Mona' }).waitFor();
    await app.show('photo-marked');
    await app.press('Escape');
    await page.getByRole('heading', { name: 'Anna' }).waitFor();

    // Questions, answered and taken back.
    await app.goTo('r');
    const asked = page.getByRole('heading', { level: 2 });
    await asked.waitFor();
    await app.show('review');
    const question = await asked.innerText();
    await app.press('s');
    await app.press('Backspace');
    await expect.poll(() => asked.innerText()).toBe(question);

    // Both of them on one photo.
    await app.goTo('f');
    for (const name of ['Anna', 'Mona']) {
      await app.press('n');
      await page.getByRole('combobox', { name: 'Add a person' }).waitFor();
      await page.keyboard.type(name);
      await app.press('Enter');
      await page.getByRole('button', { name: `with ${name}` }).waitFor();
    }
    // What was marked as Mona is no face, and may be taken for others of that kind.
    await page.getByText(/^[1-9]\d* photos? found$/u).waitFor();
    await app.show('search');

    await app.goTo('s');
    await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
    await app.show('settings');

    // What built on the marked face is taken back before it.
    await app.goTo('h');
    const marked = page.getByRole('listitem', { name: /^Marked one face by hand/u });
    await marked.waitFor();
    await app.show('history');
    await marked.focus();
    await app.press('t');
    await page.getByText('A later action builds on this').waitFor();
    await app.close();

    await open();
    await person('Anna').waitFor();
    await person('Mona').waitFor();
    await app.press('Control+z', 'Control+z');
    await person('Mona').waitFor({ state: 'detached' });
    await app.press('Control+Shift+Z', 'Control+Shift+Z');
    await person('Mona').waitFor();
    expect(complaints).toEqual([]);
    await app.close();
  });
});
