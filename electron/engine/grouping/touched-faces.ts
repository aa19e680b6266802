import { facesOf, singles, type Footprint } from '../../core/labels/dependence.ts';
import type { LabelEvent } from '../../core/labels/events.ts';

/** Where what events did, and the faces of persons, are looked up. */
export interface LabelLookup {
  readonly history: { get(eventId: number): Footprint | undefined };
  readonly target: {
    confirmedFaces(personId: number): readonly number[];
    rejectedFaces(personId: number): readonly number[];
  };
}

/** Faces of which some of the events, or their being taken back, says something. */
export function touchedFaces(
  log: readonly { readonly eventId: number; readonly event: LabelEvent }[],
  labels: LabelLookup,
): Set<number> {
  const touched = new Set<number>();
  const touchAll = (faceIds: Iterable<number>) => {
    for (const faceId of faceIds) touched.add(faceId);
  };
  for (const { eventId, event } of log) {
    const done = labels.history.get('eventId' in event ? event.eventId : eventId);
    if (!done) continue;
    touchAll(facesOf(done));
    // The faces of the person that stays did not change, but may be joined with the others now.
    for (const single of singles(done.event)) {
      if (single.type !== 'merge') continue;
      for (const personId of single.personIds) {
        touchAll(labels.target.confirmedFaces(personId));
        touchAll(labels.target.rejectedFaces(personId));
      }
    }
  }
  return touched;
}
