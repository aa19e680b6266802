import type { Client } from '../../electron/contract/client.ts';

/** What the user knows: who the faces are, and whom to name. */
export interface Knowledge {
  /** Nothing for faces that the user has never seen. */
  readonly identityOfFace: ReadonlyMap<number, string>;
  readonly wanted: ReadonlySet<string>;
  /** Share of the wanted people's faces that have to carry the right name. */
  readonly coverage: number;
  /** Whether Kith's offers to learn are taken. */
  readonly learns: boolean;
}

/** Actions by kind; each is one gesture or one typed name. */
export interface Tally {
  /** A group got a name, new or typed again. */
  named: number;
  /** A question was answered with yes, for a group, a page of faces or a single one. */
  yes: number;
  no: number;
  /** A question about people nobody wants was put off. */
  putOff: number;
  /** A single face was taken out of a group or person, and given its own name where that is wanted. */
  ejected: number;
  /** Faces that look different in a group were chosen all at once, or one more or less by hand. */
  chosen: number;
  /** Kith was told to learn from the names. */
  learnt: number;
  /** A single face that nothing asked about was given its name. */
  assigned: number;
}

/** What a user who never errs does with faces, whatever view it is done in; every action is counted. */
export class Hands {
  readonly client: Client;
  readonly knowledge: Knowledge;
  readonly tally: Tally = {
    named: 0,
    yes: 0,
    no: 0,
    putOff: 0,
    ejected: 0,
    chosen: 0,
    learnt: 0,
    assigned: 0,
  };
  /** Groups of people nobody wants that the eye passed over: they ask for nothing. */
  readonly passed = new Set<number>();
  readonly wantedFaces: number;
  readonly target: number;
  /** Faces that are right, and with whom the others are shown. */
  right = new Set<number>();
  wrong = new Map<number, number>();
  readonly #personOf = new Map<string, number>();

  constructor(client: Client, knowledge: Knowledge) {
    this.client = client;
    this.knowledge = knowledge;
    this.wantedFaces = [...knowledge.identityOfFace.values()].filter((identity) =>
      knowledge.wanted.has(identity),
    ).length;
    this.target = Math.ceil(knowledge.coverage * this.wantedFaces - 1e-9);
  }

  get actions(): number {
    return Object.values(this.tally).reduce((sum, count) => sum + count, 0);
  }

  get done(): boolean {
    return this.right.size >= this.target;
  }

  wants(identity: string | undefined): identity is string {
    return identity !== undefined && this.knowledge.wanted.has(identity);
  }

  /** Waits for grouping and sees who is where. */
  async look(): Promise<void> {
    await this.client.call('host.idle', {});
    this.right = new Set();
    this.wrong = new Map();
    for (let afterFaceId = 0; ;) {
      const faces = await this.client.call('host.faces', { afterFaceId, limit: 10_000 });
      if (faces.length === 0) return;
      afterFaceId = faces.at(-1)!.faceId;
      for (const { faceId, personId, personName } of faces) {
        if (personId === null) continue;
        if (personName === this.knowledge.identityOfFace.get(faceId)) this.right.add(faceId);
        else this.wrong.set(faceId, personId);
      }
    }
  }

  async facesOf(clusterId: number): Promise<number[]> {
    const { faces } = await this.client.call('groups.faces', { clusterId, limit: 1000 });
    return faces.map(({ faceId }) => faceId);
  }

  /** Who most of the known faces are; nobody when none is known. */
  majority(faceIds: readonly number[]): string | undefined {
    const { identityOfFace, wanted } = this.knowledge;
    const counts = new Map<string, number>();
    for (const faceId of faceIds) {
      const identity = identityOfFace.get(faceId);
      if (identity !== undefined) counts.set(identity, (counts.get(identity) ?? 0) + 1);
    }
    // Where two are as many, the wanted one.
    const weight = ([identity, count]: [string, number]) =>
      2 * count + Number(wanted.has(identity));
    return [...counts].sort((a, b) => weight(b) - weight(a))[0]?.[0];
  }

  /**
   * Says who a group is: by yes where Kith asks about that person, else by name; then takes out the
   * others.
   *
   * @param asked the person that Kith takes the group for
   */
  async settle(
    faceIds: readonly number[],
    identity: string,
    asked: number | undefined,
  ): Promise<void> {
    const known = this.#personOf.get(identity);
    let personId = known;
    if (known !== undefined && asked === known) {
      await this.answer(faceIds, known, true);
    } else {
      personId = await this.name(faceIds, identity, 'named');
    }
    for (const faceId of faceIds) {
      const of = this.knowledge.identityOfFace.get(faceId);
      if (of === identity) this.right.add(faceId);
      else if (of !== undefined) await this.eject(faceId, personId!);
    }
  }

  /** "Is this Anna?" */
  async answer(faceIds: readonly number[], personId: number, yes: boolean): Promise<void> {
    const type = yes ? 'confirm' : 'reject';
    await this.client.call('labels.apply', { type, faceIds: [...faceIds], personId });
    this.tally[yes ? 'yes' : 'no']++;
  }

  async name(
    faceIds: readonly number[],
    identity: string,
    kind: 'named' | 'ejected' | 'assigned',
  ): Promise<number> {
    const { personId } = await this.client.call('labels.apply', {
      type: 'name',
      faceIds: [...faceIds],
      name: identity,
    });
    this.#personOf.set(identity, personId!);
    this.tally[kind]++;
    return personId!;
  }

  /** Says of a face who it is, if that is somebody wanted, or else who it is not. */
  async eject(faceId: number, personId: number): Promise<void> {
    const identity = this.knowledge.identityOfFace.get(faceId);
    if (this.wants(identity)) {
      await this.name([faceId], identity, 'ejected');
      this.right.add(faceId);
      return;
    }
    await this.client.call('labels.apply', { type: 'reject', faceIds: [faceId], personId });
    this.tally.ejected++;
  }

  /** Looks at whom Kith put with the named, and says no: to a page at once where nobody on it is right. */
  async takeOutWrong(): Promise<void> {
    const { identityOfFace } = this.knowledge;
    const { questions } = await this.client.call('review.questions', { limit: 100 });
    for (const question of questions) {
      if (question.kind !== 'confirm') continue;
      const { faceIds, person } = question;
      const wrong = faceIds.filter((faceId) => this.wrong.has(faceId));
      // Of faces nobody knows the user cannot say that they are wrong.
      const known = faceIds.filter((faceId) => identityOfFace.has(faceId));
      if (wrong.length < 2 || known.some((faceId) => !this.wrong.has(faceId))) continue;
      await this.answer(faceIds, person.personId, false);
      for (const faceId of wrong) this.wrong.delete(faceId);
    }
    for (const [faceId, personId] of this.wrong) {
      if (!identityOfFace.has(faceId)) continue;
      await this.eject(faceId, personId);
      this.wrong.delete(faceId);
    }
  }
}
