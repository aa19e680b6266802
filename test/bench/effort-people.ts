import type { ChannelResult } from '../../electron/contract/channels.ts';
import type { Hands } from './effort-hands.ts';
import { Patience } from './patience.ts';

type Group = ChannelResult<'groups.list'>['groups'][number];

/** Groups read at a time. */
const page = 200;

/**
 * Naming in People: the largest group first, by one key where the name that Kith offers is right;
 * groups of strangers stay where they are. Several faces of somebody else in a group are chosen by
 * Kith, corrected, and named at once, where that is less work. Then come single faces that resemble
 * somebody, as long as that pays.
 */
export class PeopleRoad {
  readonly #hands: Hands;
  readonly #pace: number;
  readonly #patience = new Patience();

  constructor(hands: Hands, pace: number) {
    this.#hands = hands;
    this.#pace = pace;
  }

  /** @returns whether there was anything to do. */
  async walk(): Promise<boolean> {
    await this.#hands.takeOutWrong();
    return (await this.#answerGroups()) || (await this.#answerSingles());
  }

  async #answerGroups(): Promise<boolean> {
    const { client } = this.#hands;
    let answered = 0;
    for (let offset = 0; ; offset += page) {
      const { groups } = await client.call('groups.list', { minFaces: 2, limit: page, offset });
      for (const group of groups) {
        if (this.#hands.done || answered >= this.#pace) return true;
        if (await this.#answerGroup(group)) answered++;
      }
      if (groups.length < page) return answered > 0;
    }
  }

  /** @returns whether it is anybody to be named. */
  async #answerGroup({ clusterId, suggestion }: Group): Promise<boolean> {
    const hands = this.#hands;
    const faceIds = await hands.facesOf(clusterId);
    const identity = hands.majority(faceIds);
    if (!hands.wants(identity)) {
      // Strangers may stay in the grid, below those who are named.
      if (identity !== undefined) hands.passed.add(clusterId);
      return false;
    }
    await this.#takeOutSide(clusterId, faceIds, identity);
    const left = await hands.facesOf(clusterId);
    if (left.length > 0) await hands.settle(left, identity, suggestion?.personId);
    return true;
  }

  /**
   * Before a group is named: the faces of somebody else are chosen all at once by Kith, put right by
   * hand and named, where that is less than naming them one by one.
   */
  async #takeOutSide(clusterId: number, faceIds: readonly number[], own: string): Promise<void> {
    const hands = this.#hands;
    const { identityOfFace } = hands.knowledge;
    const strays = Map.groupBy(
      faceIds.filter((faceId) => (identityOfFace.get(faceId) ?? own) !== own),
      (faceId) => identityOfFace.get(faceId)!,
    );
    const [most] = [...strays].sort((a, b) => b[1].length - a[1].length);
    if (!most || most[1].length < 3) return;
    const [identity, members] = most;
    const side = await hands.client.call('groups.proposeSplit', { clusterId });
    const known = side.filter((faceId) => identityOfFace.has(faceId));
    const inSide = new Set(known);
    const byHand =
      known.filter((faceId) => identityOfFace.get(faceId) !== identity).length +
      members.filter((faceId) => !inSide.has(faceId)).length;
    if (2 + byHand >= members.length) return;
    hands.tally.chosen += 1 + byHand;
    if (hands.wants(identity)) {
      await hands.name(members, identity, 'named');
      for (const faceId of members) hands.right.add(faceId);
    } else {
      await hands.client.call('labels.apply', { type: 'split', faceIds: members });
      hands.tally.chosen++;
    }
  }

  /** "Is this Anna?", the likeliest face first. */
  async #answerSingles(): Promise<boolean> {
    const hands = this.#hands;
    let answered = false;
    const { groups } = await hands.client.call('groups.list', { minFaces: 1, limit: 1000 });
    const asked = groups
      .filter(({ suggestion }) => suggestion !== null)
      .sort((a, b) => b.suggestion!.probability - a.suggestion!.probability)
      .slice(0, this.#pace);
    for (const { clusterId, suggestion } of asked) {
      if (hands.done || this.#patience.over) break;
      const [faceId] = await hands.facesOf(clusterId);
      if (faceId === undefined) continue;
      const { personId, name } = suggestion!;
      const yes = hands.knowledge.identityOfFace.get(faceId) === name;
      await hands.answer([faceId], personId, yes);
      this.#patience.heard(yes);
      if (yes) hands.right.add(faceId);
      answered = true;
    }
    return answered;
  }
}
