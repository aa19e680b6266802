import fc from 'fast-check';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import {
  dragged,
  firstCamera,
  viewMatrix,
  zoomed,
  type Camera,
} from '../../renderer/map/camera.ts';
import { islandsOf, positionsBefore, unpackScene } from '../../renderer/map/packed.ts';
import { ownerColour } from '../../renderer/map/palette.ts';
import { nearestTo, projectAll, withinCircle, withinLine } from '../../renderer/map/pick.ts';
import { describeInChromium, goTo } from './stage.ts';

const pack = (...parts: (Uint32Array | Int32Array | Uint16Array)[]) =>
  Buffer.concat(parts.map((part) => Buffer.from(part.buffer))).toString('base64');

describe('what a map is made of', () => {
  const map = {
    version: 'one',
    dimensions: 2 as const,
    faces: 4,
    laidOut: 4,
    points: pack(
      Uint32Array.of(2, 3, 5, 9),
      Uint16Array.of(0, 65_535, 32_768, 32_768, 49_151, 16_384, 0, 0),
    ),
  };
  const owners = {
    faces: 4,
    owners: pack(Uint32Array.of(1, 3, 5, 9), Int32Array.of(7, 4, -2, 4)),
  };

  it('joins places and owners by face, people last', () => {
    const scene = unpackScene(map, owners);
    expect([...scene.faceIds]).toEqual([5, 3, 9]);
    expect([...scene.owners]).toEqual([-2, 4, 4]);
    expect(scene.positions[0]).toBeCloseTo(1, 3);
    expect(scene.positions[1]).toBeCloseTo(-1, 3);
    expect([...scene.positions.subarray(6, 9)]).toEqual([-2, -2, 0]);
    expect(islandsOf(scene).map(({ owner, count }) => [owner, count])).toEqual([
      [4, 2],
      [-2, 1],
    ]);
  });

  it('finds where faces were before, and lets new ones appear in their place', () => {
    const to = unpackScene(map, owners);
    const from = {
      ...to,
      faceIds: Uint32Array.of(9, 5),
      positions: Float32Array.of(1, 1, 1, 2, 2, 2),
    };
    expect([...positionsBefore(from, to)]).toEqual([
      2,
      2,
      2,
      ...to.positions.subarray(3, 6),
      1,
      1,
      1,
    ]);
  });

  it('gives neighbours in number colours that differ', () => {
    for (let owner = 1; owner < 40; owner++) {
      const distance = (other: number) =>
        Math.hypot(
          ...ownerColour(owner, true).map((value, i) => value - (ownerColour(other, true)[i] ?? 0)),
        );
      for (const other of [owner + 1, owner + 2, -owner])
        expect(distance(other)).toBeGreaterThan(25);
    }
  });
});

const anyCamera: fc.Arbitrary<Camera> = fc.record({
  dimensions: fc.constantFrom(2 as const, 3 as const),
  target: fc.constant([0.1, -0.2, 0] as const),
  zoom: fc.double({ min: 0.5, max: 8, noNaN: true }),
  yaw: fc.constant(0),
  pitch: fc.constant(0),
});

describe('the eye', () => {
  it('sees its target in the middle', () => {
    fc.assert(
      fc.property(anyCamera, fc.integer({ min: -3, max: 3 }), (camera, turn) => {
        const turned = camera.dimensions === 3 ? { ...camera, yaw: turn, pitch: turn / 3 } : camera;
        const [x, y] = projectAll(
          Float32Array.from(turned.target),
          viewMatrix(turned, 800, 600),
          800,
          600,
        );
        expect(x).toBeCloseTo(400, 2);
        expect(y).toBeCloseTo(300, 2);
      }),
    );
  });

  it('keeps what is under the pointer while it zooms, and follows the hand while it drags', () => {
    const camera = firstCamera(2);
    const at = (eye: Camera) =>
      projectAll(Float32Array.of(0.3, 0.4, 0), viewMatrix(eye, 800, 600), 800, 600);
    const [x = 0, y = 0] = at(camera);
    const [nearX, nearY] = at(zoomed(camera, 3, 600, x - 400, y - 300));
    expect(nearX).toBeCloseTo(x, 2);
    expect(nearY).toBeCloseTo(y, 2);
    const [movedX, movedY] = at(dragged(camera, 30, -20, 600));
    expect(movedX).toBeCloseTo(x + 30, 2);
    expect(movedY).toBeCloseTo(y - 20, 2);
  });

  it('turns rigidly, and shows nothing that is behind it', () => {
    const camera = { ...firstCamera(3), zoom: 4 };
    const behind = projectAll(
      Float32Array.of(0, 0, 1.5, 0, 0, -1),
      viewMatrix({ ...camera, yaw: 0, pitch: 0 }, 100, 100),
      100,
      100,
    );
    expect(behind[0]).toBeNaN();
    expect(behind[2]).toBeCloseTo(50);
  });
});

