import { api, cropAddress, errorText } from '../api.ts';
import { coalesce } from '../logic/coalesce.ts';
import {
  mergedQueue,
  noFaces,
  outcomeOf,
  picturesOf,
  toggled,
  type Outcome,
  type Reply,
} from '../logic/review.ts';
import type { ReviewQuestion } from '../../electron/contract/review.ts';
import { labels } from './labels.svelte.ts';
import { people } from './people.svelte.ts';
import { toasts } from './toasts.svelte.ts';

/** Questions held ready, and those whose pictures are loaded before they are asked. */
const held = 20;
const preloaded = 4;
/** Faces of a question that are shown, and people with a key of their own. */
export const shownFaces = 30;
const keyPeople = 9;
const reloadPause = 400;

interface Done {
  readonly question: ReviewQuestion;
  readonly outcome: Outcome;
}

/** The queue of questions, answered from what is here already while more is asked for. */
export class Review {
  queue = $state.raw<readonly ReviewQuestion[]>([]);
  namedShare = $state(0);
  loaded = $state(false);
  /** Faces picked out of the answer to the question on screen. */
  exceptions = $state.raw(noFaces);
  /** Names on the number keys; they keep their places. */
  shortcuts = $state.raw<readonly string[]>([]);
  answered = $state(0);
  #history: readonly Done[] = [];
  #pending: Promise<unknown> = Promise.resolve();
  readonly current = $derived(this.queue[0]);
  readonly canStepBack = $derived(this.answered > 0);

  readonly reload = coalesce(async () => {
    try {
      const { questions, namedShare } = await api.call('review.questions', { limit: held });
      const done = this.#history.map(({ question }) => question.key);
      this.queue = mergedQueue(this.current, questions, done);
      this.namedShare = namedShare;
      this.loaded = true;
      this.#preload();
      this.#fillShortcuts();
    } catch (error) {
      toasts.show(errorText(error), 'error');
    }
  }, reloadPause);

  toggle(faceId: number): void {
    this.exceptions = toggled(this.exceptions, faceId);
  }

  /** Shows the next question at once; what was said is sent behind it. */
  async reply(reply: Reply): Promise<void> {
    const question = this.current;
    if (!question) return;
    const exceptions = this.exceptions;
    // Where more faces are meant than are shown, they are asked for before anything is said.
    const allFaces =
      question.kind === 'who' &&
      question.faceCount > question.faceIds.length &&
      (reply.kind === 'ignore' || (reply.kind === 'name' && exceptions.size > 0))
        ? await labels.facesOfGroup(question.clusterId).catch(() => null)
        : null;
    const outcome = outcomeOf(question, reply, exceptions, allFaces);
    if (!outcome || this.current !== question) return;
    this.#history = [...this.#history, { question, outcome }];
    this.answered++;
    this.queue = this.queue.slice(1);
    this.exceptions = noFaces;
    if (reply.kind === 'name') this.#remember(reply.name);
    this.#preload();
    await this.#send(question, outcome);
    this.reload();
  }

  /** Takes the last answer back and asks again. */
  async stepBack(): Promise<void> {
    const last = this.#history.at(-1);
    if (!last) return;
    this.#history = this.#history.slice(0, -1);
    this.answered--;
    const { question, outcome } = last;
    this.queue = [question, ...this.queue.filter(({ key }) => key !== question.key)];
    this.exceptions = noFaces;
    await this.#inTurn(async () => {
      if (outcome.kind === 'label') await labels.undo();
      else if (outcome.kind === 'put-off') {
        await api.call('review.putOff', { key: question.key, putOff: false });
      }
    });
    this.reload();
  }

  async #send(question: ReviewQuestion, outcome: Outcome): Promise<void> {
    await this.#inTurn(async () => {
      if (outcome.kind === 'label') {
        const done = await labels.apply(outcome.request);
        // What could not be said is asked again.
        if (!done) this.#forget(question.key);
      } else if (outcome.kind === 'put-off') {
        await api.call('review.putOff', { key: question.key });
      }
    });
  }

  #forget(key: string): void {
    this.#history = this.#history.filter(({ question }) => question.key !== key);
  }

  /** One after the other, so that an undo takes back what was said before it. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#pending
      .then(work)
      .catch((error: unknown) => toasts.show(errorText(error), 'error'));
    this.#pending = turn;
    return turn;
  }

  #preload(): void {
    for (const question of this.queue.slice(1, 1 + preloaded)) {
      for (const faceId of picturesOf(question, shownFaces)) new Image().src = cropAddress(faceId);
    }
  }

  #fillShortcuts(): void {
    if (this.shortcuts.length > 0) return;
    this.shortcuts = people.candidates
      .toSorted((a, b) => b.faceCount - a.faceCount)
      .slice(0, keyPeople)
      .map(({ name }) => name);
  }

  #remember(name: string): void {
    if (this.shortcuts.length < keyPeople && !this.shortcuts.includes(name)) {
      this.shortcuts = [...this.shortcuts, name];
    }
  }
}
