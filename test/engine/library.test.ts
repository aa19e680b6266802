import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunningEngine } from '../../electron/engine/fork.ts';
import { contents, samplePhotos, startEngine, temporaryPlace } from './real-library.ts';

let place: ReturnType<typeof temporaryPlace>;
let engine: RunningEngine | undefined;

beforeEach(() => {
  place = temporaryPlace();
});
afterEach(async () => {
  await engine?.close();
  engine = undefined;
  place.remove();
});

async function open(): Promise<RunningEngine['host']> {
  await engine?.close();
  engine = await startEngine(place.library);
  return engine.host;
}

async function scanned(): Promise<RunningEngine['host']> {
  const host = await open();
  await host.call('host.addFolder', { path: place.photos });
  await host.call('host.idle', {});
  return host;
}

describe('a library of real photos', { timeout: 120_000 }, () => {
  it('finds faces and people, takes names, and has them after a restart', async () => {
    place.copySamples();
    let host = await scanned();
    const status = await host.call('library.status', {});
    expect(status.photoCount).toBe(samplePhotos.length);
    expect(status.faceCount).toBeGreaterThanOrEqual(10);

    const { groups } = await host.call('groups.list', { minFaces: 1 });
    const [largest] = groups;
    const named = await host.call('labels.apply', {
      type: 'name',
      clusterId: largest!.clusterId,
      name: 'Anna',
    });
    expect(named.faceCount).toBe(largest!.faceCount);
    await host.call('host.idle', {});
    const before = await host.call('host.faces', {});

    host = await open();
    expect(await host.call('people.list', {})).toMatchObject([
      { name: 'Anna', confirmedCount: largest!.faceCount },
    ]);
    await host.call('host.idle', {});
    expect(await host.call('host.faces', {})).toEqual(before);
    expect((await host.call('library.status', {})).undo).toBe(named.description);
  });

  it('keeps every label and the same groups when groups, index and crops are thrown away', async () => {
    place.copySamples();
    let host = await scanned();
    const { groups } = await host.call('groups.list', { minFaces: 1 });
    await host.call('labels.apply', {
      type: 'name',
      clusterId: groups[0]!.clusterId,
      name: 'Anna',
    });
    const faces = await host.call('host.faces', {});
    await host.call('labels.apply', { type: 'ignore', faceIds: [faces.at(-1)!.faceId] });
    await host.call('host.idle', {});
    const people = await host.call('people.list', {});
    const before = contents(place.library);
    await host.call('host.rebuildGroups', {});
    expect(contents(place.library)).toEqual(before);
    expect(await host.call('people.list', {})).toEqual(people);

    await engine!.close();
    rmSync(join(place.library, 'index'), { recursive: true });
    host = await open();
    await host.call('host.idle', {});
    expect(contents(place.library)).toEqual(before);
    expect(await host.call('people.list', {})).toEqual(people);
  });

  it('knows moved, renamed and copied photos again, with their names', async () => {
    place.copySamples();
    let host = await scanned();
    const { groups } = await host.call('groups.list', { minFaces: 1 });
    await host.call('labels.apply', {
      type: 'name',
      clusterId: groups[0]!.clusterId,
      name: 'Anna',
    });
    await host.call('host.idle', {});
    const before = await host.call('library.status', {});
    mkdirSync(join(place.photos, 'elsewhere'));
    for (const path of samplePhotos) {
      renameSync(
        join(place.photos, basename(path)),
        join(place.photos, 'elsewhere', `renamed ${basename(path)}`),
      );
    }
    copyFileSync(samplePhotos[0]!, join(place.photos, 'copy.jpg'));
    host = await open();
    await host.call('scan.start', {});
    const progress = await host.call('host.idle', {});
    expect(progress).toMatchObject({ found: samplePhotos.length + 1, failed: 0, faces: 0 });
    const after = await host.call('library.status', {});
    expect([after.photoCount, after.faceCount]).toEqual([before.photoCount, before.faceCount]);
    expect(after.folders[0]!.missingCount).toBe(samplePhotos.length);
    expect(await host.call('people.list', {})).toMatchObject([{ name: 'Anna' }]);
  });

  it('marks photos that vanished as missing, and a folder that is gone as offline, losing nothing', async () => {
    place.copySamples();
    const host = await scanned();
    const before = await host.call('library.status', {});
    rmSync(join(place.photos, basename(samplePhotos[0]!)));
    await host.call('scan.start', {});
    await host.call('host.idle', {});
    const [folder] = await host.call('folders.list', {});
    expect(folder).toMatchObject({ status: 'done', missingCount: 1 });
    const { photos } = await host.call('photos.list', {});
    expect(photos.filter((photo) => photo.missing)).toHaveLength(1);

    renameSync(place.photos, `${place.photos}-unplugged`);
    await host.call('scan.start', {});
    await host.call('host.idle', {});
    const status = await host.call('library.status', {});
    expect(status.folders[0]).toMatchObject({ status: 'offline', missingCount: 1 });
    expect(status.faceCount).toBe(before.faceCount);

    renameSync(`${place.photos}-unplugged`, place.photos);
    cpSync(samplePhotos[0]!, join(place.photos, basename(samplePhotos[0]!)));
    await host.call('scan.start', {});
    await host.call('host.idle', {});
    expect(await host.call('folders.list', {})).toMatchObject([
      { status: 'done', missingCount: 0 },
    ]);
  });

  it('forgets a folder with its faces out of sight, and has its names when it is added again', async () => {
    place.copySamples();
    const host = await scanned();
    const { groups } = await host.call('groups.list', { minFaces: 1 });
    await host.call('labels.apply', {
      type: 'name',
      clusterId: groups[0]!.clusterId,
      name: 'Anna',
    });
    const [folder] = await host.call('folders.list', {});
    await host.call('folders.remove', { folderId: folder!.folderId });
    await host.call('host.idle', {});
    expect(await host.call('library.status', {})).toMatchObject({ photoCount: 0, faceCount: 0 });
    await host.call('host.addFolder', { path: place.photos });
    await host.call('host.idle', {});
    expect(await host.call('people.list', {})).toMatchObject([
      { name: 'Anna', confirmedCount: groups[0]!.faceCount },
    ]);
  });

  it('tells what cannot be read and why, and tries again when asked', async () => {
    place.copySamples([samplePhotos[0]!]);
    const late = join(place.photos, 'late.jpg');
    writeFileSync(late, '');
    const host = await scanned();
    const { failures, total } = await host.call('scan.failures', {});
    expect(total).toBe(1);
    expect(failures[0]).toMatchObject({ path: late });
    expect(failures[0]!.reason).toMatch(/empty/u);
    await host.call('scan.start', {});
    expect(await host.call('host.idle', {})).toMatchObject({ unchanged: 2, failed: 1 });
    cpSync(samplePhotos[1]!, late);
    await host.call('scan.start', {});
    expect(await host.call('host.idle', {})).toMatchObject({ unchanged: 1, failed: 0 });
    expect((await host.call('scan.failures', {})).total).toBe(0);
  });

  it('can be paused, resumed and cancelled in the middle of a scan', async () => {
    place.copySamples();
    const host = await open();
    await host.call('host.addFolder', { path: place.photos });
    expect((await host.call('scan.pause', {})).phase).toBe('paused');
    expect((await host.call('library.status', {})).scan.phase).toBe('paused');
    await host.call('scan.resume', {});
    await host.call('scan.cancel', {});
    expect((await host.call('library.status', {})).scan.phase).not.toBe('scanning');
    await host.call('scan.start', {});
    const done = await host.call('host.idle', {});
    expect([done.found, done.done]).toEqual([samplePhotos.length, samplePhotos.length]);
  });

  it('takes a folder above one it has, and answers with the one that covers a folder below', async () => {
    const inner = join(place.photos, 'inner');
    mkdirSync(inner);
    cpSync(samplePhotos[0]!, join(inner, 'a.jpg'));
    cpSync(samplePhotos[1]!, join(place.photos, 'b.jpg'));
    const host = await open();
    await host.call('host.addFolder', { path: inner });
    await host.call('host.idle', {});
    const outer = await host.call('host.addFolder', { path: place.photos });
    await host.call('host.idle', {});
    expect(await host.call('folders.list', {})).toMatchObject([
      { folderId: outer.folderId, photoCount: 2, missingCount: 0 },
    ]);
    expect((await host.call('host.addFolder', { path: inner })).folderId).toBe(outer.folderId);
  });

  it('serves crops and photos by number, and lets only its host name paths', async () => {
    place.copySamples([samplePhotos[0]!]);
    const host = await scanned();
    const [face] = await host.call('host.faces', {});
    const { jpeg } = await host.call('host.crop', { faceId: face!.faceId });
    expect([...jpeg.subarray(0, 2)]).toEqual([0xff, 0xd8]);
    const { photos } = await host.call('photos.list', {});
    const preview = await host.call('host.photo', {
      photoId: photos[0]!.photoId,
      longestSide: 256,
    });
    expect(existsSync(preview.path)).toBe(true);
    expect(preview.contentType).toBe('image/jpeg');
    await expect(host.call('host.crop', { faceId: 999 })).rejects.toThrow(/no picture/u);
    await expect(host.call('host.addFolder', { path: join(place.root, 'no') })).rejects.toThrow(
      /no folder/u,
    );

    const replies: unknown[] = [];
    const line = engine!.connect();
    const answered = new Promise<void>((resolve) =>
      line.onMessage((message) => {
        replies.push(message);
        if (replies.length === 3) resolve();
      }),
    );
    line.send({ id: 1, channel: 'host.addFolder', args: { path: place.photos } });
    line.send({ id: 2, channel: 'folders.add', args: { entryId: place.photos } });
    line.send({ id: 3, channel: 'people.faces', args: { personId: 'one' } });
    await answered;
    expect(replies).toMatchObject([
      { ok: false, error: { code: 'bad-request' } },
      { ok: false, error: { code: 'bad-request' } },
      { ok: false, error: { code: 'bad-request' } },
    ]);
  });

  it('is open in one process at a time', async () => {
    await open();
    await expect(startEngine(place.library)).rejects.toThrow(/open in another window/u);
  });
});
