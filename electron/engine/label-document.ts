import type { DocumentFace, LabelDocument } from '../contract/label-document.ts';
import { KithError } from '../contract/errors.ts';
import { matchBoxes } from '../core/geometry/match-boxes.ts';
import type { FaceLabel, SingleEvent } from '../core/labels/events.ts';
import { restoreTuning } from '../core/tuning.ts';
import type { Store } from '../store/store.ts';
import { faces, type NewPeople, type Resolved } from './label-actions.ts';

/** All that was said of a library, in a form that fits a library built anew elsewhere. */
export function exportLabels(store: Store): LabelDocument {
  const persons = store.labels.persons();
  const placeOf = new Map(persons.map(({ personId }, place) => [personId, place]));
  const placesOf = (personIds: readonly number[]) =>
    personIds.flatMap((personId) => placeOf.get(personId) ?? []);
  const photos: LabelDocument['photos'] = [];
  const numberOf = new Map<number, number>();
  for (const row of store.labelExport.labelled()) {
    const { faceId, sha256, x, y, width, height, drawn, state, personId } = row;
    const person = personId === null ? undefined : placeOf.get(personId);
    const not = placesOf(store.labels.target.rejectedPersons(faceId));
    const cover = personId !== null && store.labels.target.person(personId)?.coverFaceId === faceId;
    const face: DocumentFace = {
      box: [x, y, width, height],
      ...(state === null ? {} : { state }),
      ...(person === undefined ? {} : { person }),
      ...(not.length === 0 ? {} : { not }),
      ...(cover ? { cover } : {}),
      ...(drawn === 1 ? { drawn: true } : {}),
    };
    numberOf.set(faceId, numberOf.size);
    const last = photos.at(-1);
    if (last?.sha256 === sha256) last.faces.push(face);
    else photos.push({ sha256, faces: [face] });
  }
  const splits = Map.groupBy(store.labelExport.sides(), ({ splitId }) => splitId);
  const sideOf = (members: ReturnType<typeof store.labelExport.sides>, side: 0 | 1) =>
    members.flatMap((one) => (one.side === side ? (numberOf.get(one.faceId) ?? []) : []));
  return {
    format: 'kith-labels',
    version: 1,
    people: persons.map(({ name, hidden, birthDate }) => ({
      name,
      ...(hidden === 1 ? { hidden: true } : {}),
      ...(birthDate === null ? {} : { birthDate }),
    })),
    photos,
    splits: [...splits.values()].map((members) => [sideOf(members, 0), sideOf(members, 1)]),
  };
}

/** The faces of a document in this library, in the document's order; undefined where there is none. */
export function matchFaces(store: Store, document: LabelDocument): (number | undefined)[] {
  return document.photos.flatMap(({ sha256, faces: wanted }) => {
    const present = store.labelExport.ofPhoto(sha256);
    const boxes = wanted.map(({ box: [x, y, width, height] }) => ({ x, y, width, height }));
    return matchBoxes(boxes, present, restoreTuning.boxOverlap).map((at) => present[at]?.faceId);
  });
}

/**
 * Says all of a document again here, of the faces that are here. People are the same if their names
 * are; what is said here already is left out.
 *
 * @param faceIds as from `matchFaces`
 * @param drawnFaceIds of these, those that are absent until now
 * @throws KithError when nothing in it is new here.
 */
export function resolveImport(
  store: Store,
  people: NewPeople,
  document: LabelDocument,
  faceIds: readonly (number | undefined)[],
  drawnFaceIds: readonly number[] = [],
): Resolved {
  const listed = document.photos.flatMap((photo) => photo.faces);
  const here = listed.flatMap((face, number) => {
    const faceId = faceIds[number];
    if (faceId === undefined) return [];
    return [{ face, faceId, before: store.labels.target.label(faceId) }];
  });
  const facesWhere = (test: (face: DocumentFace, before: FaceLabel | undefined) => boolean) =>
    here.filter(({ face, before }) => test(face, before)).map(({ faceId }) => faceId);

  const events: SingleEvent[] = [];
  const sayOfFaces = (event: SingleEvent & { readonly faceIds: readonly number[] }) => {
    if (event.faceIds.length > 0) events.push(event);
  };
  sayOfFaces({ type: 'draw', faceIds: drawnFaceIds });
  for (const [place, { name, hidden, birthDate }] of document.people.entries()) {
    const existing = store.labels.personByName(name);
    const isHere = here.some(({ face }) => face.person === place || face.not?.includes(place));
    if (!isHere) continue;
    const personId = existing ?? people.nextPersonId++;
    const known = existing === undefined ? undefined : store.labels.target.person(existing);
    const named = facesWhere(
      (face, before) => face.person === place && before?.personId !== personId,
    );
    if (!known) events.push({ type: 'name', personId, name, faceIds: named });
    else sayOfFaces({ type: 'confirm', personId, faceIds: named });
    const rejected = here.filter(
      ({ face, faceId }) =>
        face.not?.includes(place) &&
        !store.labels.target.rejectedPersons(faceId).includes(personId),
    );
    sayOfFaces({ type: 'reject', personId, faceIds: rejected.map(({ faceId }) => faceId) });
    if (hidden && !known?.hidden) events.push({ type: 'hide', personIds: [personId] });
    if (birthDate !== undefined && known?.birthDate !== birthDate) {
      events.push({ type: 'birth', personId, birthDate });
    }
    const cover = here.find(({ face }) => face.cover && face.person === place)?.faceId;
    if (cover !== undefined && known?.coverFaceId !== cover) {
      events.push({ type: 'cover', personId, faceId: cover });
    }
  }
  for (const type of ['ignore', 'not-a-face'] as const) {
    const state = type === 'ignore' ? 'ignored' : type;
    const said = facesWhere((face, before) => face.state === state && before?.state !== state);
    sayOfFaces({ type, faceIds: said });
  }
  for (const [side, otherSide] of document.splits) {
    const here = (numbers: readonly number[]) => numbers.flatMap((number) => faceIds[number] ?? []);
    const [first, second] = [here(side), here(otherSide)];
    if (first.length === 0 || second.length === 0 || areSplit(store, first, second)) continue;
    events.push({ type: 'split', faceIds: first, fromFaceIds: second });
  }
  if (events.length === 0) {
    throw new KithError(
      'refused',
      here.length === 0
        ? 'None of the photos in this file are in the library. Scan them first.'
        : 'Everything in this file is said here already.',
    );
  }
  return {
    event: { type: 'several', events },
    description: `Restored what a file says of ${faces(here.length)}`,
    personId: null,
    faceCount: here.length,
  };
}

/** Whether the faces of two lists stand on different sides of one split already. */
function areSplit(store: Store, first: readonly number[], second: readonly number[]): boolean {
  const { target } = store.labels;
  return target
    .splitsOf(first[0]!)
    .some(
      (splitId) =>
        first.every((faceId) => target.side(faceId, splitId) === 0) &&
        second.every((faceId) => target.side(faceId, splitId) === 1),
    );
}
