import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type Locator, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../electron/store/database.ts';
import { findChromium } from '../renderer/chromium.ts';
import { makeAlbum } from './album.ts';
import { openApp, type App } from './app.ts';
import { activeActions, libraryState } from './library-state.ts';

const executablePath = findChromium();
const title =
  executablePath === null
    ? 'an evening of naming (skipped: no Chromium found, set KITH_CHROMIUM)'
    : 'an evening of naming';

const home = mkdtempSync(join(tmpdir(), 'kith-evening-'));
const library = join(home, 'library');
const album = join(home, 'Pictures');
const kith = (...words: string[]) =>
  execFileSync(process.execPath, [
    join(import.meta.dirname, '../../electron/cli/main.ts'),
    ...words,
  ]);

const complaints: string[] = [];
let browser: Browser;
let app: App;
let page: Page;

async function open(): Promise<void> {
  app = await openApp(browser, library, complaints, home);
  page = app.page;
}

const groups = () => page.getByRole('gridcell', { name: /without a name/u });
const person = (name: string) =>
  page.getByRole('gridcell', { name: new RegExp(`^${name}, \\d+ face`, 'u') });
const heading = (name: string) => page.getByRole('heading', { level: 1, name });

/** Moves through a grid by arrows until a cell has the focus. */
async function reach(cell: Locator): Promise<void> {
  await cell.waitFor();
  const focused = page.locator('[data-index]:focus');
  const place = () =>
    focused.evaluateAll((all) => all.map((one) => one.getAttribute('data-index')).join());
  const deadline = performance.now() + 120_000;
  while (performance.now() < deadline) {
    const wanted = await cell.getAttribute('data-index');
    const here = await place();
    if (here === wanted) return;
    await app.press(here !== '' && Number(here) > Number(wanted) ? 'ArrowLeft' : 'ArrowRight');
    await expect.poll(place).not.toBe(here);
  }
  throw new Error('Arrows do not reach the cell');
}

/** Answers the question on screen, each kind in turn otherwise; tells what was said. */
async function answer(turn: number): Promise<string> {
  const asked = page.getByRole('heading', { level: 2 });
  await asked.waitFor();
  const question = await asked.innerText();
  const pictures = () =>
    page.locator('.page img').evaluateAll((all) => all.map((one) => one.getAttribute('src')));
  const before = `${question} ${String(await pictures())}`;
  let said: string;
  if (question === 'Who is this?') {
    said = ['name', 'number', 'ignore', 'unsure'][turn % 4]!;
    if (said === 'name') {
      await app.press('Enter');
      await app.typeName(`Guest ${String(turn)}`);
    } else await app.press({ number: '1', ignore: 'i', unsure: 's' }[said] ?? '');
  } else if (question.startsWith('Are these all') && turn % 2 === 0) {
    said = 'picked out';
    await app.press('ArrowRight', 'Space', 'y');
  } else {
    // Two people stay two: the merge is a step of its own.
    said = turn % 3 === 2 || question.endsWith('one person?') ? 'no' : 'yes';
    await app.press(said === 'no' ? 'n' : 'y');
  }
  await expect
    .poll(async () => {
      const now = (await asked.count()) > 0 ? await asked.innerText() : '';
      return `${now} ${String(await pictures())}`;
    })
    .not.toBe(before);
  return `${question} ${said}`;
}

/** Undoes or redoes everything, however much there is. */
async function turnAll(key: string, until: number): Promise<void> {
  const steps = Math.abs(activeActions(library) - until);
  for (let step = 0; step < steps; step++) await app.press(key);
  await expect.poll(() => activeActions(library)).toBe(until);
  await app.press(key);
  await page
    .getByText(until === 0 ? 'Nothing to undo' : 'Nothing to redo')
    .first()
    .waitFor();
}

