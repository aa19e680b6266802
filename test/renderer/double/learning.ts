import type {
  HeadEntry,
  LearningProgress,
  LearningStep,
  TrainingEntry,
} from '../../../electron/contract/learning.ts';

const idle: LearningProgress = { running: false, latest: null, failure: null };
const madeAt = Date.UTC(2025, 5, 1);

/** A training that is done as soon as a few steps were told. */
export class LearningDouble {
  progress: LearningProgress = idle;
  active = 'head-2';
  #trained = false;
  readonly #emit: (progress: LearningProgress) => void;

  constructor(emit: (progress: LearningProgress) => void) {
    this.#emit = emit;
  }

  offer() {
    return { people: 42, faces: 1310, rejections: 61, newLabels: 400, worthwhile: !this.#trained };
  }

  start(): LearningProgress {
    this.#tell({ running: true, latest: null, failure: null });
    setTimeout(() => {
      if (!this.progress.running) return;
      for (const latest of steps) this.#tell({ running: true, latest, failure: null });
      this.#trained = true;
      this.active = 'learnt-1';
      this.#tell(idle);
    }, 50);
    return this.progress;
  }

  cancel(): LearningProgress {
    this.#tell(idle);
    return idle;
  }

  heads(): HeadEntry[] {
    const first = { version: 'head-2', madeAt, origin: 'kith' as const };
    const learnt = { version: 'learnt-1', madeAt: madeAt + 1, origin: 'library' as const };
    return [...(this.#trained ? [learnt] : []), first].map((head) => ({
      ...head,
      active: head.version === this.active,
    }));
  }

  activate(version: string): HeadEntry[] {
    this.active = version;
    return this.heads();
  }

  record(): TrainingEntry | null {
    if (!this.#trained) return null;
    return {
      trainingId: 1,
      version: 'learnt-1',
      endedAt: madeAt + 1,
      groups: {
        from: 'pretrained',
        to: 'learnt-1',
        merged: {
          count: 1,
          examples: [
            [
              [1, 2],
              [3, 4],
            ],
          ],
        },
        split: { count: 3, examples: [[[150, 151], [230]]] },
      },
      record: {
        baseVersion: 'head-2',
        people: 42,
        faces: 1310,
        rejections: 61,
        unnamedFaces: 1690,
        seconds: 8.4,
        steps: [...steps],
        before: { accepted: 0.732, grouped: 0.895, generic: [0.865, 0.874] },
        after: { accepted: 0.844, grouped: 0.908, generic: [0.861, 0.87] },
        share: 0.8,
        reason: null,
        hardest: [1, 4, 7].map((faceId) => ({
          anchor: faceId,
          positive: faceId + 1,
          negative: faceId + 2,
          before: { positive: 1.2, negative: 0.7 },
          after: { positive: 0.8, negative: 1.1 },
        })),
        turned: [3, 6].map((faceId) => ({ faceId, personId: 1, beforePersonId: 2 })),
        turnedRight: 2,
        turnedWrong: 0,
        pulled: [{ faceId: 1, otherFaceId: 150, before: 0.9, after: 1.4 }],
        doubts: [{ faceId: 5, personId: 1, perhapsPersonId: 2, doubt: 0.9 }],
      },
    };
  }

  #tell(progress: LearningProgress): void {
    this.progress = progress;
    this.#emit(progress);
  }
}

const steps: readonly LearningStep[] = (['trial', 'final'] as const).flatMap((phase, half) =>
  [0, 1].flatMap((stage) =>
    Array.from({ length: 40 }, (_, at) => ({
      phase,
      done: (half + (stage + (at + 1) / 40) / 2) / 2,
      stage,
      stages: 2,
      step: at + 1,
      steps: 40,
      loss: 0.4 + 0.8 * Math.exp(-at / 8),
      active: 0.1 + 0.4 * Math.exp(-at / 12),
    })),
  ),
);
