import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { KithError } from '../../contract/errors.ts';
import type { FaceMap, FaceOwners, MapDimensions, MapProgress } from '../../contract/map.ts';
import type { Head } from '../../core/head.ts';
import { mapTuning } from '../../core/tuning.ts';
import type { Store } from '../../store/store.ts';
import { entryPath } from '../entry.ts';
import type { Logger } from '../log.ts';
import type { MadeMap, MapMessage, MapStart } from './protocol.ts';

export interface FaceMapsSetting {
  readonly store: Store;
  readonly databasePath: string;
  readonly mapsFolder: string;
  readonly log: Logger;
  readonly onProgress: (progress: MapProgress) => void;
}

/** Faces whose owners are read at once: some milliseconds, since the user waits meanwhile. */
const ownersPerRead = 10_000;

/** Makes pictures of all faces, one at a time, in a thread of its own; keeps them by head. */
export class FaceMaps {
  readonly #setting: FaceMapsSetting;
  readonly #asked = new Map<string, Promise<FaceMap>>();
  #worker: Worker | undefined;
  #last: Promise<unknown> = Promise.resolve();
  /** As the thread has it. */
  readonly #ending = new Int32Array(new SharedArrayBuffer(8));

  constructor(setting: FaceMapsSetting) {
    this.#setting = setting;
  }

  /** The map as `head` sees the faces. Whoever asks for what is being made gets the same. */
  get(head: Head, dimensions: MapDimensions): Promise<FaceMap> {
    const key = `${dimensions} ${head.version}`;
    const under = this.#asked.get(key);
    if (under) return under;
    const made = this.#last
      .then(() => this.#make(head, dimensions))
      .finally(() => this.#asked.delete(key));
    this.#asked.set(key, made);
    this.#last = made.catch(() => undefined);
    return made;
  }

  /** Whose the faces on show are; in slices, so that the user is answered in between. */
  async owners(): Promise<FaceOwners> {
    const ids: number[] = [];
    const owners: number[] = [];
    for (let last = 0; ;) {
      const rows = this.#setting.store.faces.owners(last, ownersPerRead);
      for (const { faceId, personId, clusterId } of rows) {
        ids.push(faceId);
        owners.push(personId ?? (clusterId === null ? 0 : -clusterId));
      }
      last = ids.at(-1) ?? 0;
      if (rows.length < ownersPerRead) break;
      await nextTurn();
    }
    return {
      faces: ids.length,
      owners: base64(Uint32Array.from(ids), Int32Array.from(owners)),
    };
  }

  async close(): Promise<void> {
    Atomics.store(this.#ending, 0, 1);
    while (this.#worker && Atomics.load(this.#ending, 1) !== 0) await wait(1);
    await this.#worker?.terminate();
    await this.#last;
  }

  get #closed(): boolean {
    return Atomics.load(this.#ending, 0) !== 0;
  }

  async #make(head: Head, dimensions: MapDimensions): Promise<FaceMap> {
    if (this.#closed) throw closing();
    const { databasePath, mapsFolder, log, onProgress } = this.#setting;
    const { version } = head;
    const ending = this.#ending;
    const start: MapStart = { databasePath, mapsFolder, head, dimensions, ending };
    const began = performance.now();
    const worker = new Worker(entryPath(import.meta.url, './worker'), { workerData: start });
    this.#worker = worker;
    onProgress({ version, dimensions, share: 0 });
    try {
      const map = await new Promise<MadeMap>((resolve, reject) => {
        worker.on('message', (message: MapMessage) => {
          if (message.kind === 'done') resolve(message.map);
          else onProgress({ version, dimensions, share: message.share });
        });
        worker.on('error', reject);
        worker.on('exit', () => reject(closing()));
      });
      const milliseconds = performance.now() - began;
      log.info({ milliseconds, faces: map.faceIds.length, dimensions }, 'a map was made');
      return {
        version,
        dimensions,
        faces: map.faceIds.length,
        laidOut: map.laidOut,
        points: base64(map.faceIds, quantized(map.points)),
      };
    } catch (error) {
      if (this.#closed) throw closing();
      if (error instanceof KithError) throw error;
      log.error({ error }, 'a map could not be made');
      throw new KithError('refused', 'The map could not be made. Try again.');
    } finally {
      this.#worker = undefined;
    }
  }
}

const closing = () => new KithError('refused', 'The map was not finished, as Kith is closing.');

function quantized(points: Float32Array): Uint16Array {
  const { edge } = mapTuning;
  return Uint16Array.from(points, (value) => Math.round(((value + edge) / (2 * edge)) * 65_535));
}

function base64(...parts: readonly (Uint32Array | Int32Array | Uint16Array)[]): string {
  return Buffer.concat(
    parts.map((part) => Buffer.from(part.buffer, part.byteOffset, part.byteLength)),
  ).toString('base64');
}
