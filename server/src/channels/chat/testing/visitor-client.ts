/** A visitor without a browser: says hello, remembers what it heard, and can be asked to wait for something. */
import { ToVisitor } from '@kernlijn/contract/chat';
import type { FromVisitor } from '@kernlijn/contract/chat';
import { WebSocket } from 'ws';

type FrameOf<Is extends ToVisitor['is']> = Extract<ToVisitor, { is: Is }>;

export class VisitorClient {
  readonly heard: ToVisitor[] = [];
  closedWith: number | null = null;
  readonly #token: string;
  #socket: WebSocket | null = null;
  #waiting: (() => void)[] = [];

  constructor(token: string) {
    this.#token = token;
  }

  /** The last position it has. */
  get last(): number {
    return Math.max(0, ...this.messages.map(({ position }) => position));
  }
  get messages() {
    return this.heard.flatMap((frame) => (frame.is === 'message' ? [frame.message] : []));
  }

  /** Opens the socket; says hello unless told not to. */
  async connect(
    origin: string,
    { after = this.last, hello = true }: { after?: number; hello?: boolean } = {},
  ): Promise<this> {
    const socket = new WebSocket(`${origin.replace('http', 'ws')}/api/chat/socket`);
    this.#socket = socket;
    this.closedWith = null;
    socket.on('message', (data) => {
      this.heard.push(ToVisitor.parse(JSON.parse(Buffer.isBuffer(data) ? data.toString() : '')));
      this.#wake();
    });
    socket.on('close', (code) => {
      if (socket === this.#socket) this.closedWith = code;
      this.#wake();
    });
    socket.on('error', () => {});
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('close', (code) => reject(new Error(`closed with ${code} before it was open`)));
    });
    if (hello) this.send({ is: 'hello', token: this.#token, after });
    return this;
  }

  send(frame: FromVisitor): void {
    this.sendRaw(JSON.stringify(frame));
  }
  sendRaw(data: string | Buffer): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(data);
  }
  /** @returns the key */
  say(text: string, key: string = crypto.randomUUID()): string {
    this.send({ is: 'message', key, text });
    return key;
  }

  /** Gone without a word, like a laptop that is closed. */
  disconnect(): void {
    const socket = this.#socket;
    this.#socket = null;
    socket?.terminate();
  }

  async until<T>(found: () => T | undefined | false | null, what: string, timeoutMs = 10_000): Promise<T> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const result = found();
      if (result !== undefined && result !== false && result !== null) return result;
      const left = deadline - Date.now();
      if (left <= 0)
        throw new Error(
          `${what}: not heard in ${timeoutMs} ms; heard ${JSON.stringify(this.heard.slice(-8))}, closed with ${this.closedWith}`,
        );
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  frame<Is extends ToVisitor['is']>(
    is: Is,
    matches: (frame: FrameOf<Is>) => boolean = () => true,
  ): Promise<FrameOf<Is>> {
    const isOfKind = (frame: ToVisitor): frame is FrameOf<Is> => frame.is === is;
    return this.until(() => this.heard.find((frame): frame is FrameOf<Is> => isOfKind(frame) && matches(frame)), is);
  }
  kept(key: string): Promise<FrameOf<'kept'>> {
    return this.frame('kept', (frame) => frame.key === key);
  }
  text(text: string): Promise<FrameOf<'message'>> {
    return this.frame('message', ({ message }) => message.text === text);
  }
  closed(): Promise<number> {
    return this.until(() => this.closedWith, 'close');
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}
