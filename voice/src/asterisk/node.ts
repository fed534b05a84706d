/**
 * One Asterisk node: its connection, and what is to be known whenever that comes or goes. Channels outlive a lost
 * connection and a crash of ours, so what a node has is read again each time, before any event of it is told.
 */
import { EventEmitter } from 'node:events';
import type { Log } from '../log.ts';
import { application, Ari, AriUnreachable } from './ari.ts';
import { Bridges, Channel, Info, type AriEvent } from './ari-messages.ts';
import { Manager } from './manager.ts';
import { z } from 'zod';

export interface Found {
  channels: Channel[];
  bridges: z.infer<typeof Bridges>;
  /** Another run of Asterisk than the one we knew: nothing that was is still there. */
  restarted: boolean;
}

/** Told by the hundred of each call, and of no use here. */
const unwanted = [
  'ChannelVarset',
  'ChannelDialplan',
  'ChannelCallerId',
  'ChannelConnectedLine',
  'Dial',
  'ChannelCreated',
];
const startWithinMs = 5_000;

export class Node extends EventEmitter<{ up: [Found]; down: []; event: [AriEvent] }> {
  readonly name: string;
  readonly ari: Ari;
  readonly manager: Manager;
  state: 'unknown' | 'up' | 'lost' | 'down' = 'unknown';
  private readonly log: Log;
  private readonly starting = new Map<string, { resolve(): void; reject(error: Error): void }>();
  private run: string | null = null;
  /** Events that came while we were still reading what there is. */
  private held: AriEvent[] | null = null;

  constructor(name: string, url: URL, log: Log) {
    super();
    this.name = name;
    this.log = log;
    this.ari = new Ari(url, log);
    this.manager = new Manager(url);
    this.ari.on('open', () => void this.take());
    this.ari.on('lost', () => {
      this.held = null;
      for (const { reject } of this.starting.values())
        reject(new AriUnreachable('the connection to Asterisk was lost'));
      if (this.state === 'up') this.state = 'lost';
    });
    // It cannot be reached at once again: it is gone, and with it all it had.
    this.ari.on('refused', () => this.gone());
    this.ari.on('event', (event) => {
      if (this.held) this.held.push(event);
      else this.tell(event);
    });
  }

  open(): void {
    this.ari.open();
  }

  close(): void {
    this.ari.close();
  }

  /** Resolves when a channel is in our hands: before, nothing can be asked of it. */
  async started(channelId: string, begin: () => Promise<unknown>): Promise<void> {
    const started = new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new AriUnreachable(`${channelId} did not start`)), startWithinMs);
      const done = (settle: () => void) => (clearTimeout(timer), this.starting.delete(channelId), settle());
      this.starting.set(channelId, {
        resolve: () => done(resolve),
        reject: (error) => done(() => reject(error)),
      });
    });
    started.catch(() => undefined); // told below, unless `begin` fails first
    try {
      await begin();
    } catch (error) {
      this.starting.get(channelId)?.resolve();
      throw error;
    }
    await started;
  }

  private tell(event: AriEvent): void {
    if (event.type === 'StasisStart') this.starting.get(event.channel.id)?.resolve();
    if (event.type === 'ChannelDestroyed')
      this.starting.get(event.channel.id)?.reject(new AriUnreachable(`${event.channel.id} ended before it started`));
    this.emit('event', event);
  }

  private async take(): Promise<void> {
    this.held = [];
    try {
      const filter = { disallowed: unwanted.map((type) => ({ type })) };
      const [, info, channels, bridges] = await Promise.all([
        this.ari.request('PUT', `applications/${application}/eventFilter`, {}, filter),
        this.ari.request('GET', 'asterisk/info', { only: 'status' }),
        this.ari.request('GET', 'channels'),
        this.ari.request('GET', 'bridges'),
      ]);
      const run = Info.parse(info).status.startup_time;
      const restarted = this.run !== null && this.run !== run;
      this.run = run;
      this.state = 'up';
      this.log.info({ node: this.name, restarted }, 'asterisk: connected');
      this.emit('up', { channels: z.array(Channel).parse(channels), bridges: Bridges.parse(bridges), restarted });
      const held = this.held ?? [];
      this.held = null;
      for (const event of held) this.tell(event);
    } catch (error) {
      this.log.warn({ err: error, node: this.name }, 'asterisk: could not be read');
      this.ari.drop();
    }
  }

  private gone(): void {
    if (this.state === 'down') return;
    const before = this.state;
    this.state = 'down';
    if (before === 'lost') this.log.error({ node: this.name }, 'asterisk: the node is gone');
    else this.log.warn({ node: this.name }, 'asterisk: the node cannot be reached');
    this.emit('down');
  }
}
