import type { ReviewQuestion } from '../../electron/contract/review.ts';
import type { Hands } from './effort-hands.ts';
import { Patience } from './patience.ts';

/**
 * Naming in Review: questions are answered one after the other as Kith asks them. Each costs a key,
 * those about strangers too. Of a page to confirm, those who are somebody else are taken out first.
 * Questions about single faces are answered as long as that pays.
 */
export class ReviewRoad {
  readonly #hands: Hands;
  readonly #pace: number;
  readonly #patience = new Patience();

  constructor(hands: Hands, pace: number) {
    this.#hands = hands;
    this.#pace = pace;
  }

  /** @returns whether there was anything to do. */
  async walk(): Promise<boolean> {
    const { client } = this.#hands;
    const { questions } = await client.call('review.questions', { limit: this.#pace });
    let answered = false;
    for (const question of questions) {
      if (this.#hands.done) return true;
      const single = question.kind === 'is-person' && question.faceCount === 1;
      if (single && this.#patience.over) return answered;
      answered = (await this.#answer(question)) || answered;
    }
    return answered;
  }

  /** @returns whether it could be answered: an answer before it may have settled its faces. */
  async #answer(question: ReviewQuestion): Promise<boolean> {
    switch (question.kind) {
      case 'who':
      case 'is-person':
        return this.#tell(question);
      case 'confirm':
        return this.#confirm(question);
      case 'same':
        // Nobody was named twice.
        await this.#putOff(question, 'no');
        return true;
      case 'split':
        return this.#split(question);
    }
  }

  async #tell(question: Extract<ReviewQuestion, { kind: 'who' | 'is-person' }>): Promise<boolean> {
    const hands = this.#hands;
    const person = question.kind === 'is-person' ? question.person : undefined;
    const faceIds = await hands.facesOf(question.clusterId);
    if (faceIds.length === 0) return false;
    const identity = hands.majority(faceIds);
    if (person && question.faceCount === 1) this.#patience.heard(identity === person.name);
    if (hands.wants(identity)) await hands.settle(faceIds, identity, person?.personId);
    // Of faces that the user has never seen nobody can say who they are not.
    else if (person && identity !== undefined) await hands.answer(faceIds, person.personId, false);
    else await this.#putOff(question, 'putOff');
    return true;
  }

  async #confirm(question: Extract<ReviewQuestion, { kind: 'confirm' }>): Promise<boolean> {
    const hands = this.#hands;
    const { identityOfFace } = hands.knowledge;
    const { personId, name } = question.person;
    const others = question.faceIds.filter(
      (faceId) => (identityOfFace.get(faceId) ?? name) !== name,
    );
    const known = question.faceIds.filter((faceId) => identityOfFace.has(faceId));
    if (others.length > 1 && others.length === known.length) {
      await hands.answer(question.faceIds, personId, false);
      return true;
    }
    for (const faceId of others) await hands.eject(faceId, personId);
    const gone = new Set(others);
    const left = question.faceIds.filter((faceId) => !gone.has(faceId));
    if (left.length > 0) await hands.answer(left, personId, true);
    return true;
  }

  async #split(question: Extract<ReviewQuestion, { kind: 'split' }>): Promise<boolean> {
    const hands = this.#hands;
    const { faceIds, otherFaceIds } = question;
    const [one, other] = [hands.majority(faceIds), hands.majority(otherFaceIds)];
    if (one === other || !(hands.wants(one) || hands.wants(other))) {
      await this.#putOff(question, 'no');
      return true;
    }
    await hands.client.call('labels.apply', { type: 'split', faceIds: [...faceIds] });
    hands.tally.yes++;
    return true;
  }

  async #putOff({ key }: ReviewQuestion, kind: 'no' | 'putOff'): Promise<void> {
    await this.#hands.client.call('review.putOff', { key });
    this.#hands.tally[kind]++;
  }
}
