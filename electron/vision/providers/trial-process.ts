import { createSession } from '../runtime.ts';
import { measureProvider } from './measure.ts';
import type { TrialAnswer, TrialTask } from './trial.ts';

// Entry of the process in which a provider is tried out: one task, one answer.
process.once('disconnect', () => process.exit(0));
process.once('message', (message) => {
  const { encoderPath, provider } = message as TrialTask;
  measureProvider(createSession, encoderPath, provider)
    .then(
      (measurement): TrialAnswer => ({ ok: true, measurement }),
      (error: unknown): TrialAnswer => ({
        ok: false,
        message: error instanceof Error ? error.message : String(error),
      }),
    )
    .then((answer) => process.send?.(answer));
});
