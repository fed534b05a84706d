/** What speech travels in, by the static payload types of RFC 3551 §6. All have a clock of 8 kHz, G.722 by mistake (§4.5.2). */
import { payloadTypeOf as lawTypeOf } from './g711.ts';
import type { Law } from './g711.ts';

export type Codec = Law | 'G722';

export const payloadTypeOf = { ...lawTypeOf, G722: 9 } as const satisfies Record<Codec, number>;

export function codecOf(payloadType: number): Codec | null {
  return payloadType === 0 ? 'PCMU' : payloadType === 8 ? 'PCMA' : payloadType === 9 ? 'G722' : null;
}

/**
 * The one to use of those the far end named in its order. G.722 only when there is nothing else: the browsers of agents
 * speak G.711, and transcoding would add nothing to hear.
 */
export function chosenOf(codecs: readonly Codec[]): Codec | undefined {
  return codecs.find((codec) => codec !== 'G722') ?? codecs[0];
}
