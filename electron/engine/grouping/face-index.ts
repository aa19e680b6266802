import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import hnswlib from 'hnswlib-node';
import { indexTuning } from '../../core/tuning.ts';

export interface Neighbours {
  readonly faceIds: readonly number[];
  /** Cosine similarity to the query, falling. */
  readonly similarities: readonly number[];
}

/** How wide is looked: see `indexTuning`. */
export interface IndexParameters {
  readonly links: number;
  readonly constructionWidth: number;
  readonly searchWidth: number;
}

/** What stands beside the index file, to tell whether it can be used. */
interface IndexRecord {
  readonly format: 1;
  readonly version: string;
  readonly dimensions: number;
  readonly count: number;
  readonly sha256: string;
}

const indexFile = 'faces.hnsw';
const recordFile = 'faces.json';

/**
 * Approximate nearest neighbours among unit vectors: hierarchical navigable small worlds (Malkov
 * and Yashunin, arXiv 1603.09320) over the inner product. It grows as needed and is written to a
 * folder as a whole; a file that is stale, damaged or half written is not used.
 */
export class FaceIndex {
  /** What its vectors were made with. */
  version: string;
  readonly dimensions: number;
  readonly #index: hnswlib.HierarchicalNSW;

  private constructor(
    version: string,
    dimensions: number,
    index: hnswlib.HierarchicalNSW,
    parameters: IndexParameters,
  ) {
    this.version = version;
    this.dimensions = dimensions;
    this.#index = index;
    index.setEf(parameters.searchWidth);
  }

  static create(
    version: string,
    dimensions: number,
    parameters: IndexParameters = indexTuning,
  ): FaceIndex {
    const index = new hnswlib.HierarchicalNSW('ip', dimensions);
    index.initIndex({
      maxElements: indexTuning.initialCapacity,
      m: parameters.links,
      efConstruction: parameters.constructionWidth,
      randomSeed: indexTuning.seed,
    });
    return new FaceIndex(version, dimensions, index, parameters);
  }

  /** @returns the saved index, or the reason why there is none to use. */
  static async load(
    folder: string,
    version: string,
    dimensions: number,
  ): Promise<FaceIndex | { readonly reason: string }> {
    let record: IndexRecord;
    try {
      record = JSON.parse(await readFile(join(folder, recordFile), 'utf8')) as IndexRecord;
    } catch {
      return { reason: 'there is none yet' };
    }
    if (record.format !== 1) return { reason: 'it has another format' };
    if (record.version !== version || record.dimensions !== dimensions) {
      return { reason: 'its vectors are of another head or older features' };
    }
    const path = join(folder, indexFile);
    try {
      if ((await sha256OfFile(path)) !== record.sha256) return { reason: 'its file is damaged' };
      const index = new hnswlib.HierarchicalNSW('ip', dimensions);
      await index.readIndex(path);
      if (index.getCurrentCount() !== record.count) return { reason: 'its file lacks faces' };
      return new FaceIndex(version, dimensions, index, indexTuning);
    } catch (error) {
      return { reason: `its file cannot be read (${(error as Error).message})` };
    }
  }

  get size(): number {
    return this.#index.getCurrentCount();
  }

  faceIds(): number[] {
    return this.#index.getIdsList();
  }

  /** Adds a face, or gives one another vector. @throws RangeError when it has other dimensions. */
  add(faceId: number, embedding: Float32Array): void {
    if (embedding.length !== this.dimensions) {
      throw new RangeError(`An embedding has ${this.dimensions} numbers, not ${embedding.length}`);
    }
    const capacity = this.#index.getMaxElements();
    if (this.size === capacity) this.#index.resizeIndex(capacity * 2);
    this.#index.addPoint(Array.from(embedding), faceId);
  }

  /** Up to `count` nearest faces, the query's own face included if it is in the index. */
  search(embedding: Float32Array, count: number): Neighbours {
    const wanted = Math.min(count, this.size);
    if (wanted === 0) return { faceIds: [], similarities: [] };
    const found = this.#index.searchKnn(Array.from(embedding), wanted);
    return {
      faceIds: found.neighbors,
      similarities: found.distances.map((distance) => 1 - distance),
    };
  }

  /** Writes the index so that a crash leaves the old one or the new one. */
  async save(folder: string): Promise<void> {
    await mkdir(folder, { recursive: true });
    const path = join(folder, indexFile);
    const temporary = `${path}.new`;
    await this.#index.writeIndex(temporary);
    const record: IndexRecord = {
      format: 1,
      version: this.version,
      dimensions: this.dimensions,
      count: this.size,
      sha256: await sha256OfFile(temporary),
    };
    // Between these steps the record names another hash than the file has: it is then made anew.
    await rename(temporary, path);
    await writeFile(join(folder, `${recordFile}.new`), JSON.stringify(record));
    await rename(join(folder, `${recordFile}.new`), join(folder, recordFile));
  }

  static async remove(folder: string): Promise<void> {
    await rm(join(folder, recordFile), { force: true });
    await rm(join(folder, indexFile), { force: true });
  }
}

async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}
