import { useEffect, useRef, useState } from 'react';

export interface Recorder {
  recording: boolean;
  /** The microphone was refused, or there is none. */
  refused: boolean;
  start: () => void;
  stop: () => void;
}

/** Records from the microphone of this desk; longer than three minutes stops by itself. */
export function useRecorder(done: (sound: Blob) => void): Recorder {
  const [recording, setRecording] = useState(false);
  const [refused, setRefused] = useState(false);
  const recorder = useRef<MediaRecorder | null>(null);
  const told = useRef(done);
  useEffect(() => {
    told.current = done;
  });
  useEffect(() => () => recorder.current?.stop(), []);
  const start = () => {
    setRefused(false);
    navigator.mediaDevices.getUserMedia({ audio: true }).then(
      (stream) => {
        const parts: Blob[] = [];
        const made = new MediaRecorder(stream);
        recorder.current = made;
        made.addEventListener('dataavailable', ({ data }) => parts.push(data));
        made.addEventListener('stop', () => {
          stream.getTracks().forEach((track) => track.stop());
          recorder.current = null;
          setRecording(false);
          told.current(new Blob(parts, { type: made.mimeType }));
        });
        made.start();
        setRecording(true);
        setTimeout(() => made.state === 'recording' && made.stop(), 180_000);
      },
      () => setRefused(true),
    );
  };
  return { recording, refused, start, stop: () => recorder.current?.stop() };
}
