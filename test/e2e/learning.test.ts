import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium, type Browser, type Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCrops } from '../../electron/store/crops.ts';
import { openStore, openStoreForReading } from '../../electron/store/store.ts';
import { drawLibrary, drawnNames, facesEach, people } from '../engine/drawn-library.ts';
import { startEngine, temporaryPlace } from '../engine/real-library.ts';
import { findChromium } from '../renderer/chromium.ts';
import { sampleFaces, samplesFolder } from '../renderer/double/sample-faces.ts';
import { goTo } from '../renderer/stage.ts';

const executablePath = findChromium();
const title =
  executablePath === null
    ? 'learning and the map, in a real browser (skipped: no Chromium found, set KITH_CHROMIUM)'
    : 'learning and the map, in a real browser';

/** Where pictures of each screen are put, for looking at; none are taken without it. */
const screenshots = process.env['KITH_SCREENSHOTS'];
const main = join(import.meta.dirname, '../../electron/browser-host/main.ts');
const place = temporaryPlace();
const names = 'Anna Bea Clara Dana Elif Frida Greta Hanna Ines Jana Kaya Lena'.split(' ');
const namedFaces = drawnNames.map(({ faceIds }, person) => ({ faceIds, name: names[person]! }));
const lastPerson = namedFaces.at(-1)!;

let browser: Browser;
let host: ChildProcess | undefined;
let page: Page;
const complaints: string[] = [];

/** A folder for the drawn photos: without one Kith shows its first screen. */
function drawFolder(): void {
  const store = openStore(join(place.library, 'library.sqlite'));
  const { folderId } = store.folders.add(place.photos);
  for (let photoId = 1; photoId <= people * facesEach; photoId++) {
    const path = join(place.photos, `${String(photoId)}.jpg`);
    store.files.setPhoto({ folderId, path, byteSize: 1, modifiedAt: 1 }, photoId);
  }
  store.close();
}

/** Every face of a person gets the picture of one sample face. */
async function drawCrops(): Promise<void> {
  const crops = openCrops(join(place.library, 'crops.sqlite'));
  for (let person = 0; person < people; person++) {
    const face = sampleFaces[person]!;
    const photo = sharp(join(samplesFolder, face.file));
    const { width, height } = await photo.metadata();
    const side = Math.round(1.3 * Math.max(face.width * width, face.height * height));
    const jpeg = await photo
      .extract({
        left: Math.max(0, Math.round((face.x + face.width / 2) * width - side / 2)),
        top: Math.max(0, Math.round((face.y + face.height / 2) * height - side / 2)),
        width: side,
        height: side,
      })
      .resize(192, 192)
      .jpeg()
      .toBuffer();
    for (let at = 0; at < facesEach; at++) {
      const photoNumber = person * facesEach + at;
      crops.put(String(photoNumber).padStart(64, '0'), [[0, jpeg]]);
    }
  }
  crops.close();
}

/** All that was said of the library. */
function said() {
  const store = openStoreForReading(join(place.library, 'library.sqlite'));
  try {
    return { history: store.labels.history.page(1000, 0), labels: store.labels.constraints() };
  } finally {
    store.close();
  }
}

