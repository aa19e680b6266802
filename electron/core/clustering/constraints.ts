/**
 * What the user's words keep apart, as marks: two faces with the same key and different values are
 * never put together by the machine. One mechanism for persons (key: "named", value: the person),
 * rejections (key: the person, value: is or is not) and splits (key: the event, value: the side).
 */
export type Marks = ReadonlyMap<string, number>;

/** Stands for several values under one key, which only a user's word brings together. */
const mixed = Number.NaN;

export const noMarks: Marks = new Map();

export interface FaceConstraints {
  readonly confirmed: readonly { readonly faceId: number; readonly personId: number }[];
  readonly rejected: readonly { readonly faceId: number; readonly personId: number }[];
  readonly sides: readonly {
    readonly faceId: number;
    readonly eventId: number;
    readonly side: 0 | 1;
  }[];
}

/** The marks of each face that has any. */
export function marksOfFaces(constraints: FaceConstraints): Map<number, Marks> {
  const marks = new Map<number, Marks>();
  const mark = (faceId: number, key: string, value: number) =>
    void marks.set(faceId, new Map(marks.get(faceId)).set(key, value));
  // In a library that is named nearly all faces have the same marks as others.
  const marksOfPerson = new Map<number, Marks>();
  for (const { faceId, personId } of constraints.confirmed) {
    let ofPerson = marksOfPerson.get(personId);
    if (ofPerson === undefined) {
      ofPerson = new Map([
        ['named', personId],
        [`person ${personId}`, 1],
      ]);
      marksOfPerson.set(personId, ofPerson);
    }
    marks.set(faceId, ofPerson);
  }
  for (const { faceId, personId } of constraints.rejected) mark(faceId, `person ${personId}`, 0);
  for (const { faceId, eventId, side } of constraints.sides) mark(faceId, `split ${eventId}`, side);
  return marks;
}

/** The person whose name the user gave, or −1. */
export function personOfMarks(marks: Marks): number {
  return marks.get('named') ?? -1;
}

/** Whether the user said who it is. */
export function isNamed(marks: Marks): boolean {
  return marks.size > 0 && marks.has('named');
}

/** Whether the user said who it is not, and not who it is. */
export function isRejected(marks: Marks): boolean {
  if (marks.size === 0 || marks.has('named')) return false;
  for (const [key, value] of marks) if (value === 0 && key.startsWith('person ')) return true;
  return false;
}

/** Whether some of who has them are kept apart from others. */
export function isMixed(marks: Marks): boolean {
  for (const value of marks.values()) if (Number.isNaN(value)) return true;
  return false;
}

export function conflict(a: Marks, b: Marks): boolean {
  const [small, large] = a.size <= b.size ? [a, b] : [b, a];
  for (const [key, value] of small) {
    const other = large.get(key);
    // NaN, the mixed value, differs from everything.
    if (other !== undefined && other !== value) return true;
  }
  return false;
}

/** The marks of two groups that become one. */
export function unite(a: Marks, b: Marks): Marks {
  if (a.size === 0 || a === b) return b;
  if (b.size === 0) return a;
  const [small, large] = a.size <= b.size ? [a, b] : [b, a];
  const united = new Map(large);
  for (const [key, value] of small) {
    const other = united.get(key);
    united.set(key, other === undefined || other === value ? value : mixed);
  }
  return united;
}
