import { api, errorText } from '../api.ts';
import { coalesce } from '../logic/coalesce.ts';
import type { Candidate } from '../logic/completion.ts';
import { Expectation } from '../logic/expectation.ts';
import { groupTiles, personFaceCount, personTiles, type PeopleSort } from '../logic/tiles.ts';
import type { ChannelResult } from '../../electron/contract/channels.ts';
import type { Group, Person } from '../../electron/contract/entities.ts';
import { library } from './library.svelte.ts';
import { toasts } from './toasts.svelte.ts';

const nobody: ReadonlyMap<string, true> = new Map();
const pageSize = 1000;
/** Groups that fill the largest screen. */
const firstScreen = 200;
/** Milliseconds that the other groups wait for at most. */
const restPatience = 1000;
/** Libraries of up to so many faces show also those seen only once: there is little else to see. */
const smallLibrary = 150;
/** Milliseconds between two reloads while a scan changes people all the time. */
const reloadPause = 900;

/** Once what was shown last is in sight and the page has nothing better to do. */
function painted(): Promise<void> {
  return new Promise((resolve) => {
    requestIdleCallback(() => resolve(), { timeout: restPatience });
  });
}

type GroupPage = ChannelResult<'groups.list'>;

/** Everybody in the library, named or not, as the people grid and the name fields need them. */
class People {
  persons = $state.raw<readonly Person[]>([]);
  groups = $state.raw<readonly Group[]>([]);
  /** Groups there are, of which the largest may be here first. */
  #groupTotal = $state(0);
  loaded = $state(false);
  /** Whether all groups are here. */
  readonly complete = $derived(this.groups.length >= this.#groupTotal);
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
  readonly groupCount = $derived(
    this.groupTiles.length + (this.filter === '' ? this.#groupTotal - this.groups.length : 0),
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

  /**
   * Asks for everything again; what is shown stays until the answer is complete. Where nothing is
   * shown yet, the largest groups are, which come first.
   */
  readonly reload = coalesce(async () => {
    const round = this.#expectation.reloading();
    try {
      const minFaces = this.minFaces;
      const [persons, first] = await Promise.all([
        api.call('people.list', {}),
        this.#groupPage(minFaces, 0, this.loaded ? pageSize : firstScreen),
      ]);
      const show = (groups: readonly Group[]) => {
        this.persons = persons;
        this.groups = groups;
        this.#groupTotal = Math.max(first.total, groups.length);
        this.loaded = true;
        this.#expectation.reloaded(round);
      };
      if (!this.loaded) {
        show(first.groups);
        await painted();
      }
      const groups = await this.#allGroups(minFaces, first);
      if (this.#held) this.#waiting = () => show(groups);
      else show(groups);
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

  /** @param first what was asked for already */
  async #allGroups(minFaces: number, first: GroupPage): Promise<Group[]> {
    const groups = [...first.groups];
    for (let { total } = first; groups.length < total;) {
      const page = await this.#groupPage(minFaces, groups.length, pageSize);
      total = page.groups.length === 0 ? 0 : page.total;
      groups.push(...page.groups);
    }
    return groups;
  }

  #groupPage(minFaces: number, offset: number, limit: number): Promise<GroupPage> {
    return api.call('groups.list', { minFaces, offset, limit });
  }
}

export const people = new People();
