/**
 * The few things ARI has no word for, over the manager's HTTP door: MixMonitor, its mute, and how registrations stand.
 * A session is opened when it is needed; Asterisk forgets it after a minute without use.
 */
import { AriRefused, AriUnreachable } from './ari.ts';

export type Fields = Readonly<Record<string, string>>;

export class Manager {
  private readonly url: URL;
  private readonly credentials: { username: string; secret: string };
  private cookie: string | null = null;

  constructor(url: URL) {
    this.credentials = { username: decodeURIComponent(url.username), secret: decodeURIComponent(url.password) };
    this.url = new URL('/rawman', url);
    this.url.username = this.url.password = this.url.hash = '';
  }

  /** The answer, and the events that belong to it, as fields. @throws AriRefused, AriUnreachable */
  async tell(action: string, fields: Fields = {}): Promise<Fields[]> {
    if (this.cookie === null) await this.login();
    let answer = await this.send({ action, ...fields });
    if (/^Message: (Permission denied|Authentication Required)/im.test(answer)) {
      await this.login();
      answer = await this.send({ action, ...fields });
    }
    if (!/^Response: Success/m.test(answer)) throw new AriRefused(422, `${action}: ${answer.trim()}`);
    return answer.split(/\r?\n\r?\n/).map(fieldsOf);
  }

  private async login(): Promise<void> {
    this.cookie = null;
    const answer = await this.send({ action: 'Login', events: 'off', ...this.credentials });
    if (!/^Response: Success/m.test(answer)) throw new AriRefused(403, 'the manager does not know us');
  }

  private async send(fields: Fields): Promise<string> {
    const url = new URL(this.url);
    for (const [name, value] of Object.entries(fields)) url.searchParams.set(name, value);
    try {
      const response = await fetch(url, {
        headers: this.cookie === null ? {} : { cookie: this.cookie },
        signal: AbortSignal.timeout(5_000),
      });
      this.cookie = response.headers.get('set-cookie')?.split(';')[0] ?? this.cookie;
      return await response.text();
    } catch (error) {
      throw new AriUnreachable('the manager of Asterisk cannot be reached', { cause: error });
    }
  }
}

function fieldsOf(block: string): Fields {
  const lines = block.split(/\r?\n/).map((line) => /^(\w+): (.*)$/.exec(line));
  return Object.fromEntries(lines.flatMap((line) => (line ? [[line[1] ?? '', line[2] ?? '']] : [])));
}
