import { api, errorText } from '../api.ts';
import type { LabelResult } from '../../electron/contract/labels.ts';
import type { ChannelInput } from '../../electron/contract/channels.ts';
import { strings } from '../strings.ts';
import { toasts } from './toasts.svelte.ts';

export type LabelRequest = ChannelInput<'labels.apply'>;
type Step = 'undo' | 'redo' | 'revert';

/** Faces asked for at once when an action needs all faces of a group. */
const pageSize = 1000;

/** Says things about faces to the engine, and offers to take them back. */
class Labels {
  /** Applies one action and offers Undo; null when it failed, which the user has been told. */
  async apply(request: LabelRequest): Promise<LabelResult | null> {
    return this.#guarded(async () => {
      const result = await api.call('labels.apply', request);
      if (result.description !== null) this.offerUndo(result.description);
      return result;
    });
  }

  /** Marks a face by hand, or corrects the box of one; its number, or null when that failed. */
  async setBox(
    photoId: number,
    faceId: number | null,
    box: ChannelInput<'faces.draw'>['box'],
  ): Promise<number | null> {
    return this.#guarded(async () => {
      const result = await (faceId === null
        ? api.call('faces.draw', { photoId, box })
        : api.call('faces.correct', { faceId, box }));
      if (result.description !== null) this.offerUndo(result.description);
      return result.faceId;
    });
  }

  /** Takes one action back, whatever came after it, where nothing builds on it. */
  revert(eventId: number): Promise<boolean> {
    return this.#step({ type: 'revert', eventId });
  }

  undo(): Promise<boolean> {
    return this.#step({ type: 'undo' });
  }

  redo(): Promise<boolean> {
    return this.#step({ type: 'redo' });
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

  async #step(request: Extract<LabelRequest, { type: Step }>): Promise<boolean> {
    const done = await this.#guarded(async () => {
      const { description } = await api.call('labels.apply', request);
      const { undo } = strings;
      const redoing = request.type === 'redo';
      if (description === null) toasts.show(redoing ? undo.nothingToRedo : undo.nothingToUndo);
      else if (redoing) this.offerUndo(undo.redone(description));
      else {
        const redo = { label: undo.redo, run: () => void this.redo() };
        toasts.show(undo.undone(description), 'info', redo);
      }
      return true;
    });
    return done === true;
  }

  offerUndo(message: string): void {
    toasts.show(message, 'info', { label: strings.undo.undo, run: () => void this.undo() });
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
