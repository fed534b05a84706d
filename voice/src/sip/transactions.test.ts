import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { InviteClientTransaction, NonInviteClientTransaction } from './client-transaction.ts';
import { composeResponse, type SipResponse } from './message.ts';
import { InviteServerTransaction, NonInviteServerTransaction } from './server-transaction.ts';
import { Transactions, type TransactionUser } from './transactions.ts';
import { request, response, Wire } from './wire.fixture.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const invite = request({ method: 'INVITE' });
const options = request({ method: 'OPTIONS' });
const ack = request({ method: 'ACK' });
const answer = (status: number, to = invite): SipResponse => composeResponse(to, status, { toTag: 'us' });
/** How often something was sent after each of these waits, in milliseconds. */
const sentAfter = (wire: Wire, ...waits: number[]) =>
  waits.map((wait) => (vi.advanceTimersByTime(wait), wire.sent.length));

describe('INVITE server transaction (RFC 3261 §17.2.1, RFC 6026)', () => {
  const start = (protocol: 'UDP' | 'TCP' = 'UDP') => {
    const wire = new Wire(protocol);
    const on = { terminated: vi.fn<() => void>(), ackMissing: vi.fn<() => void>() };
    return { wire, on, transaction: new InviteServerTransaction(wire, on) };
  };

  test('repeats its latest provisional response for a repeated INVITE', () => {
    const { wire, transaction } = start();
    transaction.receive(invite);
    transaction.respond(answer(100));
    transaction.respond(answer(180));
    transaction.receive(invite);
    expect(wire.story).toBe('100 180 180');
  });

  test('timer G repeats a refusal after 0.5, 1, 2, 4, 4 seconds; the ACK ends it, timer I absorbs further ones', () => {
    const { wire, on, transaction } = start();
    transaction.respond(answer(486));
    expect(sentAfter(wire, 499, 1, 1_000, 2_000, 4_000, 4_000)).toEqual([1, 2, 3, 4, 5, 6]);
    transaction.receive(ack);
    expect(transaction.state).toBe('confirmed');
    transaction.receive(ack);
    expect(sentAfter(wire, 4_999)).toEqual([6]);
    expect(on.terminated).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(on.terminated).toHaveBeenCalledOnce();
  });

  test('timer H gives up on the ACK of a refusal after 32 seconds', () => {
    const { on, transaction } = start();
    transaction.respond(answer(486));
    vi.advanceTimersByTime(31_999);
    expect(on.ackMissing).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(on.ackMissing).toHaveBeenCalledOnce();
    expect(vi.getTimerCount()).toBe(0);
  });

  test('over TCP nothing is repeated, and the ACK ends it at once (timer I is 0)', () => {
    const { wire, on, transaction } = start('TCP');
    transaction.respond(answer(486));
    expect(sentAfter(wire, 10_000)).toEqual([1]);
    transaction.receive(ack);
    expect(on.terminated).toHaveBeenCalledOnce();
    expect(vi.getTimerCount()).toBe(0);
  });

  test('accepted: repeated INVITEs are absorbed, a 2xx of the user passes, until timer L', () => {
    const { wire, on, transaction } = start();
    transaction.respond(answer(200));
    transaction.receive(invite);
    expect(wire.story).toBe('200');
    transaction.respond(answer(200));
    transaction.respond(answer(486));
    expect(wire.story).toBe('200 200');
    vi.advanceTimersByTime(32_000);
    expect(on.terminated).toHaveBeenCalledOnce();
  });
});

describe('non-INVITE server transaction (§17.2.2)', () => {
  test('discards repetitions while trying, then repeats its response until timer J', () => {
    const wire = new Wire('UDP');
    const on = { terminated: vi.fn<() => void>() };
    const transaction = new NonInviteServerTransaction(wire, on);
    transaction.receive(options);
    expect(wire.story).toBe('');
    transaction.respond(answer(200, options));
    transaction.receive(options);
    transaction.respond(answer(500, options)); // a second final response counts for nothing
    expect(wire.story).toBe('200 200');
    vi.advanceTimersByTime(31_999);
    expect(on.terminated).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(on.terminated).toHaveBeenCalledOnce();
  });
});

