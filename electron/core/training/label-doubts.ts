import { timesTransposed } from '../matrices.ts';
import { logistic } from './losses.ts';

/** A named face that resembles others of its person less than it should. */
export interface LabelDoubt {
  readonly row: number;
  readonly person: number;
  /** 0 for none up to 1. */
  readonly doubt: number;
  /** Whom it resembles more, if it is someone named. */
  readonly perhaps: number | null;
  /** Mean cosine similarity to the likest faces of its own person. */
  readonly similarity: number;
}

export interface DoubtOptions {
  readonly dimensions: number;
  /** Faces of a person that are compared with: the likest ones. */
  readonly likest: number;
  /** Similarity that a face should have to its person at the least. */
  readonly expected: number;
  /** Difference of similarities that takes a doubt from one half to 0.73. */
  readonly temperature: number;
}

/**
 * Doubts about labels: a face that resembles another person's faces more than those of its own, or
 * none of them. Persons with a single face give no ground for doubt.
 *
 * @returns one entry for each named row, greatest doubt first.
 */
export function doubtLabels(
  embeddings: Float32Array,
  persons: ArrayLike<number>,
  options: DoubtOptions,
): LabelDoubt[] {
  const { dimensions, expected, temperature } = options;
  const rows = [...Array(persons.length).keys()]
    .filter((row) => persons[row]! >= 0)
    .sort((a, b) => persons[a]! - persons[b]! || a - b);
  const named = new Float32Array(rows.length * dimensions);
  for (const [place, row] of rows.entries()) {
    named.set(embeddings.subarray(row * dimensions, (row + 1) * dimensions), place * dimensions);
  }
  const people = rows.map((row) => persons[row]!);
  const doubts: LabelDoubt[] = [];
  for (let from = 0; from < rows.length; from += rowsAtOnce) {
    const to = Math.min(rows.length, from + rowsAtOnce);
    const block = named.subarray(from * dimensions, to * dimensions);
    const similarities = timesTransposed(block, named, dimensions);
    for (let place = from; place < to; place++) {
      const ofRow = similarities.subarray(
        (place - from) * rows.length,
        (place - from + 1) * rows.length,
      );
      const { own, other, perhaps } = resemblance(ofRow, place, people, options.likest);
      doubts.push({
        row: rows[place]!,
        person: people[place]!,
        doubt: own === null ? 0 : logistic((Math.max(other, expected) - own) / temperature),
        perhaps: other > (own ?? -1) && other > expected ? perhaps : null,
        similarity: own ?? 1,
      });
    }
  }
  return doubts.sort((a, b) => b.doubt - a.doubt || a.row - b.row);
}

/** Faces that are compared with all others at a time. */
const rowsAtOnce = 128;

/**
 * How much a face resembles its own person, null where that has no other face, and whom else most.
 *
 * @param similarities of the face to all.
 * @param place of the face itself.
 * @param people person of each face; those of one lie together.
 */
function resemblance(
  similarities: Float32Array,
  place: number,
  people: readonly number[],
  likest: number,
) {
  let own: number | null = null;
  let other = -1;
  let perhaps: number | null = null;
  // The greatest similarities to one person, falling.
  const greatest: number[] = [];
  for (let at = 0; at < people.length; at++) {
    const similarity = similarities[at]!;
    if (at !== place && (greatest.length < likest || similarity > greatest.at(-1)!)) {
      if (greatest.length === likest) greatest.pop();
      let above = greatest.length;
      while (above > 0 && greatest[above - 1]! < similarity) above--;
      greatest.splice(above, 0, similarity);
    }
    const person = people[at]!;
    if (people[at + 1] === person) continue;
    if (greatest.length > 0) {
      const mean = greatest.reduce((sum, value) => sum + value, 0) / greatest.length;
      if (person === people[place]) own = mean;
      else if (mean > other) [other, perhaps] = [mean, person];
    }
    greatest.length = 0;
  }
  return { own, other, perhaps };
}
