/** What is typed and not sent: shown from memory, kept on the server a moment after the last key. */
import { saveDraft, type RegistrationDraft } from '@kernlijn/contract/conversations';
import { call, Refusal, type Input } from '@kernlijn/ui/call.ts';
import { createStore } from '@kernlijn/ui/store.ts';
import type { z } from 'zod';

export type RegistrationFieldsDraft = z.infer<typeof RegistrationDraft> & {
  /** What stands in the field of `followUpAt` and is no moment; on this desk only. */
  followUpTyped?: string | undefined;
};
type Body = Input<typeof saveDraft>['body'];
type Kind = Body['kind'];

export const replies = createStore<Record<string, string>>({});
export const registrations = createStore<Record<string, RegistrationFieldsDraft>>({});
/** Drafts that the server does not have yet, by conversation and kind. */
export const unsaved = createStore<ReadonlySet<string>>(new Set());

export const draftName = (conversationId: string, kind: Kind): string => `${conversationId} ${kind}`;

const quietMs = 700;
const againMs = 3_000;
const waiting = new Map<string, { conversationId: string; body: Body; timer: ReturnType<typeof setTimeout> }>();

export function typeReply(conversationId: string, text: string): void {
  replies.set((known) => ({ ...known, [conversationId]: text }));
  later(conversationId, { kind: 'reply', body: { text } }, quietMs);
}

export function typeRegistration(conversationId: string, fields: RegistrationFieldsDraft): void {
  registrations.set((known) => ({ ...known, [conversationId]: fields }));
  const { followUpTyped: _, ...body } = fields;
  later(conversationId, { kind: 'registration', body }, quietMs);
}

/** The server has it in a better place now: sent, or registered. */
export function dropDraft(conversationId: string, kind: Kind): void {
  const name = draftName(conversationId, kind);
  clearTimeout(waiting.get(name)?.timer);
  waiting.delete(name);
  mark(name, false);
}

/** A thread may come back after it was closed; its next registration starts empty. */
export function forgetRegistration(conversationId: string): void {
  dropDraft(conversationId, 'registration');
  registrations.set((known) => {
    const { [conversationId]: _, ...others } = known;
    return others;
  });
}

function later(conversationId: string, body: Body, wait: number): void {
  const name = draftName(conversationId, body.kind);
  clearTimeout(waiting.get(name)?.timer);
  waiting.set(name, { conversationId, body, timer: setTimeout(() => void save(name), wait) });
  mark(name, true);
}

async function save(name: string, keepalive = false): Promise<void> {
  const draft = waiting.get(name);
  if (!draft) return;
  clearTimeout(draft.timer);
  waiting.delete(name);
  try {
    await call(saveDraft, { params: { conversationId: draft.conversationId }, body: draft.body }, undefined, keepalive);
    if (!waiting.has(name)) mark(name, false);
  } catch (error) {
    // A refusal (no longer yours, too large) would only be refused again.
    if (!(error instanceof Refusal) && !waiting.has(name)) later(draft.conversationId, draft.body, againMs);
  }
}

function mark(name: string, isUnsaved: boolean): void {
  unsaved.set((known) => {
    if (known.has(name) === isUnsaved) return known;
    const next = new Set(known);
    if (isUnsaved) next.add(name);
    else next.delete(name);
    return next;
  });
}

/** A tab that is hidden may never come back. */
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'hidden') for (const name of [...waiting.keys()]) void save(name, true);
});
