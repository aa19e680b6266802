import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FaceRecord } from '../../electron/contract/entities.ts';
import type { RunningEngine } from '../../electron/engine/fork.ts';
import { applicationFolders } from '../../electron/engine/folders.ts';
import { makeVariants, startEngine, temporaryPlace } from './real-library.ts';

const application = applicationFolders(import.meta.url);
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

/** @param changes of how the engine is set up. */
async function open(changes: { wholeFaces?: number; models?: string } = {}) {
  await engine?.close();
  engine = await startEngine(place.library, 2, changes);
  return engine.host;
}

type Host = RunningEngine['host'];
const idle = (host: Host) => host.call('host.idle', {});
const faces = (host: Host) => host.call('host.faces', {});
const largestGroups = async (host: Host) =>
  (await host.call('groups.list', { minFaces: 2 })).groups.map(({ clusterId }) => clusterId);

/** Names two people, and corrects three faces: one rejected, one moved, one split off. */
async function correct(host: Host) {
  const [first, second, third] = await largestGroups(host);
  await host.call('labels.apply', { type: 'name', clusterId: first!, name: 'Anna' });
  await host.call('labels.apply', { type: 'name', clusterId: second!, name: 'Ben' });
  await idle(host);
  const people = await host.call('people.list', {});
  const personId = (name: string) => people.find((person) => person.name === name)!.personId;
  const all = await faces(host);
  const of = (name: string) => all.filter((face) => face.personName === name);
  const rejected = of('Anna')[0]!;
  const moved = of('Anna')[1]!;
  const splitOff = all.find((face) => face.clusterId === third)!;
  await host.call('labels.apply', {
    type: 'reject',
    faceIds: [rejected.faceId],
    personId: personId('Anna'),
  });
  await host.call('labels.apply', {
    type: 'confirm',
    faceIds: [moved.faceId],
    personId: personId('Ben'),
  });
  await host.call('labels.apply', { type: 'split', faceIds: [splitOff.faceId] });
  await idle(host);
  const rest = all.filter((face) => face.clusterId === third && face !== splitOff);
  return { rejected, moved, splitOff, rest };
}

function expectCorrected(
  now: readonly FaceRecord[],
  { rejected, moved, splitOff, rest }: Awaited<ReturnType<typeof correct>>,
): void {
  const face = (before: FaceRecord) => now.find(({ faceId }) => faceId === before.faceId)!;
  expect(face(rejected).personName).not.toBe('Anna');
  expect(face(moved)).toMatchObject({ personName: 'Ben', state: 'confirmed' });
  for (const other of rest) expect(face(other).clusterId).not.toBe(face(splitOff).clusterId);
  // Nor is the rejected face in a group with one that is Anna.
  const withRejected = now.filter(({ clusterId }) => clusterId === face(rejected).clusterId);
  expect(
    withRejected.filter(({ state, personName }) => state === 'confirmed' && personName === 'Anna'),
  ).toEqual([]);
}

describe("the user's corrections", { timeout: 180_000 }, () => {
  it.each([
    ['all is grouped anew', {}],
    ['only what was touched is grouped anew', { wholeFaces: 0 }],
  ])('hold through rescans, regrouping and new photos, when %s', async (_, changes) => {
    await makeVariants(place.photos);
    let host = await open(changes);
    await host.call('host.addFolder', { path: place.photos });
    await idle(host);
    const corrected = await correct(host);
    expectCorrected(await faces(host), corrected);

    await host.call('scan.start', {});
    await idle(host);
    expectCorrected(await faces(host), corrected);

    await host.call('host.rebuildGroups', {});
    expectCorrected(await faces(host), corrected);

    const before = await faces(host);
    place.copySamples();
    host = await open(changes);
    await host.call('scan.start', {});
    await idle(host);
    const after = await faces(host);
    expect(after.length).toBeGreaterThan(before.length);
    expectCorrected(after, corrected);
    // New photos of Anna are shown as hers, yet for the user to confirm.
    expect(
      after.some(({ personName, state }) => personName === 'Anna' && state === 'suggested'),
    ).toBe(true);
  });

  it('hold when newer models find the faces again', async () => {
    await makeVariants(place.photos);
    let host = await open();
    await host.call('host.addFolder', { path: place.photos });
    await idle(host);
    const corrected = await correct(host);
    const before = await faces(host);

    // Other weights have another manifest; that alone tells that they are others.
    const models = join(place.root, 'models');
    cpSync(application.models, models, { recursive: true });
    const manifest = join(models, 'manifest.json');
    writeFileSync(manifest, `${readFileSync(manifest, 'utf8')}\n`);
    host = await open({ models });
    await host.call('scan.start', {});
    const progress = await idle(host);
    expect(progress.unchanged).toBe(0);
    const after = await faces(host);
    expect(after.map(({ faceId }) => faceId)).toEqual(before.map(({ faceId }) => faceId));
    expectCorrected(after, corrected);
    await host.call('scan.start', {});
    expect((await idle(host)).unchanged).toBe(new Set(after.map((face) => face.photoPath)).size);
  });
});
