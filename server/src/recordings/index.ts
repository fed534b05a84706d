/** Recordings of calls: what may be recorded, what becomes of it, and who listens. */
export { callOver, markRecording, recordingEnded, recordingStep } from './along.ts';
export { importRecording } from './importing.ts';
export type { PastRecording } from './importing.ts';
export type { Step as RecordingStep } from './recording.ts';
export { deleteWhatIsOver, runRetention } from './retention.ts';
export { recordingRoutes } from './routes.ts';
export { addPolicy, changePolicy, changePurposes } from './settings.ts';
export { clearLeftovers, NoSuchRecording, storeDue } from './storing.ts';
export type { RecordingSource } from './storing.ts';
export { openRecordings, policyOf as recordingPolicyOf } from './store.ts';
export type { MarkKind } from './store.ts';
