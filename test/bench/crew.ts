import { fork, type ChildProcess } from 'node:child_process';
import { machineBusySeconds } from './process-tree.ts';

/** What a member of a crew sends: that it is ready, then an answer to each task. */
type FromMember<Answer> =
  | { readonly kind: 'ready' }
  | { readonly kind: 'answer'; readonly answer: Answer; readonly cpuSeconds: number };

export interface CrewRun<Answer> {
  /** In the order of the tasks. */
  readonly answers: readonly Answer[];
  /** From the first task handed out to the last answer. */
  readonly seconds: number;
  /** Processor time of all members together, user and system. */
  readonly cpuSeconds: number;
  /** Processor time of the whole machine meanwhile. */
  readonly machineSeconds: number;
}

export interface Crew<Task, Answer> {
  /** Hands the tasks out one by one, each to the first member that is free. */
  run(tasks: readonly Task[]): Promise<CrewRun<Answer>>;
  close(): void;
}

/**
 * Starts `processes` child processes of one module, which must call `serveTasks`, and waits until
 * all of them have loaded what they need.
 *
 * @throws Error when a member ends too early.
 */
export async function startCrew<Task, Answer>(
  entry: string,
  processes: number,
): Promise<Crew<Task, Answer>> {
  const members = Array.from({ length: processes }, () =>
    fork(entry, { serialization: 'advanced', execArgv: [] }),
  );
  const close = () => members.forEach((member) => member.connected && member.disconnect());
  try {
    await Promise.all(members.map((member) => nextMessage<Answer>(member)));
  } catch (error) {
    close();
    throw error;
  }
  return {
    async run(tasks) {
      const answers = new Array<Answer>(tasks.length);
      let next = 0;
      let cpuSeconds = 0;
      const busyBefore = machineBusySeconds();
      const start = performance.now();
      await Promise.all(
        members.map(async (member) => {
          while (next < tasks.length) {
            const index = next++;
            const received = nextMessage<Answer>(member);
            member.send({ task: tasks[index] });
            const message = await received;
            if (message.kind !== 'answer') throw new Error('A member of the crew started again');
            answers[index] = message.answer;
            cpuSeconds += message.cpuSeconds;
          }
        }),
      );
      const seconds = (performance.now() - start) / 1000;
      return { answers, seconds, cpuSeconds, machineSeconds: machineBusySeconds() - busyBefore };
    },
    close,
  };
}

/** Called in a child process of a crew: answers tasks, one at a time, until the crew is closed. */
export function serveTasks<Task, Answer>(work: (task: Task) => Promise<Answer>): void {
  const send = (message: FromMember<Answer>) => process.send?.(message);
  process.on('message', (message) => {
    const before = process.cpuUsage();
    void work((message as { task: Task }).task).then(
      (answer) => {
        const { user, system } = process.cpuUsage(before);
        send({ kind: 'answer', answer, cpuSeconds: (user + system) / 1e6 });
      },
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  });
  process.once('disconnect', () => process.exit(0));
  send({ kind: 'ready' });
}

function nextMessage<Answer>(member: ChildProcess): Promise<FromMember<Answer>> {
  return new Promise((resolve, reject) => {
    const onMessage = (message: unknown) => {
      member.off('exit', onExit);
      resolve(message as FromMember<Answer>);
    };
    const onExit = (code: number | null, signal: string | null) => {
      member.off('message', onMessage);
      reject(new Error(`A member of the crew ended with ${signal ?? `code ${code}`}`));
    };
    member.once('message', onMessage);
    member.once('exit', onExit);
  });
}
