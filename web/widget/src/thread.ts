/** The chat as the visitor sees it: pure, so that order, doubles and resuming can be tested without a browser. */
import type { ToVisitor, VisitorMessage } from '@kernlijn/contract/chat';

export interface Entry {
  key: string;
  /** Null until the server has it. */
  position: number | null;
  author: VisitorMessage['author'];
  authorName: string;
  text: string;
  at: string;
  /** `kept` is only ever said by the server. */
  status: 'sending' | 'kept' | 'refused';
}

export interface Thread {
  state: 'waiting' | 'talking' | 'ended';
  agentName: string | null;
  /** What the server has, by position; then what is still on its way, in the order it was typed. */
  entries: readonly Entry[];
  /** The last position received in order: where to resume after a lost connection. */
  last: number;
  /** Why the last message was refused; cleared by the next one that is kept. */
  refusal: string | null;
}

export const emptyThread: Thread = { state: 'waiting', agentName: null, entries: [], last: 0, refusal: null };

export interface Outgoing {
  key: string;
  text: string;
  at: string;
}

/** A message the visitor sends, in this tab or another, or before a reload. */
export function sending(thread: Thread, message: Outgoing): Thread {
  if (thread.entries.some((entry) => entry.key === message.key)) return thread;
  const entry: Entry = { ...message, position: null, author: 'customer', authorName: '', status: 'sending' };
  return { ...thread, entries: [...thread.entries, entry] };
}

/** Exactly these are still on their way: another tab, or this one before a reload, may have said or given up others. */
export function onItsWay(thread: Thread, messages: readonly Outgoing[]): Thread {
  const keys = new Set(messages.map(({ key }) => key));
  const entries = thread.entries.filter(({ status, key }) => status !== 'sending' || keys.has(key));
  return messages.reduce(sending, { ...thread, entries });
}

/** What the server said. */
export function heard(thread: Thread, frame: ToVisitor): Thread {
  switch (frame.is) {
    case 'welcome':
    case 'state':
      return { ...thread, state: frame.state, agentName: frame.agentName };
    case 'message':
      return { ...place(thread, frame.message), last: Math.max(thread.last, frame.message.position) };
    case 'kept':
      // `last` stays: an earlier message of the agent may still be on its way to us.
      return { ...marked(thread, frame.key, { status: 'kept', position: frame.position }), refusal: null };
    case 'refused':
      return frame.key === null ? thread : refused(thread, frame.key, frame.code);
    case 'typing':
    case 'pong':
      return thread;
  }
}

export function isUnread(entry: Entry, readTo: number): boolean {
  return entry.author === 'agent' && entry.position !== null && entry.position > readTo;
}

function place(thread: Thread, message: VisitorMessage): Thread {
  const entry: Entry = { ...message, status: 'kept' };
  const others = thread.entries.filter(
    (known) => known.position !== message.position && (message.key === '' || known.key !== message.key),
  );
  return { ...thread, entries: inOrder([...others, entry]) };
}

function refused(thread: Thread, key: string, code: string): Thread {
  // Too many at once is no refusal of the text: it stays on its way and is sent again.
  const status = code === 'too-many-requests' ? 'sending' : 'refused';
  return { ...marked(thread, key, { status }), refusal: code, state: code === 'ended' ? 'ended' : thread.state };
}

function marked(thread: Thread, key: string, change: Partial<Entry>): Thread {
  return {
    ...thread,
    entries: inOrder(thread.entries.map((entry) => (entry.key === key ? { ...entry, ...change } : entry))),
  };
}

function inOrder(entries: Entry[]): Entry[] {
  return entries.sort((a, b) => (a.position ?? Number.MAX_SAFE_INTEGER) - (b.position ?? Number.MAX_SAFE_INTEGER));
}
