/** The timers of RFC 3261 §17 and RFC 6026, by their names (table 4 of RFC 3261), in milliseconds. */
export const T1 = 500;
export const T2 = 4_000;
const T4 = 5_000;

export const duration = {
  B: 64 * T1, // INVITE client gives up
  D: 32_000, // INVITE client stays to acknowledge a retransmitted refusal; 0 when reliable
  F: 64 * T1, // non-INVITE client gives up
  H: 64 * T1, // INVITE server gives up waiting for ACK
  I: T4, // INVITE server absorbs ACKs; 0 when reliable
  J: 64 * T1, // non-INVITE server absorbs retransmissions; 0 when reliable
  K: T4, // non-INVITE client absorbs responses; 0 when reliable
  L: 64 * T1, // RFC 6026 §8.7: accepted INVITE server absorbs retransmissions
  M: 64 * T1, // RFC 6026 §8.4: accepted INVITE client waits for further 2xx
} as const;

type TimerName = keyof typeof duration | 'A' | 'E' | 'G';

/** The running timers of one transaction. */
export class Timers {
  private readonly running = new Map<TimerName, NodeJS.Timeout>();

  start(name: TimerName, milliseconds: number, fire: () => void): void {
    this.stop(name);
    this.running.set(
      name,
      setTimeout(() => {
        this.running.delete(name);
        fire();
      }, milliseconds),
    );
  }

  stop(name: TimerName): void {
    clearTimeout(this.running.get(name));
    this.running.delete(name);
  }

  stopAll(): void {
    for (const timer of this.running.values()) clearTimeout(timer);
    this.running.clear();
  }
}
