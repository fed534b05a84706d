import type { ChannelPort } from '../../conversations/index.ts';
import type { Context } from '../../platform/context.ts';

/** An agent's chat message is delivered when it is committed: visitors read it from the conversation. */
export function chatChannel(_context: Context): ChannelPort {
  return {
    reply: async () => 'sent',
    externalId: ({ key }) => key,
  };
}
