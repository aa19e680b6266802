import { logistic } from './losses.ts';
import { forEachPair } from './pairs.ts';

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
  const likest = likestByPerson(embeddings, persons, options);
  const doubts: LabelDoubt[] = [];
  for (const [row, byPerson] of likest.entries()) {
    const person = persons[row]!;
    if (person < 0) continue;
    const own = mean(byPerson.get(person));
    let other = -1;
    let perhaps: number | null = null;
    for (const [candidate, similarities] of byPerson) {
      if (candidate === person) continue;
      const similarity = mean(similarities);
      if (similarity > other) [other, perhaps] = [similarity, candidate];
    }
    const wanted = Math.max(other, options.expected);
    const known = byPerson.has(person);
    doubts.push({
      row,
      person,
      doubt: known ? logistic((wanted - own) / options.temperature) : 0,
      perhaps: other > own && other > options.expected ? perhaps : null,
      similarity: known ? own : 1,
    });
  }
  return doubts.sort((a, b) => b.doubt - a.doubt || a.row - b.row);
}

/** For each named row and each person the greatest similarities, falling. */
function likestByPerson(
  embeddings: Float32Array,
  persons: ArrayLike<number>,
  { dimensions, likest }: DoubtOptions,
): Map<number, number[]>[] {
  const found = Array.from(persons, () => new Map<number, number[]>());
  const named = [...found.keys()].filter((row) => persons[row]! >= 0);
  const some = new Float32Array(named.length * dimensions);
  for (const [place, row] of named.entries()) {
    some.set(embeddings.subarray(row * dimensions, (row + 1) * dimensions), place * dimensions);
  }
  const note = (row: number, person: number, similarity: number) => {
    const list = found[row]!.get(person);
    if (!list) found[row]!.set(person, [similarity]);
    else if (list.length < likest || similarity > list[list.length - 1]!) {
      if (list.length < likest) list.push(similarity);
      let place = list.length - 1;
      for (; place > 0 && list[place - 1]! < similarity; place--) list[place] = list[place - 1]!;
      list[place] = similarity;
    }
  };
  forEachPair(some, dimensions, (placeA, placeB, similarity) => {
    const [first, second] = [named[placeA]!, named[placeB]!];
    note(first, persons[second]!, similarity);
    note(second, persons[first]!, similarity);
  });
  return found;
}

const mean = (values: readonly number[] = []) =>
  values.length === 0 ? -1 : values.reduce((sum, value) => sum + value, 0) / values.length;
