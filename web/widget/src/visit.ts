/**
 * One visitor on one page: joins what the browser keeps, the HTTP calls and the socket. Whatever is typed is kept
 * before it is sent, and forgotten only when the server says that it has it.
 */
import type { ToVisitor, WidgetSettings } from '@kernlijn/contract/chat';
import { callsTo, type Calls } from './calls.ts';
import { parse, readSettings } from './frames.ts';
import type { Keep } from './keep.ts';
import { Line } from './line.ts';
import { Outbox } from './outbox.ts';
import { currentPage, newKey, socketUrl, type Tag } from './tag.ts';
import { emptyThread, heard, isUnread, onItsWay, sending, type Thread } from './thread.ts';
import { troubleOf } from './trouble.ts';
import type { Language, WordKey } from './words.ts';

export interface Contact {
  name: string;
  email: string;
  text: string;
}

const typingShownFor = 5_000;
const typingToldEvery = 2_500;
/** What is still unsent after this long goes again: its tab may be gone, or it came too fast. */
const resendAfter = 6_000;
/** Fewer than the server lets through at once: it would refuse some in the middle, and the order would be lost. */
const atOnce = 20;

export class Visit {
  readonly keep: Keep;
  settings: WidgetSettings | null;
  settingsKnown = false;
  /** The last attempt to read the settings failed. */
  unreachable = false;
  /** The server says there is no such entrance: then there is nothing to show. */
  nowhere = false;
  thread: Thread = emptyThread;
  link: 'none' | 'connecting' | 'connected' | 'lost' = 'none';
  busy = false;
  /** What went wrong with the form that was sent last. */
  trouble: WordKey | null = null;
  /** Where the answer to a left message goes. */
  receivedFor: string | null = null;
  typingName: string | null = null;

  readonly #tag: Tag;
  readonly #calls: Calls;
  readonly #outbox: Outbox;
  readonly #signal: AbortSignal;
  readonly #changed: () => void;
  #line: Line | null = null;
  #leaving = false;
  #typingTimer: ReturnType<typeof setTimeout> | undefined;
  #settingsTimer: ReturnType<typeof setTimeout> | undefined;
  #settingsPause = 1_000;
  #settingsAt = 0;
  #toldTypingAt = 0;
  /** What the chat was started with, until the server shows what it kept of it. */
  #started: { key: string; text: string } | null = null;

