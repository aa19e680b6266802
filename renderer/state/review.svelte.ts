import { api, cropAddress, errorText } from '../api.ts';
import { coalesce } from '../logic/coalesce.ts';
import { Expectation } from '../logic/expectation.ts';
import { HeldPictures } from '../logic/held-pictures.ts';
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
/** Milliseconds that the pictures of the next questions wait for at most. */
const preloadPatience = 300;

interface Done {
  readonly question: ReviewQuestion;
  readonly outcome: Outcome;
  /** Of the label action, once it was written. */
  eventId: number | null;
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
  #answering: readonly string[] = [];
  /** An answered question stays away until the engine was asked after the answer. */
  readonly #expectation = new Expectation<string, true>((keys) => {
    this.#answering = [...keys.keys()];
  });
  #pending: Promise<unknown> = Promise.resolve();
  /** Of the next questions. */
  readonly #pictures = new HeldPictures(cropAddress);
  #preloading = false;
  readonly current = $derived(this.queue[0]);
  readonly canStepBack = $derived(this.answered > 0);

  readonly reload = coalesce(async () => {
    const round = this.#expectation.reloading();
    try {
      const { questions, namedShare } = await api.call('review.questions', { limit: held });
      this.#expectation.reloaded(round);
      this.queue = mergedQueue(this.current, questions, this.#answering, this.#skipped());
      this.namedShare = namedShare;
      this.loaded = true;
      this.#preload();
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
    const done: Done = { question, outcome, eventId: null };
    this.#history = [...this.#history, done];
    if (outcome.kind !== 'skip') this.#expectation.expect([question.key], true);
    this.answered = this.#history.length;
    this.queue = this.queue.slice(1);
    this.exceptions = noFaces;
    if (reply.kind === 'name') this.#remember(reply.name);
    this.#preload();
    await this.#send(done);
    this.#expectation.answered([question.key]);
    this.reload();
  }

  /** Takes the last answer back and asks again. */
  async stepBack(): Promise<void> {
    const last = this.#history.at(-1);
    if (!last) return;
    this.#history = this.#history.slice(0, -1);
    this.answered = this.#history.length;
    const { question, outcome } = last;
    this.queue = [question, ...this.queue.filter(({ key }) => key !== question.key)];
    this.exceptions = noFaces;
    await this.#inTurn(async () => {
      // Not the latest action of all: that may have been another one.
      if (last.eventId !== null) await labels.revert(last.eventId);
      else if (outcome.kind === 'put-off') {
        await api.call('review.putOff', { key: question.key, putOff: false });
      }
    });
    this.reload();
  }

  async #send(done: Done): Promise<void> {
    const { question, outcome } = done;
    await this.#inTurn(async () => {
      if (outcome.kind === 'label') {
        const result = await labels.apply(outcome.request);
        done.eventId = result?.eventId ?? null;
        // What could not be said cannot be taken back.
        if (!result) this.#forget(done);
      } else if (outcome.kind === 'put-off') {
        await api.call('review.putOff', { key: question.key });
      }
    });
  }

  #forget(failed: Done): void {
    this.#history = this.#history.filter((done) => done !== failed);
    this.answered = this.#history.length;
  }

  #skipped(): string[] {
    return this.#history
      .filter(({ outcome }) => outcome.kind === 'skip')
      .map(({ question }) => question.key);
  }

  /** One after the other, so that an undo takes back what was said before it. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#pending
      .then(work)
      .catch((error: unknown) => toasts.show(errorText(error), 'error'));
    this.#pending = turn;
    return turn;
  }

  /** Once the question on screen is drawn; what is here already is not asked for again. */
  #preload(): void {
    if (this.#preloading) return;
    this.#preloading = true;
    requestIdleCallback(
      () => {
        this.#preloading = false;
        const soon = this.queue.slice(1, 1 + preloaded);
        this.#pictures.hold(soon.flatMap((question) => picturesOf(question, shownFaces)));
      },
      { timeout: preloadPatience },
    );
  }

  /** Gives the people with most faces their keys, once it is known who there is. */
  fillShortcuts(): void {
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
