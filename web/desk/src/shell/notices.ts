import { notifications } from '@mantine/notifications';
import i18next from 'i18next';
import { useTrouble } from '../text/trouble.ts';
import { announce } from './announce.ts';

/** A failure that has no place of its own on screen. */
export function useFailure(): (error: unknown) => void {
  const words = useTrouble();
  return (error) => {
    const message = words(error);
    notifications.show({ message, color: 'red', autoClose: 8_000, ...dressed() });
    announce(message, true);
  };
}

export function say(message: string): void {
  notifications.show({ message, color: 'kern', autoClose: 3_500, ...dressed() });
}

const dressed = () => ({ withBorder: true, closeButtonProps: { 'aria-label': i18next.t('shell:close') } });
