import type { LearningRecord } from '../contract/learning.ts';
import {
  count,
  printJson,
  printLine,
  type SharedOptions,
  WorkFailure,
  withEngine,
} from './session.ts';

const reasons = {
  verification: 'it does not tell held-out faces apart better',
  grouping: 'it groups held-out faces worse',
  generic: 'it forgets too much of faces in general',
} as const;

export async function train(options: SharedOptions): Promise<void> {
  await withEngine(options, async ({ host }) => {
    const before = await host.call('learning.record', {});
    if (options.json) {
      host.on('learning.progress', ({ latest }) => {
        if (latest) printJson({ type: 'step', ...latest });
      });
    }
    await host.call('learning.start', {});
    const { failure } = await host.call('host.learningIdle', {});
    if (failure !== null) throw new WorkFailure(failure);
    const entry = await host.call('learning.record', {});
    if (!entry || entry.trainingId === before?.trainingId) {
      throw new WorkFailure('Learning was cut off.');
    }
    // Groups made with the new head are part of the work.
    await host.call('host.idle', {});
    if (options.json) printJson({ type: 'done', ...entry });
    else report(entry.version, entry.record);
  });
}

function report(version: string | null, record: LearningRecord): void {
  const percent = (value: number) => `${(100 * value).toFixed(1)} %`;
  printLine(
    `Learnt from ${count(record.people, 'person', 'people')}, ${count(record.faces, 'face')} and ` +
      `${count(record.rejections, 'rejection')} in ${record.seconds.toFixed(1)} s.`,
  );
  printLine(
    `On held-out faces: pairs found at 1 false in 1,000 ${percent(record.before.accepted)} → ` +
      `${percent(record.after.accepted)}, BCubed F ${record.before.grouped.toFixed(3)} → ` +
      `${record.after.grouped.toFixed(3)}.`,
  );
  printLine(
    version === null
      ? `The head before stays: ${reasons[record.reason ?? 'verification']}.`
      : `The head ${version} is in use now.`,
  );
  if (record.doubts.length > 0) {
    printLine(`Are you sure about faces ${record.doubts.map(({ faceId }) => faceId).join(', ')}?`);
  }
}