describe.skipIf(executablePath === null)(title, { timeout: 600_000 }, () => {
  beforeAll(async () => {
    await makeAlbum(album);
    browser = await chromium.launch({ executablePath: executablePath!, args: ['--no-sandbox'] });
  }, 120_000);
  afterAll(async () => {
    // After a test that failed half way it is open.
    await app?.close();
    await browser?.close();
    rmSync(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  });

  it('names, answers, splits, merges, takes all back and brings all back by keyboard alone', async () => {
    await open();
    await app.tabTo('Choose a folder');
    await app.press('Enter');
    await app.tabTo('Add “Pictures”');
    await app.press('Enter');
    await groups().first().waitFor({ timeout: 120_000 });
    await app.upToDate();
    const untouched = libraryState(library);
    expect(untouched.confirmed).toEqual([]);

    const names = ['Anna', 'Ben', 'Cora', 'Dan', 'Eva'];
    for (const name of names) {
      await reach(groups().first());
      await app.press('n');
      await app.typeName(name);
      await person(name).waitFor();
    }
    await app.upToDate();

    await app.goTo('r');
    const said: string[] = [];
    for (let turn = 0; turn < 20; turn++) said.push(await answer(turn));
    expect(said).toHaveLength(20);

    // Two faces of Anna's are somebody else, and Ben and Cora are one person.
    await app.goTo('p');
    await app.upToDate();
    await reach(person('Anna'));
    await app.press('Enter');
    await heading('Anna').waitFor();
    await reach(page.getByRole('gridcell', { name: /^Face/u }).first());
    await app.press('Shift+ArrowRight', 's');
    await expect.poll(() => libraryState(library).splits.length).toBeGreaterThanOrEqual(1);
    await app.press('Escape');
    await heading('People').waitFor();
    await reach(person('Ben'));
    await app.press('Space');
    await reach(person('Cora'));
    await app.press('Space', 'm');
    await expect.poll(() => person('(Ben|Cora)').count()).toBe(1);

    // A face that nobody found is marked in a photo of Dan's.
    await reach(person('Dan'));
    await app.press('Enter');
    await heading('Dan').waitFor();
    await reach(page.getByRole('gridcell', { name: /^Face/u }).first());
    await app.press('Enter');
    await page.getByRole('button', { name: 'Face of Dan' }).first().waitFor();
    await app.press('a');
    await page.getByRole('application', { name: 'Mark a face' }).waitFor();
    for (let step = 0; step < 30; step++) await app.press('ArrowDown', 'ArrowLeft');
    await app.press('Enter');
    await page.getByRole('combobox', { name: 'Who is this?' }).waitFor();
    await app.typeName('Mona');
    await page.getByRole('button', { name: 'Face of Mona' }).waitFor();

    await app.press('Escape');
    await app.goTo('f');
    for (const name of ['Dan', 'Mona']) {
      await app.press('n');
      await app.typeName(name);
      await page.getByRole('button', { name: `with ${name}` }).waitFor();
    }
    await page.getByText('1 photo found').waitFor();
    await app.goTo('p');
    await app.upToDate();
    const told = libraryState(library);
    expect(told.people.length).toBeGreaterThanOrEqual(6);
    expect(told.confirmed.length).toBeGreaterThan(50);

    const actions = activeActions(library);
    await turnAll('Control+z', 0);
    await app.upToDate();
    await expect.poll(() => libraryState(library)).toEqual(untouched);
    await turnAll('Control+Shift+Z', actions);
    await app.upToDate();
    await expect.poll(() => libraryState(library)).toEqual(told);
    await app.close();

    await open();
    await person('Mona').waitFor();
    await app.upToDate();
    expect(libraryState(library)).toEqual(told);
    expect(complaints).toEqual([]);
    await app.close();
  });

  it('means the same in a library made of the photos and the log alone', async () => {
    const told = libraryState(library);
    const copy = join(home, 'replayed');
    cpSync(library, copy, { recursive: true });
    rmSync(join(copy, 'index'), { recursive: true });
    const connection = openDatabase(join(copy, 'library.sqlite'));
    const derived = [
      ...['person', 'face_label', 'face_rejection', 'face_side', 'label_history', 'face_group'],
      ...['cluster_suggestion', 'cluster_pair'],
    ];
    for (const table of derived) connection.exec(`DELETE FROM ${table}`);
    connection.close();
    expect(libraryState(copy).people).toEqual([]);
    kith('scan', album, '--library', copy);
    expect(libraryState(copy)).toEqual(told);
  });

  it('is carried by a label file to a library scanned anew', async () => {
    const { people, confirmed, aside, rejected, splits } = libraryState(library);
    const other = join(home, 'other');
    kith('labels', 'export', join(home, 'labels.json'), '--library', library);
    kith('scan', album, '--library', other);
    kith('labels', 'import', join(home, 'labels.json'), '--library', other);
    expect(libraryState(other)).toMatchObject({ people, confirmed, aside, rejected, splits });
  });
});
