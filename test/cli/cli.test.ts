import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FaceRecord } from '../../electron/contract/entities.ts';
import { samplePhotos, temporaryPlace } from '../engine/real-library.ts';

const entry = join(import.meta.dirname, '../../electron/cli/main.ts');
const place = temporaryPlace();
beforeAll(() => place.copySamples());
afterAll(() => place.remove());

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

async function kith(...args: string[]): Promise<Ran> {
  const library =
    args[0]?.startsWith('-') || args.includes('--library') ? [] : ['--library', place.library];
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [
      entry,
      ...args,
      ...library,
    ]);
    return { code: 0, out: stdout, error: stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, out: stdout, error: stderr };
  }
}

const lines = (text: string) => text.split('\n').filter((line) => line !== '');
const json = (text: string) =>
  lines(text).map((line) => JSON.parse(line) as Record<string, unknown>);

describe('kith', { timeout: 120_000 }, () => {
  it('tells of wrong usage in one line and ends with 2', async () => {
    for (const args of [
      ['scan'],
      ['scna'],
      ['people', '--bogus'],
      ['people', '--min-faces', 'x'],
      ['embed', 'x'],
    ]) {
      const { code, error } = await kith(...args);
      expect({ args, code, lines: lines(error).length }).toEqual({ args, code: 2, lines: 1 });
    }
  });

  it('tells of failed work in one line and ends with 1', async () => {
    const missing = join(place.root, 'nowhere');
    for (const args of [
      ['scan', missing],
      ['embed', missing, '--out', join(place.root, 'x.npy')],
      ['label', missing],
      ['verify', missing, samplePhotos[0]!],
      ['identify', missing],
    ]) {
      const { code, error } = await kith(...args);
      expect({ args, code, lines: lines(error).length }).toEqual({ args, code: 1, lines: 1 });
      expect(error).toContain(missing);
    }
  });

  it('scans, lists, labels and identifies', async () => {
    const scan = await kith('scan', place.photos);
    expect(scan).toMatchObject({ code: 0, error: '' });
    expect(scan.out).toContain(`Found ${samplePhotos.length} photos`);
    const faces = lines((await kith('faces', '--json')).out).map((line) =>
      FaceRecord.parse(JSON.parse(line)),
    );
    expect(faces.length).toBeGreaterThanOrEqual(10);
    const groups = json((await kith('people', '--json', '--min-faces', '1')).out);
    expect(groups.every((group) => group['type'] === 'group')).toBe(true);

    const events = join(place.root, 'events.ndjson');
    const [first, second] = groups;
    writeFileSync(
      events,
      [
        { type: 'name', clusterId: first!['clusterId'], name: 'Anna' },
        { type: 'name', clusterId: second!['clusterId'], name: 'Ben' },
        { type: 'undo' },
        { type: 'undo' },
        { type: 'undo' },
        { type: 'redo' },
      ]
        .map((event) => JSON.stringify(event))
        .join('\n'),
    );
    const labelled = await kith('label', events);
    expect(labelled.code).toBe(0);
    expect(labelled.out).toContain('There was nothing to undo.');
    expect((await kith('people')).out).toMatch(/^Anna: /u);

    const named = lines((await kith('faces', '--json')).out)
      .map((line) => FaceRecord.parse(JSON.parse(line)))
      .find((face) => face.personName === 'Anna');
    const found = json((await kith('identify', named!.photoPath, '--json')).out);
    expect(found.some((face) => face['name'] === 'Anna')).toBe(true);
  });

  it('keeps labels in a file that fits a library built anew from the same photos', async () => {
    const file = join(place.root, 'labels.json');
    const again = join(place.root, 'again');
    const elsewhere = join(place.root, 'elsewhere');
    mkdirSync(elsewhere);
    for (const [index, path] of samplePhotos.entries()) {
      copyFileSync(path, join(elsewhere, `${9 - index}.jpg`));
    }
    const told = async (...library: string[]) =>
      lines((await kith('faces', '--json', ...library)).out)
        .map((line) => FaceRecord.parse(JSON.parse(line)))
        .filter((face) => face.state === 'confirmed')
        .map((face) => [face.photoSha256, face.box, face.personName])
        .sort();
    const before = await told();
    expect(before.length).toBeGreaterThan(0);
    expect((await kith('labels', 'export', file)).out).toMatch(/^Wrote what was said of 1 person/u);
    expect(await kith('scan', elsewhere, '--library', again)).toMatchObject({ code: 0 });
    expect(await told('--library', again)).toEqual([]);
    const imported = await kith('labels', 'import', file, '--library', again);
    expect(imported).toMatchObject({ code: 0, error: '' });
    expect(await told('--library', again)).toEqual(before);
    const repeated = await kith('labels', 'import', file, '--library', again);
    expect(repeated.code).toBe(1);
    expect(repeated.error).toContain('said here already');
  });

  it('names the line of a label file that is wrong, and keeps what came before', async () => {
    const events = join(place.root, 'wrong.ndjson');
    writeFileSync(events, '{"type":"undo"}\n{"type":"name","name":"x"}\n');
    const { code, error } = await kith('label', events);
    expect(code).toBe(1);
    expect(error).toMatch(/wrong\.ndjson, line 2: .*exactly one/u);
    expect(error).toContain('The 1 action before it took effect.');
    await kith('label', events.replace('wrong', 'nothing'));
  });

  it('verifies two photos', async () => {
    const same = json((await kith('verify', samplePhotos[0]!, samplePhotos[0]!, '--json')).out)[0]!;
    expect(same['cosineSimilarity']).toBeCloseTo(1, 4);
    expect(same['same']).toBe(true);
  });

  it('embeds a folder and a list alike, with zeros where there is no face', async () => {
    const list = join(place.root, 'list.txt');
    const noPhoto = join(place.root, 'text.jpg');
    writeFileSync(noPhoto, 'text');
    writeFileSync(
      list,
      [...samplePhotos.map((path) => `photos/${basename(path)}`), 'text.jpg'].join('\n'),
    );
    const out = (name: string) => join(place.root, name);
    const fromList = await kith(
      'embed',
      list,
      '--out',
      out('a.npy'),
      '--index',
      out('a.csv'),
      '--features',
      out('f.npy'),
    );
    expect(fromList.code).toBe(0);
    await kith('embed', place.photos, '--out', out('b.npy'), '--index', out('b.csv'));
    const rows = (file: string) => {
      const bytes = readFileSync(file);
      const start = 10 + bytes.readUInt16LE(8);
      return new Float32Array(Uint8Array.from(bytes.subarray(start)).buffer);
    };
    const a = rows(out('a.npy'));
    const b = rows(out('b.npy'));
    expect(a.length).toBe((samplePhotos.length + 1) * 192);
    expect(rows(out('f.npy')).length).toBe((samplePhotos.length + 1) * 512);
    expect(a.subarray(0, b.length)).toEqual(b);
    expect(a.subarray(-192).every((value) => value === 0)).toBe(true);
    const index = lines(readFileSync(out('a.csv'), 'utf8'));
    expect(index[0]).toBe('row,path,detected,x,y,width,height,detectionScore,quality,failure');
    expect(index.at(-1)).toMatch(/^6,text\.jpg,false,/u);
    expect(index[1]).toMatch(/^0,photos\/sample1\.jpg,true,/u);
  });
});
