import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { indexTuning } from '../../core/tuning.ts';
import { entryPath } from '../entry.ts';
import type { IndexReply, IndexRequest, NeighbourRows } from './index-protocol.ts';

/**
 * The index of all faces in equal parts, each in a thread of its own: building takes the cores there
 * are, and a search asks all parts at once. A face's number decides its part.
 */
export class DividedIndex {
  version: string;
  readonly dimensions: number;
  readonly #parts: readonly IndexPart[];
  readonly #faceIds = new Set<number>();

  private constructor(version: string, dimensions: number, parts: readonly IndexPart[]) {
    this.version = version;
    this.dimensions = dimensions;
    this.#parts = parts;
  }

  /**
   * Opens what a folder holds; parts that cannot be used are empty.
   *
   * @returns the index, and why parts of it are empty.
   */
  static async open(
    folder: string,
    version: string,
    dimensions: number,
  ): Promise<{ readonly index: DividedIndex; readonly reasons: readonly string[] }> {
    const parts = Array.from({ length: indexTuning.parts }, () => new IndexPart(dimensions));
    const index = new DividedIndex(version, dimensions, parts);
    const reasons = new Set<string>();
    await Promise.all(
      parts.map(async (part, number) => {
        const opened = (await part.ask({
          kind: 'open',
          folder: partFolder(folder, number),
          version,
          dimensions,
          parameters: {
            links: indexTuning.links,
            constructionWidth: indexTuning.constructionWidth,
            searchWidth: indexTuning.searchWidth,
          },
        })) as { faceIds: Int32Array; reason: string | null };
        for (const faceId of opened.faceIds) index.#faceIds.add(faceId);
        if (opened.reason !== null) reasons.add(opened.reason);
      }),
    );
    return { index, reasons: [...reasons] };
  }

  get size(): number {
    return this.#faceIds.size;
  }

  has(faceId: number): boolean {
    return this.#faceIds.has(faceId);
  }

  /** Adds a face, or gives one another vector; resolves when more can be taken. */
  async add(faceId: number, embedding: Float32Array): Promise<void> {
    if (embedding.length !== this.dimensions) {
      throw new RangeError(`An embedding has ${this.dimensions} numbers, not ${embedding.length}`);
    }
    this.#faceIds.add(faceId);
    await this.#parts[faceId % this.#parts.length]!.add(faceId, embedding);
  }

  /**
   * Up to `count` nearest faces of each vector, itself included if it is in the index.
   *
   * @param embeddings unit vectors, row by row.
   */
  async search(embeddings: Float32Array, count: number): Promise<NeighbourRows> {
    const perPart = neighboursPerPart(count, this.#parts.length);
    const found = await Promise.all(
      this.#parts.map(
        (part) =>
          part.ask({ kind: 'search', embeddings, count: perPart }) as Promise<
            Omit<NeighbourRows, 'count'>
          >,
      ),
    );
    return mergeRows(
      found.map((rows) => ({ ...rows, count: perPart })),
      embeddings.length / this.dimensions,
      count,
    );
  }

  /** Writes each part so that a crash leaves the old one or the new one. */
  async save(folder: string): Promise<void> {
    await Promise.all(
      this.#parts.map((part, number) =>
        part.ask({ kind: 'save', folder: partFolder(folder, number), version: this.version }),
      ),
    );
  }

  async close(): Promise<void> {
    await Promise.all(this.#parts.map((part) => part.close()));
  }

  static async remove(folder: string): Promise<void> {
    await rm(folder, { recursive: true, force: true });
  }
}

function partFolder(folder: string, number: number): string {
  return join(folder, String(number));
}

/**
 * How many of a face's nearest to ask each part for: the parts hold them by chance, so that one part
 * seldom has more than its share and three standard deviations of it.
 */
export function neighboursPerPart(count: number, parts: number): number {
  const share = count / parts;
  return Math.min(count, Math.ceil(share + 3 * Math.sqrt(share * (1 - 1 / parts))));
}

