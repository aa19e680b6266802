import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningEngine } from '../../electron/engine/fork.ts';
import { samplePhotos, startEngine, temporaryPlace } from './real-library.ts';

const place = temporaryPlace();
let engine: RunningEngine;

beforeAll(async () => {
  place.copySamples(samplePhotos.slice(0, 2));
  engine = await startEngine(place.library, 1);
  await engine.host.call('host.addFolder', { path: place.photos });
  await engine.host.call('host.idle', {});
}, 120_000);
afterAll(async () => {
  await engine.close();
  place.remove();
});

const photoOf = async (host: RunningEngine['host']) => {
  const { photos } = await host.call('photos.list', {});
  const { photoId } = photos.find((photo) => photo.faceCount > 0)!;
  return host.call('photos.get', { photoId });
};
/** A corner of the photo without a face. */
const corner = { x: 0.01, y: 0.72, width: 0.18, height: 0.24 };

describe('faces marked by hand', { timeout: 120_000 }, () => {
  it('refuses boxes that are outside, too small, or hold a known face', async () => {
    const { host } = engine;
    const { photoId, faces } = await photoOf(host);
    const draw = (box: object) => host.call('faces.draw', { photoId, box: { ...corner, ...box } });
    await expect(draw({ x: 0.95 })).rejects.toThrow(/inside the photo/u);
    await expect(draw({ width: 0.001 })).rejects.toThrow(/too small/u);
    await expect(draw(faces[0]!.box)).rejects.toThrow(/face in this place already/u);
    await expect(host.call('faces.draw', { photoId: 999, box: corner })).rejects.toThrow(
      /not in the library/u,
    );
    expect((await photoOf(host)).faces).toEqual(faces);
  });

  it('takes part like any other face, and is taken back and brought back', async () => {
    const { host } = engine;
    const { photoId, faces } = await photoOf(host);
    const { faceId, description } = await host.call('faces.draw', { photoId, box: corner });
    expect(description).toBe('Marked one face by hand');
    await host.call('host.idle', {});
    const drawn = (await photoOf(host)).faces.find((face) => face.faceId === faceId);
    expect(drawn).toMatchObject({ state: 'unassigned', box: corner, detectionScore: 1 });
    expect(drawn!.clusterId).not.toBeNull();
    expect((await host.call('host.crop', { faceId })).jpeg.byteLength).toBeGreaterThan(500);
    await host.call('labels.apply', { type: 'name', faceIds: [faceId], name: 'Mona' });
    await host.call('labels.apply', { type: 'undo' });
    await host.call('labels.apply', { type: 'undo' });
    await host.call('host.idle', {});
    expect((await photoOf(host)).faces.map((face) => face.faceId)).toEqual(
      faces.map((face) => face.faceId),
    );
    await host.call('labels.apply', { type: 'redo' });
    await host.call('labels.apply', { type: 'redo' });
    const people = await host.call('people.list', {});
    expect(people).toMatchObject([{ name: 'Mona', confirmedCount: 1 }]);
  });

  it('gives a face a better box without a second body of its label', async () => {
    const { host } = engine;
    const { faces } = await photoOf(host);
    const [face] = faces;
    const { faceId: known } = face!;
    await host.call('labels.apply', { type: 'name', faceIds: [known], name: 'Nina' });
    const box = { ...face!.box, width: face!.box.width * 0.9 };
    const { faceId } = await host.call('faces.correct', { faceId: known, box });
    await host.call('host.idle', {});
    const after = (await photoOf(host)).faces;
    expect(after).toHaveLength(faces.length);
    expect(after.map((one) => one.faceId)).not.toContain(known);
    expect(after.find((one) => one.faceId === faceId)).toMatchObject({ personName: 'Nina', box });
    await expect(host.call('faces.correct', { faceId: known, box })).rejects.toThrow(
      /not there any more/u,
    );
    await host.call('labels.apply', { type: 'undo' });
    const undone = (await photoOf(host)).faces;
    expect(undone.find((one) => one.faceId === known)).toMatchObject({ personName: 'Nina' });
    expect(undone).toHaveLength(faces.length);
    await host.call('labels.apply', { type: 'redo' });
  });

  it('is made anew where its labels are restored', async () => {
    const said = async (host: RunningEngine['host']) =>
      (await host.call('host.faces', {}))
        .filter((face) => face.state === 'confirmed')
        .map((face) => [face.photoSha256, face.personName, face.box])
        .sort();
    const document = await engine.host.call('labels.export', {});
    const other = await startEngine(join(place.root, 'again'), 1);
    try {
      await other.host.call('host.addFolder', { path: place.photos });
      await other.host.call('host.idle', {});
      const { missing } = await other.host.call('labels.import', { document });
      expect(missing).toBe(0);
      const names = (await said(other.host)).map(([, name]) => name);
      expect(names.sort()).toEqual(['Mona', 'Nina']);
      const mona = (await said(other.host)).find(([, name]) => name === 'Mona');
      expect(mona).toEqual((await said(engine.host)).find(([, name]) => name === 'Mona'));
    } finally {
      await other.close();
    }
  });
});
