/** Notifications of the system: what must be noticed while the desk is out of sight. */
import mark from '../mark.svg';
import { preferences } from './preferences.ts';

export type NotificationState = 'unsupported' | 'denied' | 'not-asked' | 'granted';

export function notificationState(): NotificationState {
  if (typeof Notification === 'undefined') return 'unsupported';
  return Notification.permission === 'default' ? 'not-asked' : Notification.permission;
}

/** In the hand of a press, or the browser does not ask. */
export function askForNotifications(): void {
  if (preferences.get().notifications && notificationState() === 'not-asked') void Notification.requestPermission();
}

/** Stays until it is answered or `signal` says that it is over. @returns whether it could be shown */
export function notify(title: string, body: string, tag: string, signal?: AbortSignal): boolean {
  if (!preferences.get().notifications || notificationState() !== 'granted') return false;
  try {
    const notification = new Notification(title, { body, tag, requireInteraction: signal !== undefined, icon: mark });
    notification.addEventListener('click', () => {
      focus();
      notification.close();
    });
    signal?.addEventListener('abort', () => notification.close());
    return true;
  } catch {
    // Some browsers allow notifications from a service worker only; the bell and the card remain.
    return false;
  }
}
