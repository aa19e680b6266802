import { readFile } from 'node:fs/promises';
import type { Locator, Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { desktopHost } from './double/desktop-host.ts';
import type { DoubleServer } from './double/server.ts';
import { describeInChromium, goTo, type OpenOptions, type StageOptions } from './stage.ts';

const options: StageOptions = {
  launchArguments: ['--disable-gpu'],
  // A cut connection is part of one test; everything else is a defect, policy violations too.
  isExpected: (message) => /WebSocket|INTERNET_DISCONNECTED/u.test(message),
};

describeInChromium('the interface by keyboard', options, (stage) => {
  let page: Page;
  let double: DoubleServer;

  async function open(
    hash: string,
    options: OpenOptions = {},
    colorScheme: 'light' | 'dark' = 'light',
    before: string | null = null,
  ): Promise<void> {
    ({ page, double } = await stage.open(hash, { ...options, colorScheme, before }));
  }

  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  const cell = (name: string | RegExp): Locator => page.getByRole('gridcell', { name });
  const focused = (): Locator => page.locator(':focus');
  const count = (locator: Locator, expected: number) =>
    expect.poll(() => locator.count()).toBe(expected);
  const textOf = (locator: Locator, expected: string | RegExp) =>
    expect.poll(() => locator.innerText()).toMatch(expected);

  it('goes from the first start to people without a mouse', async () => {
    await open('', { empty: true, groups: 0, named: 0 });
    await page.getByRole('button', { name: 'Choose a folder' }).focus();
    await press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: '2021 Garden' }).focus();
    await press('Enter');
    await dialog.getByRole('button', { name: 'Add “2021 Garden”' }).waitFor();
    await dialog.getByRole('button', { name: 'Add “2021 Garden”' }).focus();
    await press('Enter');
    await cell(/without a name/u)
      .first()
      .waitFor();
    await page.getByText('Finding faces').waitFor();
  });

  it('names a group, joins another to it by completion, and takes both back', async () => {
    await open('#/people', { named: 0 });
    await cell(/without a name/u)
      .first()
      .waitFor();
    await press('ArrowDown', 'n');
    await page.keyboard.type('Maria');
    await press('Enter');
    await page.getByText('Named 140 faces Maria').waitFor();
    await cell(/^Maria, 140 faces/u).waitFor();
    await page.locator('[data-index="1"]').focus();
    await press('n');
    await page.keyboard.type('mar');
    await page.getByRole('option', { name: /Join Maria/u }).waitFor();
    await press('Enter');
    await cell(/^Maria, 223 faces/u).waitFor();
    await press('Control+z');
    await cell(/^Maria, 140 faces/u).waitFor();
    await press('Control+z');
    await count(cell(/^Maria/u), 0);
    await press('Control+Shift+z');
    await cell(/^Maria, 140 faces/u).waitFor();
  });

  it('names one group after the other as fast as one types', async () => {
    await open('#/people', { named: 0 });
    await cell(/without a name/u)
      .first()
      .waitFor();
    await press('ArrowDown');
    await expect.poll(() => focused().getAttribute('data-index')).toBe('0');
    for (const name of ['Imi', 'Mimi', 'Simi', 'Timi']) {
      await press('n');
      await page.keyboard.type(name);
      await press('Enter');
    }
    await cell(/^Imi, 140/u).waitFor();
    await cell(/^Mimi, 83/u).waitFor();
    await cell(/^Simi, 61/u).waitFor();
    await cell(/^Timi, 49/u).waitFor();
    expect(double.engine.library.changes).toHaveLength(4);
  });

  it('keeps a field where it is while the library changes under it', async () => {
    await open('#/people', { named: 0 });
    await cell(/without a name/u)
      .first()
      .waitFor();
    await press('ArrowDown', 'n');
    await page.keyboard.type('Im');
    double.engine.library.apply({ type: 'name', clusterId: 1, name: 'Somebody' });
    await expect.poll(() => double.engine.asked.get('people.list') ?? 0).toBeGreaterThan(1);
    await page.keyboard.type('i');
    expect(await focused().inputValue()).toBe('Imi');
    await press('Escape');
    await cell(/^Somebody, 140/u).waitFor();
    expect(double.engine.library.changes).toHaveLength(1);
  });

  it('keeps a typed name that begins another one, when asked to', async () => {
    await open('#/people');
    await cell(/^Anna/u).waitFor();
    await cell(/without a name/u)
      .first()
      .focus();
    await press('n');
    await page.keyboard.type('Ann');
    await page.getByRole('option', { name: 'New person “Ann”' }).waitFor();
    await press('ArrowUp', 'Enter');
    await cell(/^Ann, /u).waitFor();
  });

  it('leaves a name field by Escape with nothing changed and the focus where it was', async () => {
    await open('#/people');
    await cell(/without a name/u)
      .first()
      .focus();
    await press('n');
    await page.keyboard.type('Nobody');
    await press('Escape');
    await count(page.getByRole('combobox', { name: 'Name this group' }), 0);
    await expect.poll(() => focused().getAttribute('role')).toBe('gridcell');
    await count(cell(/Nobody/u), 0);
  });

  it('searches people with and, or and not, and finds its way back', async () => {
    await open('#/people');
    await cell(/^Anna,/u).waitFor();
    await goTo(page, 'f');
    await page.getByRole('heading', { name: 'Search' }).waitFor();
    const add = async (typed: string) => {
      await press('n');
      await page.getByRole('combobox', { name: 'Add a person' }).waitFor();
      await page.keyboard.type(typed);
      await press('Enter');
      await page.getByRole('button', { name: new RegExp(`with ${typed}`, 'iu') }).waitFor();
    };
    const { library } = double.engine;
    /** What is said of photos on which the persons 1 and 2, Anna and Ben, are or are not. */
    const found = (matches: (persons: ReadonlySet<number | null>, year: number) => boolean) => {
      const { length } = library.photos.filter(({ faceIds, takenAt }) =>
        matches(
          new Set(faceIds.map((faceId) => library.face(faceId).personId)),
          Number(takenAt?.slice(0, 4)),
        ),
      );
      return page.getByRole('main').getByText(new RegExp(`^${String(length)} photos? found$`, 'u'));
    };
    await add('Anna');
    await found((persons) => persons.has(1)).waitFor();
    await add('Ben');
    await found((persons) => persons.has(1) && persons.has(2)).waitFor();
    await page.getByRole('button', { name: 'with Ben' }).focus();
    await press('o');
    await page.getByRole('button', { name: 'or Ben' }).waitFor();
    await press('x');
    await page.getByRole('button', { name: 'without Ben', exact: true }).waitFor();
    await expect.poll(() => page.url()).toContain('all=1&none=2');
    await page.getByLabel('From year').fill('2016');
    await press('Tab');
    await expect.poll(() => page.url()).toContain('from=2016');
    await found((persons, year) => persons.has(1) && !persons.has(2) && year >= 2016).waitFor();
    await page.evaluate('document.activeElement.blur()');
    await press('ArrowDown', 'ArrowRight', 'Enter');
    await page.getByText(/^2 of \d+/u).waitFor();
    await press('ArrowRight');
    await page.getByText(/^3 of \d+/u).waitFor();
    await press('Escape');
    await page.getByRole('heading', { name: 'Search' }).waitFor();
    for (let step = 0; step < 4; step++) await page.goBack();
    await found((persons) => persons.has(1)).waitFor();
    await page.goForward();
    await page.getByRole('button', { name: 'with Ben' }).waitFor();
  });

  it('heeds keys that come while the browser is still on its way back', async () => {
    await open('#/people');
    await cell(/Anna/u).first().press('Enter');
    await page.getByRole('button', { name: 'Rename' }).waitFor();
    // At once, as hands are ahead of a slow computer: the page may draw, the browser not yet go back.
    await page.evaluate(`(async () => {
      for (const key of ['Escape', 'g', 'f', 'n']) {
        const options = { key, bubbles: true, cancelable: true };
        document.activeElement.dispatchEvent(new KeyboardEvent('keydown', options));
        for (let turn = 0; turn < 20; turn++) await null;
      }
    })()`);
    await page.getByRole('combobox', { name: 'Add a person' }).waitFor();
    await expect.poll(() => page.url()).toMatch(/#\/search$/u);
    await page.getByRole('heading', { level: 1, name: 'Search' }).waitFor();
    await page.goBack();
    await page.getByRole('heading', { level: 1, name: 'People' }).waitFor();
    expect(page.url()).toMatch(/#\/people$/u);
    await page.goForward();
    await page.getByRole('heading', { level: 1, name: 'Search' }).waitFor();
  });

  it('exports all labels as a file, restores one, and refuses what is none', async () => {
    await open('#/settings');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export' }).press('Enter'),
    ]);
    expect(download.suggestedFilename()).toMatch(/^kith-labels-.*\.json$/u);
    const saved = JSON.parse(await readFile(await download.path(), 'utf8')) as {
      people: unknown;
    };
    expect(saved.people).toEqual(['Anna', 'Ben', 'Clara', 'David'].map((name) => ({ name })));
    const restore = (text: string) =>
      page.locator('input[type="file"]').setInputFiles({
        name: 'labels.json',
        mimeType: 'application/json',
        buffer: Buffer.from(text),
      });
    await restore('a letter');
    await page.getByText('This file does not hold labels of Kith.').waitFor();
    await restore(JSON.stringify({ ...saved, people: [{ name: 'Zita' }] }));
    await page.getByText(/Named \d+ faces Zita\. 2 faces of it/u).waitFor();
    await press('Control+z');
    await page.getByText(/^Undone/u).waitFor();
  });

  it('marks a missed face, names it, and corrects a box', async () => {
    await open('#/photo/3?in=all&at=2');
    const boxes = page.getByRole('button', { name: /^Face (?:of|without)/u });
    await boxes.first().waitFor();
    const before = await boxes.count();
    await press('a');
    await page.getByRole('application', { name: 'Mark a face' }).waitFor();
    await press('ArrowLeft', 'ArrowUp', '+', 'Shift+ArrowRight', 'Enter');
    await page.getByRole('combobox', { name: 'Who is this?' }).waitFor();
    await page.keyboard.type('Mona');
    await press('Enter');
    await page.getByRole('button', { name: 'Face of Mona' }).waitFor();
    await count(boxes, before + 1);
    const [drawn] = [...double.engine.library.boxes.values()];
    expect((drawn?.x ?? 0) + (drawn?.width ?? 0) / 2).toBeCloseTo(0.49, 5);
    await page.getByRole('button', { name: 'Face of Mona' }).focus();
    await press('b');
    await page.getByRole('application', { name: 'Correct the box' }).waitFor();
    const area = await page.getByRole('application').boundingBox();
    if (!area) throw new Error('no photo');
    const point = (x: number, y: number) =>
      [area.x + x * area.width, area.y + y * area.height] as const;
    await page.mouse.move(...point(0.1, 0.1));
    await page.mouse.down();
    await page.mouse.move(...point(0.3, 0.4), { steps: 3 });
    await page.mouse.up();
    await press('Enter');
    await page.getByText('Corrected the box').waitFor();
    await count(boxes, before + 1);
    await page.getByRole('button', { name: 'Face of Mona' }).waitFor();
    const corrected = [...double.engine.library.boxes.values()].at(-1);
    expect(corrected?.x).toBeCloseTo(0.1, 1);
    expect(corrected?.height).toBeCloseTo(0.3, 1);
    await page.evaluate('document.activeElement.blur()');
    await press('a', 'Escape');
    await count(page.getByRole('application'), 0);
  });

  it('answers questions one after the other, picks faces out, and steps back', async () => {
    await open('#/people');
    await cell(/^Anna,/u).waitFor();
    await goTo(page, 'r');
    const asked = page.getByRole('heading', { level: 2 });
    await textOf(asked, /./u);
    const seen: string[] = [];
    const { changes } = double.engine.library;
    // The first questions: a group without a name, and pages to confirm.
    for (let answer = 0; answer < 8; answer++) {
      const title = await asked.innerText();
      seen.push(title);
      const before = changes.length;
      if (title === 'Who is this?') {
        await press('Enter');
        await page.getByRole('combobox', { name: 'Name' }).waitFor();
        await page.keyboard.type(`New${String(answer)}`);
        await press('Enter');
      } else {
        if (title.startsWith('Is this')) {
          const reason = page.getByRole('region', { name: 'Most alike' });
          await press('w');
          await reason.getByRole('listitem').first().waitFor();
          await press('w');
          await count(reason, 0);
        }
        await press('ArrowDown', 'Space', 'y');
      }
      await expect.poll(() => changes.length).toBe(before + 1);
    }
    expect(seen).toContain('Who is this?');
    expect(seen.some((title) => /^(?:Is this|Are these all)/u.test(title))).toBe(true);
    const several = changes.filter(({ description }) => description.includes('more'));
    expect(several.length).toBeGreaterThan(0);
    await press('1');
    await expect.poll(() => changes.length).toBe(9);
    await press('s', 'k');
    expect(changes).toHaveLength(9);
    await expect.poll(() => double.engine.library.putOff.size).toBe(1);
    await press('Backspace', 'Backspace');
    await expect.poll(() => double.engine.library.putOff.size).toBe(0);
    for (let step = 0; step < 9; step++) await press('Backspace');
    await expect.poll(() => changes.every((change) => change.undone)).toBe(true);
    await textOf(asked, seen[0] ?? '');
    const back = page.getByRole('button', { name: 'Back', exact: false });
    await expect.poll(() => back.isDisabled()).toBe(true);
  });

  it('previews a sureness before it is set', async () => {
    await open('#/settings');
    const slider = page.getByRole('slider');
    await page.getByText('80 groups of 800 faces that are alike').waitFor();
    await slider.evaluate((input) => {
      const range = input as unknown as { value: string; dispatchEvent(event: unknown): void };
      range.value = '0.7';
      range.dispatchEvent(new Event('input', { bubbles: true }));
    });
    await page.getByText('16 more than now').waitFor();
    await slider.focus();
    await press('ArrowRight');
    await page.getByText('100 groups of 750 faces').waitFor();
    await expect.poll(() => double.engine.asked.get('settings.set')).toBe(1);
  });

  it('empties what is unclear: names some faces, ignores the rest', async () => {
    await open('#/aside/unclear');
    await page.getByText('Every face is clear').waitFor();
    const { library } = double.engine;
    for (const face of library.facesWhere((one) => one.clusterId === 20)) {
      library.unclear.add(face.faceId);
    }
    library.emitChanged(['groups']);
    const faces = cell(/^Face/u);
    const before = library.unclear.size;
    await count(faces, before);
    await press('ArrowDown', 'n');
    await page.getByRole('combobox', { name: 'Who is it really?' }).waitFor();
    await page.keyboard.type('Yara');
    await press('Enter');
    await count(faces, before - 1);
    await press('Control+a', 'i');
    await page.getByText('Every face is clear').waitFor();
  });

  it('takes an action back out of order in the history, and says what builds on it', async () => {
    await open('#/people', { named: 0 });
    await cell(/without a name/u)
      .first()
      .waitFor();
    await press('ArrowDown', 'n');
    await page.keyboard.type('Imi');
    await press('Enter');
    await cell(/^Imi, 140/u).waitFor();
    await page.locator('[data-index="1"]').focus();
    await press('n');
    await page.keyboard.type('Mimi');
    await press('Enter');
    await cell(/^Mimi, 83/u).waitFor();
    await cell(/^Imi, 140/u).focus();
    await press('Enter');
    await page.getByRole('heading', { name: /^Imi/u }).waitFor();
    await cell(/^Face/u).first().focus();
    await press('i');
    await page.getByText('Ignored a face').waitFor();
    await goTo(page, 'h');
    const row = (name: RegExp) => page.getByRole('listitem', { name });
    await row(/^Ignored a face/u).waitFor();
    await press('ArrowDown', 'End', 't');
    await page.getByText('A later action builds on this').waitFor();
    await press('ArrowUp', 't');
    await row(/^Named 83 faces Mimi, Taken back/u).waitFor();
    await press('Home', 't', 'End', 't');
    await row(/^Named 140 faces Imi, Taken back/u).waitFor();
    await press('Control+Shift+z');
    await goTo(page, 'p');
    await cell(/^Imi, 140/u).waitFor();
  });

  it('shows the file of a photo in the file manager, or says why not', async () => {
    await open('#/photo/1', {}, 'light', desktopHost);
    await page.getByRole('button', { name: /^Face/u }).first().waitFor();
    await press('o');
    await page.getByText('The file of this photo is not there.').waitFor();
  });

  it('splits a group of two people in review, or keeps it, and takes that back', async () => {
    await open('#/people');
    await cell(/^Anna,/u).waitFor();
    const { library } = double.engine;
    const [first] = library.groups();
    library.mixedClusterId = first!.clusterId;
    await goTo(page, 'r');
    const split = page.getByRole('heading', { name: 'These look like two people: split?' });
    await split.waitFor();
    await press('n');
    await count(split, 0);
    await press('Backspace');
    await split.waitFor();
    await press('y');
    await page.getByText('Split out 2 faces').waitFor();
    await press('Backspace');
    await page.getByText('Undone: Split out 2 faces').waitFor();
    await split.waitFor();
  });

  it('accepts and refuses suggested names', async () => {
    await open('#/people');
    const asked = cell(/Anna\?|Ben\?|Clara\?|David\?/u);
    const before = double.engine.library.suggestions.size;
    await count(asked, before);
    await asked.first().focus();
    await press('x');
    await count(asked, before - 1);
    await asked.first().focus();
    await press('y');
    await page.getByText(/^Named \d+ faces/u).waitFor();
    await count(asked, before - 2);
  });

  it('merges selected persons and brings them back with one undo', async () => {
    await open('#/people');
    await cell(/^Anna, 140/u).focus();
    await press('Space', 'ArrowRight', 'Space');
    await page.getByText('2 selected').waitFor();
    await press('m');
    await cell(/^Anna, 223 faces/u).waitFor();
    await count(cell(/^Ben/u), 0);
    await press('Control+z');
    await cell(/^Ben, 83/u).waitFor();
  });

  it('hides people and shows them again', async () => {
    await open('#/people');
    await cell(/^Anna, 140/u).focus();
    await press('Space', 'ArrowRight', 'Space', 'h');
    await count(cell(/^(?:Anna|Ben),/u), 0);
    await page.getByRole('button', { name: '2 hidden' }).focus();
    await press('Enter');
    await cell(/^Anna, 140/u).focus();
    await press('h');
    await page.getByRole('button', { name: '1 hidden' }).waitFor();
    await press('Control+z', 'Control+z');
    await count(page.getByRole('button', { name: /hidden/u }), 0);
    await cell(/^Ben, 83/u).waitFor();
  });

  it('merges what is dragged onto a person, and asks for a name where nobody has one', async () => {
    await open('#/people');
    await cell(/^Ben, 83/u).dragTo(cell(/^Anna, 140/u));
    await cell(/^Anna, 223 faces/u).waitFor();
    const groups = cell(/without a name$/u);
    await groups.nth(1).dragTo(groups.nth(0));
    await page.getByRole('combobox', { name: 'Who are they?' }).waitFor();
    await page.keyboard.type('Twins');
    await press('Enter');
    await cell(/^Twins,/u).waitFor();
    await press('Control+z', 'Control+z');
    await cell(/^Ben, 83/u).waitFor();
  });

  it('chooses faces by a rectangle and splits them off', async () => {
    await open('#/group/11');
    const faces = cell(/^Face/u);
    // Once they lie still.
    await faces.nth(2).hover();
    const [first, third] = [await faces.nth(0).boundingBox(), await faces.nth(2).boundingBox()];
    if (!first || !third) throw new Error('no faces');
    await page.mouse.move(first.x - 8, first.y + 20);
    await page.mouse.down();
    await page.mouse.move(third.x + 30, third.y + 40, { steps: 4 });
    await page.mouse.up();
    await page.getByText('3 selected').waitFor();
    await cell(/^Face/u).first().focus();
    await press('s');
    await page.getByText('Split out 3 faces').waitFor();
  });

  it('chooses who looks different in a group, for splitting off', async () => {
    await open('#/group/11');
    await cell(/^Face/u).first().focus();
    await press('d');
    await page.getByText('1 selected').waitFor();
    await press('s');
    await page.getByText('Split out a face').waitFor();
  });

  it('gives a birth date and shows faces by age, who is seen with whom, and a cover', async () => {
    await open('#/person/1');
    await cell(/^Is this Anna/u)
      .first()
      .focus();
    await press('b');
    await page.getByLabel('Born').waitFor();
    await page.getByLabel('Born').fill('2012-06-15');
    await press('Enter');
    await page.getByRole('button', { name: 'Born June 15, 2012' }).waitFor();
    await page.getByRole('button', { name: 'By age' }).focus();
    await press('Enter');
    await page.getByRole('heading', { name: /^First year/u }).waitFor();
    await cell(/First year$/u)
      .first()
      .waitFor();
    await cell(/First year$/u)
      .first()
      .focus();
    await press('c');
    await page.getByText('Chose the picture of Anna').waitFor();
    await page.getByRole('button', { name: 'Seen with' }).focus();
    await press('Enter');
    await cell(/together on/u)
      .first()
      .waitFor();
  });

  it('deletes a name, keeps the faces, and brings the name back', async () => {
    await open('#/people');
    await cell(/^Ben, 83/u).focus();
    await press('Enter');
    await page.getByRole('heading', { name: /^Ben/u }).waitFor();
    await press('u');
    await page.getByRole('heading', { name: 'People', exact: true }).waitFor();
    await count(cell(/^Ben/u), 0);
    await cell('Group of 83 faces without a name').waitFor();
    await press('Control+z');
    await cell(/^Ben, 83/u).waitFor();
  });

  it('names several groups as one person', async () => {
    await open('#/people', { named: 0 });
    await cell(/without a name/u)
      .first()
      .waitFor();
    await press('ArrowDown', 'Space', 'Shift+ArrowRight', 'm');
    await page.getByRole('combobox', { name: 'Who are they?' }).waitFor();
    await page.keyboard.type('Twins');
    await press('Enter');
    await cell(/^Twins, 223 faces/u).waitFor();
  });

  it('ignores a group, shows it set aside, and restores it', async () => {
    await open('#/people');
    const last = cell(/without a name/u).last();
    await last.focus();
    await press('i');
    await page.getByText(/^Ignored \d+ faces/u).waitFor();
    await goTo(page, 'a');
    await page.getByRole('heading', { name: 'Set aside' }).waitFor();
    await cell(/^Face/u).first().waitFor();
    await press('ArrowDown', 'Control+a', 'r');
    await page.getByText('Nobody ignored').waitFor();
  });

  it('confirms and rejects suggested faces one by one and all at once', async () => {
    await open('#/person/1');
    const asked = cell(/^Is this Anna/u);
    await count(asked, 16);
    await asked.first().focus();
    await press('y', 'n');
    await count(asked, 14);
    await textOf(page.getByRole('main'), /139 faces/u);
    await press('Shift+Y');
    await count(asked, 0);
  });

  it('renames, and merges by a name that somebody has', async () => {
    await open('#/person/1');
    await cell(/^Is this Anna/u)
      .first()
      .focus();
    await press('r');
    await page.keyboard.type('Hanna');
    await press('ArrowUp', 'Enter');
    await page.getByRole('heading', { name: /^Hanna/u }).waitFor();
    await press('r');
    await page.keyboard.type('Ben');
    await page.getByRole('option', { name: /Merge with Ben/u }).waitFor();
    await press('Enter');
    await page.getByRole('heading', { name: /^Ben/u }).waitFor();
    await textOf(page.getByRole('main'), /223 faces/u);
  });

  it('opens a photo from a face, turns pages, names a face, and comes back to its place', async () => {
    await open('#/people');
    await cell(/^Ben, 83/u).focus();
    await press('Enter');
    await page.getByRole('heading', { name: /^Ben/u }).waitFor();
    await cell(/^Face/u).first().waitFor();
    await press('ArrowDown', 'ArrowRight', 'ArrowRight', 'Enter');
    await page.getByText(/^3 of \d+/u).waitFor();
    await press('ArrowRight');
    await page.getByText(/^4 of \d+/u).waitFor();
    const box = page.getByRole('button', { name: /^Face of Ben/u });
    await box.waitFor();
    await box.focus();
    await press('i');
    await page.getByText('Ignored a face').waitFor();
    await press('Control+z', 'Escape');
    await page.getByRole('heading', { name: /^Ben/u }).waitFor();
    await expect.poll(() => focused().getAttribute('data-index')).toBe('2');
    await press('Escape');
    await page.getByRole('heading', { name: 'People', exact: true }).waitFor();
    await expect.poll(() => focused().getAttribute('aria-label')).toMatch(/^Ben/u);
  });

  it('moves through 3,000 people by keys and keeps the page small', async () => {
    await open('#/people', { groups: 3000, named: 40 });
    await cell(/^Anna,/u).waitFor();
    await press('ArrowDown');
    await expect.poll(() => focused().getAttribute('data-index')).toBe('0');
    await press('Control+End');
    await expect.poll(() => focused().getAttribute('data-index')).toBe('2999');
    await press('Control+Home');
    await expect.poll(() => focused().getAttribute('data-index')).toBe('0');
    await expect.poll(() => page.getByRole('gridcell').count()).toBeLessThan(150);
    await press('/');
    await page.keyboard.type('ann');
    await count(cell(/^Anna/u), 2);
    await press('Enter');
    await expect.poll(() => focused().getAttribute('aria-label')).toMatch(/^Anna,/u);
  });

  it('shows the largest groups while the others are still on their way', async () => {
    await open('#/settings', { groups: 1500, named: 0 });
    await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
    const others = double.holdBack(
      ({ channel, args }) => channel === 'groups.list' && (args as { offset: number }).offset > 0,
    );
    await goTo(page, 'p');
    await cell(/^Group of 140 faces/u).waitFor();
    await textOf(page.getByRole('rowheader').first(), /^Not named yet\s+1,500/u);
    const rows = () => page.getByRole('grid').getAttribute('aria-rowcount').then(Number);
    const before = await rows();
    await press('ArrowDown', 'Control+End');
    await expect.poll(() => focused().getAttribute('data-index')).toBe('199');
    others.release();
    await expect.poll(rows).toBeGreaterThan(5 * before);
    await expect.poll(() => focused().getAttribute('data-index')).toBe('1499');
    // The heading is in the page only where it is in sight.
    await press('Control+Home');
    await textOf(page.getByRole('rowheader').first(), /^Not named yet\s+1,500/u);
  });

  it('says quietly when the library does not answer, and goes on when it does', async () => {
    await open('#/people');
    await cell(/^Anna,/u).waitFor();
    await page.context().setOffline(true);
    double.drop();
    await page.getByText('The library is not answering').waitFor();
    double.engine.library.names.set(1, 'Annette');
    await page.context().setOffline(false);
    await cell(/^Annette,/u).waitFor();
    await count(page.getByText('The library is not answering'), 0);
  });

  it('speaks over a port where the host gives one, and asks for another when it closes', async () => {
    await open('#/people', {}, 'light', desktopHost);
    await cell(/^Anna,/u).waitFor();
    await cell(/^Anna,/u).focus();
    await press('r', 'F2');
    await page.keyboard.type('Annette');
    await press('ArrowUp', 'Enter');
    await cell(/^Annette,/u).waitFor();
    await page.evaluate('window.cutPort()');
    double.engine.library.names.set(1, 'Antonia');
    await cell(/^Antonia,/u).waitFor();
    await goTo(page, 's');
    await page.getByRole('button', { name: 'Add folder' }).focus();
    await press('Enter');
    await expect.poll(() => page.evaluate('window.foldersAsked')).toBe(1);
    await count(page.getByRole('dialog'), 0);
  });
});
