import { clusteringTuning } from '../tuning.ts';
import type { Grouping } from './group-faces.ts';
import { probabilityOfMargin } from './join-rule.ts';
import { numberGroups } from './node-graph.ts';
import { proposeSplit, type SplitProposal } from './split.ts';

/** A group that may be two people. */
export interface MixedGroup {
  readonly group: number;
  /** Rows of the smaller side of the best cut. */
  readonly rows: readonly number[];
  /** That the sides are two people, 0 to 1. */
  readonly probability: number;
}

/**
 * Groups whose best cut in two leaves sides that the rule would not have joined: linkage met them in
 * another order, through faces in between. Sides of a single face are not worth a question of their
 * own, since naming the group picks that face out as easily.
 *
 * @param embedding unit vector of a row.
 * @param isAsked whether a group is worth asking about, as one that nobody named.
 */
export function findMixedGroups(
  embedding: (row: number) => Float32Array,
  grouping: Pick<Grouping, 'groupOfRow' | 'size' | 'nodes' | 'ruleOfParts'>,
  isAsked: (group: number) => boolean,
): MixedGroup[] {
  const { leastSide, facesTakenApart, splitProbability } = clusteringTuning;
  const { counts } = grouping.nodes;
  const rowsOf = new Map<number, number[]>();
  for (const [row, group] of grouping.groupOfRow.entries()) {
    const count = counts[group]!;
    if (count < 2 * leastSide || count > facesTakenApart || !isAsked(group)) continue;
    const rows = rowsOf.get(group);
    if (rows) rows.push(row);
    else rowsOf.set(group, [row]);
  }
  const cuts: { group: number; sides: [number[], number[]]; proposal: SplitProposal }[] = [];
  for (const [group, rows] of rowsOf) {
    const proposal = proposeSplit(rows.map((row) => embedding(row)));
    if (!proposal || proposal.side.length < leastSide) continue;
    const side = new Set(proposal.side);
    const sides: [number[], number[]] = [
      rows.filter((_, at) => side.has(at)),
      rows.filter((_, at) => !side.has(at)),
    ];
    cuts.push({ group, sides, proposal });
  }
  // The sides of cut `i` are the parts 2i and 2i + 1.
  const sides = cuts.flatMap((cut) => cut.sides);
  const rule = grouping.ruleOfParts(
    sides.flat(),
    numberGroups(sides.flatMap((rows, part) => rows.map(() => part))),
  );
  return cuts.flatMap(({ group, sides: [rows], proposal }, cut) => {
    const margin = rule.evidence(2 * cut, 2 * cut + 1, proposal.between, -Infinity);
    const probability = 1 - probabilityOfMargin(margin);
    return probability >= splitProbability ? [{ group, rows, probability }] : [];
  });
}