describe('picking', () => {
  const places = fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { maxLength: 60 });
  const point = fc.tuple(
    fc.double({ min: 0, max: 100, noNaN: true }),
    fc.double({ min: 0, max: 100, noNaN: true }),
  );
  const even = (values: number[]) => Float32Array.from(values.slice(0, values.length & ~1));

  it('finds the nearest within reach, and all in a circle', () => {
    fc.assert(
      fc.property(places, point, (values, [x, y]) => {
        const screen = even(values);
        const distances = Array.from({ length: screen.length / 2 }, (_, row) =>
          Math.hypot(screen[2 * row]! - x, screen[2 * row + 1]! - y),
        );
        const best = Math.min(...distances);
        const found = nearestTo(screen, x, y, 20);
        if (best > 20) expect(found).toBe(-1);
        else expect(distances[found]).toBeCloseTo(best, 9);
        const within = [...distances.keys()].filter((row) => distances[row]! <= 20);
        expect(withinCircle(screen, x, y, 20)).toEqual(within);
      }),
    );
  });

  it('tells inside from outside of a triangle', () => {
    fc.assert(
      fc.property(places, point, point, point, (values, a, b, c) => {
        const screen = even(values);
        const side = (p: readonly number[], q: readonly number[], x: number, y: number) =>
          (q[0]! - p[0]!) * (y - p[1]!) - (q[1]! - p[1]!) * (x - p[0]!);
        const inside: number[] = [];
        for (let row = 0; row < screen.length / 2; row++) {
          const [x, y] = [screen[2 * row]!, screen[2 * row + 1]!];
          const sides = [side(a, b, x, y), side(b, c, x, y), side(c, a, x, y)];
          // On the line itself either answer is right.
          if (sides.some((value) => Math.abs(value) < 1e-6)) return;
          if (sides.every((value) => value > 0) || sides.every((value) => value < 0)) {
            inside.push(row);
          }
        }
        expect(withinLine(screen, [a, b, c])).toEqual(inside);
      }),
    );
  });
});

describeInChromium('the map of faces', {}, (stage) => {
  let page: Page;

  async function open(groups: number): Promise<void> {
    ({ page } = await stage.open('#/people', { groups }));
    await page.getByRole('gridcell').first().waitFor();
    await goTo(page, 'e');
    await page.getByRole('heading', { name: 'Map of faces' }).waitFor();
  }

  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  const area = () => page.getByRole('application', { name: 'Map of faces' });

  it('goes from person to person and names their faces by keyboard alone', async () => {
    await open(24);
    await page
      .getByRole('status')
      .getByText(/^763 faces of 4 people and 20 groups/u)
      .waitFor();
    await press('p', 'p', 'p', 'p', 'p');
    await page.getByRole('button', { name: 'Group of 42', pressed: true }).waitFor();
    await press('a');
    await page.getByText('42 selected').waitFor();
    await press('n');
    await page.getByRole('combobox', { name: 'Who is it really?' }).waitFor();
    await page.keyboard.type('Elif');
    await press('Enter');
    await page.getByRole('button', { name: 'Elif 42' }).waitFor();
    await press('Shift+P', 'a', 'i');
    await page.getByText(/^Ignored \d+ faces/u).waitFor();
    await press('3');
    await page.getByRole('button', { name: 'In space', pressed: true }).waitFor();
    await page
      .getByRole('status')
      .getByText(/faces of/u)
      .waitFor();
    await area().focus();
    await press('ArrowLeft', '+', '+', 'Space');
    await page.getByText(/^\d+ selected/u).waitFor();
    await press('Escape', 'Enter');
    await expect.poll(() => page.url()).toContain('#/photo/');
  });

  it('draws everything again when the graphics processor has forgotten it', async () => {
    await open(24);
    await page
      .getByRole('status')
      .getByText(/^763 faces/u)
      .waitFor();
    /** Pixels of the map that are neither grey nor white. */
    const colour = async () => {
      const { data } = await sharp(await area().screenshot())
        .removeAlpha()
        .raw()
        .toBuffer({ resolveWithObject: true });
      let coloured = 0;
      for (let at = 0; at < data.length; at += 3) {
        const pixel = data.subarray(at, at + 3);
        if (Math.max(...pixel) - Math.min(...pixel) > 40) coloured++;
      }
      return coloured;
    };
    let before = 0;
    // Once it is drawn to the end.
    await expect
      .poll(async () => {
        const last = before;
        before = await colour();
        return before === last ? before : 0;
      })
      .toBeGreaterThan(100);
    const lose = `document.querySelector('canvas').getContext('webgl2')
      .getExtension('WEBGL_lose_context')`;
    await page.evaluate(`window.forgetting = ${lose}; forgetting.loseContext()`);
    await expect.poll(colour).toBeLessThan(before / 10);
    await page.evaluate('forgetting.restoreContext()');
    await expect.poll(colour).toBeGreaterThan(0.95 * before);
  });

  it('shows a face under the pointer, selects by a line around, and opens what is clicked', async () => {
    await open(1);
    await page
      .getByRole('status')
      .getByText(/^140 faces/u)
      .waitFor();
    const box = (await area().boundingBox())!;
    const drawn = [
      [0.02, 0.02],
      [0.7, 0.02],
      [0.7, 0.98],
      [0.02, 0.98],
    ].map(([x = 0, y = 0]) => [box.x + x * box.width, box.y + y * box.height] as const);
    await press('l');
    await page.mouse.move(...drawn[0]!);
    await page.mouse.down();
    for (const corner of drawn.slice(1)) await page.mouse.move(...corner, { steps: 3 });
    await page.mouse.up();
    await page.getByText(/^\d+ selected/u).waitFor();
    await press('Escape', 'Escape');
    await page.getByRole('button', { name: /^Anna/u }).click();
    const hover = page.locator('.hover');
    const middle = [box.x + box.width / 2, box.y + box.height / 2] as const;
    await page.mouse.move(middle[0] - 3, middle[1]);
    await page.mouse.move(...middle);
    await hover.getByText('Anna').waitFor();
    await page.mouse.click(...middle);
    await expect.poll(() => page.url()).toContain('#/photo/');
  });
});
