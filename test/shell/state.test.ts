import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fitToDisplays, readWindowState, saveWindowState } from '../../electron/shell/state.ts';

const screenArea = { x: 0, y: 0, width: 1920, height: 1040 };
const second = { x: 1920, y: -200, width: 1280, height: 1000 };

describe('fitToDisplays', () => {
  it('keeps a window that is where it can be seen', () => {
    const bounds = { x: 2000, y: 100, width: 900, height: 700 };
    expect(fitToDisplays(bounds, [screenArea, second])).toEqual(bounds);
  });

  it('centres the first window', () => {
    const bounds = fitToDisplays(null, [screenArea]);
    expect(bounds.x + bounds.width / 2).toBeCloseTo(960, 0);
    expect(bounds.y + bounds.height / 2).toBeCloseTo(520, 0);
  });

  it('brings a window back from a display that was taken away', () => {
    const bounds = fitToDisplays({ x: 2000, y: 100, width: 900, height: 700 }, [screenArea]);
    expect(bounds).toEqual({ x: 510, y: 170, width: 900, height: 700 });
  });

  it('pulls a window in that hangs over the edge', () => {
    const bounds = fitToDisplays({ x: -300, y: 900, width: 900, height: 700 }, [screenArea]);
    expect(bounds).toEqual({ x: 0, y: 340, width: 900, height: 700 });
  });

  it('always lies wholly on one display', () => {
    const side = fc.integer({ min: 480, max: 5000 });
    const place = fc.integer({ min: -6000, max: 6000 });
    const area = fc.record({ x: place, y: place, width: side, height: side });
    const saved = fc.record({
      x: place,
      y: place,
      width: fc.integer({ min: 1, max: 9000 }),
      height: fc.integer({ min: 1, max: 9000 }),
    });
    fc.assert(
      fc.property(area, fc.array(area, { maxLength: 3 }), saved, (first, others, state) => {
        const bounds = fitToDisplays(state, [first, ...others]);
        return [first, ...others].some(
          (display) =>
            bounds.x >= display.x &&
            bounds.y >= display.y &&
            bounds.x + bounds.width <= display.x + display.width &&
            bounds.y + bounds.height <= display.y + display.height,
        );
      }),
    );
  });
});

describe('the saved state', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'kith-state-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('comes back', () => {
    const file = join(folder, 'new', 'window.json');
    const state = { x: -5, y: 6, width: 700, height: 800, maximized: true };
    saveWindowState(file, state);
    expect(readWindowState(file)).toEqual(state);
  });

  it.each(['', '{', '{}', '{"x":1,"y":2,"width":0,"height":5,"maximized":false}', '[1]'])(
    'is passed over where it reads %s',
    (text) => {
      const file = join(folder, 'window.json');
      writeFileSync(file, text);
      expect(readWindowState(file)).toBeNull();
    },
  );

  it('may fail to be saved', () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    expect(() =>
      saveWindowState(join(file, 'window.json'), {
        x: 0,
        y: 0,
        width: 1,
        height: 1,
        maximized: false,
      }),
    ).not.toThrow();
  });
});