describe('INVITE client transaction (§17.1.1, RFC 6026)', () => {
  const start = (protocol: 'UDP' | 'TCP' = 'UDP') => {
    const wire = new Wire(protocol);
    const on = {
      response: vi.fn<(response: SipResponse) => void>(),
      timeout: vi.fn<() => void>(),
      terminated: vi.fn<() => void>(),
    };
    const transaction = new InviteClientTransaction(invite, wire, on);
    transaction.start();
    return { wire, on, transaction };
  };

  test('timer A doubles from 0.5 s without limit, timer B gives up after 32 s', () => {
    const { wire, on } = start();
    expect(sentAfter(wire, 499, 1, 1_000, 2_000, 4_000, 8_000, 16_000)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    vi.advanceTimersByTime(500);
    expect(on.timeout).toHaveBeenCalledOnce();
    expect(vi.getTimerCount()).toBe(0);
  });

  test('a provisional response stops both, however long the far end rings', () => {
    const { wire, on, transaction } = start();
    transaction.receive(response(invite, 180));
    expect(sentAfter(wire, 120_000)).toEqual([1]);
    expect(on.timeout).not.toHaveBeenCalled();
  });

  test('acknowledges a refusal with the branch, Request-URI and CSeq of the INVITE, again for each repetition, until timer D', () => {
    const { wire, on, transaction } = start();
    transaction.receive(response(invite, 486));
    transaction.receive(response(invite, 486));
    expect(wire.story).toBe('INVITE ACK ACK');
    const sent = wire.lastRequest();
    expect(sent).toMatchObject({ uri: invite.uri, cseq: { number: 1, method: 'ACK' } });
    expect(sent.via.params.get('branch')).toBe(invite.via.params.get('branch'));
    expect(sent.to.params.get('tag')).toBe('callee');
    expect(on.response).toHaveBeenCalledOnce();
    vi.advanceTimersByTime(32_000);
    expect(on.terminated).toHaveBeenCalledOnce();
  });

  test('hands over every 2xx until timer M, and acknowledges none itself', () => {
    const { wire, on, transaction } = start();
    transaction.receive(response(invite, 200));
    transaction.receive(response(invite, 200, { tag: 'another-fork' }));
    expect(on.response).toHaveBeenCalledTimes(2);
    expect(wire.story).toBe('INVITE');
    vi.advanceTimersByTime(32_000);
    expect(on.terminated).toHaveBeenCalledOnce();
  });
});

describe('non-INVITE client transaction (§17.1.2)', () => {
  const start = () => {
    const wire = new Wire('UDP');
    const on = {
      response: vi.fn<(response: SipResponse) => void>(),
      timeout: vi.fn<() => void>(),
      terminated: vi.fn<() => void>(),
    };
    const transaction = new NonInviteClientTransaction(options, wire, on);
    transaction.start();
    return { wire, on, transaction };
  };

  test('timer E doubles from 0.5 to 4 s, timer F gives up after 32 s', () => {
    const { wire, on } = start();
    expect(sentAfter(wire, 500, 1_000, 2_000, 4_000, 4_000)).toEqual([2, 3, 4, 5, 6]);
    vi.advanceTimersByTime(32_000 - 11_500);
    expect(on.timeout).toHaveBeenCalledOnce();
  });

  test('after a provisional response it repeats every 4 s; timer K absorbs repeated final ones', () => {
    const { wire, on, transaction } = start();
    transaction.receive(response(options, 100));
    expect(sentAfter(wire, 500, 4_000, 3_999, 1)).toEqual([2, 3, 3, 4]);
    transaction.receive(response(options, 200));
    transaction.receive(response(options, 200));
    expect(on.response).toHaveBeenCalledTimes(2); // the 100 and one 200
    vi.advanceTimersByTime(5_000);
    expect(on.terminated).toHaveBeenCalledOnce();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('matching (§17.1.3, §17.2.3, §8.2.2.2)', () => {
  const start = () => {
    const user = {
      admit: vi.fn<TransactionUser['admit']>(() => true),
      request: vi.fn<TransactionUser['request']>(),
      ack: vi.fn<TransactionUser['ack']>(),
      merged: vi.fn<TransactionUser['merged']>(),
    };
    return { user, wire: new Wire('UDP'), transactions: new Transactions(user) };
  };

  test('a repeated request reaches its user once', () => {
    const { user, wire, transactions } = start();
    transactions.receive(invite, wire);
    transactions.receive(invite, wire);
    expect(user.request).toHaveBeenCalledOnce();
  });

  test('the same branch from another sender is another request', () => {
    const { user, wire, transactions } = start();
    transactions.receive(invite, wire);
    const other = request({ method: 'INVITE', callId: 'other' });
    transactions.receive({ ...other, via: { ...invite.via, host: '192.0.2.77' } }, wire);
    expect(user.request).toHaveBeenCalledTimes(2);
  });

  test('without the magic cookie the identity of the call is compared (RFC 2543 peers)', () => {
    const { user, wire, transactions } = start();
    const old = request({ method: 'INVITE', branch: '1' });
    transactions.receive(old, wire);
    transactions.receive(old, wire);
    expect(user.request).toHaveBeenCalledOnce();
    transactions.receive(request({ method: 'INVITE', branch: '1', callId: 'other' }), wire);
    expect(user.request).toHaveBeenCalledTimes(2);
  });

  test('a copy that came another way is merged', () => {
    const { user, wire, transactions } = start();
    transactions.receive(invite, wire);
    transactions.receive(request({ method: 'INVITE' }), wire); // same call, other branch
    expect(user.merged).toHaveBeenCalledOnce();
  });

  test('after its timers nothing of a transaction is left', () => {
    const { user, wire, transactions } = start();
    transactions.receive(invite, wire);
    transactions.receive(request({ method: 'OPTIONS', callId: 'o' }), wire);
    for (const [asked, transaction] of user.request.mock.calls)
      transaction.respond(composeResponse(asked, 404, { toTag: 'us' }));
    const sent = transactions.send(request({ method: 'BYE', callId: 'b' }), wire, {
      response: () => undefined,
      timeout: () => undefined,
    });
    transactions.receive(response(sent.request, 200), wire);
    expect(transactions.size).toBe(3);
    vi.advanceTimersByTime(64_000);
    expect(transactions.size).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });
});
