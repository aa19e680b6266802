import type { ChannelResult } from '../../electron/contract/channels.ts';
import type { Client } from '../../electron/contract/client.ts';

type Group = ChannelResult<'groups.list'>['groups'][number];

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
  /** "Is this Anna?" was answered, for a group or a single face. */
  yes: number;
  no: number;
  /** A single face was taken out of a group or person, and given its own name where that is wanted. */
  ejected: number;
  /** Faces that look different in a group were chosen all at once, or one more or less by hand. */
  chosen: number;
  /** Kith was told to learn from the names. */
  learnt: number;
  /** A single face that nothing asked about was given its name. */
  assigned: number;
}

export interface Effort extends Tally {
  readonly actions: number;
  readonly wantedFaces: number;
  readonly rightFaces: number;
  /** Faces that carry a wrong name at the end. */
  readonly wrongFaces: number;
  /** Groups of people nobody wants that the eye passed over: they ask for nothing. */
  readonly passed: number;
}

/** Groups read at a time. */
const page = 200;

/** After so many answers of which less than half were yes, the user stops answering. */
const patience = 10;

/**
 * A user who never errs names people through the contract as the interface would until enough faces
 * are right: the largest group in People first, by one key where the name that Kith offers is right;
 * groups of strangers stay where they are. Several faces of somebody else in a group are chosen by
 * Kith, corrected, and named at once, where that is less work. Then come single faces that resemble
 * somebody, as long as that pays; what is missing in the end is searched for and named face by face.
 * A face is right when it is shown with its person, confirmed or not; wrong ones that are shown there
 * are taken out.
 */
