import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { EventEmitter } from 'node:events';
import {
  chmodSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DetectedFace } from '../../electron/core/face.ts';
import { VisionFailure } from '../../electron/vision/failure.ts';
import {
  openVisionPort,
  type FromVision,
  type ToVision,
  type VisionPort,
} from '../../electron/vision/port.ts';
import type { VisionConfiguration, VisionRequest } from '../../electron/vision/protocol.ts';
import { hashFile, readPhotoFile } from '../../electron/vision/read-file.ts';
import { serveVision } from '../../electron/vision/serve.ts';
import type { LoadedModels } from '../../electron/vision/service.ts';
import { baseMediaFile } from './files.ts';

const folder = mkdtempSync(join(tmpdir(), 'kith-process-'));
const photo = join(folder, 'photo.dat');
const sample = join(
  import.meta.dirname,
  '../../node_modules/@vladmandic/face-api/demo/sample1.jpg',
);

beforeAll(async () => {
  const create = { width: 90, height: 60, channels: 3, background: '#876' } as const;
  await sharp({ create }).jpeg().toFile(photo);
});

afterAll(() => rmSync(folder, { recursive: true }));

const configuration: VisionConfiguration = {
  modelsFolder: folder,
  provider: 'cpu',
  acceptSlowProvider: false,
  cacheFolder: null,
  limits: { maxPixels: 100_000_000, millisecondsPerPhoto: 1000 },
};

/** A process's inside, spoken to without a process. */
function start(load: () => Promise<LoadedModels>) {
  const sent: FromVision[] = [];
  const waiting = new Map<number, (message: FromVision) => void>();
  let receive: (message: ToVision) => void = () => undefined;
  let close = () => {};
  const port: VisionPort = {
    send: (message) => {
      sent.push(structuredClone(message));
      if (message.kind === 'reply') waiting.get(message.reply.id)?.(message);
    },
    onMessage: (listener) => (receive = listener),
    onClose: (listener) => (close = listener),
  };
  let exits = 0;
  serveVision(port, load, () => exits++);
  let lastId = 0;
  return {
    sent,
    configure: () => receive({ kind: 'configure', configuration, gentle: false }),
    ask: (request: VisionRequest) =>
      new Promise<Extract<FromVision, { kind: 'reply' }>['reply']>((resolve) => {
        const id = ++lastId;
        waiting.set(id, (message) => {
          if (message.kind === 'reply') resolve(message.reply);
        });
        receive({ kind: 'request', id, request });
      }),
    close: () => {
      close();
      return exits;
    },
  };
}

const face: DetectedFace = {
  box: { x: 0.3, y: 0.2, width: 0.2, height: 0.3 },
  landmarks: [
    [0.35, 0.3],
    [0.45, 0.3],
    [0.4, 0.35],
    [0.36, 0.42],
    [0.44, 0.42],
  ],
  detectionScore: 0.97,
  quality: { size: 40, sharpness: 0.5, yaw: 1, pitch: 2, roll: 3, overall: 0.6 },
  features: Float32Array.from({ length: 512 }, (_, at) => Math.sin(at)),
};

const place = async (_: unknown, box: typeof face.box) => ({ ...face, box });

describe('a vision process', () => {
  it('analyzes a photo: hash, size, format, faces with crops', async () => {
    let loads = 0;
    const inside = start(async () => {
      loads++;
      return { analyzer: { place, analyze: async () => [face, face] }, outcomes: [] };
    });
    inside.configure();
    expect(inside.sent).toEqual([{ kind: 'ready' }]);
    const bytes = readFileSync(sample);
    const replies = await Promise.all([
      inside.ask({ kind: 'analyze', path: sample }),
      inside.ask({ kind: 'analyze', path: photo }),
    ]);
    const [reply] = replies;
    if (reply?.ok !== true || !('faces' in reply.result)) throw new Error('No analysis');
    expect(reply.result).toMatchObject({
      sha256: createHash('sha256').update(bytes).digest('hex'),
      byteSize: bytes.length,
      format: 'jpeg',
      faces: [face, face],
    });
    const { width, height } = await sharp(bytes).metadata();
    expect([reply.result.width, reply.result.height]).toEqual([width, height]);
    const crop = await sharp(reply.result.faces[0]?.crop).metadata();
    expect([crop.format, crop.width, crop.height]).toEqual(['jpeg', 192, 192]);
    expect(loads).toBe(1);
    expect(inside.sent.map((message) => message.kind)).toEqual([
      'ready',
      'working',
      'reply',
      'working',
      'reply',
    ]);
    expect(inside.sent.at(-1)).toMatchObject({ residentBytes: expect.any(Number) });
  });

  it('loads no models for requests that need none', async () => {
    const inside = start(() => Promise.reject(new Error('not wanted')));
    inside.configure();
    const preview = await inside.ask({ kind: 'preview', path: sample, longestSide: 100 });
    expect(preview).toMatchObject({ ok: true });
    const hash = await inside.ask({ kind: 'fingerprint', path: photo });
    const expected = createHash('sha256').update(readFileSync(photo)).digest('hex');
    expect(hash).toMatchObject({ ok: true, result: { sha256: expected } });
  });

  it('places the face in a box that was drawn, with its crop', async () => {
    const inside = start(async () => ({
      analyzer: { place, analyze: async () => [] },
      outcomes: [],
    }));
    inside.configure();
    const box = { x: 0.25, y: 0.25, width: 0.5, height: 0.5 };
    const reply = await inside.ask({ kind: 'place', path: photo, box });
    expect(reply).toMatchObject({ ok: true, result: { box, crop: expect.any(Uint8Array) } });
  });

  it('tries again to load models that could not be loaded', async () => {
    let loads = 0;
    const inside = start(async () => {
      if (loads++ === 0) throw new VisionFailure('models-missing', 'There are no models.');
      return { analyzer: { place, analyze: async () => [] }, outcomes: [] };
    });
    inside.configure();
    expect(await inside.ask({ kind: 'analyze', path: photo })).toMatchObject({
      ok: false,
      error: { code: 'models-missing', message: 'There are no models.' },
    });
    expect(inside.sent.some((message) => message.kind === 'working')).toBe(false);
    expect(await inside.ask({ kind: 'analyze', path: photo })).toMatchObject({ ok: true });
  });

  it('refuses requests before it has its configuration', async () => {
    const inside = start(() => Promise.reject(new Error('not wanted')));
    const reply = await inside.ask({ kind: 'fingerprint', path: photo });
    expect(reply).toMatchObject({ ok: false, error: { code: 'crashed' } });
  });

  it('ends with the line to its supervisor', () => {
    const inside = start(() => Promise.reject(new Error('not wanted')));
    expect(inside.close()).toBe(1);
  });

  it('never touches a photo', async () => {
    const copy = join(folder, 'copy.jpg');
    writeFileSync(copy, readFileSync(sample));
    chmodSync(copy, 0o444);
    const before = statSync(copy);
    const inside = start(async () => ({
      analyzer: { place, analyze: async () => [face] },
      outcomes: [],
    }));
    inside.configure();
    await inside.ask({ kind: 'analyze', path: copy });
    await inside.ask({ kind: 'preview', path: copy, longestSide: 50 });
    const after = statSync(copy);
    expect([after.mtimeMs, after.ctimeMs, after.size]).toEqual([
      before.mtimeMs,
      before.ctimeMs,
      before.size,
    ]);
  });
});

