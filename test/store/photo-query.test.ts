import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore, type Store } from '../../electron/store/store.ts';

/** Photo by photo: year (0 unknown), folder, and the persons on it (0 nobody named, −1 ignored). */
const album = [
  { year: 2001, folder: 1, people: [1] },
  { year: 2001, folder: 1, people: [1, 2] },
  { year: 2004, folder: 2, people: [1, 2, 3] },
  { year: 2004, folder: 2, people: [2, 0] },
  { year: 0, folder: 1, people: [1, -1] },
  { year: 2010, folder: 2, people: [0, 0] },
  { year: 2010, folder: 1, people: [] },
  { year: 2012, folder: 2, people: [3, 0] },
] as const;

let store: Store;
beforeAll(() => {
  store = openStore(':memory:');
  const modelId = store.photos.modelId('test');
  const folders = [store.folders.add('a'), store.folders.add('b')];
  for (const [at, { year, folder, people }] of album.entries()) {
    const photoId = store.photos.insert({
      sha256: String(at),
      byteSize: 1,
      format: 'jpeg',
      width: 1,
      height: 1,
      takenAt: year === 0 ? null : `${year}-07-01T12:00:00`,
      modelId,
    });
    const { folderId } = folders[folder - 1]!;
    const stamp = { folderId, path: `${folder}/${at}`, byteSize: 1, modifiedAt: 1 };
    store.files.setPhoto(stamp, photoId);
    for (const [ordinal, person] of people.entries()) {
      const faceId = store.faces.insert(photoId, ordinal, {
        x: 0,
        y: 0,
        width: 1,
        height: 1,
        landmarks: '[]',
        detectionScore: 1,
        size: 1,
        sharpness: 1,
        yaw: 0,
        pitch: 0,
        roll: 0,
        quality: 1,
        features: new Uint8Array(1024),
      });
      const { target } = store.labels;
      if (person > 0) target.setLabel(faceId, { state: 'confirmed', personId: person });
      if (person < 0) target.setLabel(faceId, { state: 'ignored', personId: null });
    }
  }
});
afterAll(() => store.close());

describe('a search for photos', () => {
  it('finds what a look at every photo finds', () => {
    const persons = fc.uniqueArray(fc.integer({ min: 1, max: 4 }), { maxLength: 2 });
    fc.assert(
      fc.property(
        fc.record({
          all: persons,
          any: persons,
          none: persons,
          company: fc.constantFrom('any' as const, 'alone' as const, 'together' as const),
          fromYear: fc.constantFrom(null, 2001, 2004, 2005),
          toYear: fc.constantFrom(null, 2003, 2004, 2010),
          folderId: fc.constantFrom(null, 1, 2),
        }),
        (query) => {
          const { all, any, none, company, fromYear, toYear, folderId } = query;
          const expected = album.flatMap(({ year, folder, people }, at) => {
            const on = (personId: number) => people.some((person) => person === personId);
            const others = people.filter(
              (person) => person >= 0 && !all.includes(person) && !any.includes(person),
            ).length;
            const few = all.length + any.length === 0 ? 1 : 0;
            const fits =
              all.every(on) &&
              (any.length === 0 || any.some(on)) &&
              !none.some(on) &&
              (fromYear === null || year >= fromYear) &&
              (toYear === null || (year !== 0 && year <= toYear)) &&
              (folderId === null || folder === folderId) &&
              (company === 'any' || (company === 'alone' ? others === few : others > few));
            return fits ? [at + 1] : [];
          });
          const { total, rows, counts } = store.photos.search(query, 100, 0);
          expect(rows.map((row) => row.photoId).sort((a, b) => a - b)).toEqual(expected);
          expect(total).toBe(expected.length);
          expect(counts[company]).toBe(total);
        },
      ),
      { numRuns: 400 },
    );
  });
});
