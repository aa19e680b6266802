import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { decodeTuning } from '../core/tuning.ts';
import { sniffFormat, sniffLength } from './decode/sniff.ts';
import { VisionFailure } from './failure.ts';

/**
 * Reads a photo's file, once and without ever writing. A look at its start comes first, so that a
 * folder of videos is not read through.
 *
 * @throws VisionFailure `not-found`, `unreadable`, `not-a-photo`, `damaged` (empty), `too-large`.
 */
export async function readPhotoFile(path: string): Promise<Buffer> {
  return withFile(path, async (file, byteSize) => {
    const head = Buffer.alloc(Math.min(sniffLength, byteSize));
    const { bytesRead } = await file.read(head, 0, head.length, 0);
    sniffFormat(head.subarray(0, bytesRead));
    if (byteSize > decodeTuning.maxFileBytes) {
      const megabytes = Math.round(byteSize / 1e6);
      throw new VisionFailure('too-large', `This file is too large: ${megabytes} MB.`);
    }
    return file.readFile();
  });
}

/**
 * SHA-256 of a file's bytes, lower-case hexadecimal, whatever the file is and however large.
 *
 * @throws VisionFailure `not-found`, `unreadable`.
 */
export async function hashFile(path: string): Promise<string> {
  return withFile(path, async (file) => {
    const hash = createHash('sha256');
    const stream = file.createReadStream({ autoClose: false, highWaterMark: 1 << 20 });
    for await (const chunk of stream) hash.update(chunk as Buffer);
    return hash.digest('hex');
  });
}

async function withFile<T>(
  path: string,
  use: (file: FileHandle, byteSize: number) => Promise<T>,
): Promise<T> {
  try {
    // Without O_NONBLOCK, opening a named pipe would wait for a writer for ever.
    const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const stat = await file.stat();
      if (!stat.isFile()) throw new VisionFailure('unreadable', 'This is not an ordinary file.');
      return await use(file, stat.size);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof VisionFailure) throw error;
    throw systemFailure(error);
  }
}

function systemFailure(error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  switch (code) {
    case undefined:
      return error;
    case 'ENOENT':
    case 'ENOTDIR':
      return new VisionFailure('not-found', 'This file is no longer there.', { cause: error });
    case 'EACCES':
    case 'EPERM':
      return new VisionFailure('unreadable', 'Kith is not allowed to read this file.', {
        cause: error,
      });
    case 'EISDIR':
      return new VisionFailure('unreadable', 'This is a folder, not a file.', { cause: error });
    default:
      return new VisionFailure('unreadable', `This file cannot be read (${code}).`, {
        cause: error,
      });
  }
}
