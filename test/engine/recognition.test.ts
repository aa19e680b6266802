import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningEngine } from '../../electron/engine/fork.ts';
import { samplePhotos, startEngine, temporaryPlace } from './real-library.ts';

const place = temporaryPlace();
let engine: RunningEngine;
/** Bytes of a photo as a renderer hands them over. */
const bytesOf = (path: string) => readFileSync(path).toString('base64');

beforeAll(async () => {
  place.copySamples(samplePhotos.slice(0, 2));
  engine = await startEngine(place.library, 1);
  await engine.host.call('host.addFolder', { path: place.photos });
  await engine.host.call('host.idle', {});
}, 180_000);

afterAll(async () => {
  await engine?.close();
  place.remove();
});

describe('photos from outside', () => {
  it('tells who is on one, and keeps nothing of it', async () => {
    const { host } = engine;
    const [named] = await host.call('host.faces', {});
    await host.call('labels.apply', { type: 'name', faceIds: [named!.faceId], name: 'Anna' });
    await host.call('host.idle', {});
    const before = await host.call('library.status', {});
    const photo = await host.call('photos.look', { photo: bytesOf(named!.photoPath) });
    const known = photo.faces.filter(({ person }) => person?.faceId === named!.faceId);
    expect(known).toHaveLength(1);
    expect(known[0]!.person).toMatchObject({ name: 'Anna' });
    expect(known[0]!.person!.probability).toBeGreaterThan(0.99);
    expect(known[0]!.box.x).toBeCloseTo(named!.box.x, 5);
    expect(photo.faces.length).toBeGreaterThan(1);
    const preview = Buffer.from(photo.preview, 'base64');
    expect([preview[0], preview[1]]).toEqual([0xff, 0xd8]);

    const other = await host.call('photos.look', { photo: bytesOf(samplePhotos[3]!) });
    expect(other.faces.length).toBeGreaterThan(2);
    const after = await host.call('library.status', {});
    expect([after.photoCount, after.faceCount]).toEqual([before.photoCount, before.faceCount]);

    const itself = await host.call('faces.verify', {
      sides: [{ faceId: named!.faceId }, { features: known[0]!.features }],
    });
    expect(itself).toMatchObject({ same: true });
    expect(itself.cosineSimilarity).toBeGreaterThan(0.999);
    expect(itself.alignments[1]).toBeNull();
    for (const [key, value] of Object.entries(known[0]!.alignment)) {
      expect(itself.alignments[0]![key as 'xx']).toBeCloseTo(value, 4);
    }
    const stranger = other.faces.find(({ person }) => person === null)!;
    const different = await host.call('faces.verify', {
      sides: [{ faceId: named!.faceId }, { features: stranger.features }],
    });
    expect(different.same).toBe(false);
    expect(different.probability).toBeLessThan(0.75);
  }, 120_000);

  it('refuses what is no photo, too large, no face, or no features', async () => {
    const { host } = engine;
    const look = (photo: string) => host.call('photos.look', { photo });
    await expect(look(Buffer.from('a letter').toString('base64'))).rejects.toThrow(
      /photo|picture/u,
    );
    await expect(look('')).rejects.toThrow();
    await expect(look('no base64!')).rejects.toThrow('This is no photo.');
    await expect(look('A'.repeat(17_000_000))).rejects.toThrow('too large');
    const damaged = readFileSync(samplePhotos[0]!).subarray(0, 2000).toString('base64');
    await expect(look(damaged)).rejects.toThrow();
    const [face] = await host.call('host.faces', {});
    const verify = (features: string) =>
      host.call('faces.verify', { sides: [{ faceId: face!.faceId }, { features }] });
    await expect(verify('AAAA')).rejects.toThrow();
    await expect(
      host.call('faces.verify', { sides: [{ faceId: 1 }, { faceId: 1_000_000 }] }),
    ).rejects.toThrow('not in the library');
    expect((await look(bytesOf(samplePhotos[0]!))).faces.length).toBeGreaterThan(0);
  }, 120_000);
});
