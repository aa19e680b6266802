import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { FaceMap, FaceOwners, MapProgress } from '../../../electron/contract/map.ts';
import type { RunningEngine } from '../../../electron/engine/fork.ts';
import { SHIPPED_HEAD } from '../../../electron/engine/heads.ts';
import { drawLibrary, drawnNames, people } from '../drawn-library.ts';
import { startEngine, temporaryPlace } from '../real-library.ts';

let place: ReturnType<typeof temporaryPlace>;
let engine: RunningEngine | undefined;
afterEach(async () => {
  await engine?.close();
  place.remove();
});

function bytesOf(packed: string): ArrayBuffer {
  return Uint8Array.from(Buffer.from(packed, 'base64')).buffer;
}

function idsOf({ faces, ...packed }: FaceMap | FaceOwners): number[] {
  return [
    ...new Uint32Array(bytesOf('points' in packed ? packed.points : packed.owners), 0, faces),
  ];
}

describe('the map of faces', () => {
  it('shows every face, keeps what it made, and makes anew what is damaged', async () => {
    place = temporaryPlace();
    drawLibrary(place.library);
    engine = await startEngine(place.library);
    const { host } = engine;
    await host.call('host.idle', {});
    for (const { faceIds, name } of drawnNames) {
      await host.call('labels.apply', { type: 'name', faceIds: [...faceIds], name });
    }
    const told: MapProgress[] = [];
    host.on('map.progress', (progress) => told.push(progress));
    const [flat, same, deep] = await Promise.all([
      host.call('map.get', { dimensions: 2 }),
      host.call('map.get', { dimensions: 2, version: SHIPPED_HEAD }),
      host.call('map.get', { dimensions: 3 }),
    ]);
    expect(flat).toMatchObject({ version: SHIPPED_HEAD, dimensions: 2, faces: 96, laidOut: 96 });
    expect(same).toEqual(flat);
    expect(deep.faces).toBe(96);
    expect(bytesOf(deep.points).byteLength).toBe(96 * (4 + 3 * 2));
    expect(idsOf(flat)).toEqual(Array.from({ length: 96 }, (_, at) => at + 1));
    expect(told.some(({ share }) => share > 0.1)).toBe(true);

    await host.call('labels.apply', { type: 'ignore', faceIds: [1] });
    await host.call('host.idle', {});
    const owners = await host.call('map.owners', {});
    expect(idsOf(owners)).toEqual(Array.from({ length: 95 }, (_, at) => at + 2));
    const whose = new Int32Array(bytesOf(owners.owners), 4 * owners.faces, owners.faces);
    expect(new Set(whose.filter((owner) => owner > 0)).size).toBe(people);
    expect(whose[idsOf(owners).indexOf(2)]).toBe(1);

    const maps = join(place.library, 'maps');
    expect(readdirSync(maps).toSorted()).toEqual([
      `${SHIPPED_HEAD}.2d.map`,
      `${SHIPPED_HEAD}.3d.map`,
    ]);
    expect(await host.call('map.get', { dimensions: 2 })).toEqual(flat);
    writeFileSync(join(maps, `${SHIPPED_HEAD}.2d.map`), 'damaged');
    expect((await host.call('map.get', { dimensions: 2 })).faces).toBe(96);
    await expect(host.call('map.get', { dimensions: 2, version: 'none' })).rejects.toThrow(
      'not there any more',
    );
    await expect(host.call('faces.get', { faceId: 1000 })).rejects.toThrow('not in the library');
    expect(await host.call('faces.get', { faceId: 2 })).toMatchObject({ state: 'confirmed' });
  }, 120_000);
});
