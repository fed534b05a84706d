/** The outside world for tests of the telephone: an engine that does as it is told, and says who hears whom. */
import { EventEmitter } from 'node:events';
import type { EndReason, LegSnapshot, VoiceCommand, VoiceEvent } from '@kernlijn/contract/voice';
import { EngineRefusal } from './engine.ts';
import type { EngineEvents, NetworkState, VoiceEngine } from './engine.ts';
import { agentOfLeg } from './legs.ts';

type Bridge = Extract<VoiceCommand, { command: 'bridge' }>;

export class FakeEngine extends EventEmitter<EngineEvents> implements VoiceEngine {
  readonly legs = new Map<string, { state: 'ringing' | 'up'; direction: 'in' | 'out'; to: string; from: string }>();
  readonly browsers = new Set<string>();
  readonly told: VoiceCommand[] = [];
  readonly #bridges = new Map<string, Bridge>();
  readonly #played = new Map<string, string>();
  /** Events that the listener has not been told yet. */
  readonly pending: VoiceEvent[] = [];
  reachable = true;

  async tell(command: Exclude<VoiceCommand, { command: 'connect-browser' }>): Promise<void> {
    if (!this.reachable) throw new EngineRefusal('unavailable', 'not there');
    this.told.push(command);
    switch (command.command) {
      case 'dial':
        this.legs.set(command.legId, { state: 'ringing', direction: 'out', to: command.to, from: command.from });
        return;
      case 'answer':
        this.#sip(command.legId).state = 'up';
        return;
      case 'hangup':
        if (this.browsers.has(command.legId)) return this.#leave(command.legId);
        this.#sip(command.legId);
        return this.ends(command.legId, 'hangup', 'server');
      case 'bridge': {
        const all = [...command.legIds, ...(command.listeners ?? []).map(({ legId }) => legId)];
        for (const legId of all) this.#audible(legId);
        for (const legId of all) this.#leave(legId);
        this.#bridges.set(command.bridgeId, command);
        return;
      }
      case 'unbridge':
        this.#audible(command.legId);
        return this.#leave(command.legId);
      case 'play':
        this.#audible(command.legId);
        if (this.#bridgeOf(command.legId)) throw new EngineRefusal('wrong-state', `${command.legId} is bridged`);
        this.#played.set(command.legId, command.playback.prompts.at(-1) ?? '');
        return;
      case 'stop-playing':
        this.#played.delete(command.legId);
        return;
      case 'mute':
        this.#audible(command.legId);
    }
  }

  async connectBrowser(): Promise<string> {
    return '';
  }
  close(): void {}

  /** Far ends. */
  arrives(legId: string, from: string, to: string): VoiceEvent {
    this.legs.set(legId, { state: 'ringing', direction: 'in', from, to });
    return { event: 'incoming', legId, from, to, displayName: '', sipCallId: 'x', at: this.#at() };
  }
  answers(legId: string): void {
    this.#sip(legId).state = 'up';
    this.pending.push({ event: 'answered', legId, at: this.#at() });
  }
  ends(legId: string, reason: EndReason = 'hangup', by: 'remote' | 'server' | 'engine' = 'remote'): void {
    if (!this.legs.delete(legId)) return;
    this.#leave(legId);
    this.pending.push({ event: 'ended', legId, reason, by, quality: null, at: this.#at() });
  }
  connects(legId: string): void {
    this.browsers.add(legId);
    this.pending.push({ event: 'browser-connected', legId, at: this.#at() });
  }
  loses(legId: string): void {
    if (!this.browsers.delete(legId)) return;
    this.#leave(legId);
    this.pending.push({ event: 'browser-disconnected', legId, at: this.#at() });
  }
  /** Everything is gone, and nobody was told. */
  crashes(): void {
    this.legs.clear();
    this.#bridges.clear();
    this.#played.clear();
    this.pending.length = 0;
  }

  snapshot(): LegSnapshot[] {
    const leg = { bridgeId: null, muted: false, startedAt: this.#at(), answeredAt: null };
    return [
      ...[...this.legs].map(([legId, { state, direction, from, to }]) => ({
        ...{ legId, kind: 'sip' as const, state, direction, from, to },
        ...leg,
      })),
      ...[...this.browsers].map((legId) => ({
        ...{ legId, kind: 'browser' as const, state: 'up' as const, direction: 'out' as const, from: '', to: '' },
        ...leg,
      })),
    ];
  }

  /** Whom, or which prompt, this leg hears; `silence` for nothing. */
  heardBy(legId: string): string[] {
    const bridge = this.#bridgeOf(legId);
    if (bridge === undefined) return [this.#played.get(legId) ?? 'silence'];
    const whispers = (bridge.listeners ?? []).filter(({ heardBy }) => heardBy.includes(legId));
    const others = [...bridge.legIds, ...whispers.map((each) => each.legId)].filter((each) => each !== legId);
    return others.length === 0 ? ['silence'] : others.toSorted();
  }

  async recording(recordingId: string): Promise<never> {
    throw new EngineRefusal('no-such-recording', recordingId);
  }
  async forgetRecording(): Promise<void> {}
  async network(): Promise<NetworkState> {
    return { trunks: [], phones: [] };
  }

  #audible(legId: string): void {
    if (agentOfLeg(legId) === null ? this.#sip(legId).state === 'up' : this.browsers.has(legId)) return;
    throw new EngineRefusal(agentOfLeg(legId) === null ? 'wrong-state' : 'no-such-leg', `no leg ${legId}`);
  }
  #sip(legId: string) {
    const leg = this.legs.get(legId);
    if (leg === undefined) throw new EngineRefusal('no-such-leg', `no leg ${legId}`);
    return leg;
  }
  #bridgeOf(legId: string): Bridge | undefined {
    return [...this.#bridges.values()].find(
      ({ legIds, listeners }) => legIds.includes(legId) || listeners?.some((each) => each.legId === legId) === true,
    );
  }
  #leave(legId: string): void {
    this.#played.delete(legId);
    for (const [id, bridge] of this.#bridges) {
      const legIds = bridge.legIds.filter((each) => each !== legId);
      const listeners = (bridge.listeners ?? []).filter((each) => each.legId !== legId);
      if (legIds.length === 0 && listeners.length === 0) this.#bridges.delete(id);
      else this.#bridges.set(id, { ...bridge, legIds, listeners });
    }
  }
  #at(): string {
    return new Date().toISOString();
  }
}
