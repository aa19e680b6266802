import type { Client } from '../../electron/contract/client.ts';
import { Hands, type Knowledge, type Tally } from './effort-hands.ts';
import { PeopleRoad } from './effort-people.ts';
import { ReviewRoad } from './effort-review.ts';

export interface Effort extends Tally {
  readonly actions: number;
  readonly wantedFaces: number;
  readonly rightFaces: number;
  /** Faces that carry a wrong name at the end. */
  readonly wrongFaces: number;
  /** Groups of people nobody wants that the eye passed over: they ask for nothing. */
  readonly passed: number;
}

/** The view in which the user names. */
export const roads = { people: PeopleRoad, review: ReviewRoad } as const;
export type Road = keyof typeof roads;

/**
 * A user who never errs names people through the contract as the interface would, until enough faces
 * are right: in People or in Review; what is missing in the end is searched for and named face by face.
 * A face is right when it is shown with its person, confirmed or not; wrong ones that are shown there
 * are taken out.
 */
export class OracleUser {
  readonly #hands: Hands;
  readonly #road: PeopleRoad | ReviewRoad;
  /** Actions between two looks at regrouped faces. */
  readonly #pace: number;

  constructor(client: Client, knowledge: Knowledge, pace: number, road: Road = 'people') {
    this.#hands = new Hands(client, knowledge);
    this.#road = new roads[road](this.#hands, pace);
    this.#pace = pace;
  }

  /** @param onLook is told how far things are whenever the user looks at regrouped faces. */
  async work(onLook?: (right: number, wanted: number, actions: number) => void): Promise<Effort> {
    const hands = this.#hands;
    for (;;) {
      await hands.look();
      if (hands.done) break;
      onLook?.(hands.right.size, hands.target, hands.actions);
      if (await this.#learn()) continue;
      if (!((await this.#road.walk()) || (await this.#assignMissing()))) break;
    }
    await hands.takeOutWrong();
    return {
      ...hands.tally,
      actions: hands.actions,
      wantedFaces: hands.wantedFaces,
      rightFaces: hands.right.size,
      wrongFaces: hands.wrong.size,
      passed: hands.passed.size,
    };
  }

  /** Lets Kith learn where it says that this is worth it. */
  async #learn(): Promise<boolean> {
    const { client, knowledge, tally } = this.#hands;
    if (!knowledge.learns) return false;
    const { offer } = await client.call('learning.offer', {});
    if (!offer.worthwhile) return false;
    tally.learnt++;
    await client.call('learning.start', {});
    await client.call('host.learningIdle', {});
    return true;
  }

  async #assignMissing(): Promise<boolean> {
    const hands = this.#hands;
    let left = this.#pace;
    for (const [faceId, identity] of hands.knowledge.identityOfFace) {
      if (hands.done || left === 0) break;
      if (!hands.wants(identity) || hands.right.has(faceId)) continue;
      await hands.name([faceId], identity, 'assigned');
      hands.right.add(faceId);
      left--;
    }
    return left < this.#pace;
  }
}
