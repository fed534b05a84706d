import { notifications } from '@mantine/notifications';
import i18next from 'i18next';
import { useTrouble } from '../text/trouble.ts';
import { announce } from './announce.ts';

/** A failure that has no place of its own on screen. */
export function useFailure(): (error: unknown) => void {
  const words = useTrouble();
  return (error) => {
    const message = words(error);
    show(message, 'red', 8_000);
    announce(message, true);
  };
}

export function say(message: string): void {
  show(message, 'kern', 3_500);
}

function show(message: string, color: string, autoClose: number): void {
  notifications.show({
    message,
    color,
    autoClose,
    withBorder: true,
    closeButtonProps: { 'aria-label': i18next.t('shell:close') },
  });
}
