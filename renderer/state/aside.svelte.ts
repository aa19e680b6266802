import { api, errorText } from '../api.ts';
import { coalesce } from '../logic/coalesce.ts';
import { Expectation } from '../logic/expectation.ts';
import type { AsideState } from '../logic/routes.ts';
import type { FaceSummary } from '../../electron/contract/entities.ts';
import { toasts } from './toasts.svelte.ts';

const pageSize = 1000;
const reloadPause = 500;
const nothing: ReadonlyMap<number, true> = new Map();

/** Faces that the user set aside in one way. */
export class Aside {
  readonly state: AsideState;
  #known = $state.raw<readonly FaceSummary[]>([]);
  /** Faces that the latest actions take away from here. */
  #leaving = $state.raw<ReadonlyMap<number, true>>(nothing);
  readonly #expectation = new Expectation<number, true>((leaving) => (this.#leaving = leaving));
  readonly faces: readonly FaceSummary[] = $derived(
    this.#known.filter(({ faceId }) => !this.#leaving.has(faceId)),
  );
  loaded = $state(false);

  constructor(state: AsideState) {
    this.state = state;
  }

  readonly reload = coalesce(async () => {
    const round = this.#expectation.reloading();
    try {
      const faces: FaceSummary[] = [];
      for (let total = 1; faces.length < total;) {
        const page = await api.call('faces.aside', {
          state: this.state,
          offset: faces.length,
          limit: pageSize,
        });
        total = page.faces.length === 0 ? 0 : page.total;
        faces.push(...page.faces);
      }
      this.#known = faces;
      this.#expectation.reloaded(round);
      this.loaded = true;
    } catch (error) {
      toasts.show(errorText(error), 'error');
    }
  }, reloadPause);

  /** Takes faces out of sight at once while `action` on them is under way. */
  async settle(faceIds: readonly number[], action: () => Promise<unknown>): Promise<void> {
    this.#expectation.expect(faceIds, true);
    await action();
    this.#expectation.answered(faceIds);
    this.reload();
  }
}
