import pino from 'pino';

export type Logger = pino.Logger;

/** Writes lines of JSON to a file, or nothing where none is wanted. */
export function createLogger(file: string | null): Logger {
  if (file === null) return pino({ level: 'silent' });
  return pino(
    { level: 'info', base: null, serializers: { error: pino.stdSerializers.err } },
    pino.destination({ dest: file, mkdir: true, sync: false }),
  );
}
