import { api, errorText, isGone } from '../api.ts';
import { byAge } from '../logic/ages.ts';
import { coalesce } from '../logic/coalesce.ts';
import { byEvent, type Event } from '../logic/events.ts';
import { Expectation } from '../logic/expectation.ts';
import { photosOf } from '../logic/neighbours.ts';
import type { Group, Person, PlacedFace } from '../../electron/contract/entities.ts';
import { toasts } from './toasts.svelte.ts';

export type IdentityTarget =
  | { readonly kind: 'person'; readonly personId: number }
  | { readonly kind: 'group'; readonly clusterId: number };

/** What becomes of a face here: it is confirmed, or it leaves. */
type Expected = 'confirmed' | 'gone';
const nothing: ReadonlyMap<number, Expected> = new Map();
const pageSize = 1000;
const reloadPause = 500;

/** From so many faces on they are told apart by event. */
const manyFaces = 40;

/** All faces of a person or a group, page after page; `seen` gets each prefix as it grows. */
export async function loadFaces(
  target: IdentityTarget,
  seen: (faces: PlacedFace[]) => void = () => undefined,
): Promise<PlacedFace[]> {
  const faces: PlacedFace[] = [];
  for (let total = 1; faces.length < total;) {
    const range = { offset: faces.length, limit: pageSize };
    const page =
      target.kind === 'person'
        ? await api.call('people.faces', { personId: target.personId, ...range })
        : await api.call('groups.faces', { clusterId: target.clusterId, ...range });
    total = page.faces.length === 0 ? 0 : page.total;
    faces.push(...page.faces.map((face) => ({ folder: null, ...face })));
    seen([...faces]);
  }
  return faces;
}

/** Faces of one age, or of one event. */
interface Part {
  readonly age: number | null;
  readonly event?: Event<PlacedFace>;
  readonly faces: readonly PlacedFace[];
}

/** One person or one group with its faces: what the person page shows. */
export class Identity {
  readonly target: IdentityTarget;
  person = $state.raw<Person | null>(null);
  group = $state.raw<Group | null>(null);
  #known = $state.raw<readonly PlacedFace[]>([]);
  #expected = $state.raw<ReadonlyMap<number, Expected>>(nothing);
  readonly #expectation = new Expectation<number, Expected>((map) => (this.#expected = map));
  /** As the engine told them, with what the latest actions will have made of them. */
  readonly faces: readonly PlacedFace[] = $derived(
    this.#expected.size === 0
      ? this.#known
      : this.#known.flatMap((face) => {
          const expected = this.#expected.get(face.faceId);
          if (expected === 'gone') return [];
          return [expected === undefined ? face : { ...face, state: expected }];
        }),
  );
  /** Whether faces are looked at from the youngest on. */
  byAge = $state(false);
  loaded = $state(false);
  gone = $state(false);
  /** Share of the suggested faces that are expected to be this person, 0 to 1. */
  precision = $state.raw<number | null>(null);

  readonly suggested = $derived(this.faces.filter((face) => face.state === 'suggested'));
  readonly settled = $derived(this.faces.filter((face) => face.state !== 'suggested'));
  /** What was settled, in parts: by age where that is wanted and known, else by event where it is much. */
  readonly eras: readonly Part[] = $derived.by(() => {
    const birthDate = this.person?.birthDate ?? null;
    if (this.byAge && birthDate !== null) {
      return byAge(this.faces, birthDate).map(({ value, faces }) => ({ age: value, faces }));
    }
    const { settled } = this;
    if (settled.length < manyFaces) return [{ age: null, faces: settled }];
    return byEvent(settled).map((event) => ({ age: null, event, faces: event.faces }));
  });
  /** In the order shown: questions first. */
  readonly ordered = $derived.by(() => {
    if (this.target.kind === 'group') return this.faces;
    const settled = this.eras.flatMap((era) => era.faces);
    return this.byAge ? settled : [...this.suggested, ...settled];
  });
  readonly photoIds = $derived(photosOf(this.faces));
  readonly name = $derived(this.person?.name ?? null);
  readonly coverFaceId = $derived(
    this.person?.coverFaceId ?? this.group?.coverFaceId ?? this.faces[0]?.faceId ?? null,
  );

  constructor(target: IdentityTarget) {
    this.target = target;
  }

  readonly reload = coalesce(async () => {
    const { target } = this;
    const round = this.#expectation.reloading();
    try {
      if (target.kind === 'person') {
        this.person = await api.call('people.get', { personId: target.personId });
      } else {
        this.group = await api.call('groups.get', { clusterId: target.clusterId });
      }
      const first = !this.loaded;
      this.#known = await loadFaces(target, (faces) => {
        // The first look fills as pages come; a later one replaces what is shown in one go.
        if (first) this.#known = faces;
        this.loaded = true;
      });
      this.#expectation.reloaded(round);
      this.gone = false;
      if (target.kind === 'person') {
        const { precision } = await api.call('people.expected', { personId: target.personId });
        this.precision = precision;
      }
    } catch (error) {
      if (isGone(error)) this.gone = true;
      else toasts.show(errorText(error), 'error');
    }
  }, reloadPause);

  /** Shows at once what `action` will have made of these faces. */
  async settle<T>(
    faceIds: readonly number[],
    expected: Expected,
    action: () => Promise<T>,
  ): Promise<T> {
    this.#expectation.expect(faceIds, expected);
    const result = await action();
    this.#expectation.answered(faceIds);
    this.reload();
    return result;
  }
}
