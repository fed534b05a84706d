/** What callers hear and may choose while they wait in a queue. */
import { z } from 'zod';
import { DialableNumber } from './menu.ts';

export const WaitingRules = z.object({
  /** When something is said for the first time, and how often after that. */
  firstAfterSeconds: z.number().int().min(5).max(600),
  everySeconds: z.number().int().min(20).max(600),
  /** Which place the caller has. */
  position: z.boolean(),
  /** How long it will take: said only when it can be trusted. */
  expectedWait: z.boolean(),
  /** Key 1: hang up, keep the place and be called. Tried so often, so many minutes apart. */
  callback: z
    .object({ attempts: z.number().int().min(1).max(5), retryMinutes: z.number().int().min(1).max(240) })
    .nullable(),
  /** Key 2: leave a message. */
  voicemail: z.boolean(),
  /** Where a call goes that waits too long, or has nobody to wait for. */
  overflow: z
    .object({
      /** Null: not by the time. */
      afterSeconds: z.number().int().min(10).max(7_200).nullable(),
      /** At once when no agent who could serve it is signed in. */
      whenNobody: z.boolean(),
      /** A number outside, or null: voicemail. */
      number: DialableNumber.nullable(),
    })
    .nullable(),
});
export type WaitingRules = z.infer<typeof WaitingRules>;
