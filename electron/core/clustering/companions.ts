import { clusteringTuning } from '../tuning.ts';
import type { Partition } from './node-graph.ts';

/**
 * Groups that faces to be grouped share photos with while they are not grouped themselves, each by a
 * number that stands for it everywhere.
 */
export interface Bystanders {
  /** Those with a face in a photo. */
  inPhoto(photoId: number): readonly number[];
  /** With how many groups one was seen, itself left out. */
  companions(bystander: number): number;
}

export const noBystanders: Bystanders = { inPhoto: () => [], companions: () => 0 };

/** Who is seen with whom, as a reason to think that two groups are one person. */
export interface Companions {
  /**
   * What it adds to the logarithmic odds that two groups are one person that somebody was seen with
   * both: 0 where nobody was, or who was is seen with everybody.
   */
  evidence(a: number, b: number): number;
  join(a: number, b: number): void;
}

/**
 * People are seen with the same few: two groups that were both seen with somebody are one person
 * more often than two that were not. Among `population` people a group was seen by chance with a
 * companion c at |c's companions| / population, and with one that the rest of its person was seen with
 * far more often; the logarithm of the ratio is the evidence (naive Bayes), of the companion that says
 * most. So among many families it says much, and in the album of a single one nothing.
 */
export class Company {
  readonly #photoIds: readonly number[];
  readonly #people: Partition;
  readonly #bystanders: Bystanders;
  readonly #population: number;
  /** Who is in each photo with two and more; bystander n as −1 − n. */
  readonly #inPhoto: ReadonlyMap<number, ReadonlySet<number>>;
  readonly #acquaintances: readonly (Set<number> | undefined)[];

  /**
   * @param photoIds photo of each row.
   * @param people the rows by the best that is known of who they are.
   * @param population how many people the library has, roughly.
   */
  constructor(
    photoIds: readonly number[],
    people: Partition,
    bystanders: Bystanders,
    population: number,
  ) {
    this.#photoIds = photoIds;
    this.#people = people;
    this.#bystanders = bystanders;
    this.#population = population;
    this.#inPhoto = groupsInPhotos(photoIds, people.groupOfRow, bystanders);
    this.#acquaintances = this.#seenWith(photoIds.keys(), people);
  }

  /**
   * @param rows the rows that are compared.
   * @param nodes their groups; joined, two are named by either.
   */
  companions(rows: Iterable<number>, nodes: Partition): Companions {
    const seenWith = this.#seenWith(rows, nodes);
    return {
      evidence: (a, b) => {
        const [small, large] = bySize(seenWith[a], seenWith[b]);
        let most = 0;
        for (const companion of small ?? []) {
          if (large!.has(companion)) most = Math.max(most, this.#evidenceOf(companion));
        }
        return most;
      },
      join(a, b) {
        const [small, large] = bySize(seenWith[a], seenWith[b]);
        for (const companion of small ?? []) large!.add(companion);
        seenWith[a] = large;
        seenWith[b] = undefined;
      },
    };
  }

  #seenWith(rows: Iterable<number>, nodes: Partition): (Set<number> | undefined)[] {
    const sets = new Array<Set<number> | undefined>(nodes.size);
    let at = 0;
    for (const row of rows) {
      const node = nodes.groupOfRow[at++]!;
      for (const companion of this.#inPhoto.get(this.#photoIds[row]!) ?? []) {
        if (companion !== this.#people.groupOfRow[row]) (sets[node] ??= new Set()).add(companion);
      }
    }
    return sets;
  }

  #evidenceOf(companion: number): number {
    const { companionShare, companionLimit } = clusteringTuning;
    const met =
      companion < 0
        ? this.#bystanders.companions(-1 - companion)
        : (this.#acquaintances[companion]?.size ?? 0);
    const odds = (companionShare * this.#population) / Math.max(1, met);
    return Math.min(companionLimit, Math.max(0, Math.log(odds)));
  }
}

function groupsInPhotos(
  photoIds: readonly number[],
  groupOfRow: ArrayLike<number>,
  bystanders: Bystanders,
): Map<number, ReadonlySet<number>> {
  const groupsIn = new Map<number, Set<number>>();
  for (const [row, photoId] of photoIds.entries()) {
    const groups =
      groupsIn.get(photoId) ?? new Set(bystanders.inPhoto(photoId).map((group) => -1 - group));
    groupsIn.set(photoId, groups.add(groupOfRow[row]!));
  }
  for (const [photoId, groups] of groupsIn) if (groups.size < 2) groupsIn.delete(photoId);
  return groupsIn;
}

/** The smaller one first; where one is missing, that. */
function bySize(a: Set<number> | undefined, b: Set<number> | undefined) {
  return (a?.size ?? 0) <= (b?.size ?? 0) ? ([a, b] as const) : ([b, a] as const);
}
