import { createKeptStore } from '@kernlijn/ui/store.ts';

export interface Preferences {
  ringSound: boolean;
  messageSound: boolean;
  notifications: boolean;
}
export const preferences = createKeptStore<Preferences>(
  'kernlijn.preferences',
  { ringSound: true, messageSound: true, notifications: true },
  (kept) => ({
    ringSound: isOn(kept, 'ringSound'),
    messageSound: isOn(kept, 'messageSound'),
    notifications: isOn(kept, 'notifications'),
  }),
);

const isOn = (kept: unknown, name: keyof Preferences): boolean =>
  !(typeof kept === 'object' && kept !== null && Reflect.get(kept, name) === false);
