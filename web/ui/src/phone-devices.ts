import { createKeptStore } from './store.ts';

export interface DeviceChoice {
  microphone: string;
  speaker: string;
  ring: string;
}
const standard: DeviceChoice = { microphone: '', speaker: '', ring: '' };

/** Device ids; empty is whatever the computer uses. */
export const chosenDevices = createKeptStore<DeviceChoice>('kernlijn.devices', standard, (kept) => ({
  microphone: text(kept, 'microphone'),
  speaker: text(kept, 'speaker'),
  ring: text(kept, 'ring'),
}));

const text = (kept: unknown, name: keyof DeviceChoice): string => {
  const value: unknown = typeof kept === 'object' && kept !== null ? Reflect.get(kept, name) : undefined;
  return typeof value === 'string' ? value : '';
};

export interface Device {
  id: string;
  label: string;
}
export interface Devices {
  microphones: Device[];
  speakers: Device[];
}

/** Labels stay empty until the browser has permission for the microphone. */
export async function listDevices(): Promise<Devices> {
  const all = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
  const of = (kind: MediaDeviceKind) =>
    all
      .filter((device) => device.kind === kind && device.deviceId !== '' && device.deviceId !== 'default')
      .map(({ deviceId, label }) => ({ id: deviceId, label }));
  return { microphones: of('audioinput'), speakers: of('audiooutput') };
}

export type MicrophoneTrouble = 'denied' | 'missing' | 'in-use' | 'insecure';

/** The words of the browser, as what is wrong with the microphone. */
export function troubleOf(error: unknown): MicrophoneTrouble {
  const name = error instanceof Error ? error.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'denied';
  if (name === 'NotReadableError' || name === 'AbortError') return 'in-use';
  return 'missing';
}

/** A chosen headset that is not plugged in must not leave the agent without a telephone. */
export async function openMicrophone(id: string): Promise<MediaStream> {
  const audio: MediaTrackConstraints = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
  if (id === '') return navigator.mediaDevices.getUserMedia({ audio });
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: { ...audio, deviceId: { exact: id } } });
  } catch (error) {
    if (troubleOf(error) !== 'missing') throw error;
    return navigator.mediaDevices.getUserMedia({ audio });
  }
}
