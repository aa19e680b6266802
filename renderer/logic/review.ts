import type { ChannelInput } from '../../electron/contract/channels.ts';
import type { ReviewQuestion } from '../../electron/contract/review.ts';

type LabelRequest = ChannelInput<'labels.apply'>;

/** What the user says to a question. */
export type Reply =
  | { readonly kind: 'yes' }
  | { readonly kind: 'no' }
  | { readonly kind: 'unsure' }
  | { readonly kind: 'skip' }
  | { readonly kind: 'ignore' }
  /** Somebody by name: an existing person or a new one. */
  | { readonly kind: 'name'; readonly name: string };

/** What follows from a reply: a label action, a question put off, or nothing but the next question. */
export type Outcome =
  | { readonly kind: 'label'; readonly request: LabelRequest }
  | { readonly kind: 'put-off' }
  | { readonly kind: 'skip' };

/** Faces that a question is about, as far as it shows them. */
export function facesOf(question: ReviewQuestion): readonly number[] {
  return question.kind === 'same' ? [] : question.faceIds;
}

/** Pictures that a question shows. */
export function picturesOf(question: ReviewQuestion, most: number): number[] {
  const persons =
    question.kind === 'same'
      ? question.persons.flatMap((person) => person.faceIds)
      : 'person' in question
        ? question.person.faceIds
        : question.kind === 'split'
          ? question.otherFaceIds
          : [];
  return [...facesOf(question).slice(0, most), ...persons.slice(0, most)];
}

/** Whether some faces can be picked out of the answer. */
export function hasExceptions(question: ReviewQuestion): boolean {
  return question.kind === 'is-person' || question.kind === 'confirm' || question.kind === 'who';
}

export const noFaces: ReadonlySet<number> = new Set();

export function toggled(faceIds: ReadonlySet<number>, faceId: number): ReadonlySet<number> {
  const next = new Set(faceIds);
  if (!next.delete(faceId)) next.add(faceId);
  return next;
}

/**
 * What a reply comes down to; null where it is no reply to this kind of question.
 * @param exceptions faces that were picked out: the answer holds for the others
 * @param allFaces every face of a group in question, where it has more than the question shows
 */
export function outcomeOf(
  question: ReviewQuestion,
  reply: Reply,
  exceptions: ReadonlySet<number>,
  allFaces: readonly number[] | null = null,
): Outcome | null {
  if (reply.kind === 'skip') return { kind: 'skip' };
  if (reply.kind === 'unsure') return { kind: 'put-off' };
  const faceIds = (allFaces ?? facesOf(question)).filter((faceId) => !exceptions.has(faceId));
  const picked = [...exceptions];
  const label = (request: LabelRequest): Outcome => ({ kind: 'label', request });
  if (reply.kind === 'name' || reply.kind === 'ignore') {
    if (question.kind === 'same' || question.kind === 'split' || faceIds.length === 0) return null;
    if (reply.kind === 'ignore') return label({ type: 'ignore', faceIds });
    if (question.kind === 'who' && picked.length === 0) {
      return label({ type: 'name', clusterId: question.clusterId, name: reply.name });
    }
    const name = { type: 'name', faceIds, name: reply.name } as const;
    if (picked.length === 0) return label(name);
    // Without this they would be asked about as this person next.
    return label({ type: 'several', actions: [name, { type: 'split', faceIds: picked }] });
  }
  const yes = reply.kind === 'yes';
  switch (question.kind) {
    case 'who':
      return null;
    case 'is-person':
    case 'confirm': {
      const { personId } = question.person;
      const confirm = { type: 'confirm', faceIds, personId } as const;
      const reject = (ids: number[]) => ({ type: 'reject', faceIds: ids, personId }) as const;
      if (!yes) return label(reject([...facesOf(question)]));
      if (faceIds.length === 0) return label(reject(picked));
      if (picked.length === 0) return label(confirm);
      return label({ type: 'several', actions: [confirm, reject(picked)] });
    }
    case 'same':
      if (!yes) return { kind: 'put-off' };
      return label({
        type: 'merge',
        personIds: question.persons.map((person) => person.personId),
      });
    case 'split':
      return yes ? label({ type: 'split', faceIds: question.faceIds }) : { kind: 'put-off' };
  }
}

/**
 * The questions to ask after the engine was asked again: the one on screen stays as it is, what is
 * being answered does not come back, and what was skipped comes when nothing else is left.
 */
export function mergedQueue(
  shown: ReviewQuestion | undefined,
  fresh: readonly ReviewQuestion[],
  answering: readonly string[],
  skipped: readonly string[],
): ReviewQuestion[] {
  const open = fresh.filter(({ key }) => !answering.includes(key) && key !== shown?.key);
  const later = (question: ReviewQuestion) => skipped.includes(question.key);
  const list = [...open.filter((one) => !later(one)), ...open.filter(later)];
  return shown ? [shown, ...list] : list;
}
