/**
 * Reads a snapshot again when something happened, at most once per `everyMs`. The server computes figures a moment
 * after it tells of an event: a snapshot that is behind what was heard is read once more, ever more patiently.
 */
export interface Refresher {
  /** Something happened that has this number. */
  heard(seq: number): void;
  /** Read again, whatever was heard. */
  now(): void;
  stop(): void;
}

const settleMs = 60;
const mostPatientMs = 8_000;

/** @param read resolves to the number its snapshot is true for, or undefined when it failed */
export function createRefresher(read: () => Promise<number | undefined>, everyMs = 500): Refresher {
  let wanted = 0;
  let startedAt = -Infinity;
  let patienceMs = everyMs;
  let underWay = false;
  let stopped = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let plannedAt = Infinity;

  /** Sooner than planned, never later: else news that keeps coming would put off reading for ever. */
  const plan = (ms: number) => {
    const at = performance.now() + ms;
    if (stopped || at >= plannedAt) return;
    clearTimeout(timer);
    plannedAt = at;
    timer = setTimeout(() => void run(), ms);
  };
  const soon = () => {
    patienceMs = everyMs;
    if (!underWay) plan(Math.max(settleMs, startedAt + everyMs - performance.now()));
  };
  const run = async () => {
    underWay = true;
    plannedAt = Infinity;
    startedAt = performance.now();
    const before = wanted;
    const got = await read().catch(() => undefined);
    underWay = false;
    if (got !== undefined && got >= wanted) return;
    if (wanted > before) return soon();
    plan(patienceMs);
    patienceMs = Math.min(patienceMs * 2, mostPatientMs);
  };
  return {
    heard: (seq) => {
      if (seq <= wanted) return;
      wanted = seq;
      soon();
    },
    now: soon,
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