  constructor(tag: Tag, keep: Keep, signal: AbortSignal, changed: () => void) {
    this.#tag = tag;
    this.keep = keep;
    this.#outbox = new Outbox(keep);
    this.#signal = signal;
    this.#changed = changed;
    this.#calls = callsTo(tag.origin, tag.entrance);
    this.settings = readSettings(parse(keep.read('settings') ?? ''));
    const resend = setInterval(() => this.#flush(resendAfter), resendAfter);
    signal.addEventListener('abort', () => {
      clearInterval(resend);
      clearTimeout(this.#settingsTimer);
      clearTimeout(this.#typingTimer);
      this.#line?.close();
    });
    keep.watch((name) => this.#changedElsewhere(name), signal);
    void this.readSettings();
    if (this.inChat) this.#connect();
  }

  get language(): Language {
    return this.#tag.language ?? this.settings?.language ?? 'nl';
  }
  get inChat(): boolean {
    return this.keep.read('token') !== null;
  }
  get isOpen(): boolean {
    return this.keep.read('open') === 'yes';
  }
  get unread(): number {
    const readTo = Number(this.keep.read('read') ?? 0);
    return this.thread.entries.filter((entry) => isUnread(entry, readTo)).length;
  }

  setOpen(open: boolean): void {
    this.keep.write('open', open ? 'yes' : 'no');
    // Whether the chat is open for business may have changed since the page was loaded.
    if (open && !this.inChat && Date.now() - this.#settingsAt > 60_000) void this.readSettings();
    this.#changed();
  }

  markRead(): void {
    if (this.unread > 0) this.keep.write('read', String(this.thread.last));
  }

  async readSettings(): Promise<void> {
    clearTimeout(this.#settingsTimer);
    const answer = await this.#calls.settings();
    if (this.#signal.aborted) return;
    this.nowhere = answer.is === 'refused' && answer.code === 'not-found';
    this.unreachable = answer.is !== 'ok' && !this.nowhere;
    if (answer.is === 'ok') {
      this.settings = answer.value;
      this.settingsKnown = true;
      this.#settingsAt = Date.now();
      this.#settingsPause = 1_000;
      this.keep.write('settings', JSON.stringify(answer.value));
    } else if (this.unreachable) {
      this.#settingsTimer = setTimeout(() => void this.readSettings(), this.#settingsPause);
      this.#settingsPause = Math.min(this.#settingsPause * 2, 30_000);
    }
    this.#changed();
  }

  async start(contact: Contact): Promise<void> {
    await this.#once('start', async (key) => {
      const answer = await this.#calls.start({ ...contact, key, page: currentPage(), language: this.language });
      if (answer.is === 'refused') this.keep.forget('start');
      if (answer.is === 'refused' && answer.code === 'chat-closed') {
        if (this.settings !== null) this.settings = { ...this.settings, open: false };
        void this.readSettings();
      }
      if (answer.is !== 'ok') return troubleOf(answer, 'startFailed');
      // A repeated start answers with the chat of the first: was the text changed in between, then it is not said yet.
      this.#started = { key, text: contact.text };
      for (const name of ['start', 'draft']) this.keep.forget(name);
      this.keep.write('token', answer.value);
      this.#connect();
      return null;
    });
  }

  async leaveMessage(contact: Contact): Promise<void> {
    await this.#once('leave', async (key) => {
      const answer = await this.#calls.leaveMessage({ ...contact, key, page: currentPage(), language: this.language });
      if (answer.is === 'refused') this.keep.forget('leave');
      if (answer.is !== 'ok') return troubleOf(answer, 'leaveFailed');
      for (const name of ['leave', 'draft']) this.keep.forget(name);
      this.receivedFor = contact.email;
      return null;
    });
  }

  say(text: string): void {
    const key = newKey();
    this.#outbox.put(key, text);
    this.keep.forget('draft');
    this.#toldTypingAt = 0;
    this.thread = sending(this.thread, { key, text, at: new Date().toISOString() });
    if (this.link === 'connected' && this.#outbox.list().length <= atOnce)
      this.#line?.send({ is: 'message', key, text });
    this.#changed();
  }

  typing(): void {
    if (this.link !== 'connected' || Date.now() - this.#toldTypingAt < typingToldEvery) return;
    this.#toldTypingAt = Date.now();
    this.#line?.send({ is: 'typing' });
  }

  leave(): void {
    this.#leaving = true;
    this.#line?.send({ is: 'leave' });
    this.thread = { ...this.thread, state: 'ended' };
    this.#changed();
  }

  startAnew(): void {
    this.#outbox.giveBack(this.#outbox.list().map(({ key }) => key));
    for (const name of ['token', 'read']) this.keep.forget(name);
    this.#disconnect();
    void this.readSettings();
    this.#changed();
  }

  writeAnother(): void {
    this.receivedFor = null;
    this.#changed();
  }

  /** The network is back, the page is looked at again, or the visitor asks. */
  tryNow(): void {
    this.#line?.tryNow();
    if (this.unreachable) void this.readSettings();
  }

  /** The page goes into the back/forward cache, which an open socket would forbid; and comes out of it. */
  rest(): void {
    this.#line?.close();
    this.#line = null;
    this.link = 'none';
  }
  wake(): void {
    if (this.inChat && this.#line === null) this.#connect();
  }

  /** A form keeps its key until the server has answered, so that pressing again is never a second one. */
  async #once(form: 'start' | 'leave', send: (key: string) => Promise<WordKey | null>): Promise<void> {
    if (this.busy) return;
    const key = this.keep.read(form) ?? newKey();
    this.keep.write(form, key);
    this.busy = true;
    this.trouble = null;
    this.#changed();
    this.trouble = await send(key);
    this.busy = false;
    this.#changed();
  }

  #connect(): void {
    this.#disconnect();
    this.thread = onItsWay(this.thread, this.#outbox.list());
    this.link = 'connecting';
    this.#line = new Line(socketUrl(this.#tag), {
      up: () => {
        const token = this.keep.read('token');
        if (token !== null) this.#line?.send({ is: 'hello', token, after: this.thread.last });
      },
      frame: (frame) => this.#heard(frame),
      down: () => {
        this.link = 'lost';
        this.typingName = null;
        this.#changed();
      },
    });
  }

  #disconnect(): void {
    this.#line?.close();
    this.#line = null;
    this.link = 'none';
    this.#leaving = false;
    this.thread = emptyThread;
    this.typingName = null;
  }

  #heard(frame: ToVisitor): void {
    this.thread = heard(this.thread, frame);
    if (frame.is === 'welcome') {
      this.link = 'connected';
      if (this.#leaving) this.#line?.send({ is: 'leave' });
      this.#flush(0);
    }
    if (frame.is === 'kept') this.#outbox.kept(frame.key);
    if (frame.is === 'typing') this.#showTyping(frame.name);
    if (frame.is === 'message') {
      this.#outbox.kept(frame.message.key);
      if (frame.message.author === 'agent') this.#showTyping(null);
      if (this.#started?.key === frame.message.key) {
        if (this.#started.text !== frame.message.text) this.keep.write('draft', this.#started.text);
        this.#started = null;
      }
    }
    if (frame.is === 'refused') this.#refused(frame.code, frame.key);
    if (this.thread.state === 'ended') this.#showTyping(null);
    this.#changed();
  }

  #refused(code: string, key: string | null): void {
    if (code === 'visitor-unknown') this.startAnew();
    if (key === null || code === 'too-many-requests') return;
    this.#outbox.giveBack([key]);
  }

  #flush(olderThan: number): void {
    if (this.link !== 'connected') return;
    const now = Date.now();
    for (const { key, text, at } of this.#outbox.list().slice(0, atOnce))
      if (now - Date.parse(at) >= olderThan) this.#line?.send({ is: 'message', key, text });
  }

  #showTyping(name: string | null): void {
    clearTimeout(this.#typingTimer);
    this.typingName = name;
    if (name === null) return;
    this.#typingTimer = setTimeout(() => {
      this.typingName = null;
      this.#changed();
    }, typingShownFor);
  }

  #changedElsewhere(name: string): void {
    if (name === 'token') {
      if (this.inChat) this.#connect();
      else this.#disconnect();
    }
    if (Outbox.isName(name) && this.inChat) this.thread = onItsWay(this.thread, this.#outbox.list());
    this.#changed();
  }
}
