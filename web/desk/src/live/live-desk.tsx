/** The live connection of the page: started when the work list is known, closed at sign-out. */
import type { LiveEvent } from '@kernlijn/contract/live';
import { LiveConnection, type LiveState } from '@kernlijn/ui/live.ts';
import { createStore, useStore } from '@kernlijn/ui/store.ts';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { meQuery, useMe } from '../access/queries.ts';
import { agentKey } from '../agents/queries.ts';
import { workKey } from '../conversations/queries.ts';
import { useHasWork } from '../conversations/use-work.ts';
import { queuesKey } from '../routing/queries.ts';
import { refreshSettings } from '../settings/queries.ts';
import { supervisingKey } from '../supervising/queries.ts';
import { applyEvent, type Listeners } from './apply.ts';
import { hear } from './whispers.ts';
import type { Work } from './work-state.ts';

export const liveState = createStore<LiveState>({ is: 'connecting' });
let connection: LiveConnection | undefined;
export const whisper: LiveConnection['send'] = (message) => connection?.send(message);

type Listener = (event: LiveEvent, seq: number) => void;
const everything = new Set<Listener>();
const startOvers = new Set<() => void>();

/** For screens with caches of their own (the board): every event, and when to read again. */
export function useLiveEvents(onEvent: Listener, onStartOver: () => void): void {
  useEffect(() => {
    everything.add(onEvent);
    startOvers.add(onStartOver);
    return () => {
      everything.delete(onEvent);
      startOvers.delete(onStartOver);
    };
  }, [onEvent, onStartOver]);
}

export const useLiveState = (): LiveState => useStore(liveState);

export function useLiveDesk({ onOffer, onMessage, onGiven, onGone, onTaken, onHelp }: Omit<Listeners, 'onAny'>): void {
  const client = useQueryClient();
  const { id: me, permissions } = useMe();
  // Who has no work list only looks on; what he looks at is read again as soon as the connection stands.
  const ready = useHasWork() || !permissions.includes('work.handle');
  useEffect(() => {
    if (!ready) return;
    const stop = new AbortController();
    const listeners: Listeners = {
      onOffer,
      onMessage,
      onGiven,
      onGone,
      onTaken,
      onHelp,
      onAny: (event, seq) => everything.forEach((listener) => listener(event, seq)),
    };
    const live = new LiveConnection({
      url: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/api/live`,
      seq: client.getQueryData<Work>(workKey)?.seq,
      onEvent: (event, seq) => applyEvent(client, me, event, seq, listeners),
      onWhisper: (heard) => hear(heard, me),
      onStartOver: () => {
        for (const queryKey of [workKey, agentKey, queuesKey, supervisingKey, ['conversation'], ['dossier']])
          void client.invalidateQueries({ queryKey });
        refreshSettings(client);
        startOvers.forEach((listener) => listener());
      },
      onSignedOut: () => void client.invalidateQueries({ queryKey: meQuery.queryKey }),
      signal: stop.signal,
    });
    connection = live;
    live.state.subscribe(() => liveState.set(live.state.get()));
    const wake = () => document.visibilityState === 'visible' && live.retryNow();
    addEventListener('online', wake, { signal: stop.signal });
    document.addEventListener('visibilitychange', wake, { signal: stop.signal });
    return () => {
      stop.abort();
      connection = undefined;
      liveState.set({ is: 'connecting' });
    };
  }, [client, me, ready, onOffer, onMessage, onGiven, onGone, onTaken, onHelp]);
}
