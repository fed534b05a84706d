/** Calls of ours: which node makes them, by which ways in turn, and when they have rung long enough. */
import type { VoiceCommand } from '@kernlijn/contract/voice';
import { CommandRefused } from '../call/command-refused.ts';
import { application, AriRefused, ifStillThere } from './ari.ts';
import type { EventOf } from './ari-messages.ts';
import { mayTryAnother } from './causes.ts';
import type { Configuration } from './configuration.ts';
import { keptOf, variable, type Route, type SipLeg } from './leg.ts';
import type { Legs } from './legs.ts';
import type { Node } from './node.ts';
import { routesTo } from './routes.ts';

type Dial = Extract<VoiceCommand, { command: 'dial' }>;

export interface DiallingParts {
  legs: Legs;
  nodes: readonly Node[];
  configuration: Configuration;
  /** On which node a desk phone is registered. */
  phones: ReadonlyMap<string, Node>;
}

const passedOverMs = 30_000;

export class Dialling {
  private readonly parts: DiallingParts;
  /** Trunks that failed, and until when others come before them. */
  private readonly silent = new Map<string, number>();

  constructor(parts: DiallingParts) {
    this.parts = parts;
  }

  async dial(command: Dial): Promise<void> {
    const { legs, configuration, phones } = this.parts;
    const { legId, from, to, via, timeoutSeconds } = command;
    if (legs.has(legId)) throw new CommandRefused('wrong-state', `${legId} exists`);
    const routes = this.livingFirst(routesTo(command, configuration));
    const registered = via === 'phone' ? phones.get(to) : undefined;
    if (via === 'phone' && registered === undefined)
      throw new CommandRefused('no-such-phone', `${to} is not registered`);
    const leg: SipLeg = {
      ...{ kind: 'sip', legId, from, to, routes, direction: 'out', state: 'dialling' },
      ...{ node: registered ?? this.nodeFor(command.near), channelId: legId, channelName: '' },
      ...{ startedAt: new Date(), answeredAt: null, bridgeId: null, quality: null, ending: null },
      ...{
        route: null,
        early: false,
        muted: false,
        held: false,
        transferAsked: false,
        silenced: false,
        tries: 0,
        recordings: [],
      },
      timer: setTimeout(() => {
        leg.ending ??= { reason: 'no-answer', by: 'engine' };
        leg.routes = [];
        void ifStillThere(leg.node.ari.request('DELETE', `channels/${leg.channelId}`)).catch(() => undefined);
      }, timeoutSeconds * 1_000),
    };
    legs.add(leg);
    try {
      await this.tryNext(leg, command.displayName, timeoutSeconds);
    } catch (error) {
      clearTimeout(leg.timer);
      legs.forget(leg);
      throw error;
    }
  }

  /** Whether what ended was only one of the ways, and the next is being tried. */
  goesOn(leg: SipLeg, { cause, tech_cause: status }: EventOf<'ChannelDestroyed'>, failed: () => void): boolean {
    if (leg.state !== 'dialling' || leg.ending !== null || leg.routes.length === 0) return false;
    if (!mayTryAnother(cause, status)) return false;
    if (leg.route?.trunkId) this.silent.set(leg.route.trunkId, Date.now() + passedOverMs);
    this.tryNext(leg, undefined, 180).catch(failed);
    return true;
  }

  /** Near a leg, or where there are the fewest. */
  nodeFor(near: string | undefined): Node {
    const { legs, nodes } = this.parts;
    const leg = near === undefined ? undefined : legs.find(near);
    if (leg?.kind === 'sip') return leg.node;
    const up = nodes.filter(({ state }) => state === 'up');
    const [least] = up.toSorted((one, other) => legs.on(one).length - legs.on(other).length);
    if (least === undefined) throw new CommandRefused('unreachable', 'no Asterisk can be reached');
    return least;
  }

  /** Not everybody who calls waits anew for a trunk that is dead. */
  private livingFirst(routes: readonly Route[]): Route[] {
    const isSilent = ({ trunkId }: Route) => (this.silent.get(trunkId ?? '') ?? 0) > Date.now();
    return [...routes.filter((route) => !isSilent(route)), ...routes.filter(isSilent)];
  }

  /** Each try is a channel of its own; the leg stays the same. */
  private async tryNext(leg: SipLeg, displayName: string | undefined, timeoutSeconds: number): Promise<void> {
    const route = leg.routes.shift();
    if (route === undefined) throw new CommandRefused('unreachable', leg.to);
    this.parts.legs.move(leg, `${leg.legId}${leg.tries === 0 ? '' : `-${leg.tries}`}`);
    leg.tries += 1;
    leg.route = route;
    const query = {
      endpoint: route.endpoint,
      app: application,
      appArgs: 'dialled',
      callerId: displayName === undefined ? route.from : `"${displayName.replace(/["\\]/g, '')}" <${route.from}>`,
      // Ours comes first; this one is for the case that we are gone by then.
      timeout: timeoutSeconds + 5,
      channelId: leg.channelId,
    };
    const variables = { ...route.variables, [variable]: keptOf(leg) };
    // Who refuses at once is gone before Asterisk answers us, which it then says by 404; the event tells how it ended.
    await leg.node.ari.request('POST', 'channels', query, { variables }).catch((error: unknown) => {
      if (!(error instanceof AriRefused) || error.status !== 404) throw error;
    });
  }
}
