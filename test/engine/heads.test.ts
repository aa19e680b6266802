import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { packHead } from '../../electron/core/head.ts';
import { applicationFolders } from '../../electron/engine/folders.ts';
import type { RunningEngine } from '../../electron/engine/fork.ts';
import {
  calibrationOf,
  headOfRow,
  headPath,
  readHeadCard,
  readShippedHead,
  rowOfHead,
  SHIPPED_HEAD,
} from '../../electron/engine/heads.ts';
import { openStore } from '../../electron/store/store.ts';
import { randomHead } from '../core/training/numbers.ts';
import { startEngine, temporaryPlace } from './real-library.ts';

const { models } = applicationFolders(import.meta.url);
const place = temporaryPlace();
let engine: RunningEngine | undefined;
afterEach(async () => {
  await engine?.close();
  place.remove();
});

/** A library with a head of its own, in use or not. */
async function headsOf(version: string, inUse: boolean): Promise<[string, string, boolean][]> {
  mkdirSync(place.library, { recursive: true });
  const store = openStore(join(place.library, 'library.sqlite'));
  store.heads.insert(rowOfHead({ ...randomHead(1), version }, 5));
  if (version !== 'pretrained') store.heads.addTraining(version, 5, '{}');
  if (inUse) store.settings.set('head', version);
  store.close();
  engine = await startEngine(place.library);
  const heads = await engine.host.call('learning.heads', {});
  return heads.map((head) => [head.version, head.origin, head.active]);
}

describe('the head in use', { timeout: 60_000 }, () => {
  it('is the one that Kith comes with, where the encoder’s own was never chosen', async () => {
    expect(await headsOf('pretrained', false)).toEqual([
      [SHIPPED_HEAD, 'kith', true],
      ['pretrained', 'encoder', false],
    ]);
  });

  it('stays the encoder’s own where the user went back to it', async () => {
    expect((await headsOf('pretrained', true)).find(([, , active]) => active)?.[0]).toBe(
      'pretrained',
    );
  });

  it('stays what the library learnt, and the other can be chosen', async () => {
    expect(await headsOf('learnt-5', true)).toEqual([
      [SHIPPED_HEAD, 'kith', false],
      ['learnt-5', 'library', true],
    ]);
  });
});

describe('heads in files', () => {
  it('are read back as they were kept', () => {
    const head = { ...randomHead(3), version: 'some' };
    expect(headOfRow(rowOfHead(head, 1))).toEqual(head);
  });

  it('give way to the encoder’s own when they are damaged, and to none when all are', async () => {
    const folder = join(place.root, 'models');
    const path = headPath(folder, SHIPPED_HEAD);
    mkdirSync(join(folder, SHIPPED_HEAD), { recursive: true });
    writeFileSync(path, packHead(randomHead(4)).subarray(8));
    const damaged: { version: string; message: string }[] = [];
    const read = () =>
      readShippedHead(folder, (version, error) =>
        damaged.push({ version, message: String(error) }),
      );
    expect(await read()).toBeUndefined();
    cpSync(join(models, 'converted'), join(folder, 'converted'), { recursive: true });
    expect((await read())?.version).toBe('pretrained');
    const bytes = readFileSync(headPath(models, SHIPPED_HEAD));
    writeFileSync(path, bytes);
    // Without its card nobody can tell whether it was changed.
    expect((await read())?.version).toBe('pretrained');
    const card = join(folder, SHIPPED_HEAD, 'head.json');
    cpSync(join(models, SHIPPED_HEAD, 'head.json'), card);
    expect((await read())?.version).toBe(SHIPPED_HEAD);
    bytes[1000]! ^= 1;
    writeFileSync(path, bytes);
    expect((await read())?.version).toBe('pretrained');
    expect(damaged.map(({ version }) => version)).toEqual([
      SHIPPED_HEAD,
      'pretrained',
      SHIPPED_HEAD,
      SHIPPED_HEAD,
      SHIPPED_HEAD,
    ]);
    expect(damaged.at(-1)!.message).toMatch(/was changed and is not used.*Install Kith again/u);
    writeFileSync(card, JSON.stringify({ version: 'head-2' }));
    expect((await read())?.version).toBe('pretrained');
    expect(damaged.at(-1)!.message).toMatch(/head\.json is damaged/u);
  });

  it('bring the odds of their similarities, learnt ones from their training', () => {
    mkdirSync(place.library, { recursive: true });
    const store = openStore(join(place.library, 'library.sqlite'));
    try {
      const { calibration } = readHeadCard(models, SHIPPED_HEAD);
      expect(calibrationOf(store, models, SHIPPED_HEAD)).toEqual(calibration);
      const usual = calibrationOf(store, models, 'pretrained');
      expect(calibrationOf(store, place.root, SHIPPED_HEAD)).toEqual(usual);
      const learnt = { ...usual, pairs: { evenSimilarity: 0.3, slope: 9 } };
      for (const [version, record] of [
        ['learnt-1', { calibration: learnt }],
        ['learnt-2', {}],
      ] as const) {
        store.heads.insert(rowOfHead({ ...randomHead(1), version }, 5));
        store.heads.addTraining(version, 5, JSON.stringify(record));
      }
      expect(calibrationOf(store, models, 'learnt-1')).toEqual(learnt);
      expect(calibrationOf(store, models, 'learnt-2')).toEqual(usual);
    } finally {
      store.close();
    }
  });
});
