import { api, errorText } from '../api.ts';
import { coalesce } from '../logic/coalesce.ts';
import type { AsideState } from '../logic/routes.ts';
import type { FaceSummary } from '../../electron/contract/entities.ts';
import { toasts } from './toasts.svelte.ts';

const pageSize = 1000;
const reloadPause = 500;

/** Faces that the user set aside in one way. */
export class Aside {
  readonly state: AsideState;
  faces = $state.raw<readonly FaceSummary[]>([]);
  loaded = $state(false);

  constructor(state: AsideState) {
    this.state = state;
  }

  readonly reload = coalesce(async () => {
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
      this.faces = faces;
      this.loaded = true;
    } catch (error) {
      toasts.show(errorText(error), 'error');
    }
  }, reloadPause);
}
