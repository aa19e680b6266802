import { expect } from 'vitest';
import { LabelAction } from '../../../electron/contract/labels.ts';
import { cosineSimilarity } from '../../../electron/core/vectors.ts';
import { FaceTable } from '../../../electron/engine/grouping/face-table.ts';
import { LibraryGrouping } from '../../../electron/engine/grouping/group-library.ts';
import { Labels } from '../../../electron/engine/labels.ts';
import { openStore, type Store } from '../../../electron/store/store.ts';

/** A library in memory, of faces that are given by their vectors. Their ids count from 1. */
export class VectorLibrary {
  readonly store: Store = openStore(':memory:');
  readonly labels: Labels = new Labels(this.store, () => 1);
  readonly table: FaceTable;
  /** Who each face is, by its id less one. */
  readonly people: number[] = [];
  grouping: LibraryGrouping;

  constructor(dimensions: number) {
    this.table = new FaceTable(dimensions, 48);
    this.grouping = this.open('head-0');
  }

  /**
   * As after a start.
   *
   * @param least cosine similarity from which faces are neighbours.
   */
  open(headVersion: string, least = -1): LibraryGrouping {
    const { store, table } = this;
    const lookUpOthers = (faceIds: Iterable<number>) => {
      for (const faceId of faceIds) {
        const likeness = (other: number) =>
          cosineSimilarity(table.embedding(other), table.embedding(faceId));
        const others = [...table.faceIds()]
          .filter((other) => other !== faceId && likeness(other) >= least)
          .sort((a, b) => likeness(b) - likeness(a));
        table.setNeighbours(faceId, others);
      }
      return Promise.resolve();
    };
    this.grouping = new LibraryGrouping(store, table, lookUpOthers, headVersion);
    return this.grouping;
  }

  /** @param wholeFaces 0 lets only what was touched be grouped anew, once there are groups. */
  async group(wholeFaces = 0): Promise<void> {
    const { groups, settings } = this.store;
    const last = (settings.get('lastClusterId') as number | undefined) ?? 0;
    const outcome = await this.grouping.group(last, 0.5, wholeFaces);
    groups.move(outcome.changed, outcome.removed);
    groups.describe(outcome);
    settings.set('grouped', outcome.state);
    settings.set('lastClusterId', outcome.lastClusterId);
  }

  clusters(): Map<number, number> {
    return new Map(this.store.groups.current().map((row) => [row.faceId, row.clusterId]));
  }

  apply(action: unknown): void {
    this.labels.apply(LabelAction.parse(action));
  }

  /** Whether each face is with those of its person, and no others. */
  expectGroupsOfPeople(): void {
    const clusterOf = this.clusters();
    for (const [a, personA] of this.people.entries()) {
      for (const [b, personB] of this.people.entries()) {
        expect(clusterOf.get(a + 1) === clusterOf.get(b + 1), `${a + 1} ${b + 1}`).toBe(
          personA === personB,
        );
      }
    }
  }

  /** One photo a face. */
  add(vectors: readonly (readonly number[])[], persons: readonly number[], size = 100): void {
    for (const [at, vector] of vectors.entries()) this.addPhoto([vector], [persons[at]!], size);
  }

  /** One photo of several faces. */
  addPhoto(vectors: readonly (readonly number[])[], persons: readonly number[], size = 100): void {
    const photoId = this.store.photos.insert({
      sha256: String(this.people.length).padStart(64, '0'),
      byteSize: 1,
      format: 'jpeg',
      width: 10,
      height: 10,
      takenAt: null,
      modelId: this.store.photos.modelId('model'),
    });
    for (const [ordinal, vector] of vectors.entries()) {
      this.people.push(persons[ordinal]!);
      const faceId = this.store.faces.insert(photoId, ordinal, {
        x: 0,
        y: 0,
        width: 1,
        height: 1,
        landmarks: '[[0,0],[0,0],[0,0],[0,0],[0,0]]',
        detectionScore: 1,
        size,
        sharpness: 1,
        yaw: 0,
        pitch: 0,
        roll: 0,
        quality: 0.5,
        features: new Uint8Array(1024),
      });
      this.table.set(faceId, Float32Array.from(vector));
    }
  }
}
