/** What is read of Asterisk's REST interface (its own description: `rest-api/*.json` of Asterisk 22), and no more. */
import { z } from 'zod';

export const Channel = z.object({
  id: z.string(),
  name: z.string(),
  state: z.string(),
  caller: z.object({ name: z.string(), number: z.string() }),
  dialplan: z.object({ exten: z.string() }),
  creationtime: z.string(),
  channelvars: z.record(z.string(), z.string()).optional(),
});
export type Channel = z.infer<typeof Channel>;

const playback = z.object({ id: z.string(), state: z.string() });
const onChannel = <Type extends string>(type: Type) => z.object({ type: z.literal(type), channel: Channel });

export const AriEvent = z.discriminatedUnion('type', [
  onChannel('StasisStart').extend({ args: z.array(z.string()) }),
  onChannel('ChannelStateChange'),
  onChannel('ChannelDestroyed').extend({ cause: z.number(), tech_cause: z.number().optional() }),
  onChannel('ChannelDtmfReceived').extend({ digit: z.string() }),
  onChannel('ChannelHold'),
  onChannel('ChannelUnhold'),
  onChannel('ChannelHangupRequest'),
  z.object({
    type: z.literal('ChannelTransfer'),
    /** Absent at the first, which is the question itself. */
    state: z.string().optional(),
    refer_to: z.object({
      requested_destination: z.object({ protocol_id: z.string().optional(), destination: z.string() }).optional(),
    }),
    referred_by: z.object({ source_channel: z.object({ id: z.string() }) }),
  }),
  z.object({ type: z.literal('PlaybackFinished'), playback }),
  z.object({
    type: z.literal('ContactStatusChange'),
    endpoint: z.object({ resource: z.string() }),
    contact_info: z.object({ contact_status: z.string() }),
  }),
]);
export type AriEvent = z.infer<typeof AriEvent>;
export type EventOf<Type extends AriEvent['type']> = Extract<AriEvent, { type: Type }>;

/** An answer to a request of ours (REST over the WebSocket). */
export const RestResponse = z.object({
  type: z.literal('RESTResponse'),
  request_id: z.string(),
  status_code: z.number(),
  reason_phrase: z.string(),
  message_body: z.string().optional(),
});

export const Info = z.object({ status: z.object({ startup_time: z.string() }) });
export const Bridges = z.array(z.object({ id: z.string(), name: z.string(), channels: z.array(z.string()) }));
export const Endpoints = z.array(z.object({ resource: z.string(), state: z.string().optional() }));
export const RtpStatistics = z.object({
  rxcount: z.number(),
  rxploss: z.number(),
  /** In seconds. */
  rxjitter: z.number(),
  rtt: z.number().optional(),
});
