import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { packHead } from '../../electron/core/head.ts';
import { applicationFolders } from '../../electron/engine/folders.ts';
import type { RunningEngine } from '../../electron/engine/fork.ts';
import {
  headOfRow,
  headPath,
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
    const damaged: string[] = [];
    const read = () => readShippedHead(folder, (version) => damaged.push(version));
    expect(await read()).toBeUndefined();
    cpSync(join(models, 'converted'), join(folder, 'converted'), { recursive: true });
    expect((await read())?.version).toBe('pretrained');
    writeFileSync(path, readFileSync(headPath(models, SHIPPED_HEAD)));
    expect((await read())?.version).toBe(SHIPPED_HEAD);
    expect(damaged).toEqual([SHIPPED_HEAD, 'pretrained', SHIPPED_HEAD]);
  });
});
