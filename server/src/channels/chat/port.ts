import type { ChannelPort } from '../../conversations/index.ts';

/** An agent's chat message is delivered when it is committed: visitors read it from the conversation. */
export const chatPort: ChannelPort = {
  reply: async () => 'sent',
  externalId: ({ key }) => key,
};
