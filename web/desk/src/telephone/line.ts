/** The telephone of this page: connected once at sign-in, closed when the page goes. */
import type { LineStep } from '@kernlijn/contract/line-quality';
import { connectLine, readLine } from '@kernlijn/contract/telephone';
import { call, Refusal } from '@kernlijn/ui/call.ts';
import { chosenDevices } from '@kernlijn/ui/phone-devices.ts';
import { PhoneLine, type LineState } from '@kernlijn/ui/phone.ts';
import { createStore, useStore } from '@kernlijn/ui/store.ts';
import { useEffect } from 'react';
import { liveState } from '../live/live-desk.tsx';

const lineState = createStore<LineState>({ is: 'off' });
/** Asked for by somebody who has none of himself: a supervisor who does not take calls. */
const lineWanted = createStore(false);
const heardQuality = createStore<LineStep | null>(null);
let line: PhoneLine | undefined;

export const useLineState = (): LineState => useStore(lineState);
export const useLineWanted = (): boolean => useStore(lineWanted);
export const useHeardQuality = (): LineStep | null => useStore(heardQuality);

/** Resolves once the line stands. @throws Refusal `no-line` when it cannot: what is wrong stands above the page */
export function lineConnected(): Promise<void> {
  lineWanted.set(true);
  if (line && lineState.get().is === 'no-microphone') void line.connect();
  return new Promise((resolve, reject) => {
    const settle = (outcome: () => void) => {
      clearTimeout(timer);
      forget();
      outcome();
    };
    const look = () => {
      const { is } = lineState.get();
      if (is === 'ok') settle(resolve);
      else if (is === 'no-microphone') settle(() => reject(new Refusal('no-line')));
    };
    const forget = lineState.subscribe(look);
    const timer = setTimeout(() => settle(() => reject(new Refusal('no-line'))), lineWithinMs);
    look();
  });
}
/** Time to allow the microphone, and to connect. */
const lineWithinMs = 30_000;

export const reconnectLine = (): void => void line?.connect();
export const microphoneLevel = (): number => line?.meter.level() ?? 0;

export function useLine(wanted: boolean): void {
  useEffect(() => {
    if (!wanted) return;
    const stop = new AbortController();
    const { signal } = stop;
    const made = new PhoneLine({
      servers: () => call(readLine, {}, signal),
      exchange: async (sdp) => (await call(connectLine, { body: { sdp } }, signal)).sdp,
      microphone: () => chosenDevices.get().microphone,
      speaker: () => chosenDevices.get().speaker,
      signal,
    });
    line = made;
    const forgetState = made.state.subscribe(() => lineState.set(made.state.get()));
    const forgetHeard = made.heard.subscribe(() => heardQuality.set(made.heard.get()));
    const forgetDevices = followDevices(made);
    const forgetLive = reconnectWithLive(made);
    // A headset that comes back, or is plugged in for the first time.
    navigator.mediaDevices?.addEventListener(
      'devicechange',
      () => lineState.get().is === 'no-microphone' && void made.connect(),
      { signal },
    );
    void made.connect();
    return () => {
      stop.abort();
      forgetState();
      forgetHeard();
      forgetDevices();
      forgetLive();
      line = undefined;
      lineState.set({ is: 'off' });
      heardQuality.set(null);
    };
  }, [wanted]);
}

function followDevices(made: PhoneLine): () => void {
  let before = chosenDevices.get();
  return chosenDevices.subscribe(() => {
    const now = chosenDevices.get();
    if (now.microphone !== before.microphone) void made.changeMicrophone();
    if (now.speaker !== before.speaker) void made.changeSpeaker();
    before = now;
  });
}

/** The server came back: a line that waits for its next attempt need not wait any longer. */
function reconnectWithLive(made: PhoneLine): () => void {
  let before = liveState.get().is;
  return liveState.subscribe(() => {
    const now = liveState.get().is;
    if (now === 'live' && before !== 'live' && made.state.get().is === 'lost') void made.connect();
    before = now;
  });
}
