import { beginListening, tellHeard, type RecordingDetail } from '@kernlijn/contract/recordings';
import { call } from '@kernlijn/ui/call.ts';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useFailure } from '../shell/notices.ts';
import { callRecordingsKey, recordingQuery } from './queries.ts';
import { withHeard } from './waveform.ts';

const tellEveryMs = 10_000;
export const speeds = [0.75, 1, 1.25, 1.5, 2] as const;

export interface Player {
  /** The element that sounds. */
  attach: (element: HTMLAudioElement | null) => void;
  playing: boolean;
  busy: boolean;
  /** In milliseconds. */
  position: number;
  speed: number;
  toggle: () => void;
  seek: (milliseconds: number) => void;
  setSpeed: (speed: number) => void;
}

/** Nothing is fetched before somebody presses play: that is when it is logged that he listens, and then which parts. */
export function usePlayer({ id, conversationId, milliseconds }: RecordingDetail): Player {
  const audio = useRef<HTMLAudioElement>(null);
  const attach = useCallback((element: HTMLAudioElement | null) => {
    audio.current = element;
  }, []);
  const listening = useRef<string>(undefined);
  const heard = useRef<{ from: number; to: number }[]>([]);
  const told = useRef('');
  const last = useRef(0);
  const client = useQueryClient();
  const fail = useFailure();
  const [playing, setPlaying] = useState(false);
  const [busy, setBusy] = useState(false);
  const [position, setPosition] = useState(0);
  const [speed, setSpeed] = useState(1);
  const end = milliseconds ?? 0;

  const tell = useCallback(async () => {
    const now = JSON.stringify(heard.current);
    if (listening.current === undefined || heard.current.length === 0 || now === told.current) return;
    told.current = now;
    const parts = heard.current.slice(-400).map(({ from, to }) => ({ from: Math.floor(from), to: Math.ceil(to) }));
    // The page may be closing; and the server has noted what it sent in any case.
    await call(
      tellHeard,
      { params: { recordingId: id }, body: { listeningId: listening.current, heard: parts } },
      undefined,
      true,
    ).catch(() => {});
    void client.invalidateQueries(recordingQuery(id));
    void client.invalidateQueries({ queryKey: callRecordingsKey(conversationId) });
  }, [client, conversationId, id]);

  useEffect(() => {
    const sound = audio.current;
    if (sound === null) return;
    const at = () => sound.currentTime * 1_000;
    const moved = () => {
      if (!sound.seeking && !sound.paused)
        heard.current = withHeard(heard.current, { from: Math.min(last.current, at()), to: at() });
      last.current = at();
      setPosition(at());
    };
    const on: Partial<Record<keyof HTMLMediaElementEventMap, () => void>> = {
      play: () => setPlaying(true),
      pause: () => {
        moved();
        setPlaying(false);
        void tell();
      },
      seeking: () => {
        last.current = at();
      },
      seeked: moved,
      timeupdate: moved,
      error: () => {
        if (listening.current === undefined) return;
        listening.current = undefined; // it was open too long, or is no longer ours to hear: asked anew
        setPlaying(false);
        setBusy(false);
      },
    };
    for (const [name, listener] of Object.entries(on)) sound.addEventListener(name, listener);
    const timer = setInterval(() => void tell(), tellEveryMs);
    return () => {
      clearInterval(timer);
      for (const [name, listener] of Object.entries(on)) sound.removeEventListener(name, listener);
      void tell();
    };
  }, [tell]);
  const play = async () => {
    const sound = audio.current;
    if (sound === null || busy) return;
    setBusy(true);
    try {
      if (listening.current === undefined) {
        const from = position;
        const { listeningId } = await call(beginListening, {
          params: { recordingId: id },
          body: { copyReason: null },
        });
        listening.current = listeningId;
        sound.src = `/api/recordings/${id}/audio?listening=${listeningId}`;
        sound.currentTime = from / 1_000;
        last.current = from;
      }
      sound.playbackRate = speed;
      await sound.play();
    } catch (error) {
      // Pausing before it has begun is no failure.
      if (!(error instanceof DOMException && error.name === 'AbortError')) fail(error);
    } finally {
      setBusy(false);
    }
  };
  return {
    attach,
    playing,
    busy,
    position: Math.min(position, end),
    speed,
    setSpeed: (chosen) => {
      setSpeed(chosen);
      if (audio.current) audio.current.playbackRate = chosen;
    },
    toggle: () => (playing ? audio.current?.pause() : void play()),
    seek: (to) => {
      const within = Math.min(Math.max(0, to), end);
      setPosition(within);
      if (audio.current && listening.current !== undefined) audio.current.currentTime = within / 1_000;
    },
  };
}
