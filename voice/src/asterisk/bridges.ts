/**
 * Who hears whom, on Asterisk. Those who take part share one mixing bridge. Asterisk has no hearing in one direction
 * within a bridge, so a listener sits in a bridge of his own with a snoop: a channel that hears all that one of the
 * parties says and hears, and through which that party alone, or nobody, hears him.
 */
import { randomUUID } from 'node:crypto';
import { CommandRefused } from '../call/command-refused.ts';
import { InTurn } from '../call/in-turn.ts';
import { application, AriRefused, ifStillThere } from './ari.ts';
import type { Node } from './node.ts';

export interface Party {
  legId: string;
  channelId: string;
}
export interface ListeningParty extends Party {
  heardBy: readonly string[];
}
export interface Arrangement {
  bridgeId: string;
  node: Node;
  parties: readonly Party[];
  listeners: readonly ListeningParty[];
}

interface Bridge {
  /** As the server calls it: the name of a bridge of Asterisk. */
  readonly id: string;
  /** Another one each time: a bridge that was just taken down still has its id. */
  readonly onAsterisk: string;
  readonly node: Node;
  readonly parties: Map<string, string>;
  readonly listeners: Map<string, Listener>;
}
interface Listener extends ListeningParty {
  side: string;
  snoops: { id: string; on: string; heard: boolean }[];
}

/** The name of a listener's bridge. */
export const aside = '~';

export class BridgesOfLegs {
  private readonly bridges = new Map<string, Bridge>();
  private readonly turns = new InTurn();

  /** Puts exactly these in the bridge. @throws CommandRefused `no-such-leg` for one that left meanwhile */
  async arrange(wanted: Arrangement): Promise<void> {
    const legs = [...wanted.parties, ...wanted.listeners].map(({ legId }) => this.of(legId)?.id);
    const touched = new Set([wanted.bridgeId, ...legs.filter((id) => id !== undefined)]);
    await this.turns.run([...touched], () => this.arrangeOne(wanted));
  }

  /** Takes a leg out of whatever it is in. */
  async leave(legId: string): Promise<void> {
    const bridge = this.of(legId);
    if (bridge) await this.turns.run([bridge.id], () => this.leaveOne(bridge, legId, true));
  }

  /** The same, when its channel is gone already. */
  async gone(legId: string): Promise<void> {
    const bridge = this.of(legId);
    if (bridge) await this.turns.run([bridge.id], () => this.leaveOne(bridge, legId, false));
  }

  /** What a node had before we came. */
  adopt(node: Node, id: string, onAsterisk: string, parties: readonly Party[]): void {
    this.bridges.set(id, { id, onAsterisk, node, parties: mapOf(parties), listeners: new Map() });
  }

  forgetNode(node: Node): void {
    for (const bridge of this.bridges.values()) if (bridge.node === node) this.bridges.delete(bridge.id);
  }

  private of(legId: string): Bridge | undefined {
    return [...this.bridges.values()].find((each) => each.parties.has(legId) || each.listeners.has(legId));
  }

  private async arrangeOne({ bridgeId, node, parties, listeners }: Arrangement): Promise<void> {
    const bridge = await this.bridgeOn(node, bridgeId);
    const staying = new Set(parties.map(({ legId }) => legId));
    for (const legId of bridge.parties.keys()) if (!staying.has(legId)) await this.leaveOne(bridge, legId, true);
    for (const { legId, channelId } of parties) {
      if (bridge.parties.get(legId) === channelId) continue;
      await this.outOfOther(legId, bridge);
      await this.join(bridge.onAsterisk, node, { legId, channelId });
      bridge.parties.set(legId, channelId);
    }
    const listening = new Map(listeners.map((each) => [each.legId, each]));
    for (const legId of bridge.listeners.keys()) if (!listening.has(legId)) await this.leaveOne(bridge, legId, true);
    for (const each of listeners) await this.listen(bridge, each);
  }

  private async bridgeOn(node: Node, id: string): Promise<Bridge> {
    const known = this.bridges.get(id);
    if (known?.node === node) return known;
    if (known) for (const legId of [...known.parties.keys()]) await this.leaveOne(known, legId, true);
    const bridge: Bridge = { id, onAsterisk: await made(node, id), node, parties: new Map(), listeners: new Map() };
    this.bridges.set(id, bridge);
    return bridge;
  }

