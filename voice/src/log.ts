/** One JSON line a fact on standard output, in pino's shape, so that the supervisor can pass it on unread. */
export type Log = Record<'debug' | 'info' | 'warn' | 'error', (facts: object, message: string) => void>;

const levels = { debug: 20, info: 30, warn: 40, error: 50 } as const;

export function jsonLog(write: (line: string) => void, least: keyof typeof levels = 'info'): Log {
  const at = (level: keyof typeof levels) => (facts: object, message: string) => {
    if (levels[level] < levels[least]) return;
    write(
      `${JSON.stringify({ level: levels[level], time: Date.now(), name: 'voice', msg: message, ...facts }, plainError)}\n`,
    );
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };

function plainError(_key: string, value: unknown): unknown {
  return value instanceof Error ? { type: value.name, message: value.message, stack: value.stack } : value;
}
