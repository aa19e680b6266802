import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { linePoints } from '../../renderer/logic/curves.ts';
import { describeInChromium, goTo } from './stage.ts';

it('linePoints stays in the picture and goes from left to right', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ noNaN: true, min: -5, max: 5 })), (values) => {
      const points = linePoints(values, 2, 100, 50)
        .split(' ')
        .filter((text) => text !== '')
        .map((text) => text.split(',').map(Number));
      expect(points.length).toBe(values.length);
      for (const [at, [x = NaN, y = NaN]] of points.entries()) {
        expect(x).toBeCloseTo(values.length > 1 ? (at * 100) / (values.length - 1) : 0, 0);
        expect(y).toBeGreaterThanOrEqual(0);
        expect(y).toBeLessThanOrEqual(50);
      }
    }),
  );
});

describeInChromium('the Learning view', { launchArguments: ['--disable-gpu'] }, (stage) => {
  it('is reached by G L, learns, shows what came of it, and goes back', async () => {
    const { page } = await stage.open('#/people');
    await page.getByRole('heading', { name: 'People' }).first().waitFor();
    await goTo(page, 'l');
    await page.getByRole('heading', { name: 'Learning' }).waitFor();
    await page.getByText('42 people, 1,310 faces; 61 rejections').waitFor();
    await page.getByRole('button', { name: 'Learn', exact: true }).click();
    // Told once, with the way back.
    await page.getByText(/^Learnt from 42 people and 1,310 faces/u).waitFor();
    await page.getByRole('button', { name: 'Go back' }).waitFor();
    await page.getByRole('heading', { name: 'Hardest to tell apart' }).waitFor();
    await page.getByRole('row', { name: /Pairs of one person found.*73\.2 %.*84\.4 %/u }).waitFor();
    await page.getByRole('heading', { name: 'Sure about these?' }).waitFor();
    await page.getByText('One group was made of several:').waitFor();
    await page.getByText('3 groups were taken apart:').waitFor();
    await page.getByRole('heading', { name: 'Pulled apart' }).waitFor();
    await page.getByText('Anna, was like Ben').first().waitFor();
    await page.getByRole('button', { name: 'Use this one: As it came' }).click();
    await page.getByRole('button', { name: /Use this one: June/u }).waitFor();
    const { violations } = await new AxeBuilder({ page }).analyze();
    const serious = violations.filter(
      ({ impact }) => impact === 'serious' || impact === 'critical',
    );
    expect(serious.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
    if (process.env['KITH_PICTURES']) {
      await page.screenshot({
        path: join(process.env['KITH_PICTURES'], 'learning.png'),
        fullPage: true,
      });
    }
  });
});
