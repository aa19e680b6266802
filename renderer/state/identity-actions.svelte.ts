import { api, errorText } from '../api.ts';
import { strings } from '../strings.ts';
import type { Identity } from './identity.svelte.ts';
import { labels, type LabelRequest } from './labels.svelte.ts';
import { router } from './router.svelte.ts';
import { SelectionState } from './selection.svelte.ts';
import { toasts } from './toasts.svelte.ts';

/** What is said of chosen faces with one key. */
export type Saying = 'confirm' | 'reject' | 'split' | 'ignore' | 'not-a-face';

/**
 * What can be done on the page of a person or a group. What is said of faces is said of the chosen
 * ones, or where none are chosen, of the one in focus.
 */
export class IdentityActions {
  readonly #identity: Identity;
  readonly selection = new SelectionState();
  /** Whether a name is being typed for the chosen faces. */
  moving = $state(false);
  readonly chosen = $derived([...this.selection.keys].map(Number));

  constructor(identity: Identity) {
    this.#identity = identity;
  }

  /** Null for a group. */
  get personId(): number | null {
    const { target } = this.#identity;
    return target.kind === 'person' ? target.personId : null;
  }

  subjects(faceId: number | undefined): number[] {
    if (this.selection.size > 0) return this.chosen;
    return faceId === undefined ? [] : [faceId];
  }

  async say(type: Saying, faceIds: readonly number[]): Promise<void> {
    if (faceIds.length === 0) return;
    this.selection.clear();
    const request = this.#requestFor(type, [...faceIds]);
    if (!request) return;
    const expected = type === 'confirm' ? 'confirmed' : 'gone';
    await this.#identity.settle(faceIds, expected, () => labels.apply(request));
  }

  #requestFor(type: Saying, faceIds: number[]): LabelRequest | null {
    if (type !== 'confirm' && type !== 'reject') return { type, faceIds };
    return this.personId === null ? null : { type, faceIds, personId: this.personId };
  }

  confirmAll(): void {
    void this.say(
      'confirm',
      this.#identity.suggested.map((face) => face.faceId),
    );
  }

  startMove(faceId: number | undefined): void {
    if (this.selection.size === 0) {
      if (faceId === undefined) return;
      this.selection.toggle(String(faceId));
    }
    this.moving = true;
  }

  async moveTo(name: string): Promise<void> {
    this.moving = false;
    const faceIds = this.chosen;
    this.selection.clear();
    await this.#identity.settle(faceIds, 'gone', () =>
      labels.apply({ type: 'name', faceIds, name }),
    );
  }

  /** Names the group or renames the person. @returns whoever the faces are with now. */
  async giveName(name: string): Promise<number | null> {
    const { target } = this.#identity;
    const subject =
      target.kind === 'person' ? { personId: target.personId } : { clusterId: target.clusterId };
    const result = await labels.apply({ type: 'name', ...subject, name });
    return result?.personId ?? null;
  }

  hide(): void {
    const { person } = this.#identity;
    if (!person) return;
    void labels.apply({ type: person.hidden ? 'show' : 'hide', personIds: [person.personId] });
  }

  /** Deletes the name. @returns whether it is gone. */
  async forget(): Promise<boolean> {
    if (this.personId === null) return false;
    return (await labels.apply({ type: 'forget', personIds: [this.personId] })) !== null;
  }

  giveBirthDate(birthDate: string | null): void {
    if (this.personId === null || birthDate === this.#identity.person?.birthDate) return;
    void labels.apply({ type: 'birth', personId: this.personId, birthDate });
  }

  /** The first of the faces stands for the person from now on. */
  cover(faceId: number | undefined): void {
    const [first] = this.subjects(faceId);
    if (this.personId === null || first === undefined) return;
    this.selection.clear();
    void labels.apply({ type: 'cover', personId: this.personId, faceId: first });
  }

  /** Compares two faces, or one with whatever the user gives next. */
  compare(faceId: number | undefined): void {
    const faceIds = this.subjects(faceId).slice(0, 2);
    if (faceIds.length > 0) router.go({ view: 'compare', faceIds });
  }

  /** Chooses the faces of a group that are likely somebody else, for splitting them off. */
  async chooseDifferent(): Promise<void> {
    const { target } = this.#identity;
    if (target.kind !== 'group') return;
    try {
      const different = await api.call('groups.proposeSplit', { clusterId: target.clusterId });
      if (different.length === 0) toasts.show(strings.identity.allAlike);
      else this.selection.all(different.map(String));
    } catch (error) {
      toasts.show(errorText(error), 'error');
    }
  }

  /** The group is not whom Kith takes it for. */
  rejectSuggestion(): void {
    const { group, faces } = this.#identity;
    if (!group?.suggestion) return;
    const faceIds = faces.map((face) => face.faceId);
    void labels.apply({ type: 'reject', faceIds, personId: group.suggestion.personId });
  }
}
