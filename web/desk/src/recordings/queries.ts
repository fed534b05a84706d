import {
  listRecordings,
  readCallRecordings,
  readRecording,
  readRecordingHealth,
  readRecordingSettings,
} from '@kernlijn/contract/recordings';
import { call } from '@kernlijn/ui/call.ts';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { RecordingFilter } from './filter.ts';

export const callRecordingsKey = (conversationId: string) => ['call-recordings', conversationId] as const;
/** @param now - the recording as the card has it: when that changes, more may have than the card says */
export const callRecordingsQuery = (conversationId: string, now = 'over') =>
  queryOptions({
    queryKey: [...callRecordingsKey(conversationId), now] as const,
    queryFn: ({ signal }) => call(readCallRecordings, { params: { conversationId } }, signal),
  });
export const recordingQuery = (recordingId: string) =>
  queryOptions({
    queryKey: ['recording', recordingId] as const,
    queryFn: ({ signal }) => call(readRecording, { params: { recordingId } }, signal),
    staleTime: 0,
  });
export const recordingsQuery = (filter: RecordingFilter) =>
  infiniteQueryOptions({
    queryKey: ['recordings', filter] as const,
    queryFn: ({ pageParam, signal }) =>
      call(listRecordings, { query: { ...filter, ...(pageParam === null ? {} : { after: pageParam }) } }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    staleTime: 0,
  });
export const recordingHealthQuery = queryOptions({
  queryKey: ['recording-health'] as const,
  queryFn: ({ signal }) => call(readRecordingHealth, {}, signal),
  refetchInterval: 30_000,
});
export const recordingSettingsQuery = queryOptions({
  queryKey: ['recording-settings'] as const,
  queryFn: ({ signal }) => call(readRecordingSettings, {}, signal),
  staleTime: 0,
});
