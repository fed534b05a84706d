/** A network between two UDP ports that loses and delays packets, without needing a kernel that can. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

export interface Badness {
  /** Share of packets that never arrive, 0–1. */
  loss: number;
  /** Each packet takes up to this much longer than the fastest; those that are overtaken arrive out of order. */
  jitterMs: number;
}

export class BadNetwork {
  readonly #here: Socket;
  readonly #there: Socket;
  readonly #timers = new Set<NodeJS.Timeout>();
  #state = 1;
  sent = 0;
  lost = 0;

  /** `here` speaks to `nearPort`, `there` to `farPort`; what comes in at one goes out at the other. */
  static async between(nearPort: number, { loss, jitterMs }: Badness): Promise<BadNetwork> {
    const sockets = [createSocket('udp4'), createSocket('udp4')] as const;
    for (const socket of sockets) {
      socket.bind(0, '127.0.0.1');
      await once(socket, 'listening');
    }
    return new BadNetwork(sockets, nearPort, loss, jitterMs);
  }

  #farPort = 0;

  private constructor([here, there]: readonly [Socket, Socket], nearPort: number, loss: number, jitterMs: number) {
    this.#here = here;
    this.#there = there;
    const carry = (from: Socket, to: Socket, port: () => number) =>
      from.on('message', (data) => {
        this.sent += 1;
        if (this.#random() < loss) {
          this.lost += 1;
          return;
        }
        const timer = setTimeout(() => {
          this.#timers.delete(timer);
          to.send(data, port(), '127.0.0.1');
        }, this.#random() * jitterMs);
        this.#timers.add(timer);
      });
    carry(here, there, () => this.#farPort);
    carry(there, here, () => nearPort);
  }

  /** What the near end sends to. */
  get nearSide(): number {
    return this.#here.address().port;
  }
  /** What the far end believes the near end to be. */
  get farSide(): number {
    return this.#there.address().port;
  }

  leadsTo(farPort: number): void {
    this.#farPort = farPort;
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#here.close();
    this.#there.close();
  }

  /** The same every time. Park and Miller's minimal standard generator. */
  #random(): number {
    this.#state = (this.#state * 48_271) % 0x7fff_ffff;
    return this.#state / 0x7fff_ffff;
  }
}
