import { api, errorText } from '../api.ts';
import { coalesce } from '../logic/coalesce.ts';
import type { Candidate } from '../logic/completion.ts';
import { Expectation } from '../logic/expectation.ts';
import { groupTiles, personFaceCount, personTiles, type PeopleSort } from '../logic/tiles.ts';
import type { Group, Person } from '../../electron/contract/entities.ts';
import { library } from './library.svelte.ts';
import { toasts } from './toasts.svelte.ts';

const nobody: ReadonlyMap<string, true> = new Map();
const pageSize = 1000;
/** Libraries of up to so many faces show also those seen only once: there is little else to see. */
const smallLibrary = 150;
/** Milliseconds between two reloads while a scan changes people all the time. */
const reloadPause = 900;

/** Everybody in the library, named or not, as the people grid and the name fields need them. */
class People {
  persons = $state.raw<readonly Person[]>([]);
  groups = $state.raw<readonly Group[]>([]);
  loaded = $state(false);
  /** Keys of groups that an action has just settled. */
  #leaving = $state.raw<ReadonlyMap<string, true>>(nobody);
  readonly #expectation = new Expectation<string, true>((leaving) => (this.#leaving = leaving));
  #held = false;
  #waiting: (() => void) | null = null;
  sort = $state<PeopleSort>('name');
  filter = $state('');
  /** Smallest group that the user asked for; null leaves it to the size of the library. */
  chosenMinFaces = $state<number | null>(null);
  readonly minFaces = $derived(
    this.chosenMinFaces ?? (library.expectedSize <= smallLibrary ? 1 : 2),
  );

  readonly personTiles = $derived(personTiles(this.persons, this.sort, this.filter));
  readonly groupTiles = $derived(
    groupTiles(this.groups, this.filter).filter((tile) => !this.#leaving.has(tile.key)),
  );
  /** Whether hidden people are shown, in a section of their own. */
  showHidden = $state(false);
  readonly hiddenCount = $derived(this.persons.filter((person) => person.hidden).length);
  readonly hiddenTiles = $derived(
    this.showHidden ? personTiles(this.persons, this.sort, this.filter, true) : [],
  );
  readonly tiles = $derived([...this.personTiles, ...this.groupTiles, ...this.hiddenTiles]);
  readonly candidates: readonly Candidate[] = $derived(
    this.persons.map((person) => ({
      personId: person.personId,
      name: person.name,
      faceCount: personFaceCount(person),
      coverFaceId: person.coverFaceId,
    })),
  );

  /** Asks for everything again; what is shown stays until the answer is complete. */
  readonly reload = coalesce(async () => {
    const round = this.#expectation.reloading();
    try {
      const minFaces = this.minFaces;
      const [persons, groups] = await Promise.all([
        api.call('people.list', {}),
        this.#allGroups(minFaces),
      ]);
      const show = () => {
        this.persons = persons;
        this.groups = groups;
        this.loaded = true;
        this.#expectation.reloaded(round);
      };
      if (this.#held) this.#waiting = show;
      else show();
    } catch (error) {
      toasts.show(errorText(error), 'error');
    }
  }, reloadPause);

  /** The people alone, for views that show no groups: those may be ten thousand. */
  readonly reloadPersons = coalesce(async () => {
    try {
      const persons = await api.call('people.list', {});
      if (!this.#held) this.persons = persons;
    } catch (error) {
      toasts.show(errorText(error), 'error');
    }
  }, reloadPause);

  /** While a name is being typed nothing moves: what comes meanwhile is shown afterwards. */
  hold(held: boolean): void {
    this.#held = held;
    if (held) return;
    this.#waiting?.();
    this.#waiting = null;
  }

  /** Takes groups out of sight at once while `action` on them is under way. */
  async settle(keys: readonly string[], action: () => Promise<unknown>): Promise<void> {
    this.#expectation.expect(keys, true);
    await action();
    this.#expectation.answered(keys);
    this.reload();
  }

  async #allGroups(minFaces: number): Promise<Group[]> {
    const groups: Group[] = [];
    for (let total = 1; groups.length < total;) {
      const page = await api.call('groups.list', {
        minFaces,
        offset: groups.length,
        limit: pageSize,
      });
      total = page.groups.length === 0 ? 0 : page.total;
      groups.push(...page.groups);
    }
    return groups;
  }
}

export const people = new People();
