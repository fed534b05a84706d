import { z } from 'zod';
import { endpoint, Time } from './endpoint.ts';

/** Demo only: mail that would have left, kept to be looked at because no relay is configured. */
export const OutboxMail = z.object({
  id: z.string(),
  at: Time,
  from: z.string(),
  to: z.string(),
  subject: z.string(),
  text: z.string(),
  raw: z.string(),
});
export type OutboxMail = z.infer<typeof OutboxMail>;
export const readOutbox = endpoint({
  method: 'GET',
  path: '/api/demo/outbox',
  summary: 'Mail that left while no relay is configured',
  reply: z.object({ mails: z.array(OutboxMail) }),
});
