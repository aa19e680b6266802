import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeIcons } from '../../build/icons.ts';

const folder = mkdtempSync(join(tmpdir(), 'kith-icons-'));
const svg = join(import.meta.dirname, '..', '..', 'build', 'icons', 'icon.svg');

beforeAll(() => makeIcons(svg, folder));
afterAll(() => rmSync(folder, { recursive: true }));

const png = (bytes: Buffer) => bytes.subarray(0, 8).toString('latin1') === '\x89PNG\r\n\x1a\n';

describe('the icons', () => {
  it('have the sizes of their names, and clear corners', async () => {
    const names = readdirSync(folder).filter((name) => name.endsWith('.png'));
    expect(names).toHaveLength(8);
    for (const name of names) {
      const { data, info } = await sharp(join(folder, name))
        .raw()
        .toBuffer({ resolveWithObject: true });
      expect(`${info.width}x${info.height}.png`).toBe(name);
      expect([info.channels, data[3]]).toEqual([4, 0]);
      const middle = (Math.floor(info.height / 2) * info.width + Math.floor(info.width / 2)) * 4;
      expect(data[middle + 3]).toBe(255);
    }
  });

  it('are a directory of pictures for Windows', async () => {
    const ico = readFileSync(join(folder, 'icon.ico'));
    expect([ico.readUInt16LE(0), ico.readUInt16LE(2), ico.readUInt16LE(4)]).toEqual([0, 1, 7]);
    for (let index = 0; index < 7; index++) {
      const entry = 6 + 16 * index;
      const start = ico.readUInt32LE(entry + 12);
      const picture = ico.subarray(start, start + ico.readUInt32LE(entry + 8));
      expect(png(picture)).toBe(true);
      expect((await sharp(picture).metadata()).width).toBe(ico.readUInt8(entry) || 256);
    }
  });

  it('are a chain of pictures for macOS', async () => {
    const icns = readFileSync(join(folder, 'icon.icns'));
    expect(icns.toString('latin1', 0, 4)).toBe('icns');
    expect(icns.readUInt32BE(4)).toBe(icns.length);
    const widths: Record<string, number | undefined> = {};
    for (let at = 8; at < icns.length; at += icns.readUInt32BE(at + 4)) {
      const picture = icns.subarray(at + 8, at + icns.readUInt32BE(at + 4));
      expect(png(picture)).toBe(true);
      widths[icns.toString('latin1', at, at + 4)] = (await sharp(picture).metadata()).width;
    }
    expect(widths).toMatchObject({ icp4: 16, ic07: 128, ic09: 512, ic10: 1024, ic14: 512 });
  });
});
