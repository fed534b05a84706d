/** What a leg on a channel of Asterisk hears when it is in no bridge. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Playback } from '@kernlijn/contract/voice';
import { CommandRefused } from '../call/command-refused.ts';
import { ifStillThere } from './ari.ts';
import type { SipLeg } from './leg.ts';

/** Characters of one request; Asterisk reads messages of 64 kB. */
const longestRequest = 4_000;

export class Playbacks {
  private readonly folders: readonly string[];
  private readonly onNode: string | null;
  private readonly current = new Map<string, { leg: SipLeg; id: string; playback: Playback }>();
  private lastId = 0;

  /** `onNode`: where the nodes have the prompts, when that is elsewhere than here. */
  constructor(folders: readonly string[], onNode: string | null) {
    this.folders = folders;
    this.onNode = onNode;
  }

  /** @throws CommandRefused `no-such-prompt` */
  async play(leg: SipLeg, playback: Playback): Promise<void> {
    const media = playback.prompts.map((name) => this.find(name));
    await this.stop(leg);
    await this.begin(leg, playback, media);
  }

  /** @throws CommandRefused `no-such-prompt` */
  check({ prompts }: Playback): void {
    for (const name of prompts) this.find(name);
  }

  async stop(leg: SipLeg): Promise<void> {
    const playing = this.current.get(leg.legId);
    if (playing === undefined) return;
    this.current.delete(leg.legId);
    await ifStillThere(leg.node.ari.request('DELETE', `playbacks/${playing.id}`));
  }

  isPlaying({ legId }: SipLeg): boolean {
    return this.current.has(legId);
  }

  forget(legId: string): void {
    this.current.delete(legId);
  }

  /** Gives the leg that has heard all there was. */
  finished(id: string, state: string): SipLeg | null {
    const playing = [...this.current.values()].find((each) => each.id === id);
    if (playing === undefined) return null;
    const { leg, playback } = playing;
    this.current.delete(leg.legId);
    if (!playback.loop) return leg;
    const last = playback.prompts.at(-1);
    // One that failed would fail again at once.
    if (last !== undefined && state !== 'failed')
      void this.begin(leg, { prompts: [last], loop: true }, [this.find(last)]).catch(() => undefined); // it hung up
    return null;
  }

  private async begin(leg: SipLeg, playback: Playback, media: readonly string[]): Promise<void> {
    const id = `play-${process.pid}-${++this.lastId}-${leg.channelId}`;
    this.current.set(leg.legId, { leg, id, playback });
    await leg.node.ari.request('POST', `channels/${leg.channelId}/play/${id}`, { media: listOf(media, playback.loop) });
  }

  private find(name: string): string {
    const folder = /^[a-z0-9][a-z0-9_-]*$/i.test(name) // names are no paths
      ? this.folders.find((each) => existsSync(join(each, `${name}.wav`)))
      : undefined;
    if (folder === undefined) throw new CommandRefused('no-such-prompt', name);
    return `sound:${join(this.onNode ?? folder, name)}`;
  }
}

/** What comes again is listed many times over: music goes on when nobody is there to ask for it anew. */
function listOf(media: readonly string[], loop: boolean): string {
  const once = media.join(',');
  const last = media.at(-1);
  if (!loop || last === undefined) return once;
  const times = Math.floor((longestRequest - once.length) / (last.length + 1));
  return [once, ...Array.from({ length: Math.max(1, times) }, () => last)].join(',');
}