  private async outOfOther(legId: string, bridge: Bridge): Promise<void> {
    const other = this.of(legId);
    if (other === undefined) return;
    if (other === bridge) {
      if (bridge.listeners.has(legId)) await this.leaveOne(bridge, legId, true);
    } else await this.leaveOne(other, legId, true);
  }

  private async join(bridgeId: string, node: Node, { legId, channelId }: Party): Promise<void> {
    try {
      await node.ari.request('POST', `bridges/${bridgeId}/addChannel`, {
        channel: channelId,
        inhibitConnectedLineUpdates: 'true',
      });
    } catch (error) {
      if (!(error instanceof AriRefused)) throw error;
      throw new CommandRefused('no-such-leg', `${legId} is gone: ${error.message}`);
    }
  }

  private async leaveOne(bridge: Bridge, legId: string, isThere: boolean): Promise<void> {
    const { node, parties, listeners } = bridge;
    const listener = listeners.get(legId);
    if (listener) {
      listeners.delete(legId);
      await this.stopListening(bridge, listener);
    }
    const channelId = parties.get(legId);
    if (channelId !== undefined) {
      parties.delete(legId);
      if (isThere)
        await ifGone(node.ari.request('POST', `bridges/${bridge.onAsterisk}/removeChannel`, { channel: channelId }));
      // A snoop ends with the one it was put on: listen by another.
      for (const each of [...listeners.values()]) await this.listen(bridge, each);
    }
    if (parties.size > 0) return;
    for (const each of listeners.values()) await this.stopListening(bridge, each);
    if (this.bridges.get(bridge.id) === bridge) this.bridges.delete(bridge.id);
    await ifGone(node.ari.request('DELETE', `bridges/${bridge.onAsterisk}`));
  }

  private async listen(bridge: Bridge, wanted: ListeningParty): Promise<void> {
    const { node, parties, listeners } = bridge;
    const heardBy = wanted.heardBy.filter((legId) => parties.has(legId));
    const first = heardBy[0] ?? parties.keys().next().value;
    const present = listeners.get(wanted.legId);
    if (present?.channelId === wanted.channelId && first !== undefined && fits(present, first, heardBy)) return;
    if (present) await this.stopListening(bridge, present);
    else await this.outOfOther(wanted.legId, bridge);
    const side = await made(node, aside);
    const listener: Listener = { ...wanted, side, snoops: [] };
    listeners.set(wanted.legId, listener);
    if (first === undefined) return;
    await this.join(side, node, wanted);
    for (const on of new Set([first, ...heardBy])) {
      const id = `kernlijn-snoop-${randomUUID()}`;
      const heard = heardBy.includes(on);
      const query = {
        spy: on === first ? 'both' : 'none',
        whisper: heard ? 'out' : 'none',
        app: application,
        appArgs: 'snoop',
      };
      await node.started(id, () => node.ari.request('POST', `channels/${parties.get(on) ?? ''}/snoop/${id}`, query));
      listener.snoops.push({ id, on, heard });
      await this.join(side, node, { legId: on, channelId: id });
    }
  }

  private async stopListening(bridge: Bridge, { side, snoops }: Listener): Promise<void> {
    const { ari } = bridge.node;
    for (const { id } of snoops) await ifStillThere(ari.request('DELETE', `channels/${id}`));
    await ifGone(ari.request('DELETE', `bridges/${side}`));
  }
}

async function made(node: Node, name: string): Promise<string> {
  const id = `kernlijn-bridge-${randomUUID()}`;
  // Digits are heard only where audio passes through Asterisk itself.
  await node.ari.request('POST', `bridges/${id}`, { type: 'mixing,dtmf_events', name });
  return id;
}

const mapOf = (parties: readonly Party[]) => new Map(parties.map(({ legId, channelId }) => [legId, channelId]));

function fits({ snoops }: Listener, first: string, heardBy: readonly string[]): boolean {
  const wanted = new Set([first, ...heardBy]);
  return (
    snoops.length === wanted.size && snoops.every(({ on, heard }) => wanted.has(on) && heard === heardBy.includes(on))
  );
}

/** A channel or bridge that went meanwhile needs no taking out (404, 400, 409, 422). */
async function ifGone(request: Promise<unknown>): Promise<void> {
  await request.catch((error: unknown) => {
    if (!(error instanceof AriRefused)) throw error;
  });
}
