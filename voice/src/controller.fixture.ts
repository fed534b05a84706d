/** A server's side of the control connection, for tests: commands out, replies and events in. */
import { VoiceFrame, type LegSnapshot, type VoiceCommand, type VoiceEvent } from '@kernlijn/contract/voice';
import { WebSocket, type RawData } from 'ws';

type EventName = VoiceEvent['event'];
type EventOf<Name extends EventName> = Extract<VoiceEvent, { event: Name }>;

class Refused extends Error {
  readonly code: string;
  constructor(code: string, detail: string) {
    super(`${code}: ${detail}`);
    this.code = code;
  }
}

export class Controller {
  readonly events: VoiceEvent[] = [];
  /** Called for each event, before `next` sees it. */
  onEvent: (event: VoiceEvent) => void = () => undefined;
  readonly hello: Promise<LegSnapshot[]>;
  private readonly socket: WebSocket;
  private readonly waiting = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>();
  private readonly watchers = new Set<() => void>();
  private seen = 0;
  private lastId = 0;

  constructor(port: number, token: string) {
    this.socket = new WebSocket(`ws://127.0.0.1:${port}`, { headers: { authorization: `Bearer ${token}` } });
    this.hello = new Promise((resolve, reject) => {
      this.socket.once('error', reject);
      this.socket.on('message', (data) => {
        const frame = VoiceFrame.parse(JSON.parse(text(data)));
        if ('hello' in frame) resolve(frame.hello.legs);
        else if ('body' in frame) this.received(frame.body);
        else if (frame.ok) this.settle(frame.id)?.resolve(frame.result);
        else this.settle(frame.id)?.reject(new Refused(frame.code, frame.detail));
      });
    });
  }

  /** Resolves with the reply; rejects with `Refused`. */
  command(body: VoiceCommand): Promise<unknown> {
    const id = ++this.lastId;
    this.socket.send(JSON.stringify({ id, body }));
    return new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }));
  }

  /** The next event of this name that no earlier call of `next` returned; the ones before it are skipped. */
  async next<Name extends EventName>(name: Name, milliseconds = 5_000): Promise<EventOf<Name>> {
    const until = Date.now() + milliseconds;
    for (;;) {
      for (; this.seen < this.events.length;) {
        const event = this.events[this.seen++];
        if (event && isNamed(event, name)) return event;
      }
      const left = until - Date.now();
      if (left <= 0)
        throw new Error(
          `no ${name} within ${milliseconds} ms; had ${this.events.map(({ event }) => event).join(', ')}`,
        );
      await new Promise<void>((resolve) => {
        const done = () => (clearTimeout(timer), this.watchers.delete(done), resolve());
        const timer = setTimeout(done, left);
        this.watchers.add(done);
      });
    }
  }

  /** As if the server died: no closing handshake. */
  kill(): void {
    this.socket.terminate();
  }

  private received(event: VoiceEvent): void {
    this.events.push(event);
    this.onEvent(event);
    for (const done of [...this.watchers]) done();
  }

  private settle(id: number) {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    return waiting;
  }
}

function text(data: RawData): string {
  return Buffer.isBuffer(data) ? data.toString() : ''; // the binaryType of ws is nodebuffer unless changed
}

function isNamed<Name extends EventName>(event: VoiceEvent, name: Name): event is EventOf<Name> {
  return event.event === name;
}
