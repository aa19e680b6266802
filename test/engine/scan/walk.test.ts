import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { walk } from '../../../electron/engine/scan/walk.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'kith-walk-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function put(path: string): void {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), 'x');
}

async function walked(): Promise<{ files: string[]; unreadable: string[] }> {
  const files: string[] = [];
  const unreadable: string[] = [];
  for await (const step of walk(root)) {
    if (step.kind === 'file') files.push(relative(root, step.file.path));
    else unreadable.push(relative(root, step.path));
  }
  return { files, unreadable };
}

describe('walk', () => {
  it('finds photos by name in any case, in order, and nothing else', async () => {
    for (const path of [
      'b/2.JPG',
      'b/10.heic',
      'a.jpeg',
      'c.txt',
      'movie.mp4',
      'b/c/d/e.Png',
      'noextension',
    ]) {
      put(path);
    }
    expect((await walked()).files).toEqual(['a.jpeg', 'b/10.heic', 'b/2.JPG', 'b/c/d/e.Png']);
  });

  it('leaves out hidden files and folders and what other programs keep', async () => {
    for (const path of [
      '.hidden.jpg',
      '.cache/a.jpg',
      '@eaDir/thumb.jpg',
      '$RECYCLE.BIN/b.jpg',
      'kept.jpg',
    ]) {
      put(path);
    }
    expect((await walked()).files).toEqual(['kept.jpg']);
  });

  it('takes only the originals of an Apple Photos library', async () => {
    put('Mine.photoslibrary/originals/0/a.heic');
    put('Mine.photoslibrary/resources/derivatives/a.jpeg');
    expect((await walked()).files).toEqual(['Mine.photoslibrary/originals/0/a.heic']);
  });

  it('ends in loops of links, and follows links to folders once', async () => {
    put('real/a.jpg');
    symlinkSync(root, join(root, 'real', 'loop'));
    symlinkSync(join(root, 'real'), join(root, 'zz-again'));
    symlinkSync('self', join(root, 'self'));
    const { files } = await walked();
    expect(files).toEqual(['real/a.jpg']);
  });

  it('tells of a photo that is a dead link', async () => {
    symlinkSync(join(root, 'gone'), join(root, 'dead.jpg'));
    expect(await walked()).toEqual({ files: [], unreadable: ['dead.jpg'] });
  });

  it('takes names of any script and of the greatest length', async () => {
    const long = `${'ü'.repeat(120)}.jpg`;
    put('家族/おばあちゃん.jpg');
    put('emoji 👩‍👧 folder/a b\tc.jpg');
    put(long);
    const { files } = await walked();
    expect(files).toHaveLength(3);
    expect(files).toContain(long);
  });

  it('tells of a root that is not there', async () => {
    const steps = [];
    for await (const step of walk(join(root, 'nowhere'))) steps.push(step.kind);
    expect(steps).toEqual(['unreadable']);
  });

  it.skipIf(process.getuid?.() === 0)(
    'tells of folders it may not read and goes on (skipped for the superuser, who may read all)',
    async () => {
      put('a/1.jpg');
      put('locked/2.jpg');
      put('z/3.jpg');
      chmodSync(join(root, 'locked'), 0);
      const { files, unreadable } = await walked();
      chmodSync(join(root, 'locked'), 0o700);
      expect(files).toEqual(['a/1.jpg', 'z/3.jpg']);
      expect(unreadable).toEqual(['locked']);
    },
  );
});
