import { clusteringTuning } from '../tuning.ts';
import { listRows, type Partition } from './node-graph.ts';
import type { PhotoMates } from './photo-mates.ts';
import type { PhotoSets } from './photo-sets.ts';

/** Who is seen with whom, as a reason to think that two groups are one person. */
export interface Companions {
  /**
   * What it adds to the logarithmic odds that two groups are one person that somebody was seen with
   * both: 0 where nobody was, or who was is seen with everybody.
   */
  evidence(a: number, b: number): number;
  /** `b` becomes part of `a`; told before their photos are joined. */
  join(a: number, b: number): void;
}

/**
 * People are seen with the same few: two groups that were both seen with somebody are one person
 * more often than two that were not. Among `population` people a group was seen by chance with a
 * companion c at |c's companions| / population, and with one that the rest of its person was seen with
 * far more often; the logarithm of the ratio is the evidence (naive Bayes), of the companion that says
 * most. So among many families it says much, and in the album of a single one nothing.
 *
 * All of it is looked up when asked for: few pairs come near enough to being joined.
 */
export class Company {
  readonly #mates: PhotoMates;
  readonly #people: Partition;
  readonly #rowsOf: ReturnType<typeof listRows>;
  readonly #population: number;
  readonly #evidence = new Map<number, number>();
  /** When each person was last met. */
  readonly #metAt: Uint32Array;
  #look = 0;

  /**
   * @param people the rows by the best that is known of who they are.
   * @param population how many people the library has, roughly.
   */
  constructor(mates: PhotoMates, people: Partition, population: number) {
    this.#mates = mates;
    this.#people = people;
    this.#rowsOf = listRows(people);
    this.#population = population;
    this.#metAt = new Uint32Array(people.size);
  }

  /**
   * @param photos photos of the groups that are compared.
   * @param personOf person that each of those groups is part of.
   */
  companions(photos: PhotoSets, personOf: (group: number) => number): Companions {
    const into = new Map<number, number>();
    const find = (person: number): number => {
      const other = into.get(person);
      return other === undefined ? person : find(other);
    };
    const seenWith = new Map<number, Set<number>>();
    const lookUp = (group: number): Set<number> => {
      const known = seenWith.get(group);
      if (known) return known;
      const found = this.#inPhotos((visit) => photos.visitRows(group, visit));
      seenWith.set(group, found);
      return found;
    };
    return {
      evidence: (a, b) => {
        const [small, large] = bySize(lookUp(a), lookUp(b));
        let most = 0;
        for (const companion of small) {
          if (!large.has(companion)) continue;
          const evidence = this.#evidenceOf(companion);
          if (evidence <= most) continue;
          const person = find(companion);
          if (person !== find(personOf(a)) && person !== find(personOf(b))) most = evidence;
        }
        return most;
      },
      join(a, b) {
        if (seenWith.has(a) || seenWith.has(b)) {
          const [small, large] = bySize(lookUp(a), lookUp(b));
          for (const companion of small) large.add(companion);
          seenWith.set(a, large);
          seenWith.delete(b);
        }
        const [personA, personB] = [find(personOf(a)), find(personOf(b))];
        if (personA !== personB) into.set(personB, personA);
      },
    };
  }

  /** Everybody in the photos of some rows; bystander n as −1 − n. */
  #inPhotos(visitRows: (visit: (row: number) => void) => void): Set<number> {
    const found = new Set<number>();
    const look = ++this.#look;
    const meet = (mate: number) => {
      const person = mate < 0 ? mate : this.#people.groupOfRow[mate]!;
      if (person >= 0) {
        // People of many photos are met again and again.
        if (this.#metAt[person] === look) return;
        this.#metAt[person] = look;
      }
      found.add(person);
    };
    visitRows((row) => this.#mates.visit(row, meet));
    return found;
  }

  #visitRows(person: number, visit: (row: number) => void): void {
    const { starts, rows } = this.#rowsOf;
    for (let at = starts[person]!; at < starts[person + 1]!; at++) visit(rows[at]!);
  }

  #evidenceOf(companion: number): number {
    const known = this.#evidence.get(companion);
    if (known !== undefined) return known;
    const met =
      companion < 0
        ? this.#mates.bystanders.companions(-1 - companion)
        : this.#inPhotos((visit) => this.#visitRows(companion, visit)).size - 1;
    const { companionShare, companionLimit } = clusteringTuning;
    const odds = (companionShare * this.#population) / Math.max(1, met);
    const evidence = Math.min(companionLimit, Math.max(0, Math.log(odds)));
    this.#evidence.set(companion, evidence);
    return evidence;
  }
}

/** The smaller one first. */
function bySize<T>(a: Set<T>, b: Set<T>): readonly [Set<T>, Set<T>] {
  return a.size <= b.size ? [a, b] : [b, a];
}
