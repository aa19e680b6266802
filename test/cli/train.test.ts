import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { drawLibrary, drawnNames, people } from '../engine/drawn-library.ts';
import { temporaryPlace } from '../engine/real-library.ts';

const entry = join(import.meta.dirname, '../../electron/cli/main.ts');
const place = temporaryPlace();
afterAll(() => place.remove());

const kith = (...args: string[]) =>
  promisify(execFile)(process.execPath, [entry, ...args, '--library', place.library]);

describe('kith train and heads', { timeout: 180_000 }, () => {
  it('says what is missing, trains, lists the heads, and goes back', async () => {
    drawLibrary(place.library);
    await expect(kith('train')).rejects.toMatchObject({
      code: 1,
      stderr: 'kith: Name at least two people first.\n',
    });
    const events = join(place.root, 'events.ndjson');
    const lines = drawnNames.map((names) => JSON.stringify({ type: 'name', ...names }));
    writeFileSync(events, lines.join('\n'));
    await kith('label', events);

    const trained = await kith('train');
    expect(trained.stdout).toContain(`Learnt from ${people} people`);
    const version = /The head (learnt-\d+) is in use now\./u.exec(trained.stdout)?.[1];
    expect((await kith('heads')).stdout).toBe(`* ${version}\n  head-2\n`);
    expect((await kith('heads', 'head-2')).stdout).toBe(`  ${version}\n* head-2\n`);
    await expect(kith('heads', 'other')).rejects.toMatchObject({
      code: 1,
      stderr: 'kith: This head is not there any more.\n',
    });
  });
});