async function open(): Promise<void> {
  host = spawn(process.execPath, [main, '--no-open', '--library', place.library], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  const address = await new Promise<string>((resolve, reject) => {
    host!.once('exit', () => reject(new Error(`The host ended: ${text}`)));
    host!.stdout!.setEncoding('utf8').on('data', (part: string) => {
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
  page.setDefaultTimeout(60_000);
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    // The drawn photos have pictures of faces alone.
    if (message.type() === 'error' && !message.location().url.includes('/photo/')) {
      complaints.push(message.text());
    }
  });
  await page.goto(address);
}

const press = async (...keys: string[]) => {
  for (const key of keys) await page.keyboard.press(key);
};

async function show(name: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
  if (screenshots) await page.screenshot({ path: join(screenshots, `${name}.png`) });
}

type Places = Map<number, readonly [number, number]>;

/** Where each face's picture is on the map, pixels. */
async function places(): Promise<Places> {
  const pictures = page.getByRole('application').locator('img');
  await expect.poll(() => pictures.count(), { timeout: 60_000 }).toBe(people * facesEach);
  return new Map(
    await pictures.evaluateAll((images) =>
      images.map((image) => {
        const { style, src } = image as unknown as {
          style: { left: string; top: string };
          src: string;
        };
        const faceId = Number(src.split('/').at(-1));
        return [faceId, [parseFloat(style.left), parseFloat(style.top)] as const] as const;
      }),
    ),
  );
}

/** Mean distance by which faces moved, pixels. */
function moved(from: Places, to: Places): number {
  let sum = 0;
  for (const [faceId, [x, y]] of from) {
    const [x1, y1] = to.get(faceId)!;
    sum += Math.hypot(x1 - x, y1 - y) / from.size;
  }
  return sum;
}

async function openMap(): Promise<Places> {
  await goTo(page, 'e');
  await page
    .getByRole('status')
    .getByText(/^96 faces of 12 people/u)
    .waitFor();
  return places();
}

describe.skipIf(executablePath === null)(title, { timeout: 240_000 }, () => {
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: executablePath!, args: ['--no-sandbox'] });
    drawLibrary(place.library);
    drawFolder();
    await drawCrops();
    const engine = await startEngine(place.library);
    for (const { faceIds, name } of namedFaces) {
      const few = name === lastPerson.name ? faceIds.slice(1) : faceIds;
      await engine.host.call('labels.apply', { type: 'name', faceIds: [...few], name });
    }
    await engine.host.call('host.idle', {});
    await engine.close();
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    if (host && host.exitCode === null) {
      const gone = once(host, 'exit');
      host.kill('SIGTERM');
      await gone;
    }
    place.remove();
  });

  it('names, trains, sees the map move, and goes back, with every label as it was', async () => {
    await open();
    await page.getByRole('gridcell', { name: /^Anna,/u }).waitFor();
    // The last face is named on its photo.
    await page.evaluate(`location.hash = '#/photo/${String(lastPerson.faceIds[0])}?in=all'`);
    const box = page.getByRole('button', { name: /^(?:Face without|Is this)/u });
    await box.focus();
    await press('Enter');
    await page.getByRole('combobox').waitFor();
    await page.keyboard.type(lastPerson.name);
    await press('Enter');
    await page.getByRole('button', { name: `Face of ${lastPerson.name}` }).waitFor();
    await press('Escape');
    await page.getByText('Up to date').first().waitFor();
    const before = said();
    expect(before.labels.confirmed).toHaveLength(namedFaces.flatMap((one) => one.faceIds).length);

    const first = await openMap();
    await show('map');

    await goTo(page, 'l');
    await page.getByText('12 people, 60 faces; 0 rejections').waitFor();
    await page.getByRole('button', { name: 'Learn', exact: true }).click();
    const told = page.getByText(/^Learnt from 12 people and 60 faces/u);
    await told.waitFor({ timeout: 120_000 });
    await page.getByRole('heading', { name: 'Hardest to tell apart' }).waitFor();
    await page.getByText('Up to date').first().waitFor();
    await told.waitFor({ state: 'detached' });
    await show('learning');

    const learnt = await openMap();
    expect(moved(first, learnt)).toBeGreaterThan(8);
    await show('map-learnt');
    // As the head before sees them, and back.
    await press('b');
    await expect.poll(async () => moved(first, await places())).toBeLessThan(1);
    await press('b');
    await expect.poll(async () => moved(learnt, await places())).toBeLessThan(1);

    await goTo(page, 'l');
    await page.getByRole('button', { name: 'Use this one: As it came' }).click();
    await page.getByRole('button', { name: /^Use this one: (?!As it came)/u }).waitFor();
    expect(moved(first, await openMap())).toBeLessThan(1);
    expect(said()).toEqual(before);
    expect(complaints).toEqual([]);
  });
});
