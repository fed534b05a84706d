/** The telephone of this page: connected once at sign-in, closed when the page goes. */
import { connectLine } from '@kernlijn/contract/telephone';
import { call } from '@kernlijn/ui/call.ts';
import { chosenDevices } from '@kernlijn/ui/phone-devices.ts';
import { PhoneLine, type LineState } from '@kernlijn/ui/phone.ts';
import { createStore, useStore } from '@kernlijn/ui/store.ts';
import { useEffect } from 'react';
import { liveState } from '../live/live-desk.tsx';

const lineState = createStore<LineState>({ is: 'off' });
let line: PhoneLine | undefined;

export const useLineState = (): LineState => useStore(lineState);
export const reconnectLine = (): void => void line?.connect();
export const microphoneLevel = (): number => line?.meter.level() ?? 0;

export function useLine(wanted: boolean): void {
  useEffect(() => {
    if (!wanted) return;
    const stop = new AbortController();
    const { signal } = stop;
    const made = new PhoneLine({
      exchange: async (sdp) => (await call(connectLine, { body: { sdp } }, signal)).sdp,
      microphone: () => chosenDevices.get().microphone,
      speaker: () => chosenDevices.get().speaker,
      signal,
    });
    line = made;
    const forgetState = made.state.subscribe(() => lineState.set(made.state.get()));
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
      forgetDevices();
      forgetLive();
      line = undefined;
      lineState.set({ is: 'off' });
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
