import type { Reporter, TestModule } from 'vitest/node';

/** Ends the output with one line that says how the tests went, skipped ones by name before it. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const counts = { passed: 0, failed: 0, skipped: 0 };
    const skipped: string[] = [];
    for (const module of modules) {
      if (module.state() === 'failed' && [...module.children.allTests()].length === 0)
        counts.failed++;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'pending' || state === 'skipped') {
          counts.skipped++;
          skipped.push(test.fullName);
        } else counts[state]++;
      }
    }
    for (const name of skipped) process.stdout.write(`skipped: ${name}\n`);
    // After the default reporter's summary, which is written in the same turn.
    process.once('exit', () =>
      process.stdout.write(
        `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`,
      ),
    );
  }
}