export class OracleUser {
  readonly #client: Client;
  readonly #knowledge: Knowledge;
  /** Actions between two looks at regrouped faces. */
  readonly #pace: number;
  readonly #wantedFaces: number;
  readonly #target: number;
  readonly #tally: Tally = {
    named: 0,
    yes: 0,
    no: 0,
    ejected: 0,
    chosen: 0,
    assigned: 0,
    learnt: 0,
  };
  readonly #passed = new Set<number>();
  readonly #personOf = new Map<string, number>();
  /** Faces that are right, and with whom the others are shown. */
  #right = new Set<number>();
  #wrong = new Map<number, number>();
  #answers: boolean[] = [];

  constructor(client: Client, knowledge: Knowledge, pace: number) {
    this.#client = client;
    this.#knowledge = knowledge;
    this.#pace = pace;
    this.#wantedFaces = [...knowledge.identityOfFace.values()].filter((identity) =>
      knowledge.wanted.has(identity),
    ).length;
    this.#target = Math.ceil(knowledge.coverage * this.#wantedFaces - 1e-9);
  }

  /** @param onLook is told how far things are whenever the user looks at regrouped faces. */
  async work(onLook?: (right: number, wanted: number, actions: number) => void): Promise<Effort> {
    while (!(await this.#look())) {
      onLook?.(this.#right.size, this.#target, this.#actions);
      await this.#takeOutWrong();
      if (await this.#learn()) continue;
      const went =
        (await this.#answerGroups()) ||
        (await this.#answerSingles()) ||
        (await this.#assignMissing());
      if (!went) break;
    }
    return {
      ...this.#tally,
      actions: this.#actions,
      wantedFaces: this.#wantedFaces,
      rightFaces: this.#right.size,
      wrongFaces: this.#wrong.size,
      passed: this.#passed.size,
    };
  }

  get #actions(): number {
    return Object.values(this.#tally).reduce((sum, count) => sum + count, 0);
  }

  get #done(): boolean {
    return this.#right.size >= this.#target;
  }

  /** Waits for grouping and sees who is where. */
  async #look(): Promise<boolean> {
    await this.#client.call('host.idle', {});
    this.#right = new Set();
    this.#wrong = new Map();
    for (let afterFaceId = 0; ;) {
      const faces = await this.#client.call('host.faces', { afterFaceId, limit: 10_000 });
      if (faces.length === 0) return this.#done;
      afterFaceId = faces.at(-1)!.faceId;
      for (const { faceId, personId, personName } of faces) {
        if (personId === null) continue;
        if (personName === this.#knowledge.identityOfFace.get(faceId)) this.#right.add(faceId);
        else this.#wrong.set(faceId, personId);
      }
    }
  }

  /** Looks at whom Kith put with the named, and says no: to a page at once where nobody on it is right. */
  async #takeOutWrong(): Promise<void> {
    const { identityOfFace } = this.#knowledge;
    const { questions } = await this.#client.call('review.questions', { limit: 100 });
    for (const question of questions) {
      if (question.kind !== 'confirm') continue;
      const { faceIds, person } = question;
      const wrong = faceIds.filter((faceId) => this.#wrong.has(faceId));
      // Of faces nobody knows the user cannot say that they are wrong.
      const known = faceIds.filter((faceId) => identityOfFace.has(faceId));
      if (wrong.length < 2 || known.some((faceId) => !this.#wrong.has(faceId))) continue;
      await this.#client.call('labels.apply', {
        type: 'reject',
        faceIds,
        personId: person.personId,
      });
      this.#tally.no++;
      for (const faceId of wrong) this.#wrong.delete(faceId);
    }
    for (const [faceId, personId] of this.#wrong) {
      if (identityOfFace.has(faceId)) await this.#eject(faceId, personId);
    }
  }

  /** Says of a face who it is, if that is somebody wanted, or else who it is not. */
  async #eject(faceId: number, personId: number): Promise<void> {
    const identity = this.#knowledge.identityOfFace.get(faceId)!;
    if (this.#knowledge.wanted.has(identity)) {
      await this.#name([faceId], identity, 'ejected');
      this.#right.add(faceId);
      return;
    }
    await this.#client.call('labels.apply', { type: 'reject', faceIds: [faceId], personId });
    this.#tally.ejected++;
  }

  /** Lets Kith learn where it says that this is worth it. */
  async #learn(): Promise<boolean> {
    if (!this.#knowledge.learns) return false;
    const { offer } = await this.#client.call('learning.offer', {});
    if (!offer.worthwhile) return false;
    this.#tally.learnt++;
    await this.#client.call('learning.start', {});
    await this.#client.call('host.learningIdle', {});
    return true;
  }

  /** @returns whether there were any, as in the following steps. */
  async #answerGroups(): Promise<boolean> {
    let answered = 0;
    for (let offset = 0; ; offset += page) {
      const { groups } = await this.#client.call('groups.list', {
        minFaces: 2,
        limit: page,
        offset,
      });
      for (const group of groups) {
        if (this.#done || answered >= this.#pace) return true;
        if (await this.#answerGroup(group)) answered++;
      }
      if (groups.length < page) return answered > 0;
    }
  }

  /** @returns whether it is anybody to be named. */
  async #answerGroup(group: Group): Promise<boolean> {
    const faceIds = await this.#facesOf(group.clusterId);
    const identity = this.#majority(faceIds);
    if (identity === undefined || !this.#knowledge.wanted.has(identity)) {
      // Strangers may stay in the grid, below those who are named.
      if (identity !== undefined) this.#passed.add(group.clusterId);
      return false;
    }
    await this.#takeOutSide(group.clusterId, faceIds, identity);
    const left = await this.#facesOf(group.clusterId);
    if (left.length === 0) return true;
    const personId = await this.#tell(group, left, identity);
    for (const faceId of left) {
      const of = this.#knowledge.identityOfFace.get(faceId);
      if (of === identity) this.#right.add(faceId);
      else if (of !== undefined) await this.#eject(faceId, personId);
    }
    return true;
  }

  /**
   * Before a group is named: the faces of somebody else are chosen all at once by Kith, put right by
   * hand and named, where that is less than naming them one by one.
   */
  async #takeOutSide(clusterId: number, faceIds: readonly number[], own: string): Promise<void> {
    const { identityOfFace, wanted } = this.#knowledge;
    const strays = Map.groupBy(
      faceIds.filter((faceId) => (identityOfFace.get(faceId) ?? own) !== own),
      (faceId) => identityOfFace.get(faceId)!,
    );
    const [most] = [...strays].sort((a, b) => b[1].length - a[1].length);
    if (!most || most[1].length < 3) return;
    const [identity, members] = most;
    const side = await this.#client.call('groups.proposeSplit', { clusterId });
    const known = side.filter((faceId) => identityOfFace.has(faceId));
    const inSide = new Set(known);
    const byHand =
      known.filter((faceId) => identityOfFace.get(faceId) !== identity).length +
      members.filter((faceId) => !inSide.has(faceId)).length;
    if (2 + byHand >= members.length) return;
    this.#tally.chosen += 1 + byHand;
    if (wanted.has(identity)) {
      await this.#name(members, identity, 'named');
      for (const faceId of members) this.#right.add(faceId);
    } else {
      await this.#client.call('labels.apply', { type: 'split', faceIds: members });
      this.#tally.chosen++;
    }
  }

  /** Says who these faces are, by answering the question or by name. */
  async #tell(group: Group, faceIds: readonly number[], identity: string): Promise<number> {
    const known = this.#personOf.get(identity);
    if (known !== undefined && group.suggestion?.personId === known) {
      await this.#client.call('labels.apply', {
        type: 'confirm',
        faceIds: [...faceIds],
        personId: known,
      });
      this.#tally.yes++;
      return known;
    }
    return this.#name(faceIds, identity, 'named');
  }

  async #name(
    faceIds: readonly number[],
    identity: string,
    kind: 'named' | 'ejected' | 'assigned',
  ): Promise<number> {
    const { personId } = await this.#client.call('labels.apply', {
      type: 'name',
      faceIds: [...faceIds],
      name: identity,
    });
    this.#personOf.set(identity, personId!);
    this.#tally[kind]++;
    return personId!;
  }

  /** "Is this Anna?", the likeliest face first. */
  async #answerSingles(): Promise<boolean> {
    const before = this.#answers.length;
    const { groups } = await this.#client.call('groups.list', { minFaces: 1, limit: 1000 });
    const asked = groups
      .filter(({ suggestion }) => suggestion !== null)
      .sort((a, b) => b.suggestion!.probability - a.suggestion!.probability)
      .slice(0, this.#pace);
    for (const { clusterId, suggestion } of asked) {
      const recent = this.#answers.slice(-patience);
      const pays = recent.length < patience || recent.filter(Boolean).length * 2 >= patience;
      if (this.#done || !pays) break;
      const [faceId] = await this.#facesOf(clusterId);
      const of = faceId === undefined ? undefined : this.#knowledge.identityOfFace.get(faceId);
      if (faceId === undefined) continue;
      const { personId, name } = suggestion!;
      const yes = of === name;
      const type = yes ? 'confirm' : 'reject';
      await this.#client.call('labels.apply', { type, faceIds: [faceId], personId });
      this.#tally[yes ? 'yes' : 'no']++;
      this.#answers.push(yes);
      if (yes) this.#right.add(faceId);
    }
    return this.#answers.length > before;
  }

  async #assignMissing(): Promise<boolean> {
    let left = this.#pace;
    for (const [faceId, identity] of this.#knowledge.identityOfFace) {
      if (this.#done || left === 0) break;
      if (!this.#knowledge.wanted.has(identity) || this.#right.has(faceId)) continue;
      await this.#name([faceId], identity, 'assigned');
      this.#right.add(faceId);
      left--;
    }
    return left < this.#pace;
  }

  async #facesOf(clusterId: number): Promise<number[]> {
    const { faces } = await this.#client.call('groups.faces', { clusterId, limit: 1000 });
    return faces.map(({ faceId }) => faceId);
  }

  /** Who most of the known faces are; nobody when none is known. */
  #majority(faceIds: readonly number[]): string | undefined {
    const counts = new Map<string, number>();
    for (const faceId of faceIds) {
      const identity = this.#knowledge.identityOfFace.get(faceId);
      if (identity !== undefined) counts.set(identity, (counts.get(identity) ?? 0) + 1);
    }
    // Where two are as many, the wanted one.
    const weight = ([identity, count]: [string, number]) =>
      2 * count + Number(this.#knowledge.wanted.has(identity));
    return [...counts].sort((a, b) => weight(b) - weight(a))[0]?.[0];
  }
}