describe('openVisionPort', () => {
  it('speaks to Electron where it is the parent', () => {
    const posted: unknown[] = [];
    const parentPort = new EventEmitter();
    const received: ToVision[] = [];
    Object.assign(process, {
      parentPort: Object.assign(parentPort, { postMessage: (data: unknown) => posted.push(data) }),
    });
    try {
      const port = openVisionPort();
      port.onMessage((message) => received.push(message));
      port.send({ kind: 'ready' });
      const message: ToVision = { kind: 'configure', configuration, gentle: false };
      parentPort.emit('message', { data: message, ports: [] });
      expect(posted).toEqual([{ kind: 'ready' }]);
      expect(received).toEqual([message]);
    } finally {
      delete (process as { parentPort?: unknown }).parentPort;
    }
  });
});

describe('readPhotoFile', () => {
  async function failureOf(path: string): Promise<VisionFailure> {
    const error: unknown = await readPhotoFile(path).then(
      () => new Error('It was read'),
      (reason: unknown) => reason,
    );
    if (error instanceof VisionFailure) return error;
    throw error;
  }

  it('reads by content, under any name, through a symbolic link', async () => {
    const link = join(folder, 'link.txt');
    symlinkSync(photo, link);
    expect(await readPhotoFile(link)).toEqual(readFileSync(photo));
  });

  it('says what is wrong with a path', async () => {
    expect((await failureOf(join(folder, 'gone.jpg'))).code).toBe('not-found');
    expect((await failureOf(join(photo, 'below.jpg'))).code).toBe('not-found');
    expect((await failureOf(folder)).code).toBe('unreadable');
    const loop = join(folder, 'loop.jpg');
    symlinkSync(loop, loop);
    expect((await failureOf(loop)).code).toBe('unreadable');
    const long = await failureOf(join(folder, 'x'.repeat(300)));
    expect(long.code).toBe('unreadable');
  });

  it.skipIf(process.platform === 'win32')(
    'does not wait for a named pipe (needs mkfifo)',
    async () => {
      const pipe = join(folder, 'pipe.jpg');
      execFileSync('mkfifo', [pipe]);
      expect((await failureOf(pipe)).message).toBe('This is not an ordinary file.');
    },
  );

  it.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
    'says when it is not allowed to read (needs a user other than root)',
    async () => {
      const secret = join(folder, 'secret.jpg');
      writeFileSync(secret, readFileSync(photo));
      chmodSync(secret, 0);
      const failure = await failureOf(secret);
      expect(failure).toMatchObject({
        code: 'unreadable',
        message: 'Kith is not allowed to read this file.',
      });
    },
  );

  it('looks at the start of a large file only', async () => {
    const video = join(folder, 'video.jpg');
    writeFileSync(video, baseMediaFile('isom', 'avc1'));
    truncateSync(video, 3_000_000_000);
    expect((await failureOf(video)).code).toBe('not-a-photo');
    const bloated = join(folder, 'bloated.jpg');
    writeFileSync(bloated, readFileSync(photo));
    truncateSync(bloated, 3_000_000_000);
    expect(await failureOf(bloated)).toMatchObject({
      code: 'too-large',
      message: 'This file is too large: 3000 MB.',
    });
    rmSync(video);
    rmSync(bloated);
  });

  it('refuses an empty file', async () => {
    const empty = join(folder, 'empty.jpg');
    writeFileSync(empty, '');
    expect((await failureOf(empty)).message).toBe('This file is empty.');
  });
});

it('hashes files of any size and kind', async () => {
  const file = join(folder, 'bytes');
  for (const size of [0, 1, (1 << 20) + 1]) {
    const bytes = Buffer.alloc(size, 'abc');
    writeFileSync(file, bytes);
    expect(await hashFile(file)).toBe(createHash('sha256').update(bytes).digest('hex'));
  }
  await expect(hashFile(join(folder, 'gone'))).rejects.toMatchObject({ code: 'not-found' });
});
