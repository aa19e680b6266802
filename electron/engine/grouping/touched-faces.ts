import type { LabelEvent } from '../../core/labels/events.ts';

/** Where events and persons are looked up. */
export interface LabelLookup {
  event(eventId: number): LabelEvent | undefined;
  readonly target: {
    confirmedFaces(personId: number): readonly number[];
    rejectedFaces(personId: number): readonly number[];
  };
}

/** Faces of which some of the events, or their being taken back, says something. */
export function touchedFaces(events: readonly LabelEvent[], labels: LabelLookup): Set<number> {
  const touched = new Set<number>();
  const touch = (event: LabelEvent): void => {
    if ('eventId' in event) {
      const named = labels.event(event.eventId);
      if (named && !('eventId' in named)) touch(named);
      return;
    }
    if ('faceIds' in event) for (const faceId of event.faceIds) touched.add(faceId);
    if ('fromFaceIds' in event) for (const faceId of event.fromFaceIds) touched.add(faceId);
    const personIds = [
      ...('personIds' in event ? event.personIds : []),
      ...('personId' in event && !('faceIds' in event) ? [event.personId] : []),
    ];
    for (const personId of personIds) {
      for (const faceId of labels.target.confirmedFaces(personId)) touched.add(faceId);
      for (const faceId of labels.target.rejectedFaces(personId)) touched.add(faceId);
    }
  };
  for (const event of events) touch(event);
  return touched;
}
