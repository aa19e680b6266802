import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LabelDocument } from '../../electron/contract/label-document.ts';
import { LabelAction } from '../../electron/contract/labels.ts';
import { exportLabels, matchFaces, resolveImport } from '../../electron/engine/label-document.ts';
import { Labels } from '../../electron/engine/labels.ts';
import type { Store } from '../../electron/store/store.ts';
import { makeLibrary, sha256Of } from './made-library.ts';

let here: Store;
let there: Store;
let labels: Labels;
let others: Labels;

beforeEach(() => {
  here = makeLibrary();
  labels = new Labels(here, () => 1);
  // The same photos but the fourth, found in another order by a detector that sees a little shifted.
  there = makeLibrary([6, 3, 1, 2, 5, 9], 0.05);
  others = new Labels(there, () => 2);
});
afterEach(() => {
  here.close();
  there.close();
});

const apply = (action: unknown) => labels.apply(LabelAction.parse(action));
const restore = (store: Store, into: Labels, document: LabelDocument) => {
  const faceIds = matchFaces(store, document);
  return into.write((people) => resolveImport(store, people, document, faceIds));
};
/** What is said of each photo's face, by the photo's number. */
const said = (store: Store) =>
  Object.fromEntries(
    store.faces.records(0, 100).map((face) => {
      const not = store.labels.target
        .rejectedPersons(face.faceId)
        .map((personId) => store.labels.personName(personId));
      return [Number(face.sha256), [face.personName ?? face.state, ...not]];
    }),
  );

function sayMuch(): void {
  const anna = apply({ type: 'name', faceIds: [1, 2, 4], name: 'Anna' }).personId;
  const ben = apply({ type: 'name', faceIds: [3], name: 'Ben' }).personId;
  apply({ type: 'reject', faceIds: [3], personId: anna });
  apply({ type: 'ignore', faceIds: [6] });
  apply({ type: 'not-a-face', faceIds: [5] });
  apply({ type: 'hide', personIds: [ben] });
  apply({ type: 'birth', personId: anna, birthDate: '2011-05-30' });
  apply({ type: 'cover', personId: anna, faceId: 1 });
}

describe('a file of labels', () => {
  it('fits a library built anew elsewhere, and is taken back as one action', () => {
    sayMuch();
    const document = LabelDocument.parse(JSON.parse(JSON.stringify(exportLabels(here))));
    const faceIds = matchFaces(there, document);
    expect(faceIds.filter((faceId) => faceId === undefined)).toHaveLength(1);
    restore(there, others, document);
    expect(said(there)).toEqual({
      1: ['Anna'],
      2: ['Anna'],
      3: ['Ben', 'Anna'],
      5: ['not-a-face'],
      6: ['ignored'],
      9: ['unassigned'],
    });
    const coverFaceId = 3; // of photo 1
    expect(there.labels.persons()).toMatchObject([
      { name: 'Anna', birthDate: '2011-05-30', coverFaceId, hidden: 0 },
      { name: 'Ben', birthDate: null, hidden: 1 },
    ]);
    others.apply({ type: 'undo' });
    expect(there.labels.persons()).toEqual([]);
    expect(new Set(Object.values(said(there)).flat())).toEqual(new Set(['unassigned']));
  });

  it('keeps splits', () => {
    here.groups.move(
      [1, 2, 3].map((faceId) => ({ faceId, clusterId: 50, unclear: false })),
      [],
    );
    apply({ type: 'split', faceIds: [3] });
    restore(there, others, exportLabels(here));
    const sides = there.labels.constraints().sides.map(({ faceId, side }) => [faceId, side]);
    // Photos 1, 2 and 3 show faces 3, 4 and 2 there.
    expect(sides.sort()).toEqual([
      [2, 0],
      [3, 1],
      [4, 1],
    ]);
    expect(() => restore(there, others, exportLabels(here))).toThrow(/said here already/u);
  });

  it('joins people of the same name, and keeps what it does not mention', () => {
    sayMuch();
    others.apply({ type: 'name', faceIds: [6], name: 'Anna' });
    restore(there, others, exportLabels(here));
    expect(said(there)).toMatchObject({ 1: ['Anna'], 9: ['Anna'] });
    expect(there.labels.persons().map((person) => person.name)).toEqual(['Anna', 'Ben']);
  });

  it('is refused where it says nothing new, speaks of other photos, or contradicts itself', () => {
    sayMuch();
    const document = exportLabels(here);
    expect(() => restore(here, labels, document)).toThrow(/said here already/u);
    const elsewhere = { ...document, photos: [{ ...document.photos[0]!, sha256: sha256Of(77) }] };
    expect(() => restore(here, labels, elsewhere)).toThrow(/Scan them first/u);
    const wrong = [
      { ...document, format: 'photos' },
      { ...document, version: 2 },
      { ...document, people: [] },
      { ...document, photos: [{ sha256: 'x', faces: document.photos[0]!.faces }] },
    ];
    for (const one of wrong) expect(LabelDocument.safeParse(one).success).toBe(false);
  });
});
