/** What the parts of a call before an agent share: the line, the clock, and what follows when one part gives over to another. */
import type { VoiceCommand } from '@kernlijn/contract/voice';
import type { Context } from '../../../platform/context.ts';
import type { VoiceEngine } from '../engine.ts';
import type { Timers } from './timers.ts';

export type Told = Exclude<VoiceCommand, { command: 'connect-browser' }>;

export interface Line extends Pick<Context, 'db' | 'log'> {
  engine: Pick<VoiceEngine, 'recording' | 'forgetRecording'>;
  timers: Timers;
  /** Why it was refused; null when it was not. */
  tell(command: Told): Promise<string | null>;
  /** The line of this conversation becomes what the rows say. */
  connect(conversationId: string): Promise<void>;
  /** The message that a queue is closed, or a refusal where it has none; then the line is hung up. */
  sayClosed(legId: string, closedMessage: string | null): Promise<void>;
  /** Who waits hears this, the last of it again and again; first that he is recorded, where he is. */
  waitWith(conversationId: string, prompts: readonly string[]): Promise<void>;
  /** He hears now that he is recorded: nothing else is said meanwhile. */
  isBeingTold(legId: string): boolean;
  /** Tells routing at once. */
  hint(conversationId: string): void;
}

/** Calls a number outside through our own trunks, shown as the number of the client. Null when it is on its way. */
export async function dialOut(
  { tell }: Pick<Line, 'tell'>,
  call: { legId: string; to: string; from: string; timeoutSeconds?: number },
): Promise<string | null> {
  return await tell({ command: 'dial', timeoutSeconds: 30, ...call });
}

/** What is said; a prompt that was removed must not leave anybody in silence: then music, and the caller goes on. */
export async function say(
  { tell }: Pick<Line, 'tell'>,
  legId: string,
  prompts: string[],
  loop: boolean,
): Promise<void> {
  const refused = await tell({ command: 'play', legId, playback: { prompts, loop } });
  if (refused === 'no-such-prompt')
    await tell({ command: 'play', legId, playback: { prompts: loop ? ['hold-music'] : ['beep'], loop } });
}

export const inSeconds = (now: Date, seconds: number): Date => new Date(now.getTime() + seconds * 1_000);
