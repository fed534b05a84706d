import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { VoiceCommand } from '@kernlijn/contract/voice';
import { arrange, changes } from './arrangement.ts';
import type { AgentOnCall, Arrangement, Caller, Party } from './arrangement.ts';

const caller: Caller = {
  ...{ conversationId: 'call', legId: 'anna', held: false, ringing: false, music: 'music', announcement: null },
};
const agent: AgentOnCall = { legId: 'sanne', muted: false, aside: false };
const party = (legId: string, rest: Partial<Party> = {}): Party => ({
  legId,
  state: 'up',
  room: 'main',
  voice: 'all',
  ...rest,
});

/** Who hears what on an engine that did as it was told. */
class Engine {
  readonly #bridges = new Map<string, Extract<VoiceCommand, { command: 'bridge' }>>();
  readonly #played = new Map<string, string>();

  tell(commands: readonly VoiceCommand[]): this {
    for (const command of commands) {
      if (command.command === 'bridge') {
        for (const legId of legs(command)) this.#leave(legId);
        this.#bridges.set(command.bridgeId, command);
      } else if (command.command === 'unbridge') this.#leave(command.legId);
      else if (command.command === 'play') {
        if (this.#bridgeOf(command.legId)) throw new Error(`${command.legId} is bridged`);
        this.#played.set(command.legId, command.playback.prompts.join());
      } else if (command.command === 'stop-playing') this.#played.delete(command.legId);
    }
    return this;
  }

  heardBy(legId: string): string[] {
    const bridge = this.#bridgeOf(legId);
    if (bridge === undefined) return [this.#played.get(legId) ?? 'silence'];
    const whispers = (bridge.listeners ?? []).filter(({ heardBy }) => heardBy.includes(legId));
    return [...bridge.legIds, ...whispers.map((each) => each.legId)].filter((each) => each !== legId).toSorted();
  }

  #bridgeOf(legId: string) {
    return [...this.#bridges.values()].find((bridge) => legs(bridge).includes(legId));
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
}
const legs = (bridge: Extract<VoiceCommand, { command: 'bridge' }>) => [
  ...bridge.legIds,
  ...(bridge.listeners ?? []).map(({ legId }) => legId),
];
const heard = (arrangement: Arrangement) => {
  const engine = new Engine().tell(changes(arrangement));
  return (legId: string) => engine.heardBy(legId);
};

describe('who hears whom', () => {
  it('two who talk, and music for a caller on hold', () => {
    expect(heard(arrange(caller, agent, []))('anna')).toEqual(['sanne']);
    const onHold = heard(arrange({ ...caller, held: true }, agent, []));
    expect([onHold('anna'), onHold('sanne')]).toEqual([['music'], []]);
  });

  it('an agent who calls a colleague hears it ring, then him; the caller hears music all the while', () => {
    const aside = { ...agent, aside: true };
    const held = { ...caller, held: true };
    const rings = heard(arrange(held, aside, [party('youssef', { state: 'ringing', room: 'aside' })]));
    expect([rings('anna'), rings('sanne')]).toEqual([['music'], ['ring-tone']]);
    const up = heard(arrange(held, aside, [party('youssef', { room: 'aside' })]));
    expect([up('anna'), up('sanne'), up('youssef')]).toEqual([['music'], ['youssef'], ['sanne']]);
  });

  it('an agent who calls a customer hears it ring, and nobody else hears anything', () => {
    const rings = heard(arrange({ ...caller, ringing: true }, agent, []));
    expect([rings('sanne'), rings('anna')]).toEqual([['ring-tone'], ['silence']]);
  });

  it('a caller who is not held and has nobody left hears music', () => {
    expect(heard(arrange(caller, null, []))('anna')).toEqual(['music']);
    expect(heard(arrange(caller, { ...agent, aside: true }, []))('anna')).toEqual(['music']);
  });

  it('a caller hears that he is recorded before anybody; so does who would talk with him', () => {
    for (const held of [false, true]) {
      const told = arrange({ ...caller, held, announcement: 'recorded' }, agent, []);
      expect([heard(told)('anna'), heard(told)('sanne')]).toEqual([['recorded'], ['recorded']]);
      const { playback } = changes(told).find((each) => each.command === 'play') ?? {};
      expect(playback).toEqual({ prompts: ['recorded'], loop: false });
    }
    const aside = heard(
      arrange({ ...caller, announcement: 'recorded' }, { ...agent, aside: true }, [party('bo', { room: 'aside' })]),
    );
    expect([aside('anna'), aside('sanne')]).toEqual([['recorded'], ['bo']]);
  });

  it('a caller who was put through talks on without the agent', () => {
    expect(heard(arrange(caller, null, [party('outside')]))('anna')).toEqual(['outside']);
  });

  it('a supervisor hears both and is heard by nobody, by the agent, or by all', () => {
    const silent = heard(arrange(caller, agent, [party('esra', { voice: 'listen' })]));
    expect([silent('esra'), silent('anna'), silent('sanne')]).toEqual([['anna', 'sanne'], ['sanne'], ['anna']]);
    const whispers = heard(arrange(caller, agent, [party('esra', { voice: 'whisper' })]));
    expect([whispers('anna'), whispers('sanne')]).toEqual([['sanne'], ['anna', 'esra']]);
    expect(heard(arrange(caller, agent, [party('esra')]))('anna')).toEqual(['esra', 'sanne']);
  });
});

const states = fc.record({
  caller: fc.record({ held: fc.boolean(), announcement: fc.constantFrom(null, 'recorded') }),
  agent: fc.option(fc.record({ muted: fc.boolean(), aside: fc.boolean() }), { nil: null }),
  parties: fc.array(
    fc.record({
      state: fc.constantFrom('ringing', 'up', 'over'),
      room: fc.constantFrom('main', 'aside', 'hold'),
      voice: fc.constantFrom('all', 'listen', 'whisper'),
    }),
    { maxLength: 3 },
  ),
});
type State = typeof states extends fc.Arbitrary<infer T> ? T : never;
const arranged = (state: State) =>
  arrange(
    { ...caller, ...state.caller },
    state.agent && { ...agent, ...state.agent },
    state.parties.map((each, i) => party(`party ${i}`, each)),
  );

it('step by step the line is what it would be at once, and the caller is never in silence', () => {
  fc.assert(
    fc.property(fc.array(states, { minLength: 1, maxLength: 6 }), (steps) => {
      const engine = new Engine();
      let before: Arrangement | undefined;
      for (const step of steps) {
        const after = arranged(step);
        engine.tell(changes(after, before));
        before = after;
        const atOnce = new Engine().tell(changes(after));
        for (const legId of ['anna', 'sanne', 'party 0', 'party 1', 'party 2'])
          expect(engine.heardBy(legId)).toEqual(atOnce.heardBy(legId));
        expect(engine.heardBy('anna')).not.toEqual(['silence']);
        expect(engine.heardBy('anna')).not.toEqual([]);
      }
    }),
  );
});
