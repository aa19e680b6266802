import { api, errorText } from '../api.ts';
import type { LabelResult } from '../../electron/contract/labels.ts';
import type { ChannelInput } from '../../electron/contract/channels.ts';
import { strings } from '../strings.ts';
import { toasts } from './toasts.svelte.ts';

export type LabelRequest = ChannelInput<'labels.apply'>;

/** Faces asked for at once when an action needs all faces of a group. */
const pageSize = 1000;

/** Says things about faces to the engine, and offers to take them back. */
class Labels {
  /** Applies one action and offers Undo; null when it failed, which the user has been told. */
  async apply(request: LabelRequest): Promise<LabelResult | null> {
    return this.#guarded(async () => {
      const result = await api.call('labels.apply', request);
      if (result.description !== null) this.#offerUndo(result.description, 1);
      return result;
    });
  }

  /** Applies several actions as one: a single Undo takes all of them back. */
  async applyAll(requests: readonly LabelRequest[], summary: string): Promise<boolean> {
    const done = await this.#guarded(async () => {
      let steps = 0;
      for (const request of requests) {
        const result = await api.call('labels.apply', request);
        if (result.eventId !== null) steps++;
      }
      if (steps > 0) this.#offerUndo(summary, steps);
      return true;
    });
    return done === true;
  }

  undo(steps = 1): Promise<void> {
    return this.#step('undo', steps);
  }

  redo(): Promise<void> {
    return this.#step('redo', 1);
  }

  async facesOfGroup(clusterId: number): Promise<number[]> {
    const faceIds: number[] = [];
    for (let total = 1; faceIds.length < total;) {
      const page = await api.call('groups.faces', {
        clusterId,
        offset: faceIds.length,
        limit: pageSize,
      });
      total = page.faces.length === 0 ? 0 : page.total;
      faceIds.push(...page.faces.map((face) => face.faceId));
    }
    return faceIds;
  }

  /** Says the same of every face of some groups, as one action. */
  async applyToGroups(
    clusterIds: readonly number[],
    request: (faceIds: number[]) => LabelRequest,
  ): Promise<LabelResult | null> {
    try {
      const lists = await Promise.all(clusterIds.map((id) => this.facesOfGroup(id)));
      return await this.apply(request(lists.flat()));
    } catch (error) {
      toasts.show(errorText(error), 'error');
      return null;
    }
  }

  async #step(type: 'undo' | 'redo', steps: number): Promise<void> {
    await this.#guarded(async () => {
      let last: string | null = null;
      for (let step = 0; step < steps; step++) {
        const result = await api.call('labels.apply', { type });
        last = result.description ?? last;
      }
      const { undo } = strings;
      if (type === 'undo') {
        const redo = { label: undo.redo, run: () => void this.redo() };
        if (last === null) toasts.show(undo.nothingToUndo);
        else toasts.show(undo.undone(last), 'info', steps === 1 ? redo : null);
      } else if (last === null) toasts.show(undo.nothingToRedo);
      else this.#offerUndo(undo.redone(last), 1);
    });
  }

  #offerUndo(message: string, steps: number): void {
    toasts.show(message, 'info', { label: strings.undo.undo, run: () => void this.undo(steps) });
  }

  async #guarded<T>(work: () => Promise<T>): Promise<T | null> {
    try {
      return await work();
    } catch (error) {
      toasts.show(errorText(error), 'error');
      return null;
    }
  }
}

export const labels = new Labels();
