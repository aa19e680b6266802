import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { describeInChromium, type OpenOptions } from './stage.ts';

describeInChromium(
  'the interface for people who hear or feel it',
  { launchArguments: ['--disable-gpu'] },
  (stage) => {
    let page: Page;

    async function open(
      hash: string,
      options: OpenOptions = {},
      colorScheme: 'light' | 'dark' = 'light',
    ): Promise<void> {
      ({ page } = await stage.open(hash, { ...options, colorScheme }));
    }

    const screens = [
      ['first run', '', { empty: true, groups: 0, named: 0 }],
      ['people', '#/people', { scanning: true }],
      ['a person', '#/person/1', {}],
      ['photos of a person', '#/person/1?tab=photos', {}],
      ['people seen with a person', '#/person/1?tab=together', {}],
      ['a group', '#/group/11', {}],
      ['a photo', '#/photo/3?in=all&at=2', {}],
      ['photos', '#/photos', {}],
      ['set aside', '#/aside/ignored', {}],
      ['unclear faces', '#/aside/unclear', {}],
      ['search', '#/search?all=1&any=2.3&none=4', {}],
      ['review', '#/review', {}],
      ['history', '#/history', {}],
      ['the map of faces', '#/map', {}],
      ['who is on a photo', '#/identify', {}],
      ['two faces compared', '#/compare?faces=1.2', {}],
      ['the map of an empty library', '#/map', { groups: 0, named: 0 }],
      ['scan', '#/scan', { scanning: true }],
      ['settings', '#/settings', {}],
    ] as const;
    for (const scheme of ['light', 'dark'] as const) {
      it.each(screens)(
        `has nothing serious against it, ${scheme}: %s`,
        async (_, hash, options) => {
          await open(hash, options, scheme);
          await page.locator('#main').waitFor();
          await page.waitForLoadState('networkidle');
          const { violations } = await new AxeBuilder({ page }).analyze();
          const serious = violations.filter(
            ({ impact }) => impact === 'serious' || impact === 'critical',
          );
          expect(
            serious.map(({ id, nodes }) => [id, nodes.slice(0, 3).map((node) => node.html)]),
          ).toEqual([]);
        },
      );
    }

    it('has nothing serious against its key list and an open name field', async () => {
      await open('#/people');
      await page
        .getByRole('gridcell', { name: /without a name/u })
        .first()
        .focus();
      await page.keyboard.press('n');
      await page.keyboard.type('a');
      await page.getByRole('option', { name: /New person/u }).waitFor();
      const naming = await new AxeBuilder({ page }).analyze();
      await page.keyboard.press('Escape');
      await page.keyboard.press('?');
      await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
      const keys = await new AxeBuilder({ page }).analyze();
      const serious = [...naming.violations, ...keys.violations].filter(
        ({ impact }) => impact === 'serious' || impact === 'critical',
      );
      expect(serious.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
      await page.keyboard.press('Escape');
      await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
    });
  },
);
