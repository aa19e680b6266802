/**
 * Runs `work` soon, but never twice at once: requests that come while it runs lead to one more
 * run after it. `pause` milliseconds lie between two runs, so that a busy scan does not make the
 * interface ask without end.
 */
export function coalesce(work: () => Promise<void>, pause: number): () => void {
  let running = false;
  let again = false;
  const run = async (): Promise<void> => {
    running = true;
    do {
      again = false;
      await work();
      if (again) await new Promise((resolve) => setTimeout(resolve, pause));
    } while (again);
    running = false;
  };
  return () => {
    if (running) again = true;
    else void run();
  };
}