/** The nearest of the parts' nearest, row by row. */
export function mergeRows(
  parts: readonly NeighbourRows[],
  rows: number,
  count: number,
): NeighbourRows {
  const faceIds = new Int32Array(rows * count).fill(-1);
  const similarities = new Float32Array(rows * count);
  const at = new Uint32Array(parts.length);
  for (let row = 0; row < rows; row++) {
    at.fill(0);
    for (let place = 0; place < count; place++) {
      let best = -1;
      let similarity = -Infinity;
      for (const [number, part] of parts.entries()) {
        const next = row * part.count + at[number]!;
        if (at[number]! === part.count || part.faceIds[next]! < 0) continue;
        if (part.similarities[next]! <= similarity) continue;
        best = number;
        similarity = part.similarities[next]!;
      }
      if (best < 0) break;
      faceIds[row * count + place] = parts[best]!.faceIds[row * parts[best]!.count + at[best]!]!;
      similarities[row * count + place] = similarity;
      at[best]!++;
    }
  }
  return { count, faceIds, similarities };
}

type Ask = IndexRequest extends infer R
  ? R extends { id: number }
    ? Omit<R, 'id'>
    : never
  : never;

/** One part, seen from outside its thread. */
class IndexPart {
  readonly #dimensions: number;
  readonly #worker = new Worker(entryPath(import.meta.url, './index-thread'), {
    resourceLimits: { maxYoungGenerationSizeMb: indexTuning.youngMemory },
  });
  readonly #waiting = new Map<
    number,
    { resolve: (result: unknown) => void; reject: (error: Error) => void }
  >();
  #lastId = 0;
  #lost: Error | undefined;
  #faceIds: number[] = [];
  #embeddings: Float32Array<ArrayBuffer>;
  readonly #adding: Promise<unknown>[] = [];

  constructor(dimensions: number) {
    this.#dimensions = dimensions;
    this.#embeddings = new Float32Array(indexTuning.facesPerBatch * dimensions);
    this.#worker.on('message', (reply: IndexReply) => {
      const call = this.#waiting.get(reply.id);
      this.#waiting.delete(reply.id);
      if ('error' in reply) call?.reject(new Error(reply.error));
      else call?.resolve(reply.result);
    });
    this.#worker.on('error', (error) => this.#lose(error));
    this.#worker.on('exit', () => this.#lose(new Error('A thread of the index ended.')));
  }

  async add(faceId: number, embedding: Float32Array): Promise<void> {
    this.#embeddings.set(embedding, this.#faceIds.length * this.#dimensions);
    this.#faceIds.push(faceId);
    if (this.#faceIds.length < indexTuning.facesPerBatch) return;
    this.#flush();
    if (this.#adding.length > indexTuning.batchesAhead) await this.#adding.shift();
  }

  /** Asked in order: what was added before is there. */
  async ask(request: Ask): Promise<unknown> {
    this.#flush();
    const added = Promise.all(this.#adding.splice(0));
    const [answer] = await Promise.all([this.#post(request), added]);
    return answer;
  }

  /**
   * Waits for what the thread is at: hnswlib reads JavaScript's arrays, and one that is taken away from
   * it by ending the thread ends the process.
   */
  async close(): Promise<void> {
    if (this.#lost) return;
    const ended = new Promise((resolve) => this.#worker.once('exit', resolve));
    this.#worker.postMessage({ id: ++this.#lastId, kind: 'close' } satisfies IndexRequest);
    await ended;
  }

  #flush(): void {
    if (this.#faceIds.length === 0) return;
    const adding = this.#post({
      kind: 'add',
      faceIds: Int32Array.from(this.#faceIds),
      embeddings: this.#embeddings.slice(0, this.#faceIds.length * this.#dimensions),
    });
    // A failure is told to who waits for the batch, or asks next.
    adding.catch(() => undefined);
    this.#adding.push(adding);
    this.#faceIds = [];
  }

  #post(request: Ask): Promise<unknown> {
    if (this.#lost) return Promise.reject(this.#lost);
    return new Promise((resolve, reject) => {
      const id = ++this.#lastId;
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ ...request, id });
    });
  }

  #lose(error: Error): void {
    this.#lost ??= error;
    for (const call of this.#waiting.values()) call.reject(error);
    this.#waiting.clear();
  }
}
