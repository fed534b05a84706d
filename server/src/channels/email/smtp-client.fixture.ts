import { connect } from 'node:net';
import type { Socket } from 'node:net';

/** The bare protocol, a line at a time. */
export class Smtp {
  readonly closed: Promise<void>;
  readonly #socket: Socket;
  #text = '';

  private constructor(socket: Socket) {
    this.#socket = socket.setNoDelay(true);
    this.closed = new Promise((resolve) => socket.once('close', () => resolve()));
    socket.setEncoding('utf8').on('data', (text: string) => (this.#text += text));
    socket.on('error', () => {});
  }

  static async open(port: number): Promise<Smtp> {
    const smtp = new Smtp(connect(port, '127.0.0.1'));
    const greeting = await smtp.next();
    if (!greeting.startsWith('220')) throw new Error(greeting);
    await smtp.say('EHLO test.example.org');
    return smtp;
  }

  write(text: string): void {
    this.#socket.write(text);
  }

  async say(line: string): Promise<string> {
    this.write(`${line}\r\n`);
    return await this.next();
  }

  /** The last line of the next answer. */
  async next(): Promise<string> {
    for (;;) {
      const answer = /^(?:\d{3}-.*\r\n)*(\d{3} .*)\r\n/.exec(this.#text);
      if (answer?.[1] !== undefined) {
        this.#text = this.#text.slice(answer[0].length);
        return answer[1];
      }
      if (this.#socket.destroyed) throw new Error(`closed after ${this.#text}`);
      await Promise.race([this.closed, new Promise<void>((resolve) => this.#socket.once('data', () => resolve()))]);
    }
  }

  /** For TLS to go on with. */
  handOver(): Socket {
    return this.#socket.removeAllListeners('data').setEncoding();
  }

  close(): void {
    this.#socket.destroy();
  }
}
