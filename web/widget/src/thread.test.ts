import type { VisitorMessage } from '@kernlijn/contract/chat';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { emptyThread, heard, onItsWay, sending, type Thread } from './thread.ts';

const at = '2026-11-23T14:05:00.000Z';
const fromAgent = (position: number, text: string): VisitorMessage => ({
  position,
  author: 'agent',
  authorName: 'Sanne',
  text,
  key: '',
  at,
});
const fromVisitor = (position: number, key: string, text: string): VisitorMessage => ({
  position,
  author: 'customer',
  authorName: 'Jan',
  text,
  key,
  at,
});
const texts = (thread: Thread) => thread.entries.map(({ text, status }) => `${text} ${status}`);

test('a message is on its way until the server says that it is kept', () => {
  const typed = sending(emptyThread, { key: 'a', text: 'hello', at });
  expect(texts(typed)).toEqual(['hello sending']);
  expect(texts(heard(typed, { is: 'kept', key: 'a', position: 1 }))).toEqual(['hello kept']);
});

test('the tick of a later message does not move the place to resume from: an earlier one may still come', () => {
  let thread = heard(emptyThread, { is: 'message', message: fromAgent(1, 'welcome') });
  thread = sending(thread, { key: 'a', text: 'hello', at });
  thread = heard(thread, { is: 'kept', key: 'a', position: 3 });
  expect(thread.last).toBe(1);
  thread = heard(thread, { is: 'message', message: fromAgent(2, 'are you there?') });
  expect(texts(thread)).toEqual(['welcome kept', 'are you there? kept', 'hello kept']);
});

test('a message that is told twice is shown once', () => {
  let thread = sending(emptyThread, { key: 'a', text: 'hello', at });
  for (let times = 0; times < 2; times++)
    thread = heard(thread, { is: 'message', message: fromVisitor(1, 'a', 'hello') });
  expect(texts(thread)).toEqual(['hello kept']);
});

test('a message typed in another tab is shown once, on its way or kept', () => {
  let thread = sending(emptyThread, { key: 'a', text: 'hello', at });
  thread = sending(thread, { key: 'a', text: 'hello', at });
  expect(texts(thread)).toEqual(['hello sending']);
});

test('what another tab gave up is no longer on its way here; what it said is', () => {
  const thread = onItsWay(sending(emptyThread, { key: 'a', text: 'given up', at }), [{ key: 'b', text: 'said', at }]);
  expect(texts(thread)).toEqual(['said sending']);
});

test('a message to an ended chat is shown as not sent, and the chat as ended', () => {
  const thread = heard(sending(emptyThread, { key: 'a', text: 'too late', at }), {
    is: 'refused',
    code: 'ended',
    key: 'a',
  });
  expect(texts(thread)).toEqual(['too late refused']);
  expect(thread.state).toBe('ended');
});

test('a message that came too fast stays on its way', () => {
  const thread = heard(sending(emptyThread, { key: 'a', text: 'fast', at }), {
    is: 'refused',
    code: 'too-many-requests',
    key: 'a',
  });
  expect(texts(thread)).toEqual(['fast sending']);
  expect(heard(thread, { is: 'kept', key: 'a', position: 1 }).refusal).toBeNull();
});

test('in whatever order and however often the server tells, the thread ends up complete, in order and without doubles', () => {
  const told = fc.shuffledSubarray(['kept', 'message', 'again', 'other', 'reload'], { minLength: 5 });
  fc.assert(
    fc.property(told, (order) => {
      let thread = sending(emptyThread, { key: 'a', text: 'mine', at });
      for (const step of order) {
        if (step === 'kept') thread = heard(thread, { is: 'kept', key: 'a', position: 2 });
        if (step === 'message' || step === 'again')
          thread = heard(thread, { is: 'message', message: fromVisitor(2, 'a', 'mine') });
        if (step === 'other') thread = heard(thread, { is: 'message', message: fromAgent(1, 'theirs') });
        if (step === 'reload') thread = sending(thread, { key: 'a', text: 'mine', at });
      }
      expect(texts(thread)).toEqual(['theirs kept', 'mine kept']);
    }),
  );
});
