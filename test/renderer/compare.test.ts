import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { maxPhotoBytes } from '../../electron/contract/limits.ts';
import { formatRoute, parseRoute } from '../../renderer/logic/routes.ts';
import { samplesFolder } from './double/sample-faces.ts';
import type { DoubleServer } from './double/server.ts';
import { describeInChromium, goTo } from './stage.ts';

it('keeps up to two faces in the address', () => {
  for (const faceIds of [[], [7], [7, 12]]) {
    expect(parseRoute(formatRoute({ view: 'compare', faceIds }))).toEqual({
      view: 'compare',
      faceIds,
    });
  }
  expect(parseRoute('#/compare?faces=3.x.-1.4.5')).toEqual({ view: 'compare', faceIds: [3, 4] });
});

describeInChromium('who is it', {}, (stage) => {
  let page: Page;
  let double: DoubleServer;

  async function open(hash: string): Promise<void> {
    ({ page, double } = await stage.open(hash, { groups: 12 }));
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
    await goTo(page, 'i');
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
    // A file, as bytes would take long into the page.
    const folder = await mkdtemp(join(tmpdir(), 'kith-large-'));
    const large = join(folder, 'large.jpg');
    await writeFile(large, '');
    await truncate(large, maxPhotoBytes + 1);
    await choosers().setInputFiles(large);
    await page.getByText('This photo is too large').waitFor();
    await rm(folder, { recursive: true });
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
