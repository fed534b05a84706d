/**
 * Who a request is from, before anything is kept of it: a trunk, a desk phone that proved itself, an address the
 * installation trusts; or nobody, and then it is refused or not answered without a transaction (RFC 3261 §8.2.7), so
 * that a stranger costs no memory and makes us repeat nothing.
 */
import { createHmac, randomBytes } from 'node:crypto';
import type { PhoneAccount, Trunk } from '@kernlijn/contract/voice';
import { DigestGuard } from './digest-guard.ts';
import { composeResponse, tagOf, type HeaderField, type SipRequest, type SipResponse } from './message.ts';
import { SourceGate } from './source-gate.ts';
import { userOf } from './uri.ts';
import type { Registrar } from './registrar.ts';
import type { Trunks } from './trunks.ts';
import type { Flow } from './transport.ts';
import type { Log } from '../log.ts';

export type Origin =
  | { kind: 'trunk'; trunk: Trunk }
  | { kind: 'phone'; user: string }
  /** Named by the installation: believed like a trunk, without being one. */
  | { kind: 'named' }
  /** Nobody is named at all, so everybody may call. */
  | { kind: 'anybody' };

export type Verdict = { origin: Origin } | { refusal: SipResponse } | 'ignore';

/** An address that is no trunk and has no telephone here may ask so often in a second; the rest is not answered. */
const strangersPerSecond = 20;
const mostStrangers = 10_000;

export class Admission {
  readonly gate: SourceGate;
  private readonly guard: DigestGuard;
  private readonly parts: { trunks: Trunks; registrar: Registrar };
  private readonly secret = randomBytes(16);
  /** The server named trunks: whoever is none of them needs a password. */
  private isConfigured = false;
  private readonly strangers = new Map<string, number>();
  private second = 0;

  constructor(allow: readonly string[], parts: { trunks: Trunks; registrar: Registrar }, log: Log) {
    this.gate = new SourceGate(allow);
    this.guard = new DigestGuard(log);
    this.parts = parts;
  }

  configure(isConfigured: boolean, realm: string, phones: readonly PhoneAccount[]): void {
    this.isConfigured = isConfigured;
    this.guard.configure(realm, phones);
    this.parts.registrar.retain((user) => this.guard.knows(user));
  }

  /** At the socket: whether a request from there is read at all. */
  admits(address: string): boolean {
    if (this.isOpen || this.gate.names(address) || this.gate.isCalled(address) || this.parts.trunks.of(address))
      return true;
    return !this.guard.isIdle && !this.guard.strikes.isBanned(address);
  }

  /** For a request outside every dialog and transaction we know. */
  judge(request: SipRequest, flow: Flow): Verdict {
    const trunk = this.parts.trunks.of(flow.address);
    if (this.hasToProve(request, flow, trunk)) return this.prove(request, flow);
    if (trunk) return { origin: { kind: 'trunk', trunk } };
    if (this.gate.names(flow.address)) return { origin: { kind: 'named' } };
    if (this.isOpen) return { origin: { kind: 'anybody' } };
    if (request.method === 'OPTIONS' && this.parts.registrar.isAt(flow)) return { origin: { kind: 'anybody' } };
    if (this.gate.isCalled(flow.address)) return { refusal: this.refusal(request, 403) }; // we call it, but it may not call us
    if (this.guard.isIdle || request.method !== 'INVITE') return 'ignore';
    return this.prove(request, flow);
  }

  /** A refusal nobody remembers; its tag is the same each time (§8.2.7). */
  refusal(request: SipRequest, status: number, headers: HeaderField[] = []): SipResponse {
    const seed = `${request.callId} ${tagOf(request.from)} ${request.via.params.get('branch')}`;
    const toTag = createHmac('sha256', this.secret).update(seed).digest('hex').slice(0, 16);
    return composeResponse(request, status, { toTag, headers });
  }

  private get isOpen(): boolean {
    return this.gate.isEmpty && !this.isConfigured;
  }

  /** A telephone of ours: it registers, or shows its name, or sends from where it registered. */
  private hasToProve(request: SipRequest, flow: Flow, trunk: Trunk | null): boolean {
    if (this.guard.isIdle) return false;
    if (request.method === 'REGISTER') return true;
    if (request.method !== 'INVITE') return false;
    if (this.guard.isAddressed(request) || this.parts.registrar.isAt(flow)) return true;
    return !trunk && this.guard.knows(userOf(request.from.uri));
  }

  private prove(request: SipRequest, flow: Flow): Verdict {
    const isStranger = !this.parts.registrar.isAt(flow) && !this.parts.trunks.of(flow.address);
    if (isStranger && this.isTooMuch(flow.address)) return 'ignore';
    const proof = this.guard.check(request, flow.address);
    if (proof === 'ignore') return 'ignore';
    if ('user' in proof) return { origin: { kind: 'phone', user: proof.user } };
    return { refusal: this.refusal(request, proof.status, proof.headers) };
  }

  private isTooMuch(address: string): boolean {
    const second = Math.floor(Date.now() / 1_000);
    if (second !== this.second || this.strangers.size > mostStrangers) {
      this.second = second;
      this.strangers.clear();
    }
    const asked = (this.strangers.get(address) ?? 0) + 1;
    this.strangers.set(address, asked);
    return asked > strangersPerSecond;
  }
}
