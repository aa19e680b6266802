import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium, type Browser, type Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { maxPhotoBytes } from '../../electron/contract/recognition.ts';
import { formatRoute, parseRoute } from '../../renderer/logic/routes.ts';
import { findChromium } from './chromium.ts';
import { samplesFolder } from './double/sample-faces.ts';
import { startDouble, type DoubleServer } from './double/server.ts';

it('keeps up to two faces in the address', () => {
  for (const faceIds of [[], [7], [7, 12]]) {
    expect(parseRoute(formatRoute({ view: 'compare', faceIds }))).toEqual({
      view: 'compare',
      faceIds,
    });
  }
  expect(parseRoute('#/compare?faces=3.x.-1.4.5')).toEqual({ view: 'compare', faceIds: [3, 4] });
});

const executablePath = findChromium();
const title =
  executablePath === null
    ? 'who is it (skipped: no Chromium found, set KITH_CHROMIUM)'
    : 'who is it';

describe.skipIf(executablePath === null)(title, { timeout: 60_000 }, () => {
  let root = '';
  let browser: Browser;
  let double: DoubleServer;
  let page: Page;
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
      args: ['--no-sandbox'],
    });
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await rm(root, { recursive: true, force: true });
  });

  afterEach(async () => {
    await page?.context().close();
    await double?.close();
    expect(complaints.splice(0)).toEqual([]);
  });

  async function open(hash: string): Promise<void> {
    double = await startDouble(root, { groups: 12, named: 4, scanning: false, empty: false });
    page = await (await browser.newContext({ reducedMotion: 'reduce' })).newPage();
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    await page.goto(double.address + hash);
  }

  async function fine(): Promise<void> {
    const { violations } = await new AxeBuilder({ page }).analyze();
    const serious = violations.filter(
      ({ impact }) => impact === 'serious' || impact === 'critical',
    );
    expect(serious.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
  }

  const photo = join(samplesFolder, 'sample1.jpg');
  const choosers = () => page.locator('input[type="file"]');

  it('says who is on a photo, and that somebody is unknown', async () => {
    await open('#/people');
    await page.getByRole('gridcell').first().waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('i');
    await choosers().setInputFiles(photo);
    await page.getByRole('button', { name: 'Anna, 96 %' }).waitFor();
    await page.getByRole('button', { name: 'Unknown' }).waitFor();
    await page.getByText('Nobody with a name is alike enough.').waitFor();
    await fine();
    await page.getByRole('button', { name: 'Anna, 96 %' }).press('Enter');
    await page.getByRole('heading', { name: /^Anna/u }).waitFor();
  });

  it('takes a dropped photo, and tells what it does not take', async () => {
    await open('#/identify');
    const content = (await readFile(photo)).toString('base64');
    const transfer = await page.evaluateHandle(`(() => {
      const bytes = Uint8Array.from(atob('${content}'), (letter) => letter.charCodeAt(0));
      const dropped = new DataTransfer();
      dropped.items.add(new File([bytes], 'a.jpg', { type: 'image/jpeg' }));
      return dropped;
    })()`);
    await page.getByRole('region', { name: 'Identify' }).dispatchEvent('drop', {
      dataTransfer: transfer,
    });
    await page.getByRole('button', { name: 'Anna, 96 %' }).waitFor();
    const give = (buffer: Buffer) =>
      choosers().setInputFiles({ name: 'b.jpg', mimeType: 'image/jpeg', buffer });
    await give(Buffer.from('a letter'));
    await page.getByText('The file is text, not a picture.').waitFor();
    const asked = double.engine.asked.get('photos.look');
    await give(Buffer.alloc(maxPhotoBytes + 1));
    await page.getByText('This photo is too large').waitFor();
    expect(double.engine.asked.get('photos.look')).toBe(asked);
  });

  it('compares faces chosen anywhere, and faces of photos', async () => {
    await open('#/person/1');
    await page.getByRole('gridcell').nth(1).focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Space');
    await page.keyboard.press('v');
    await page.getByRole('heading', { name: 'Likely one person' }).waitFor();
    await page.getByText('Of 100 pairs of faces as alike as these, 97 are one person').waitFor();
    await page.getByText('0.780').waitFor();
    await fine();
    await choosers().nth(1).setInputFiles(photo);
    await page.getByRole('heading', { name: 'Likely two people' }).waitFor();
    await choosers().nth(0).setInputFiles(photo);
    await page.getByRole('heading', { name: 'Likely one person' }).waitFor();
    const second = page.getByRole('region', { name: 'Second face' });
    await second.getByRole('button', { name: 'Unknown' }).click();
    await page.getByRole('heading', { name: 'Likely two people' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: /^Anna/u }).waitFor();
  });
});
