import { readNumbers, readPrompts } from '@kernlijn/contract/menu';
import { readOpeningHours } from '@kernlijn/contract/opening-hours';
import { readStaff } from '@kernlijn/contract/people';
import { readQueueSettings } from '@kernlijn/contract/routing';
import { readTelephony } from '@kernlijn/contract/telephone-settings';
import { call } from '@kernlijn/ui/call.ts';
import { queryOptions, type QueryClient } from '@tanstack/react-query';
import { policiesQuery } from '../supervising/queries.ts';
import { recordingSettingsQuery } from '../recordings/queries.ts';

export const queueSettingsQuery = queryOptions({
  queryKey: ['queue-settings'] as const,
  queryFn: ({ signal }) => call(readQueueSettings, {}, signal),
  staleTime: 0,
});
export const openingHoursQuery = queryOptions({
  queryKey: ['opening-hours'] as const,
  queryFn: ({ signal }) => call(readOpeningHours, {}, signal),
  staleTime: 0,
});
export const numbersQuery = queryOptions({
  queryKey: ['numbers'] as const,
  queryFn: ({ signal }) => call(readNumbers, {}, signal),
  staleTime: 0,
});
export const promptsQuery = queryOptions({
  queryKey: ['prompts'] as const,
  queryFn: ({ signal }) => call(readPrompts, {}, signal),
  staleTime: 0,
});
export const staffQuery = queryOptions({
  queryKey: ['people'] as const,
  queryFn: ({ signal }) => call(readStaff, {}, signal),
  staleTime: 0,
});

/** How lines and telephones fare comes from the voice engine, so it is asked again while somebody looks. */
export const telephonyQuery = queryOptions({
  queryKey: ['telephony'] as const,
  queryFn: ({ signal }) => call(readTelephony, {}, signal),
  staleTime: 0,
  refetchInterval: 3_000,
});

/** A colleague set something differently: what is on screen is read again. */
export function refreshSettings(client: QueryClient): void {
  for (const { queryKey } of [
    queueSettingsQuery,
    openingHoursQuery,
    numbersQuery,
    promptsQuery,
    staffQuery,
    telephonyQuery,
    recordingSettingsQuery,
    policiesQuery,
  ])
    void client.invalidateQueries({ queryKey });
  void client.invalidateQueries({ queryKey: ['outside-numbers'] });
}
