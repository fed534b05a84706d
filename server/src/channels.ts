/** Which channel answers in which way: the one place where the ports are plugged in. */
import { chatChannel } from './channels/chat/index.ts';
import { emailChannel } from './channels/email/index.ts';
import { voiceChannel } from './channels/voice/index.ts';
import type { VoiceEngine } from './channels/voice/index.ts';
import type { Channels } from './conversations/index.ts';
import type { Context } from './platform/context.ts';

export function channelPorts(context: Context, engine: VoiceEngine): Channels {
  const email = emailChannel();
  return { call: voiceChannel(context.db, engine), email, message: email, chat: chatChannel(context) };
}
