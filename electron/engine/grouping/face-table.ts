/** Embeddings of all faces of the library, and their likely neighbours, in rows of typed arrays. */
export class FaceTable {
  readonly dimensions: number;
  /** Neighbours that are kept of each face. */
  readonly neighbourCount: number;
  readonly #rowOf = new Map<number, number>();
  #rows = 1024;
  #embeddings: Float32Array<ArrayBuffer>;
  /** Face ids, −1 where there are fewer; −2 first where they were not looked up yet. */
  #neighbours: Int32Array<ArrayBuffer>;

  constructor(dimensions: number, neighbourCount: number) {
    this.dimensions = dimensions;
    this.neighbourCount = neighbourCount;
    this.#embeddings = new Float32Array(1024 * dimensions);
    this.#neighbours = new Int32Array(1024 * neighbourCount).fill(-2);
  }

  get size(): number {
    return this.#rowOf.size;
  }

  /** In the order in which they were added. */
  faceIds(): Iterable<number> {
    return this.#rowOf.keys();
  }

  has(faceId: number): boolean {
    return this.#rowOf.has(faceId);
  }

  /** Adds a face, or gives one another embedding: its neighbours are then looked up anew. */
  set(faceId: number, embedding: Float32Array): void {
    const row = this.#rowOf.get(faceId) ?? this.#rowOf.size;
    if (row === this.#rows) this.#grow();
    this.#rowOf.set(faceId, row);
    this.#embeddings.set(embedding, row * this.dimensions);
    this.#neighbours.fill(-2, row * this.neighbourCount, (row + 1) * this.neighbourCount);
  }

  /** @throws RangeError when the face is not in the table. */
  embedding(faceId: number): Float32Array {
    const row = this.#row(faceId);
    return this.#embeddings.subarray(row * this.dimensions, (row + 1) * this.dimensions);
  }

  /** Whether the face's neighbours are still to be looked up. */
  lacksNeighbours(faceId: number): boolean {
    return this.#neighbours[this.#row(faceId) * this.neighbourCount] === -2;
  }

  /** @param faceIds most alike first; those beyond the table's room are left out. */
  setNeighbours(faceId: number, faceIds: readonly number[]): void {
    const start = this.#row(faceId) * this.neighbourCount;
    this.#neighbours
      .fill(-1, start, start + this.neighbourCount)
      .set(faceIds.slice(0, this.neighbourCount), start);
  }

  /**
   * Likely faces of the same person.
   *
   * @throws RangeError when they were not looked up.
   */
  neighbours(faceId: number): Int32Array {
    const start = this.#row(faceId) * this.neighbourCount;
    const list = this.#neighbours.subarray(start, start + this.neighbourCount);
    if (list[0] === -2) throw new RangeError(`Face ${faceId} has no neighbours yet`);
    const count = list.indexOf(-1);
    return count < 0 ? list : list.subarray(0, count);
  }

  forgetNeighbours(): void {
    this.#neighbours.fill(-2);
  }

  #row(faceId: number): number {
    const row = this.#rowOf.get(faceId);
    if (row === undefined) throw new RangeError(`There is no face ${faceId} in the table`);
    return row;
  }

  #grow(): void {
    const rows = this.#rows * 2;
    this.#rows = rows;
    const embeddings = new Float32Array(rows * this.dimensions);
    embeddings.set(this.#embeddings);
    this.#embeddings = embeddings;
    const neighbours = new Int32Array(rows * this.neighbourCount).fill(-2);
    neighbours.set(this.#neighbours);
    this.#neighbours = neighbours;
  }
}
