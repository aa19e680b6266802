import { clusteringTuning } from '../tuning.ts';
import type { Grouping } from './group-faces.ts';
import { meanSimilarity } from './groups-of-rows.ts';
import { marginOfProbability, probabilityOfMargin } from './join-rule.ts';

/** A group that may be one of the named. */
export interface PersonSuggestion {
  readonly group: number;
  readonly personId: number;
  /** 0 to 1. */
  readonly probability: number;
}

/** Two groups, or two persons' groups, that may be one person. */
export interface LikelyPair {
  readonly groupA: number;
  readonly groupB: number;
  readonly probability: number;
}

/**
 * What is worth asking about the groups that were left apart: for each group nobody named, the
 * persons it may be, likeliest first; and the pairs of groups that may be one person, of which both
 * have a name or neither, the likeliest for each group. What the user ruled out is not asked again.
 *
 * @param personOf person of each group, or −1.
 */
export function suggest(
  grouping: Grouping,
  personOf: ArrayLike<number>,
): { readonly persons: PersonSuggestion[]; readonly pairs: LikelyPair[] } {
  const { graph, nodes, rule, unclear } = grouping;
  const least = marginOfProbability(clusteringTuning.suggestProbability);
  const persons: PersonSuggestion[] = [];
  const bestPair = new Map<number, LikelyPair>();
  for (let group = 0; group < graph.size; group++) {
    const own = personOf[group]!;
    const likely = new Map<number, number>();
    for (let edge = graph.offsets[group]!; edge < graph.offsets[group + 1]!; edge++) {
      const other = graph.targets[edge]!;
      const person = personOf[other]!;
      const asksForPerson = own < 0 && person >= 0;
      // Each pair once; a lone face that is too poor to tell is no question of its own.
      const asksForPair = group < other && own < 0 === person < 0 && (own < 0 || own !== person);
      if (!asksForPerson && (!asksForPair || unclear.has(group) || unclear.has(other))) continue;
      if (rule.forbids(group, other) && (asksForPerson || own < 0)) continue;
      const margin = rule.evidence(group, other, meanSimilarity(nodes, group, other), least);
      if (margin < least) continue;
      const probability = probabilityOfMargin(margin);
      if (asksForPerson) {
        likely.set(person, Math.max(probability, likely.get(person) ?? 0));
      } else {
        const pair = { groupA: group, groupB: other, probability };
        for (const end of [group, other]) {
          const before = bestPair.get(end);
          if (!before || before.probability < probability) bestPair.set(end, pair);
        }
      }
    }
    const ranked = [...likely].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
    for (const [personId, probability] of ranked.slice(0, clusteringTuning.suggestionsPerGroup)) {
      persons.push({ group, personId, probability });
    }
  }
  return { persons, pairs: [...new Set(bestPair.values())] };
}
